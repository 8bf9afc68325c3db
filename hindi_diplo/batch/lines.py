"""Lines of text and records of CSV as streams, with the place where each begins, so that a part can begin there.

Nothing holds more than one row, and of a row above the limit only its beginning.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from typing import IO, Final, cast

from ..errors import InputError
from ..reader import header as header_line

__all__ = ["BROKEN", "Header", "header", "lines", "marked", "opened", "records", "too_large"]

BLOCK: Final = 2**20
BROKEN: Final = (EOFError, zlib.error, gzip.BadGzipFile)  # what a file that is cut or no .gz raises when read


def opened(path: str) -> IO[bytes]:
    """A file as bytes, unpacked where it is a .gz."""
    if path.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return open(path, "rb", buffering=BLOCK)


def marked(file: IO[bytes], path: str) -> int:
    """Where the text begins: behind a UTF-8 mark; raises InputError for UTF-16 and UTF-32."""
    file.seek(0)
    start = file.read(4)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or start == codecs.BOM_UTF32_BE:
        raise InputError("UTF-16 or UTF-32; run: iconv -f UTF-16 -t UTF-8 FILE > NEW", file=path)
    return len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0


def lines(file: IO[bytes], largest: int) -> Iterator[tuple[bytes, int]]:
    """Each line and its whole size in bytes; of a line above ``largest`` only a beginning that is larger."""
    while raw := file.readline(largest + 1):
        size = len(raw)
        end = raw[-1:]
        while size > largest and end != b"\n" and (more := file.readline(BLOCK)):
            size += len(more)
            end = more[-1:]
        yield raw, size


class _Tape:
    """The lines of a CSV file for ``csv.reader``, with the place where the next one begins.

    It stops a record above ``largest`` bytes, so that a quotation mark that is never closed does not take
    the file into memory."""

    def __init__(self, file: IO[bytes], offset: int, line: int, largest: int) -> None:
        file.seek(offset)
        self.offset, self.line, self.largest = offset, line, largest
        self._lines = lines(file, largest)
        self.record: list[str] = []
        self.size = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            raw, size = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.offset += size
        self.line += 1
        self.size += size
        if self.size > self.largest:
            raise csv.Error(too_large(self.size, self.largest))
        text = raw.decode("utf-8", "surrogateescape")
        self.record.append(text)
        return text

    def begin(self) -> tuple[int, int]:
        """Start a record: where it begins."""
        self.record, self.size = [], 0
        return self.offset, self.line


Header = tuple[str, list[str], int]


def header(file: IO[bytes], path: str, largest: int) -> Header:
    """The mark between fields, the names of the columns, and where the records begin."""
    offset = marked(file, path)
    file.seek(offset)
    raw, size = next(lines(file, largest), (b"", 0))
    comma, names = header_line(raw.decode("utf-8", "surrogateescape").strip())
    if not comma:
        raise InputError("expected a header line with a column 'text'", file=path, line=1)
    return comma, names, offset + size


def records(
    file: IO[bytes], path: str, largest: int, header: Header, start: tuple[int, int] | None = None,
) -> Iterator[tuple[int, int, list[str] | InputError]]:
    """Where each record begins (offset, line) and its fields; none for a blank line."""
    comma, _, first = header
    csv.field_size_limit(max(csv.field_size_limit(), largest))
    tape = _Tape(file, *(start or (first, 2)), largest)
    rows = csv.reader(tape, delimiter=comma)
    while True:
        offset, line = tape.begin()
        try:
            fields = next(rows)
            if tape.ended and tape.record:  # the last record: say so where it ends inside quotation marks
                fields = next(csv.reader(tape.record, delimiter=comma, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            yield offset, line, InputError(f"no CSV: {error}", file=path, line=line)
            continue
        yield offset, line, fields


def too_large(size: int, largest: int) -> str:
    return (f"the row has {size / 2**20:.1f} MB and the limit is {largest / 2**20:g} MB, more than any article; "
            "raise it with --largest-row")
