"""Documents as tidy pandas frames, with stable columns and dtypes, and as networkx graphs.

pandas, pyarrow and networkx are imported when they are used.  An empty text is NA, as in CSV.  The date
columns ``first`` and ``last`` hold the first and the last day of the time that an event gives, ``grain``
how exactly the text gives it.
"""

from __future__ import annotations

import calendar
import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from .errors import HindiDiploError, InputError
from .records import EVENT_KINDS, GRAINS, ROLES, STATUSES, VIEWS, Event, Participant, is_local
from .types import Doc

__all__ = [
    "COLUMNS", "days", "entities_frame", "events_frame", "participants_frame", "read_frame",
    "relations_frame", "rows", "to_networkx", "write_frame",
]

LISTS: Final = "list"
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "events": {
        "doc": "string", "event": "string", "published": "date", "kind": "category", "status": "category",
        "who": "string", "with_whom": "string", "people": LISTS, "names": LISTS, "names_latin": LISTS,
        "countries": LISTS, "place": "string", "place_country": "string", "lat": "Float64", "lon": "Float64",
        "place_basis": "string", "time": "string", "grain": "category", "first": "date", "last": "date",
        "time_basis": "string", "topics": LISTS, "topic_labels": LISTS, "occasion": "string",
        "occasion_id": "string", "trigger": "string", "sentence": "string", "start": "Int64", "stop": "Int64",
        "cameo": "string", "plover": "string", "rule": "string", "confidence": "Float64", "url": "string",
    },
    "participants": {
        "doc": "string", "event": "string", "id": "string", "name": "string", "name_latin": "string",
        "text": "string", "role": "category", "office": "string", "country": "string", "side": "Int64",
        "start": "Int64", "stop": "Int64", "via": "string",
    },
    "entities": {
        "doc": "string", "id": "string", "label": "category", "name": "string", "name_latin": "string",
        "text": "string", "start": "Int64", "stop": "Int64", "country": "string", "office": "string",
        "rule": "string",
    },
    "relations": {
        "doc": "string", "type": "category", "subject": "string", "object": "string", "text": "string",
        "start": "Int64", "stop": "Int64", "rule": "string", "country": "string", "from": "string", "to": "string",
        "days": "Int64",
    },
}
CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": EVENT_KINDS, "status": STATUSES, "grain": GRAINS, "role": ROLES,
    "label": ("PERSON", "COUNTRY", "ORG", "PLACE", "OFFICE"),
    "type": ("holds_office", "visits", "alias_of", "member_of"),
}


def days(value: str) -> tuple[date, date]:
    """The first and the last day of an ISO value: day, week, month, year or range.

    >>> days("2020-W36")
    (datetime.date(2020, 8, 31), datetime.date(2020, 9, 6))
    """
    first, slash, last = value.partition("/")
    if slash:
        return days(first)[0], days(last)[1]
    if "W" in value:
        monday = date.fromisoformat(f"{value}-1")
        return monday, monday + timedelta(days=6)
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        year, month = parts
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date.fromisoformat(value), date.fromisoformat(value)


def _several(docs: Doc | Iterable[Doc]) -> Iterable[Doc]:
    return (docs,) if isinstance(docs, Doc) else docs


def events_frame(docs: Doc | Iterable[Doc]) -> Any:
    """One row per event, with the columns ``COLUMNS["events"]``.

    ``people`` are the ids of all participants, ``names`` their names in the same order; ``countries``
    are distinct; ``first`` and ``last`` are days, NaT where the text gives no time.
    """
    return _frame("events", (row for doc in _several(docs) for row in rows("events", doc)))


def rows(kind: str, doc: Doc) -> Iterator[dict[str, Any]]:
    """The rows of one document for the frame ``kind`` (a key of ``COLUMNS``), as plain values."""
    if kind == "events":
        yield from (_event_row(doc, event) for event in doc.events)
    elif kind == "participants":
        yield from (
            {"doc": doc.id, "event": event.id, "id": p.entity, "name": p.name, "name_latin": p.name_latin,
             "text": p.text, "role": p.role, "office": p.office, "country": p.country, "side": p.side,
             "start": p.span.start, "stop": p.span.stop, "via": p.via}
            for event in doc.events for p in event.participants)
    elif kind == "entities":
        names = [name for name in COLUMNS["entities"] if name != "doc"]
        yield from ({"doc": doc.id, **{name: row[name] for name in names}} for row in doc.record()["entities"])
    elif kind == "relations":
        yield from (
            {"doc": doc.id, "type": r.type, "subject": r.subject, "object": r.object,
             "text": r.span.of(doc.text), "start": r.span.start, "stop": r.span.stop, "rule": r.rule,
             "country": r.country, "from": r.begins, "to": r.ends, "days": r.days}
            for r in doc.relations)
    else:
        raise ValueError(f"kind: expected one of {', '.join(COLUMNS)}, got {kind!r}")


def _event_row(doc: Doc, event: Event) -> dict[str, Any]:
    from .display import parties

    first, second = parties(event)
    place, time, occasion = event.place, event.time, event.occasion
    begin, end = days(time.value) if time else (None, None)
    told = event.mentions[0] if event.mentions else event.trigger
    return {
        "doc": doc.id, "event": event.id, "published": doc.published, "kind": event.kind,
        "status": event.status, "who": "; ".join(p.name for p in first),
        "with_whom": "; ".join(p.name for p in second), "people": [p.entity for p in event.participants],
        "names": [p.name for p in event.participants],
        "names_latin": [p.name_latin for p in event.participants],
        "countries": list(dict.fromkeys(p.country for p in event.participants if p.country)),
        "place": place and place.name, "place_country": place and place.country, "lat": place and place.lat,
        "lon": place and place.lon, "place_basis": place and place.basis,
        "time": time and time.value, "grain": time and time.grain, "first": begin, "last": end,
        "time_basis": time and time.basis, "topics": [t.text for t in event.topics],
        "topic_labels": [t.label or "" for t in event.topics], "occasion": occasion and occasion.text,
        "occasion_id": occasion and occasion.id, "trigger": event.trigger_text,
        "sentence": told.of(doc.text), "start": event.trigger.start, "stop": event.trigger.stop,
        "cameo": event.cameo, "plover": event.plover, "rule": event.rule, "confidence": event.confidence,
        "url": doc.url,
    }


def participants_frame(docs: Doc | Iterable[Doc]) -> Any:
    """One row per participant of each event: the long form that joins ``events_frame`` on doc and event."""
    return _frame("participants", (row for doc in _several(docs) for row in rows("participants", doc)))


def entities_frame(docs: Doc | Iterable[Doc]) -> Any:
    """One row per mention of an entity, in the order of the text."""
    return _frame("entities", (row for doc in _several(docs) for row in rows("entities", doc)))


def relations_frame(docs: Doc | Iterable[Doc]) -> Any:
    """One row per relation between two entities (or an entity and an office)."""
    return _frame("relations", (row for doc in _several(docs) for row in rows("relations", doc)))


def _pandas() -> Any:
    try:
        import pandas as pd
    except ImportError:
        raise HindiDiploError("pandas is not installed; run: pip install 'hindi-diplo[frames]'") from None
    return pd


def _frame(kind: str, rows: Iterable[Mapping[str, Any]]) -> Any:
    return _typed(kind, _pandas().DataFrame(list(rows), columns=list(COLUMNS[kind])))


def _typed(kind: str, frame: Any) -> Any:
    """The frame with the dtypes of ``COLUMNS``, whatever its columns were read as."""
    pd = _pandas()
    made = {}
    for name, dtype in COLUMNS[kind].items():
        column = frame[name]
        if dtype == "date":
            made[name] = pd.to_datetime(column).astype("datetime64[s]")
        elif dtype == "category":
            made[name] = column.astype(object).astype(pd.CategoricalDtype(CATEGORIES[name]))
        elif dtype == LISTS:
            made[name] = pd.Series([list(value) for value in column], index=frame.index, dtype=object)
        elif dtype == "string":
            made[name] = column.astype(object).replace("", None).astype(dtype)
        else:
            made[name] = column.astype(dtype)
    return pd.DataFrame(made, index=frame.index)


def write_frame(frame: Any, path: str | Path) -> None:
    """Write a frame of this module as ``.parquet`` or ``.csv`` so that :func:`read_frame` gives it back.

    In CSV, lists are JSON arrays; the file begins with a BOM so that spreadsheets read Devanagari.  A cell
    that a spreadsheet would take for a formula begins with an apostrophe.  Raises InputError for a frame of
    other columns or a path with another ending.
    """
    kind, target = _kind(list(frame.columns), path), Path(path)
    if target.suffix == ".parquet":
        frame.to_parquet(target, index=False)
        return
    flat = frame.copy()
    for name, dtype in COLUMNS[kind].items():
        if dtype == LISTS:
            flat[name] = [json.dumps(list(value), ensure_ascii=False) for value in flat[name]]
        elif dtype == "string":
            flat[name] = flat[name].map(lambda v: _no_formula(v) if isinstance(v, str) else v)
    flat.to_csv(target, index=False, encoding="utf-8-sig", date_format="%Y-%m-%d", lineterminator="\n",
                quoting=csv.QUOTE_ALL)


def read_frame(path: str | Path) -> Any:
    """The frame that :func:`write_frame` wrote, with its dtypes.

    Raises InputError where the file is missing, is neither .parquet nor .csv, or holds other columns."""
    pd, source = _pandas(), Path(path)
    if not source.exists():
        raise InputError("no such file", file=source)
    if source.suffix == ".parquet":
        frame = pd.read_parquet(source)
        return _typed(_kind(list(frame.columns), path), frame)
    if source.suffix != ".csv":
        raise InputError("expected a .parquet or a .csv file", file=source)
    names = list(pd.read_csv(source, nrows=0, encoding="utf-8-sig").columns)
    kind = _kind(names, path)
    frame = pd.read_csv(source, encoding="utf-8-sig", dtype=str, keep_default_na=False, na_values=[""])
    for name, dtype in COLUMNS[kind].items():
        if dtype == LISTS:
            frame[name] = [json.loads(value) for value in frame[name]]
        elif dtype == "string":
            frame[name] = frame[name].map(lambda v: _formula(v) if isinstance(v, str) else v)
        elif dtype in ("Int64", "Float64"):
            frame[name] = pd.to_numeric(frame[name])
    return _typed(kind, frame)


def _no_formula(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run (and before an apostrophe)."""
    return "'" + cell if cell[:1] in tuple("=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20") and cell else cell


def _formula(cell: str) -> str:
    return cell.removeprefix("'")


def _kind(columns: list[str], path: str | Path) -> str:
    if Path(path).suffix not in (".parquet", ".csv"):
        raise InputError("expected a name that ends in .parquet or .csv", file=path)
    for kind, wanted in COLUMNS.items():
        if list(wanted) == columns:
            return kind
    found = ", ".join(columns[:6])
    raise InputError(f"expected the columns of a frame of this package, got {found} …", file=path)


def to_networkx(
    docs: Doc | Iterable[Doc], *, nodes: str = "people", kinds: Iterable[str] = ("meeting", "call"),
    statuses: Iterable[str] = ("held",),
) -> Any:
    """Who met whom as an undirected networkx graph: ``nodes`` are "people" or "countries".

    Participants of the same side are not joined.  Somebody who is not in the knowledge base is a node of one
    document: the id ``local:3`` means another one in each, so the node is ``document/local:3``.  An edge has
    ``weight`` (the number of events) and ``events`` (their document and event ids); a node has ``name``,
    ``name_latin``, ``country``, ``events``.
    """
    if nodes not in ("people", "countries"):
        raise ValueError(f"nodes: expected 'people' or 'countries', got {nodes!r}")
    try:
        import networkx as nx
    except ImportError:
        raise HindiDiploError("networkx is not installed; run: pip install 'hindi-diplo[plots]'") from None
    graph, kinds, statuses = nx.Graph(), set(kinds), set(statuses)
    for number, doc in enumerate(_several(docs)):
        home = doc.id or str(number)
        for event in doc.events:
            if event.kind not in kinds or event.status not in statuses:
                continue
            for a, b in _pairs(event, nodes, home):
                if graph.has_edge(a, b):
                    graph[a][b]["weight"] += 1
                    graph[a][b]["events"].append((doc.id, event.id))
                else:
                    graph.add_edge(a, b, weight=1, events=[(doc.id, event.id)])
            for p in event.participants:
                node = _node(p, nodes, home)
                if node in graph:
                    known = graph.nodes[node]
                    if nodes == "people":
                        known["name"] = max(known.get("name", ""), p.name, key=len)
                        known.setdefault("name_latin", p.name_latin)
                    known.setdefault("country", p.country)
                    known.setdefault("events", set()).add((doc.id, event.id))
    for node in graph:
        graph.nodes[node]["events"] = len(graph.nodes[node]["events"])
    return graph


def _node(participant: Participant, nodes: str, home: str) -> str | None:
    if nodes == "countries":
        return participant.country
    local = is_local(participant.entity)
    return f"{home}/{participant.entity}" if local else participant.entity


def _pairs(event: Event, nodes: str, home: str) -> list[tuple[str, str]]:
    """The distinct pairs that meet in an event: across sides, or all where there are no sides."""
    found: dict[tuple[str, str], None] = {}
    for n, p in enumerate(event.participants):
        for q in event.participants[n + 1 :]:
            if p.side is not None and p.side == q.side:
                continue
            a, b = _node(p, nodes, home), _node(q, nodes, home)
            if a and b and a != b:
                found[(min(a, b), max(a, b))] = None
    return list(found)


VIEWS.update(events_frame=events_frame, entities_frame=entities_frame, relations_frame=relations_frame)
