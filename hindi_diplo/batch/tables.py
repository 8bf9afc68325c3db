"""The tables that a batch writes, and the one function that makes their rows: every engine calls it.

``documents`` has a row for each article with its whole output record as JSON; ``events``, ``participants``
and ``mentions`` have the columns of the frames of the same kind; ``errors`` has a row for each row that
could not be read.  All begin with ``file`` and ``row``, which name the row of the input and join them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from .. import frames
from ..errors import InputError
from ..types import Article, Doc
from .inputs import Item
from .parquet import pyarrow

__all__ = ["TABLES", "Rows", "rows", "schema", "together"]

Nlp = Callable[[Article], Doc]
Rows = dict[str, list[dict[str, Any]]]

TABLES: Final = ("documents", "events", "participants", "mentions", "errors")
FRAMES: Final[Mapping[str, str]] = {"events": "events", "participants": "participants", "mentions": "entities"}
KEY: Final[Mapping[str, str]] = {"file": "string", "row": "int"}
OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "documents": {**KEY, "doc": "string", "published": "date", "title": "string", "url": "string",
                  "dateline": "string", "characters": "int", "mentions": "int", "events": "int", "record": "string"},
    "errors": {**KEY, "doc": "string", "step": "string", "reason": "string"},
}


def columns(table: str) -> Mapping[str, str]:
    """The columns of a table and their kinds: string, date, int, float or list (of strings)."""
    if table in OWN:
        return OWN[table]
    kinds = {"string": "string", "category": "string", "date": "date", "Int64": "int", "Float64": "float",
             frames.LISTS: "list"}
    return {**KEY, **{name: kinds[dtype] for name, dtype in frames.COLUMNS[FRAMES[table]].items()}}


def schema(table: str) -> Any:
    """The Arrow schema of a table."""
    pa = pyarrow()
    types = {"string": pa.string(), "date": pa.date32(), "int": pa.int64(), "float": pa.float64(),
             "list": pa.list_(pa.string())}
    return pa.schema([(name, types[kind]) for name, kind in columns(table).items()])


def together(nlp: Nlp, items: Sequence[Item]) -> list[Rows]:
    """What some rows of the input add to each table; read together where the pipeline can (``nlp.pipe``), which takes
    less time.  Where that fails they are read one by one, so that the fault is that of its own row."""
    articles = [item.got for item in items if isinstance(item.got, Article)]
    pipe: Callable[[Sequence[Article]], Iterator[Doc]] | None = getattr(nlp, "pipe", None)
    if pipe is None or len(articles) < 2:
        return [rows(nlp, item) for item in items]
    try:
        docs = iter([*pipe(articles)])
    except Exception:  # which of them it was is seen when they are read one by one
        return [rows(nlp, item) for item in items]
    return [rows(lambda _: next(docs), item) for item in items]


def rows(nlp: Nlp, item: Item) -> Rows:
    """What one row of the input adds to each table: an article with its events, or an error with its reason.

    A row on which the pipeline itself fails becomes an error as well: one article never stops a batch."""
    if isinstance(item.got, InputError):
        return failed(item, "read", item.got.reason)
    key = {"file": item.file, "row": item.row}
    try:
        doc = nlp(item.got)
        record = json.dumps(doc.record(), ensure_ascii=False, separators=(",", ":"))
        record.encode()
        own = {**key, "doc": doc.id, "published": _day(doc.published), "title": doc.title, "url": doc.url,
               "dateline": doc.dateline, "characters": len(doc.text), "events": len(doc.events), "record": record}
        made: Rows = {"documents": [own]}
        for table, kind in FRAMES.items():
            made[table] = [{**key, **row} for row in _dated(frames.rows(kind, doc), table)]
        own["mentions"] = len(made["mentions"])
    except UnicodeEncodeError as error:
        return failed(item, "read", f"half a character (a lone surrogate) in the id, title or url: {error.reason}")
    except MemoryError:
        return failed(item, "pipeline", f"out of memory on an article of {len(item.got.text)} characters")
    except Exception as error:  # whatever it is, it goes into the errors with its kind and text
        return failed(item, "pipeline", f"{type(error).__name__}: {error}")
    return made


def failed(item: Item, step: str, reason: str) -> Rows:
    """The error that a row of the input is in the tables; ``step`` is read, pipeline or worker."""
    ident = item.got.id if isinstance(item.got, Article) else None
    row = {"file": item.file, "row": item.row, "doc": ident, "step": step, "reason": reason}
    clean = {k: v.encode("utf-8", "backslashreplace").decode() if isinstance(v, str) else v for k, v in row.items()}
    return {"errors": [clean]}


def _dated(source: Iterator[dict[str, Any]], table: str) -> Iterator[dict[str, Any]]:
    for row in source:
        if table == "events":
            row["published"] = _day(row["published"])
        yield row


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
