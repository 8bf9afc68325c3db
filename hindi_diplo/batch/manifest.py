"""The state of a batch in its output folder: the manifest, the plan, the commits, and a lock.

``manifest.json`` says what the output was made of and with, and when all is done, what came out.  ``_work``
holds the plan and the commits while parts are outstanding, and is gone afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from ..errors import UsageError
from .inputs import Part, Slice, Source, fingerprint
from .tables import TABLES
from .work import WORK, Commit, commit_path, unwritable, write_atomically

__all__ = ["State"]

FORMAT: Final = "hindi-diplo-batch/1"


class State:
    """What a batch knows of itself between runs."""

    def __init__(self, out: str | Path) -> None:
        self.out = Path(out)
        self.file = self.out / "manifest.json"
        self.work = self.out / WORK

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder and hold it, so that no two runs write there; raises UsageError where one does."""
        try:
            import fcntl
        except ImportError:
            raise UsageError("a batch needs Linux or macOS: here files cannot be locked and replaced safely") from None
        new = not self.out.exists()
        path = self.work / "lock"
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise unwritable(self.out, error) from error
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mine = path.exists() and path.stat().st_ino == os.fstat(lock).st_ino
            except BlockingIOError:
                mine = False
            if not mine:  # or whoever held it has just taken it away, which is as good as being there
                raise UsageError(f"{self.out}: another batch is writing there; wait for it or take another --out")
            try:
                yield
            finally:
                if not (self.work / "plan.json").exists():  # nothing outstanding: leave nothing behind
                    path.unlink()
                    with suppress(OSError):  # what else may lie there is not ours
                        self.work.rmdir()
                        if new:
                            self.out.rmdir()
        finally:
            os.close(lock)

    def load(self) -> dict[str, Any] | None:
        """The manifest; None where there is none. Raises UsageError where the folder holds something else."""
        if not self.file.exists():
            strange = [p for table in TABLES for p in (self.out / table).glob("*")]
            if strange:
                raise UsageError(f"{self.out}: holds {strange[0].name} and no manifest.json, so it is not the output "
                                 "of a batch; take another --out")
            return None
        try:
            made = json.loads(self.file.read_text(encoding="utf-8"))
            if made["format"] != FORMAT:
                raise ValueError(f"its format is {made['format']!r}")
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{self.file}: expected the manifest of a batch ({FORMAT}): {error}; take another "
                             "--out") from None
        return dict(made)

    def check(self, before: Mapping[str, Any], settings: Mapping[str, Any], paths: Sequence[str]) -> list[Source]:
        """The input files as they were when the batch began; raises UsageError, naming what differs now."""
        advice = "Begin anew in another --out, or give what it was begun with"
        was = before["settings"]
        differing = [f"{name} was {was.get(name)!r}, is {value!r}" for name, value in settings.items()
                     if was.get(name) != value]
        if differing:
            raise UsageError(f"{self.out}: was begun with other settings: {'; '.join(differing)}. {advice}")
        sources = [Source(**row) for row in before["input"]]
        old = [source.path for source in sources]
        if old != list(paths):
            new, gone = [p for p in paths if p not in old], [p for p in old if p not in paths]
            said = [f"{what}: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}"
                    for what, names in (("new", new), ("gone", gone)) if names] or ["another order"]
            raise UsageError(f"{self.out}: was begun with other input files ({'; '.join(said)}). {advice}")
        for source in sources:
            status = os.stat(source.path)
            same = status.st_size == source.size and status.st_mtime_ns == source.changed
            if not same and source.sha256 and fingerprint(source.path).sha256 != source.sha256:
                raise UsageError(f"{self.out}: {source.path} is no longer the file that the batch was begun with. "
                                 f"{advice}")
        return sources

    def begin(self, settings: Mapping[str, Any], sources: Sequence[Source], parts: Sequence[Part]) -> None:
        """Write the plan, then the manifest of a batch that begins."""
        for table in TABLES:
            (self.out / table).mkdir(exist_ok=True)
        rows = [[part.number, [[s.source, s.offset, s.line, s.rows, s.problem] for s in part.slices]] for part in parts]
        write_atomically(self.work / "plan.json", json.dumps(rows))
        write_atomically(self.file, _json({"format": FORMAT, "finished": False, "settings": dict(settings),
                                           "input": [asdict(source) for source in sources]}))

    def plan(self) -> list[Part]:
        """The plan that the batch began with."""
        rows = json.loads((self.work / "plan.json").read_text(encoding="utf-8"))
        return [Part(number, tuple(Slice(*piece) for piece in pieces)) for number, pieces in rows]

    def clean(self) -> None:
        """Take away what a run that was killed left half written."""
        shutil.rmtree(self.work / "temporary", ignore_errors=True)
        commit_path(self.out, 0).parent.mkdir(exist_ok=True)
        for folder in (self.out, self.work, self.work / "commits"):
            for half in folder.glob(".*.json.*"):
                half.unlink()

    def commits(self) -> dict[int, Commit]:
        """The parts that are done, by number; a commit whose files are not there any more does not count."""
        found = {}
        for path in sorted((self.work / "commits").glob("*.json")):
            commit = Commit.from_json(path.read_text(encoding="utf-8"))
            if all(_size(self.out / table / f"part-{commit.part:06}.parquet") == size
                   for table, (size, _) in commit.files.items()):
                found[commit.part] = commit
            else:
                path.unlink()
        return found

    def finish(self, before: Mapping[str, Any], commits: Mapping[int, Commit]) -> dict[str, Any]:
        """Write the manifest of a batch that is done and take ``_work`` away."""
        totals = {table: sum(c.rows[table] for c in commits.values()) for table in TABLES}
        made = {**before, "finished": True, "totals": totals,
                "parts": [{"part": number, "rows": {t: commits[number].rows[t] for t in TABLES},
                           "files": {t: commits[number].files[t] for t in TABLES}} for number in sorted(commits)]}
        write_atomically(self.file, _json(made))
        self.sweep()
        return made

    def sweep(self) -> None:
        """Take away what ``_work`` holds, the plan last; the lock goes with the run."""
        for name in ("temporary", "commits"):
            shutil.rmtree(self.work / name, ignore_errors=True)
        (self.work / "plan.json").unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _json(made: Mapping[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=True, indent=1) + "\n"
