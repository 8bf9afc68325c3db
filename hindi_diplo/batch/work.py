"""One part of a batch, from its rows to its committed files: what every engine runs.

A part's files are written beside the output, flushed to disk and renamed into place, and last of all its
commit is, a small JSON file.  Whoever dies before that leaves nothing that counts, and whoever does the part
again writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from ..errors import UnfinishedError
from ..files import data_path
from ..pipeline import TOGETHER, TOGETHER_LONG, Pipeline, load
from ..types import Article
from .inputs import Item, Part, Source, read_slice, unread
from .parquet import pyarrow
from .tables import TABLES, Nlp, Rows, failed, schema
from .tables import together as read_together

__all__ = [
    "BETWEEN", "ONE_THREAD", "Commit", "Job", "commit_path", "data_sha256", "do_part", "row_at", "shared_pipeline",
    "unwritable", "write_atomically",
]

_Read = tuple[int, Item, str | None]  # a row's number, the row, and why it is lost
GROUP_ROWS: Final = 1000  # articles, after which each table's rows are written as a row group
GROUP_BYTES: Final = 16 * 2**20  # or characters of records, whichever comes first
WORK: Final = "_work"
ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BETWEEN: Final = -1  # what ``at`` is told while no row is being read
_FROM: Final = -2  # and, less the number of the first, while the pipeline reads several together


@dataclass(frozen=True, slots=True)
class Job:
    """What all parts of a batch share: where to write, what to read with (``data`` is the checksum of its rules
    and facts), the largest row in bytes, and the input files."""

    out: str
    tagger: str
    kb: str | None
    data: str
    largest: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """A part that is done: its number, how many rows each table got, and size and SHA-256 of each file."""

    part: int
    rows: Mapping[str, int]
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Commit:
        """The commit of that line."""
        made = json.loads(text)
        return Commit(made["part"], made["rows"], {name: (size, sha) for name, (size, sha) in made["files"].items()})


def commit_path(out: str | Path, part: int) -> Path:
    """Where the commit of a part lies."""
    return Path(out) / WORK / "commits" / f"{part:06}.json"


def data_sha256(kb: str | Path | None) -> str:
    """A checksum over the packaged rules, words and facts, and over the folder laid over them."""
    digest = hashlib.sha256()
    for folder in (data_path(), *([Path(kb)] if kb is not None else [])):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in (".tsv", ".toml")):
            digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def shared_pipeline(tagger: str, kb: str | None, data: str | None = None) -> Pipeline:
    """The pipeline of this process, loaded once.

    Raises UnfinishedError where the rules, words and facts that it reads with are not those of checksum ``data``:
    a worker with another version than the others would give other results."""
    found = data_sha256(kb)
    if data is not None and found != data:
        raise UnfinishedError(f"{platform.node()}: its rules and facts (sha256 {found[:12]}) are not those that the "
                              f"batch was begun with ({data[:12]}). Install the same version everywhere, or begin anew")
    return _loaded(tagger, kb, found)


@lru_cache(maxsize=1)
def _loaded(tagger: str, kb: str | None, data: str) -> Pipeline:
    return load(tagger, kb=kb)


def row_at(told: int) -> int:
    """The row of the part, counted from 0, that ``at`` was told of; the first, of several read together."""
    return max(0, _FROM - told if told <= _FROM else told)


def do_part(
    job: Job, part: Part, *, avoid: Mapping[int, str] | None = None, lost: Mapping[int, str] | None = None,
    at: Callable[[int], object] = lambda n: None, nlp: Nlp | None = None, together: bool = True,
) -> Commit:
    """Read the rows of a part, write its files and commit it.

    Up to ``TOGETHER`` rows are read together, unless ``together`` is False: where something ended a worker before, so
    that it is seen at which row.  The files are the same.

    ``avoid`` are rows (counted from 0 in the part) that are not given to the pipeline, with the reason that
    goes into the errors; ``lost`` are rows that must not even be read, and with them the rest of their slice is
    lost (a page of Parquet that ends whoever unpacks it); ``at`` is called with the number of each row before it
    is read, with a number below ``BETWEEN`` while several are (:func:`row_at`), and with ``BETWEEN`` when there are no
    more; what it raises ends the part with nothing committed.
    Raises UnfinishedError where the files cannot be written or an input file changed."""
    nlp = nlp or shared_pipeline(job.tagger, job.kb, job.data)
    avoid, lost = avoid or {}, lost or {}
    work = Path(job.out) / WORK / "temporary" / f"{part.number:06}-{uuid.uuid4().hex}"  # two may do one part
    with _faults(job.out):
        work.mkdir(parents=True, exist_ok=True)
        try:
            with _Writers(work) as writers:
                for some in _some(_items(job, part, lost, at), TOGETHER if together else 1):
                    if together:
                        at(_FROM - some[0][0])
                    why = {id(item): known or avoid.get(number) for number, item, known in some}
                    made = iter(read_together(nlp, [item for _, item, _ in some if why[id(item)] is None]))
                    for _, item, _ in some:
                        reason = why[id(item)]
                        writers.add(next(made) if reason is None else failed(item, "worker", reason))
                at(BETWEEN)
            files = {}
            for table in TABLES:
                files[table] = _seal(work / f"{table}.parquet")
            for table in TABLES:
                os.replace(work / f"{table}.parquet", Path(job.out) / table / f"part-{part.number:06}.parquet")
                _sync_folder(Path(job.out) / table)
            commit = Commit(part.number, writers.counts, files)
            write_atomically(commit_path(job.out, part.number), commit.to_json())
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return commit


def _some(items: Iterable[_Read], most: int) -> Iterator[list[_Read]]:
    """So many rows at a time, fewer where they are long."""
    some: list[_Read] = []
    size = 0
    for one in items:
        some.append(one)
        size += len(one[1].got.text) if isinstance(one[1].got, Article) else 0
        if len(some) == most or size > TOGETHER_LONG:
            yield some
            some, size = [], 0
    if some:
        yield some


def _items(
    job: Job, part: Part, lost: Mapping[int, str], at: Callable[[int], object],
) -> Iterator[_Read]:
    """Each row of the part with its number, and the reason where it is lost; ``at`` is told before it is read."""
    number = 0
    for piece in part.slices:
        source, begin = job.sources[piece.source], number
        items = read_slice(piece, source, job.largest)
        while True:
            at(number)
            if number in lost:
                reason = lost[number]
                for item in unread(piece, source, number - begin, reason):
                    yield number, item, reason
                    number += 1
                break
            found = next(items, None)
            if found is None:
                break
            yield number, found, None
            number += 1


@contextmanager
def _faults(out: str) -> Iterator[None]:
    """Turns a full disk and the like into a message that says what to do."""
    try:
        yield
    except OSError as error:
        raise unwritable(out, error) from error


def unwritable(out: str | Path, error: OSError) -> UnfinishedError:
    """The error for output that cannot be written; what was committed stays, and the same command goes on."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    return UnfinishedError(f"{out}: cannot be written: {reason}. What is done stays done: make room "
                           "or give the right to write there, and run the same command again")


class _Writers:
    """The Parquet files of one part; rows are held until a row group is full, and no longer."""

    def __init__(self, folder: Path) -> None:
        self.counts = dict.fromkeys(TABLES, 0)
        self._held: Rows = {table: [] for table in TABLES}
        self._size = 0
        self._schemas = {table: schema(table) for table in TABLES}
        pa = pyarrow()
        self._pa = pa
        self._files = {table: pa.parquet.ParquetWriter(str(folder / f"{table}.parquet"), self._schemas[table],
                                                       compression="zstd", use_dictionary=_repeated(table))
                       for table in TABLES}

    def __enter__(self) -> _Writers:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            for file in self._files.values():
                try:
                    file.close()
                except OSError:
                    if kind is None:  # else the first error is the one to tell
                        raise

    def add(self, made: Rows) -> None:
        for table, new in made.items():
            self._held[table] += new
            self.counts[table] += len(new)
        self._size += sum(len(row["record"]) for row in made.get("documents", ()))
        if len(self._held["documents"]) + len(self._held["errors"]) >= GROUP_ROWS or self._size >= GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        for table, held in self._held.items():
            if held:
                self._files[table].write_table(self._pa.Table.from_pylist(held, schema=self._schemas[table]))
                held.clear()
        self._size = 0


def _repeated(table: str) -> list[str]:
    """The columns whose values repeat and are written with a dictionary: all but texts and numbers."""
    names: Sequence[str] = schema(table).names
    return [n for n in names if n not in ("record", "title", "url", "sentence", "row", "start", "stop", "confidence")]


def _seal(path: Path) -> tuple[int, str]:
    """Flush a file to disk; its size and SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        while block := file.read(2**20):
            digest.update(block)
        return file.tell(), digest.hexdigest()


def _sync_folder(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that after any failure it is there whole or as it was before."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        _sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)
