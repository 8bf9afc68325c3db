"""A page, a file or a row -> :class:`Article`: the text as given, its zones, title, dateline and date.

Files are read as streams: a row at a time, however large the file.  What is broken is named with file
and line, and the rest is done.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final

import regex

from .errors import InputError
from .reader_html import page
from .reader_zones import cut
from .text import windows
from .types import Article

__all__ = [
    "SUFFIXES", "articles", "check_date", "from_fields", "from_json", "from_row", "from_text", "header", "parts",
    "read",
]

PAGES: Final = (".txt", ".html", ".htm")
TABLES: Final = (".jsonl", ".csv", ".parquet")
SUFFIXES: Final = PAGES + TABLES
LONGEST: Final = 2_000_000  # characters of one article; one has some 5,000, and every layer of it lies in memory
PART: Final = 100_000  # characters of a part of a longer text
LARGEST_FILE: Final = 256 * 2**20  # bytes of one document or one line of JSON; more is no article
LARGEST_COLUMN: Final = 2 * 2**30  # bytes of text that one row group of a Parquet file may unpack to
BATCH: Final = 64

_SURROGATE = regex.compile("[\ud800-\udfff]")
_DAY = regex.compile(r"\s*\d{4}-\d\d-\d\d(?!\d)")
_URL_DATE = regex.compile(r"(?<!\d)((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?!\d)")
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, ""), (codecs.BOM_UTF32_BE, ""),
                (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


# ---------------------------------------------------------------- a text


def check_date(value: date | str | None) -> str | None:
    """The ISO day of a date, a datetime or an ISO string; None for None and for a blank string.

    Raises InputError where it is no date."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and _DAY.match(value):
        try:
            return datetime.fromisoformat(value.strip()).date().isoformat()
        except ValueError:
            pass  # the error below says what was expected
    raise InputError(f"published: expected YYYY-MM-DD (2020-09-09) or an ISO time, got {value!r}")


def from_text(
    text: str,
    *,
    id: str = "",
    title: str | None = None,
    published: date | str | None = None,
    url: str | None = None,
) -> Article:
    """The article that ``text`` holds: its zones, title, dateline and day of publication.

    What is given (``title``, ``published``) is believed.  Else the day is that of a "Publish Date" line,
    of a line that is only a date, of the address, of the dateline, and last of an "Updated On" line.
    Raises InputError where ``text`` is no string of whole characters or ``published`` no date.
    """
    for name, value in (("text", text), ("id", id), ("title", title or ""), ("address", url or "")):
        if not isinstance(value, str):
            raise InputError(f"expected a string as {name}, got {type(value).__name__}")
        if half := _SURROGATE.search(value):
            raise InputError(f"half a character (a lone surrogate) at character {half.start()} of the {name}; "
                             "it was cut or decoded wrongly: decode it anew as UTF-8 or UTF-16")
    day = check_date(published)
    found = cut(text, title.strip() or None if title else None)
    dates = found.dates
    if day is None:
        day = (dates.get("published") or dates.get("plain") or _url_date(url) or dates.get("dateline")
               or dates.get("updated"))
    return Article(text, id, found.title, day, found.dateline, url, found.zones)


def parts(
    text: str, *, size: int = PART, id: str = "", title: str | None = None, published: date | str | None = None,
    url: str | None = None,
) -> Iterator[Article]:
    """A text however long as articles of at most ``size`` characters, one in memory at a time.

    The text is cut at blank lines where it has them (``text.windows``).  A text of one part is the article of
    :func:`from_text`; of more, each has the id ``ID@N``, where ``text[N:]`` of the whole is where it begins, and all
    have the day that is given or that the first one tells.  Raises what :func:`from_text` raises, and ValueError
    where ``size`` is not above 0."""
    if size < 1:
        raise ValueError(f"size must be 1 or more, got {size}")
    day = check_date(published)
    for start, stop in windows(text, size):
        whole = start == 0 and stop == len(text)
        article = from_text(text[start:stop], id=id if whole else f"{id}@{start}", title=None if start else title,
                            published=day, url=url)
        day = day or article.published
        yield article


def _url_date(url: str | None) -> str | None:
    match = _URL_DATE.search(url or "")
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


# ---------------------------------------------------------------- a file


def read(path: str | Path) -> Article:
    """The one article of a file: .txt, .html, .htm, or a table (.jsonl, .csv, .parquet) of one row.

    Raises InputError where it cannot be read or holds several articles."""
    found: list[Article] = []
    for article in articles(path):
        if isinstance(article, InputError):
            raise article
        if found:
            raise InputError("holds more than one article; read them with articles()", file=path)
        found.append(article)
    if not found:
        raise InputError("holds no article", file=path)
    return found[0]


def articles(path: str | Path) -> Iterator[Article | InputError]:
    """The articles of a file, one at a time; ``-`` is standard input (JSON Lines, else plain text).  A text or page
    of more than ``LONGEST`` characters comes in :func:`parts`.

    A row that is broken comes as an InputError with file and line, and the rest is done.  Raises
    InputError where the file as a whole cannot be read.
    """
    if str(path) == "-":
        yield from _stdin(sys.stdin.buffer)
        return
    path = Path(path)
    suffix = path.suffix.lower()
    if path.is_dir():
        raise InputError("is a folder; name its files (FOLDER/*.txt), or read it with 'hindi-diplo batch'", file=path)
    if suffix not in SUFFIXES:
        raise InputError(f"expected a file named {', '.join(SUFFIXES)}; rename or convert it", file=path)
    try:
        if suffix in PAGES:
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
            yield from _document(data, suffix, path)
        elif suffix == ".parquet":
            yield from _parquet(path)
        else:
            with path.open("rb") as file:
                lines = _lines(file, path)
                yield from _json_lines(lines, path) if suffix == ".jsonl" else _csv(lines, path)
    except FileNotFoundError:
        raise InputError("no such file", file=path) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=path) from None


def _document(data: bytes, suffix: str, path: Path) -> Iterator[Article]:
    if len(data) > LARGEST_FILE:
        raise InputError(f"larger than {LARGEST_FILE >> 20} MB, which is no article; split it", file=path)
    text = _decode(data, path)
    try:
        given: dict[str, Any] = {"id": path.stem}
        if suffix != ".txt":
            found = page(text)
            text = found.text
            given |= {"title": found.title, "url": found.url, "published": found.published}
        if len(text) > LONGEST:
            yield from parts(text, size=PART, **given)
        else:
            yield from_text(text, **given)
    except InputError as error:
        raise InputError(error.reason, file=path) from None


def _encoding(start: bytes, path: str | Path) -> str:
    """The encoding that the first bytes tell: UTF-16 or UTF-8 by their mark, else UTF-8."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            if not encoding:
                raise InputError("UTF-32; save it as UTF-8", file=path)
            return encoding
    return "utf-8"


def _decode(data: bytes, path: str | Path, line: int | None = None) -> str:
    encoding = _encoding(data[:4], path)
    if encoding == "utf-8" and data[:4096].count(0) * 50 > len(data[:4096]):
        raise InputError("it looks like UTF-16 without a byte order mark (one byte in fifty is 0); save it as UTF-8 "
                         "(or as UTF-16 with a byte order mark)", file=path, line=line)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise InputError(f"not {name}: byte {error.start} is 0x{data[error.start]:02x}; save it as UTF-8 "
                         "(or as UTF-16 with a byte order mark)", file=path, line=line) from None


def _lines(file: IO[bytes], path: str | Path) -> Iterator[bytes]:
    """The lines of a file as UTF-8 bytes without a mark, one in memory at a time."""
    start = file.peek(4)[:4] if isinstance(file, io.BufferedReader) else b""
    if _encoding(start, path) == "utf-16":
        reader = io.TextIOWrapper(file, encoding="utf-16", errors="surrogatepass", newline="\n")
        try:
            while line := reader.readline(LARGEST_FILE + 1):
                yield line.encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:  # at the end: in the middle of a file any two bytes are read
            raise InputError("UTF-16 that ends in the middle of a character: the file was cut off; what stood on its "
                             "last line is lost, get it again", file=path) from None
        return
    first = True
    while raw := file.readline(LARGEST_FILE + 1):
        yield raw.removeprefix(codecs.BOM_UTF8) if first else raw
        first = False
        while len(raw) > LARGEST_FILE and not raw.endswith(b"\n"):
            raw = file.readline(LARGEST_FILE + 1)  # the rest of a line that is refused, so that lines are counted right


def _stdin(file: IO[bytes]) -> Iterator[Article | InputError]:
    name = "<stdin>"
    lines = _lines(file, name)
    before: list[bytes] = []
    for line in lines:
        before.append(line)
        if line.strip():
            break
    if before and regex.match(rb'\s*\{\s*["}]', before[-1]):
        yield from _json_lines(chain(before, lines), name)
        return
    data = bytearray()
    for line in chain(before, lines):
        data += line
        if len(data) > LARGEST_FILE:
            raise InputError(f"larger than {LARGEST_FILE >> 20} MB, which is no article; split it", file=name)
    try:
        yield from_text(_decode(bytes(data), name), id="stdin")
    except InputError as error:
        raise InputError(error.reason, file=name) from None


# ---------------------------------------------------------------- tables


def from_row(row: Mapping[str, Any], path: str | Path, number: int) -> Article | InputError:
    """The article of row ``number`` of a table: ``text`` and perhaps ``id``, ``title``, ``published``, ``url``.

    Gives, and does not raise, an InputError with file and row where a field is of another type."""
    text = row.get("text")
    if not isinstance(text, str):
        came = "none" if text is None else type(text).__name__
        return InputError(f"text: expected a string, got {came}", file=path, line=number)
    for name in ("title", "url"):
        if not isinstance(row.get(name), str | None):
            return InputError(f"{name}: expected a string, got {type(row[name]).__name__}", file=path,
                              line=number)
    given = row.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        return InputError(f"id: expected a string, got {type(given).__name__}", file=path, line=number)
    stem = Path(path).stem if str(path) != "<stdin>" else "stdin"
    try:
        return from_text(
            text, id=f"{stem}:{number}" if given in (None, "") else str(given), title=row.get("title"),
            published=row.get("published"), url=row.get("url") or None)
    except InputError as error:
        return InputError(error.reason, file=path, line=number)


def _json_lines(lines: Iterator[bytes], path: str | Path) -> Iterator[Article | InputError]:
    for number, raw in enumerate(lines, 1):
        if len(raw) > LARGEST_FILE:
            raise InputError(f"a line of more than {LARGEST_FILE >> 20} MB", file=path, line=number)
        if raw.strip():
            yield from_json(raw, path, number)


def from_json(raw: bytes, path: str | Path, number: int) -> Article | InputError:
    """The article of line ``number`` of a file of JSON Lines; gives an InputError for one that is broken."""
    try:
        row = json.loads(_decode(raw, path, number))
    except InputError as error:
        return error
    except RecursionError:
        return InputError("no JSON that can be read: nested too deeply", file=path, line=number)
    except ValueError as error:
        return InputError(f"no JSON: {error}; expected one object a line", file=path, line=number)
    if isinstance(row, dict):
        return from_row(row, path, number)
    return InputError(f'expected a JSON object {{"text": …}}, got {type(row).__name__}', file=path, line=number)


def header(line: str) -> tuple[str, list[str]]:
    """The mark between the fields of a CSV file and the names in its header line; ``("", [])`` where no
    mark of ``,``, ``;`` and tab gives a column ``text``."""
    for mark in ",;\t":
        try:
            names = next(csv.reader([line], delimiter=mark), [])
        except csv.Error:
            continue
        if "text" in names:
            return mark, names
    return "", []


def from_fields(names: list[str], fields: list[str], path: str | Path, number: int) -> Article | InputError:
    """The article of a CSV record that begins on line ``number``; gives an InputError for one that is broken.

    Bytes that were not UTF-8 are expected as lone surrogates (``surrogateescape``)."""
    if len(fields) != len(names):
        return InputError(f"expected {len(names)} fields, got {len(fields)}; is a quotation mark missing?",
                          file=path, line=number)
    if any("\udc80" <= c <= "\udcff" for field in fields for c in _SURROGATE.findall(field)):
        return InputError("not UTF-8; save it as UTF-8", file=path, line=number)
    return from_row(dict(zip(names, fields, strict=True)), path, number)


def _csv(lines: Iterator[bytes], path: Path) -> Iterator[Article | InputError]:
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_FILE))
    # Bytes that are not UTF-8 become lone surrogates, which the row that holds them is refused for.
    decoded = (line.decode("utf-8", "surrogateescape") for line in lines)
    comma, names = header(next(decoded, "").strip())
    if not comma:
        raise InputError("expected a header line with a column 'text'", file=path, line=1)
    rows = csv.reader(decoded, delimiter=comma)
    while True:
        number = rows.line_num + 2
        try:
            fields = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield InputError(f"no CSV: {error}", file=path, line=number)
            continue
        if fields:
            yield from_fields(names, fields, path, number)


def _parquet(path: Path) -> Iterator[Article | InputError]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise InputError("Parquet needs pyarrow. Run: pip install 'hindi-diplo[parquet]'",
                         file=path) from None
    try:
        # Dictionaries stay dictionaries, so that a text repeated a million times is held once.
        known = parquet.read_schema(path).names
        names = [name for name in ("text", "id", "title", "published", "url") if name in known]
        if "text" not in names:
            raise InputError("expected a column 'text'", file=path)
        with parquet.ParquetFile(path, read_dictionary=["text"]) as file:
            _check_sizes(file.metadata, path)
            number = 0
            for batch in file.iter_batches(batch_size=BATCH, columns=names):
                columns = [batch.column(name) for name in names]
                for index in range(batch.num_rows):
                    number += 1
                    try:
                        row = {n: c[index].as_py() for n, c in zip(names, columns, strict=True)}
                    except (UnicodeDecodeError, pyarrow.ArrowInvalid) as error:
                        yield InputError(f"row {number}: {error}", file=path, line=number)
                        continue
                    yield from_row(row, path, number)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise InputError(f"no Parquet that can be read: {error}", file=path) from None


def _check_sizes(metadata: Any, path: Path) -> None:
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            if chunk.path_in_schema == "text" and chunk.total_uncompressed_size > LARGEST_COLUMN:
                raise InputError(f"row group {group} unpacks to {chunk.total_uncompressed_size >> 20} MB of "
                                 f"text; write it with row groups under {LARGEST_COLUMN >> 20} MB", file=path)
