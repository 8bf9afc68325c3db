"""Batches: many articles from files to Parquet tables, resumable, on this machine or on Spark.

    import hindi_diplo as hd
    summary = hd.batch.run(["articles/"], "out", workers=2)

Every engine runs :func:`~hindi_diplo.batch.work.do_part` on the parts of one plan, so the same input gives
the same files, byte for byte, whatever ran it and however often it was stopped.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .._version import __version__
from ..errors import InputError, UsageError
from . import pool
from .guard import Guard
from .inputs import Part, Source, expand, fingerprint, plan
from .manifest import State
from .parquet import pyarrow
from .tables import TABLES, schema
from .work import Commit, Job, data_sha256, shared_pipeline, unwritable

__all__ = ["ENGINES", "Summary", "run", "schema"]

ENGINES: Final = ("local", "pool", "spark")
ROWS_PER_PART: Final = 5000
LARGEST_ROW: Final = 8  # MB

Told = Callable[[int, int, int], object]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a batch came to: ``totals`` are rows by table over all parts; ``read`` are the rows of this run,
    in ``seconds``; ``done_before`` the parts that earlier runs had done."""

    out: str
    totals: Mapping[str, int]
    parts: int
    done_before: int
    read: int
    seconds: float

    @property
    def errors(self) -> int:
        """How many rows are in the errors."""
        return self.totals["errors"]

    def __str__(self) -> str:
        names = ", ".join(f"{self.totals[table]:,} {table}" for table in TABLES)
        before = f", {self.done_before} of them before this run" if self.done_before else ""
        rate = ""
        if self.read:
            rate = f"\n{self.read:,} rows in {self.seconds:,.1f} s, {self.read / self.seconds:,.1f} a second"
        return f"{self.out}: {names}; {self.parts} parts{before}{rate}"


def run(
    paths: Sequence[str | Path], out: str | Path, *, engine: str = "pool", workers: int | None = None,
    rows_per_part: int = ROWS_PER_PART, largest_row: float = LARGEST_ROW, row_timeout: float = 600.0,
    tagger: str = "compact", kb: str | Path | None = None, master: str | None = None, told: Told | None = None,
) -> Summary:
    """Read all articles of ``paths`` (files, folders, globs; .jsonl, .csv, .parquet, .jsonl.gz, .csv.gz) and
    write the tables ``documents``, ``events``, ``participants``, ``mentions`` and ``errors`` under ``out``.

    ``engine`` is ``local`` (this process), ``pool`` (``workers`` processes; by default one for each core) or
    ``spark`` (``master`` is the address of a cluster).  ``rows_per_part`` rows make one file of each table.
    ``largest_row`` is in MB, ``row_timeout`` in seconds (pool only).  ``told(rows, all rows, errors)`` is
    called as it goes.  Run again after a stop of any kind, it goes on where it was.

    Raises UsageError (nothing was started) for wrong settings or where ``out`` was begun with other input or
    settings, UnfinishedError where it had to stop.
    """
    if engine not in ENGINES:
        raise UsageError(f"engine: expected one of {', '.join(ENGINES)}, got {engine!r}")
    count = workers if workers is not None else pool.cores()
    if count < 1 or rows_per_part < 1 or largest_row <= 0 or row_timeout <= 0:
        raise UsageError("workers, rows_per_part, largest_row and row_timeout must be above 0, got "
                         f"{count}, {rows_per_part}, {largest_row} and {row_timeout}")
    pyarrow()
    home = Path(out).resolve()
    files = [file for file in expand(paths) if not Path(file).resolve().is_relative_to(home)]
    if not files:
        raise UsageError(f"{out}: holds all of the input; take an --out of its own")
    overlay = None if kb is None else str(kb)
    settings: dict[str, Any] = {
        "rows_per_part": rows_per_part, "largest_row": largest_row, "tagger": tagger, "version": __version__,
        "model_sha256": dict(shared_pipeline(tagger, overlay).made_by)["sha256"], "data_sha256": data_sha256(overlay),
    }
    state, control, began = State(out), pool.Control(), time.monotonic()
    with state.locked(), _signals(control):
        try:
            before, sources, parts = _begun(state, settings, files, control)
            if before["finished"]:
                state.sweep()
                return Summary(str(out), before["totals"], len(before["parts"]), len(before["parts"]), 0, 0.0)
            state.clean()
            done = state.commits()
        except OSError as error:
            raise unwritable(out, error) from error
        todo = [part for part in parts if part.number not in done]
        old = len(done)
        counter = _Counter(told, parts, done, control)
        job = Job(str(out), tagger, overlay, settings["data_sha256"], int(largest_row * 2**20), tuple(sources))
        try:
            for commit in _engine(engine, job, todo, control, count, row_timeout, master):
                done[commit.part] = commit
                counter.committed(commit)
        finally:
            state.clean()
        try:
            finished = state.finish(before, done)
        except OSError as error:
            raise unwritable(out, error) from error
    read = sum(part.rows for part in todo)
    return Summary(str(out), finished["totals"], len(parts), old, read, time.monotonic() - began)


def _begun(
    state: State, settings: Mapping[str, Any], files: Sequence[str], control: pool.Control,
) -> tuple[dict[str, Any], list[Source], list[Part]]:
    """The manifest, input files and plan: those of an earlier run, else new ones."""
    before = state.load()
    if before is not None:
        sources = state.check(before, settings, files)
        return before, sources, [] if before["finished"] else state.plan()
    sources = []
    for file in files:
        control.check()
        try:
            sources.append(fingerprint(file))
        except InputError:  # the plan meets it again and puts it into the errors
            sources.append(Source(file, 0, "", 0))
    with Guard() as guard:
        parts = plan(sources, int(settings["rows_per_part"]), int(settings["largest_row"] * 2**20), check=guard.check)
    control.check()
    state.begin(settings, sources, parts)
    loaded = state.load()
    assert loaded is not None
    return loaded, sources, parts


def _engine(
    engine: str, job: Job, todo: Sequence[Part], control: pool.Control, workers: int, row_timeout: float,
    master: str | None,
) -> Iterator[Commit]:
    if not todo:
        return iter(())
    if engine == "local":
        return pool.in_process(job, todo, control)
    if engine == "pool":
        return pool.in_pool(job, todo, control, workers=workers, row_timeout=row_timeout)
    from ..spark import in_spark

    return in_spark(job, todo, control, workers=workers, master=master)


class _Counter:
    """Counts rows and errors for whoever is told."""

    def __init__(
        self, told: Told | None, parts: Sequence[Part], done: Mapping[int, Commit], control: pool.Control,
    ) -> None:
        self._told = told or (lambda rows, all_rows, errors: None)
        self._size = {part.number: part.rows for part in parts}
        self._all = sum(self._size.values())
        self._rows = sum(self._size[number] for number in done)
        self._errors = sum(commit.rows["errors"] for commit in done.values())
        control.moved = lambda rows: self._told(self._rows + rows, self._all, self._errors)

    def committed(self, commit: Commit) -> None:
        self._rows += self._size[commit.part]
        self._errors += commit.rows["errors"]
        self._told(self._rows, self._all, self._errors)


@contextmanager
def _signals(control: pool.Control) -> Iterator[None]:
    """While a batch runs, SIGTERM and SIGINT ask it to stop cleanly; a second one of them ends it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop(number: int, frame: object) -> None:
        control.signal = number
        for each in before:
            signal.signal(each, signal.SIG_DFL)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def to_terminal() -> Told | None:
    """A line on stderr that says how far it is and how fast; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        return None
    began, first, last = time.monotonic(), -1, 0.0

    def told(rows: int, all_rows: int, errors: int) -> None:
        nonlocal first, last
        now = time.monotonic()
        first = rows if first < 0 else first
        if now - last < 0.5 and rows < all_rows:
            return
        last = now
        rate = (rows - first) / max(now - began, 1e-9)
        left = f", {(all_rows - rows) / rate / 60:,.0f} min left" if rate else ""
        end = "\n" if rows >= all_rows else ""
        sys.stderr.write(f"\r\x1b[K{rows:,} of {all_rows:,} rows, {rate:,.1f} a second, {errors:,} errors{left}{end}")
        sys.stderr.flush()

    return told
