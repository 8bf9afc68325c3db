"""One self-contained HTML file of many documents: filters, events with evidence, timeline, network, map.

It opens offline, asks the network for nothing, and shows every text as text: the data is JSON with ``<``
escaped, the script puts it into text nodes, and the page's policy runs no other script than this one.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import regex

from .errors import DataError, InputError
from .exchange import check
from .files import data_path, read_text
from .frames import days
from .records import is_local
from .types import SCHEMA, Doc, Event, Span

__all__ = ["read_records", "report_html", "write_report"]

QUOTED = 3  # sentences that an event quotes at most


def write_report(
    records: Iterable[Doc | Mapping[str, Any]], out: str | Path, *, title: str = "Who met whom",
) -> int:
    """Write the report of ``records`` (Docs or output records) to ``out``; returns the number of events.

    Raises InputError where ``out`` cannot be written."""
    made, events = _page(records, title)
    try:
        Path(out).write_text(made, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=out) from None
    return events


def report_html(records: Iterable[Doc | Mapping[str, Any]], *, title: str = "Who met whom") -> str:
    """The report of ``records`` (Docs or output records) as one HTML page."""
    return _page(records, title)[0]


def read_records(path: str | Path) -> list[Doc] | None:
    """The Docs of a .jsonl file of output records; None where its first row is none, but say an article."""
    try:
        lines = Path(path).read_bytes().decode("utf-8-sig").split("\n")  # a text may hold other line ends
        first = json.loads(lines[0])
    except (OSError, ValueError, RecursionError):
        return None  # whoever reads it as articles says what is wrong with it
    if not isinstance(first, dict) or first.get("schema") != SCHEMA:
        return None
    docs = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                record = json.loads(line)
                check(record, schema=SCHEMA, file=path, line=number)
                docs.append(Doc.from_dict(record))
        except DataError as error:
            reason = f"expected an output record of schema {SCHEMA}: {error.field}: {error.reason}"
            raise InputError(reason, file=path, line=number) from None
        except (ValueError, RecursionError) as error:
            reason = f"expected an output record of schema {SCHEMA}: {error}"
            raise InputError(reason, file=path, line=number) from None
    return docs


def _page(records: Iterable[Doc | Mapping[str, Any]], title: str) -> tuple[str, int]:
    data = _data(d if isinstance(d, Doc) else Doc.from_dict(d) for d in records)
    folder = data_path() / "templates"
    style, script = read_text(folder / "report.css"), read_text(folder / "report.js")
    policy = (f"default-src 'none'; script-src '{_sum(script)}'; style-src '{_sum(style)}'; "
              "base-uri 'none'; form-action 'none'")
    parts = {"policy": policy, "title": html.escape(title), "style": style, "data": _json(data),
             "script": script}
    template = read_text(folder / "report.html")
    return regex.sub(r"\{\{(\w+)\}\}", lambda m: parts[m[1]], template), len(data["events"])


def _sum(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: Any) -> str:
    """JSON that no HTML parser can take for the end of its element; half surrogates become U+FFFD."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return regex.sub(r"[\ud800-\udfff]", "\ufffd", text)


class _Rows:
    """Rows by key, each told once; :meth:`at` gives the row's number and adds the row if it is new."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self.rows: list[dict[str, Any]] = []

    def at(self, key: Any, row: dict[str, Any]) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.rows)
            self.rows.append(row)
        return self._numbers[key]


def _data(docs: Iterable[Doc]) -> dict[str, Any]:
    people, places = _Rows(), _Rows()
    events: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    for number, doc in enumerate(docs):
        sources.append({"id": doc.id, "title": doc.title, "published": doc.published, "url": doc.url})
        events += (_event(number, doc, event, people, places) for event in doc.events)
    land = json.loads(read_text(data_path() / "templates" / "land.json"))["rings"]
    return {"docs": sources, "people": people.rows, "places": places.rows, "events": events, "land": land}


def _event(number: int, doc: Doc, event: Event, people: _Rows, places: _Rows) -> dict[str, Any]:
    who = []
    for p in event.participants:
        # a local id ("local:3") names somebody in one document only
        key = (number if is_local(p.entity) else None, p.entity)
        at = people.at(key, {"id": p.entity, "n": p.name, "l": p.name_latin})
        if len(p.name) > len(people.rows[at]["n"]):
            people.rows[at]["n"] = p.name  # of the forms that the texts use, the fullest
        who.append({"p": at, "c": p.country, "s": p.side})
    place, time = event.place, event.time
    where = None
    if place is not None:
        row = {"n": place.name, "c": place.country, "x": place.lon, "y": place.lat}
        where = places.at((place.name, place.country, place.lon, place.lat), row)
    first, last = days(time.value) if time else (None, None)
    return {
        "d": number, "id": event.id, "kind": event.kind, "status": event.status, "who": who,
        "w": where, "wb": place and place.basis, "t": time and time.value, "tb": time and time.basis,
        "a": first and first.isoformat(), "z": last and last.isoformat(),
        "topics": [t.text for t in event.topics], "o": event.occasion and event.occasion.text,
        "said": [_pieces(doc.text, span, event) for span in _told(event)], "rule": event.rule,
        "conf": event.confidence, "codes": " ".join(c for c in (event.cameo, event.plover) if c),
    }


def _told(event: Event) -> list[Span]:
    """The sentences to quote: the one with the trigger, then the others, as the text has them."""
    first = [span for span in event.mentions if span.covers(event.trigger)][:1] or [event.trigger]
    rest = [span for span in event.mentions if span not in first]
    return first + rest[: QUOTED - 1]


def _pieces(text: str, sentence: Span, event: Event) -> list[tuple[str, str]]:
    """The words of a sentence in pieces, each with the slot it fills (``p w t k g``) or none."""
    slots = [(topic.span, "k") for topic in event.topics] + [(p.span, "p") for p in event.participants]
    if event.place is not None and event.place.span is not None:
        slots.append((event.place.span, "w"))
    if event.time is not None and event.time.span is not None:
        slots.append((event.time.span, "t"))
    slots.append((event.trigger, "g"))
    inside = [(span, name) for span, name in slots if sentence.covers(span)]
    cuts = sorted({sentence.start, sentence.stop, *(end for s, _ in inside for end in (s.start, s.stop))})
    pieces = []
    for start, stop in pairwise(cuts):
        names = [name for span, name in inside if span.start <= start and stop <= span.stop]
        pieces.append((text[start:stop], names[-1] if names else ""))
    return pieces
