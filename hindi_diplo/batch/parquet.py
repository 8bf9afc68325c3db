"""Parquet as a stream of rows, with bounds that hold for files made to break them.

A file says how large its pages unpack to only in the headers of the pages, so these are read first: a page
is what a reader must hold in memory whole, and a dictionary is what it may repeat in each row of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final

from ..errors import HindiDiploError, InputError

__all__ = ["COLUMNS", "LARGEST_PAGE", "check", "pyarrow", "rows"]

COLUMNS: Final = ("text", "id", "title", "published", "url")
LARGEST_PAGE: Final = 256 * 2**20  # bytes that one page may unpack to; writers make pages of 1 MB
LARGEST_HEADER: Final = 2**24
MOST_ROWS: Final = 10**9  # of one file; more is a lie or should be several files
DICTIONARY_PAGE: Final = 2
LARGEST_DICTIONARY: Final = 16 * 2**20  # bytes of a page whose values the rows of a batch repeat; writers make 1 MB
BROKEN: Final = (OSError, ValueError, OverflowError)  # what pyarrow raises on broken files besides its own errors
BATCH: Final = 16
BUFFER: Final = 2**20  # bytes read at a time, where without it a whole column of a row group would be read


def pyarrow() -> Any:
    """The modules pyarrow and pyarrow.parquet; raises HindiDiploError with the command where they are not there."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise HindiDiploError("a batch needs pyarrow. Run: pip install 'hindi-diplo[parquet]'") from None
    return pyarrow


def _open(path: str) -> Any:
    return pyarrow().parquet.ParquetFile(path, buffer_size=BUFFER, pre_buffer=False)


def check(path: str, largest: int) -> int:
    """The number of rows of a file; raises InputError where it is none, has no column ``text`` of strings, or
    holds a page that unpacks to more than ``LARGEST_PAGE`` and than ``largest`` bytes."""
    pa = pyarrow()
    try:
        with _open(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
            kind = schema.field("text").type if "text" in schema.names else None
            if kind is None or not any(is_(kind) for is_ in (pa.types.is_string, pa.types.is_large_string,
                                                             pa.types.is_dictionary)):
                raise InputError(f"expected a column 'text' of strings, got {kind or ', '.join(schema.names[:9])}",
                                 file=path)
        with open(path, "rb", buffering=0) as raw:
            for group in range(metadata.num_row_groups):
                for index in range(metadata.num_columns):
                    column = metadata.row_group(group).column(index)
                    if column.path_in_schema in COLUMNS:
                        _check_pages(raw, column, path, metadata.row_group(group).num_rows)
        said, groups = metadata.num_rows, sum(metadata.row_group(g).num_rows for g in range(metadata.num_row_groups))
        if said != groups or said > MOST_ROWS:
            raise InputError(f"says that it has {said:,} rows, its row groups {groups:,}; a file may have "
                             f"{MOST_ROWS:,}", file=path)
    except (pa.ArrowException, *BROKEN) as error:
        raise InputError(f"no Parquet that can be read: {error}", file=path) from None
    return int(metadata.num_rows)


def rows(path: str, offset: int, count: int, largest: int) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """``count`` rows from row ``offset`` on (from 0), each with its number (from 1) and its fields."""
    pa = pyarrow()
    done = offset
    try:
        for number, batch, index in _stream.rows(path, offset, count):
            done = number + 1
            yield done, _row(batch, index, path, done, largest)
    except (pa.ArrowException, *BROKEN) as error:
        _stream.close()
        for number in range(done + 1, offset + count + 1):
            yield number, InputError(f"no Parquet that can be read: {error}", file=path, line=number)


def _row(batch: Any, index: int, path: str, number: int, largest: int) -> dict[str, Any] | InputError:
    made: dict[str, Any] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        value = column[index]
        if hasattr(value, "as_buffer") and value.is_valid:
            size = value.as_buffer().size
            if size > largest:
                return InputError(f"{name}: has {size / 2**20:.1f} MB and the limit is {largest / 2**20:g} MB, more "
                                  "than any article; raise it with --largest-row", file=path, line=number)
        try:
            made[name] = value.as_py()
        except UnicodeDecodeError as error:
            return InputError(f"{name}: not UTF-8: {error}", file=path, line=number)
    return made


@dataclass(slots=True)
class _Stream:
    """The file that this process read last, open where it stopped: the next part often goes on there."""

    path: str = ""
    next: int = -1
    file: Any = None
    waiting: Iterator[tuple[int, Any, int]] = field(default_factory=lambda: iter(()))

    def rows(self, path: str, offset: int, count: int) -> Iterator[tuple[int, Any, int]]:
        """(number from 0, batch, index in the batch) of the rows asked for."""
        if self.path != path or self.file is None or not 0 <= self.next <= offset:
            self.close()
            self.path, self.file, self.next = path, _open(path), 0
            self.waiting = self._all(offset)
        left = count
        while left and (found := next(self.waiting, None)) is not None:
            self.next = found[0] + 1
            if found[0] >= offset:
                left -= 1
                yield found

    def _all(self, offset: int) -> Iterator[tuple[int, Any, int]]:
        """Every row from the row group on that holds row ``offset``; always in the same batches."""
        number = 0
        for group in range(self.file.metadata.num_row_groups):
            size = self.file.metadata.row_group(group).num_rows
            if number + size <= offset:
                number += size
                continue
            names = [n for n in COLUMNS if n in self.file.schema_arrow.names]
            for batch in self.file.iter_batches(batch_size=BATCH, row_groups=[group], columns=names,
                                                use_threads=False):
                for index in range(batch.num_rows):
                    yield number, batch, index
                    number += 1

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
        self.path, self.file, self.next, self.waiting = "", None, -1, iter(())


_stream = _Stream()


# ---------------------------------------------------------------- page headers (Thrift's compact protocol)


def _check_pages(file: IO[bytes], column: Any, path: str, rows: int) -> None:
    """Raise InputError where a page is too large, or the pages do not hold as many rows as the row group says."""
    at = min(start for start in (column.data_page_offset, column.dictionary_page_offset) if start)
    end = at + column.total_compressed_size
    shared = "DELTA_BYTE_ARRAY" in column.encodings  # each value may begin with all of the one before it
    found = 0
    while at < end:
        kind, size, packed, values, header = _page(file, at, end, path)
        found += values
        limit = LARGEST_DICTIONARY if shared or kind == DICTIONARY_PAGE else LARGEST_PAGE
        if size > limit:
            raise InputError(f"column {column.path_in_schema!r}: a page of {packed} bytes unpacks to {size >> 20} MB "
                             f"and the limit is {limit >> 20} MB; write the file anew with pages of 1 MB", file=path)
        at += header + packed
    if found != rows:
        raise InputError(f"no Parquet that can be read: column {column.path_in_schema!r} says that it has {rows:,} "
                         f"values and has {found:,}", file=path)


def _page(file: IO[bytes], at: int, end: int, path: str) -> tuple[int, int, int, int, int]:
    """Of the page at a place in the file: its kind, its size unpacked and packed, the number of its values (0 for a
    dictionary), and the size of its header."""
    span = 4096
    while True:
        file.seek(at)
        data = file.read(min(span, end - at))
        try:
            fields, length = _struct(data, 0)
            kind, size, packed = fields[1], fields[2], fields[3]
            own = fields.get(5) or fields.get(8)  # of a data page, in one of two forms
            values = own[1] if isinstance(own, dict) else 0
            if not all(isinstance(n, int) and n >= 0 for n in (kind, size, packed, values)):
                raise ValueError
            return kind, size, packed, values, length
        except IndexError:
            if span < LARGEST_HEADER and len(data) == span:
                span *= 16
                continue
        except (KeyError, TypeError, ValueError):
            pass  # no header of a page, as below
        raise InputError(f"no Parquet that can be read: no page begins at byte {at}", file=path)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError


def _struct(data: bytes, at: int, depth: int = 0) -> tuple[dict[int, Any], int]:
    """The whole numbers and the structs among the fields of a struct, by field number, and where it ends."""
    if depth > 16:
        raise ValueError
    found: dict[int, Any] = {}
    number = 0
    while head := data[at]:
        at += 1
        if head >> 4:
            number += head >> 4
        else:
            number, at = _varint(data, at)
            number = (number >> 1) ^ -(number & 1)
        kind = head & 15
        if kind in (4, 5, 6):
            value, at = _varint(data, at)
            found[number] = (value >> 1) ^ -(value & 1)
        elif kind == 12:
            found[number], at = _struct(data, at, depth + 1)
        else:
            at = _skip(data, at, kind)
    return found, at + 1


def _skip(data: bytes, at: int, kind: int) -> int:
    if kind in (1, 2):
        return at
    if kind == 3:
        return at + 1
    if kind == 7:
        return at + 8
    if kind == 8:
        size, at = _varint(data, at)
        return at + size
    raise ValueError  # a list or a map: no page header has one
