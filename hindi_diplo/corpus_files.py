"""Merged corpora in files: events of batches and of output records in, three Parquet tables out.

``corpus_events`` has a row for each merged event, ``sources`` one for each telling (with the event of the
article as JSON, so that merging can be undone), ``links`` one for each link between merged events.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

from .batch.parquet import BATCH, pyarrow
from .batch.tables import schema as table_schema
from .batch.work import unwritable
from .corpus import Corpus, CorpusEvent, Source, merge, record_sources
from .errors import InputError, UsageError
from .types import SCHEMA

__all__ = ["TABLES", "arguments", "command", "read_corpus", "read_sources", "schema", "write_corpus"]

ROWS: Final = 5000  # of a row group
_TEXT, _LIST = "text", "list"
TABLES: Final[dict[str, dict[str, str]]] = {
    "corpus_events": {
        "id": _TEXT, "kind": _TEXT, "status": _TEXT, "people": _LIST, "names": _LIST, "names_latin": _LIST,
        "offices": _LIST, "countries": _LIST, "first": "date", "last": "date", "time": _TEXT, "grain": _TEXT,
        "place": _TEXT, "place_country": _TEXT, "lat": "float", "lon": "float", "topics": _LIST,
        "confidence": "float", "sources": "int", "published_first": "date", "published_last": "date",
    },
    "sources": {
        "corpus_event": _TEXT, "doc": _TEXT, "event": _TEXT, "published": "date", "title": _TEXT, "url": _TEXT,
        "file": _TEXT, "row": "int", "record": _TEXT,
    },
    "links": {"type": _TEXT, "source": _TEXT, "target": _TEXT},
}


def schema(table: str) -> Any:
    """The Arrow schema of a table."""
    pa = pyarrow()
    types = {_TEXT: pa.string(), "date": pa.date32(), "int": pa.int64(), "float": pa.float64(),
             _LIST: pa.list_(pa.string())}
    return pa.schema([(name, types[kind]) for name, kind in TABLES[table].items()])


# ---------------------------------------------------------------- in


def read_sources(path: str | Path) -> Iterator[Source]:
    """The events of the output folder of a batch, of a merged folder, or of a .jsonl file of output records,
    as a stream.  Raises InputError for anything else and for what is broken, with its file and row."""
    path = Path(path)
    if (path / "documents").is_dir():
        yield from _batch(path)
    elif (path / "sources.parquet").is_file():
        yield from _merged(path / "sources.parquet")
    elif path.suffix == ".jsonl" and path.is_file():
        yield from _records(path)
    else:
        raise InputError("expected the folder of a batch, a folder that 'merge' wrote, or a .jsonl file of records",
                         file=path)


def _batch(folder: Path) -> Iterator[Source]:
    try:
        finished = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["finished"]
    except (OSError, ValueError, KeyError):
        finished = False
    if not finished:
        raise InputError("the batch is not finished; run its command again first", file=folder)
    for path in sorted((folder / "documents").glob("*.parquet")):
        for row in _rows(path, ["file", "row", "events", "record"], table_schema("documents")):
            if row["events"]:
                yield from record_sources(json.loads(row["record"]), file=row["file"], row=row["row"])


def _merged(path: Path) -> Iterator[Source]:
    for row in _rows(path, list(TABLES["sources"]), schema("sources")):
        yield Source(row["doc"], row["published"] and row["published"].isoformat(), row["title"], row["url"],
                     row["record"], row["file"] or "", row["row"] or 0)


def _rows(path: Path, names: list[str], wanted: Any) -> Iterator[dict[str, Any]]:
    pa = pyarrow()
    try:
        with pa.parquet.ParquetFile(path) as file:
            missing = [name for name in names if name not in file.schema_arrow.names
                       or file.schema_arrow.field(name).type != wanted.field(name).type]
            if missing:
                raise InputError(f"expected the columns {', '.join(missing)} as this package writes them", file=path)
            for batch in file.iter_batches(batch_size=BATCH * 16, columns=names):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"no Parquet that can be read: {error}", file=path) from None


def _records(path: Path) -> Iterator[Source]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                record = json.loads(line)
                if record["schema"] != SCHEMA:
                    raise ValueError(f"its schema is {record['schema']!r}")
                found = list(record_sources(record))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"expected an output record of schema {SCHEMA}: {error}", file=path,
                                 line=number) from None
            yield from found


def read_corpus(folder: str | Path) -> Corpus:
    """The Corpus of a folder that :func:`write_corpus` wrote, from its sources."""
    return merge(read_sources(folder))


# ---------------------------------------------------------------- out


def write_corpus(corpus: Corpus, out: str | Path) -> None:
    """Write ``corpus_events.parquet``, ``sources.parquet`` and ``links.parquet`` into the folder ``out``.

    Each is put in place whole.  Raises UnfinishedError where they cannot be written."""
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, "sources", (_source(event, source) for event in corpus.events for source in event.sources))
        _write(folder, "links", ({"type": k.type, "source": k.source, "target": k.target} for k in corpus.links))
        _write(folder, "corpus_events", map(_event, corpus.events))
    except OSError as error:
        raise unwritable(out, error) from error


def _write(folder: Path, table: str, rows: Iterable[dict[str, Any]]) -> None:
    pa = pyarrow()
    source = iter(rows)
    beside = folder / f".{table}.{os.getpid()}.parquet"
    try:
        with pa.parquet.ParquetWriter(str(beside), schema(table), compression="zstd") as file:
            while group := list(islice(source, ROWS)):
                file.write_table(pa.Table.from_pylist(group, schema=schema(table)))
        with beside.open("rb") as done:
            os.fsync(done.fileno())
        os.replace(beside, folder / f"{table}.parquet")
    finally:
        beside.unlink(missing_ok=True)


def _event(event: CorpusEvent) -> dict[str, Any]:
    days = sorted(source.published for source in event.sources if source.published)
    return {
        "id": event.id, "kind": event.kind, "status": event.status, "people": [p.id for p in event.people],
        "names": [p.name for p in event.people], "names_latin": [p.name_latin for p in event.people],
        "offices": [p.office for p in event.people],
        "countries": sorted({p.country for p in event.people if p.country}), "first": event.first, "last": event.last,
        "time": event.time, "grain": event.grain, "place": event.place, "place_country": event.place_country,
        "lat": event.lat, "lon": event.lon, "topics": list(event.topics), "confidence": event.confidence,
        "sources": len(event.sources), "published_first": _day(days[0] if days else None),
        "published_last": _day(days[-1] if days else None),
    }


def _source(event: CorpusEvent, source: Source) -> dict[str, Any]:
    return {
        "corpus_event": event.id, "doc": source.doc, "event": json.loads(source.record)["id"],
        "published": _day(source.published), "title": source.title, "url": source.url, "file": source.file or None,
        "row": source.row or None, "record": source.record,
    }


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


# ---------------------------------------------------------------- the command


def arguments(sub: argparse.ArgumentParser) -> None:
    """Add the arguments of ``hindi-diplo merge``."""
    sub.add_argument("paths", nargs="+", metavar="IN",
                     help="output folders of batches, merged folders, or .jsonl records")
    sub.add_argument("--out", required=True, metavar="DIR", help="the folder to write the three tables to")


def command(given: argparse.Namespace) -> int:
    """Merge and write; returns 0."""
    if Path(given.out).is_file():
        raise UsageError(f"{given.out}: expected a folder, got a file")
    corpus = merge(source for path in given.paths for source in read_sources(path))
    write_corpus(corpus, given.out)
    told = sum(len(event.sources) for event in corpus.events)
    print(f"{given.out}: {told:,} events of articles are {len(corpus.events):,} events, {len(corpus.links):,} links")
    return 0
