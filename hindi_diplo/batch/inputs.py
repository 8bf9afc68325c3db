"""What a batch reads: files found, measured and cut into parts, and the rows of a part, as streams.

A plan is made once, before anything is read by the pipeline: every file is fingerprinted and its rows are
counted, so that part ``n`` is the same rows in every run, on every engine.  Nothing here holds more than a
row (or a page of Parquet) in memory.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

from .. import reader
from ..errors import InputError, UnfinishedError, UsageError
from ..types import Article
from . import lines, parquet

__all__ = [
    "FORMS", "Item", "Part", "Slice", "Source", "expand", "fingerprint", "plan", "read", "read_slice", "unread",
]

Check = Callable[[str, int], int]

FORMS: Final = (".jsonl", ".csv", ".parquet", ".jsonl.gz", ".csv.gz")


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: its path as given, its size in bytes, the SHA-256 of its bytes and when it changed."""

    path: str
    size: int
    sha256: str
    changed: int

    @property
    def form(self) -> str:
        """Its ending, one of ``FORMS``."""
        return _form(self.path)


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one file: ``source`` numbers it, ``offset`` says where they begin (bytes of the unpacked text;
    rows for Parquet), ``line`` is the number of the first row as messages name it, ``rows`` how many (lines
    of JSON Lines, records of CSV, rows of Parquet).  ``problem`` stands for rows that cannot be reached."""

    source: int
    offset: int
    line: int
    rows: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The unit of work and of output: a number and the slices it reads, in order."""

    number: int
    slices: tuple[Slice, ...]

    @property
    def rows(self) -> int:
        """How many rows it reads (blank lines of JSON Lines counted)."""
        return sum(piece.rows for piece in self.slices)


@dataclass(frozen=True, slots=True)
class Item:
    """A row as read: its file, its number there (None for a file that cannot be opened) and what it holds."""

    file: str
    row: int | None
    got: Article | InputError


# ---------------------------------------------------------------- which files


def _form(path: str) -> str:
    name = path.lower()
    return next((form for form in sorted(FORMS, key=len, reverse=True) if name.endswith(form)), "")


def expand(paths: Iterable[str | Path]) -> list[str]:
    """The files that files, folders (all the way down) and globs name, sorted, each once.

    Raises UsageError for a path that names nothing or a file of another form."""
    found: dict[str, None] = {}
    for given in map(str, paths):
        if os.path.isdir(given):
            names = sorted(str(p) for p in Path(given).rglob("*") if p.is_file() and _meant(p.relative_to(given)))
            if not names:
                raise UsageError(f"{given}: the folder holds no file named {', '.join(FORMS)}")
        elif os.path.exists(given):
            if not _form(given):
                raise UsageError(f"{given}: expected a file named {', '.join(FORMS)}; convert it, or use 'extract'")
            names = [given]
        else:
            names = sorted(name for name in glob.glob(given, recursive=True) if _form(name) and os.path.isfile(name))
            if not names:
                raise UsageError(f"{given}: no such file, and as a pattern it finds no {', '.join(FORMS)}")
        found.update(dict.fromkeys(names))
    return list(found)


def _meant(path: Path) -> bool:
    """Whether a file in a folder is meant: of a form that is read, and nothing hidden or half written."""
    return bool(_form(path.name)) and not any(part.startswith((".", "_")) for part in path.parts)


def fingerprint(path: str) -> Source:
    """Size, time of change and SHA-256 of a file; raises InputError where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            block = bytearray(2**20)
            while size := file.readinto(block):
                digest.update(memoryview(block)[:size])
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=path) from None
    return Source(path, before.st_size, digest.hexdigest(), before.st_mtime_ns)


# ---------------------------------------------------------------- the plan


def plan(sources: Sequence[Source], rows: int, largest: int, *, check: Check = parquet.check) -> list[Part]:
    """Cut the rows of all sources, in order, into parts of ``rows`` rows (the last may have fewer).

    ``largest`` is the size of a row in bytes above which it is not read; ``check`` counts the rows of a Parquet
    file and raises InputError where it must not be read.  A file, or the end of one, that
    cannot be read becomes a slice with a ``problem``."""
    parts: list[Part] = []
    pieces: list[Slice] = []
    room = rows

    def close() -> None:
        nonlocal room
        parts.append(Part(len(parts), tuple(pieces)))
        pieces.clear()
        room = rows

    for number, source in enumerate(sources):
        begin: tuple[int, int] | None = None
        held = 0
        for step in _steps(source, largest, check):
            if isinstance(step, InputError):
                if begin is not None and held:
                    pieces.append(Slice(number, begin[0], begin[1], held))
                    room, held = room - held, 0
                pieces.append(Slice(number, 0, step.line or 0, 0, step.reason))
                room -= 1  # so that a folder of broken files makes no endless part
                if room <= 0:
                    close()
                break
            offset, line, count = step
            begin = begin or (offset, line)
            while begin is not None and held + count >= room:  # a Parquet file steps by all of its rows at once
                taken = room - held
                pieces.append(Slice(number, begin[0], begin[1], room))
                close()
                offset, line, count, held = offset + taken, line + taken, count - taken, 0
                begin = (offset, line) if count else None
            held += count
        else:
            if held and begin is not None:
                pieces.append(Slice(number, *begin, held))
                room -= held
    if pieces:
        close()
    return parts


def _steps(source: Source, largest: int, check: Check) -> Iterator[tuple[int, int, int] | InputError]:
    """Where the rows of a source begin: (offset, line, number of rows that begin there and follow at once)."""
    line = 0
    try:
        if source.form == ".parquet":
            yield 0, 1, check(source.path, largest)
            return
        with lines.opened(source.path) as file:
            if source.form.startswith(".csv"):
                header = lines.header(file, source.path, largest)
                for offset, line, _ in lines.records(file, source.path, largest, header):
                    yield offset, line, 1
                return
            offset = lines.marked(file, source.path)
            file.seek(offset)
            for _, size in lines.lines(file, largest):
                line += 1
                yield offset, line, 1
                offset += size
    except InputError as error:
        yield error
    except lines.BROKEN as error:
        yield InputError(f"the file is cut or broken after line {line}, the rows from there on are lost ({error})",
                         line=line + 1)
    except OSError as error:
        yield InputError(f"cannot be read: {error.strerror or error}")


# ---------------------------------------------------------------- the rows of a part


@dataclass(slots=True)
class _Handle:
    """The file that this process read last: the next part often goes on in it (and a .gz cannot be jumped in)."""

    path: str = ""
    file: IO[bytes] | None = None
    header: lines.Header | None = None


_handle = _Handle()


def read(part: Part, sources: Sequence[Source], largest: int) -> Iterator[Item]:
    """The rows of a part, in order, one at a time; see :func:`read_slice`."""
    for piece in part.slices:
        yield from read_slice(piece, sources[piece.source], largest)


def read_slice(piece: Slice, source: Source, largest: int) -> Iterator[Item]:
    """The rows of a slice, in order, one at a time; what is broken comes as an InputError with its reason.

    Raises UnfinishedError where the file is no longer what the plan was made of."""
    try:
        yield from _slice(piece, source, largest)
    except (OSError, *lines.BROKEN) as error:
        raise UnfinishedError(f"{source.path}: could be read when the batch began, and now not: {error}. Put it back "
                              "and run the same command again") from error


def unread(piece: Slice, source: Source, read: int, reason: str) -> Iterator[Item]:
    """The rows of a slice after the first ``read``, none of which can be read: each row of Parquet, else one
    item without a number for all of them."""
    name = _shown(source)
    numbers = range(piece.line + read, piece.line + piece.rows) if source.form == ".parquet" else (None,)
    for number in numbers:
        yield Item(name, number, InputError(reason, file=name, line=number))


def _shown(source: Source) -> str:
    """The path of a file as text, whatever bytes it has."""
    return os.fsencode(source.path).decode("utf-8", "backslashreplace")


def _slice(piece: Slice, source: Source, largest: int) -> Iterator[Item]:
    name = _shown(source)
    if piece.problem is not None:
        yield Item(name, piece.line or None, InputError(piece.problem, file=name, line=piece.line or None))
        return
    _same(source)
    if source.form == ".parquet":
        for number, row in parquet.rows(source.path, piece.offset, piece.rows, largest):
            yield Item(name, number, row if isinstance(row, InputError) else reader.from_row(row, name, number))
        return
    yield from (Item(name, number, got) for number, got in _texts(source, piece, name, largest))


def _texts(source: Source, piece: Slice, name: str, largest: int) -> Iterator[tuple[int, Article | InputError]]:
    file = _reopened(source.path)
    if source.form.startswith(".csv"):
        if _handle.header is None:
            _handle.header = lines.header(file, name, largest)
        records = lines.records(file, name, largest, _handle.header, (piece.offset, piece.line))
        for _, line, fields in islice(records, piece.rows):
            if isinstance(fields, InputError):
                yield line, fields
            elif fields:
                yield line, reader.from_fields(_handle.header[1], fields, name, line)
        return
    file.seek(piece.offset)
    for line, (raw, size) in enumerate(islice(lines.lines(file, largest), piece.rows), piece.line):
        if size > largest:
            yield line, InputError(lines.too_large(size, largest), file=name, line=line)
        elif raw.strip():
            yield line, reader.from_json(raw, name, line)


def _reopened(path: str) -> IO[bytes]:
    if _handle.path != path or _handle.file is None:
        if _handle.file is not None:
            _handle.file.close()
        _handle.path, _handle.file, _handle.header = path, lines.opened(path), None
    return _handle.file


def _same(source: Source) -> None:
    size = os.stat(source.path).st_size
    if size != source.size:
        raise UnfinishedError(f"{source.path}: has {size} bytes and had {source.size} when the batch began. Put "
                              "the old file back and run the same command again, or begin anew in another folder")
