"""CoNLL: one token a line with its entity as a BIO tag; the record itself in a comment.

Read back, the columns win: where the tags and ids still say what the record says, the record comes back
as it was; where a labeller changed them, the entities are those of the columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..errors import InputError
from ..records import is_local
from ..text import tokenized
from ..types import Span, Token, Zone
from .schema import GOLD
from .standoff import reads

__all__ = ["from_conll", "to_conll"]

_HEAD: Final = "# columns = ID FORM START STOP NER LINK"
_RECORD: Final = "# hindi-diplo = "

Row = tuple[int, int, str, str]


def _tokens(text: str) -> list[list[Token]]:
    """The tokens of each sentence."""
    if not text.strip():
        return []
    sentences, tokens = tokenized(text, [Zone(Span(0, len(text)), "body")])
    return [list(tokens[s.first : s.last]) for s in sentences]


def _rows(text: str, entities: Sequence[Mapping[str, Any]]) -> list[list[Row]]:
    """Start, stop, tag and id of each token; of entities that overlap the first has the token."""
    sentences = _tokens(text)
    tags: dict[int, tuple[str, str]] = {}
    every = [t for s in sentences for t in s]
    for e in entities:
        covered = [t.span.start for t in every if t.span.start < e["stop"] and e["start"] < t.span.stop]
        if any(at in tags for at in covered):
            continue
        for n, at in enumerate(covered):
            tags[at] = f"{'I' if n else 'B'}-{e['label']}", e["id"]
    return [[(t.span.start, t.span.stop, *tags.get(t.span.start, ("O", "_"))) for t in s] for s in sentences]


def to_conll(record: Mapping[str, Any]) -> str:
    """The CoNLL form of a record."""
    if "text" not in record:
        raise InputError(f"{record.get('id', '?')!r} has no text: give the text that its sha256 stands for")
    text = record["text"]
    lines = [
        _HEAD,
        f"# newdoc id = {json.dumps(record['id'], ensure_ascii=False)}",
        _RECORD + json.dumps(record, ensure_ascii=True),
    ]
    for sentence in _rows(text, record.get("entities", ())):
        for number, (start, stop, tag, ident) in enumerate(sentence, 1):
            lines.append(f"{number}\t{text[start:stop]}\t{start}\t{stop}\t{tag}\t{ident}")
        lines.append("")
    return "\n".join(lines) + "\n"


@reads("conll")
def from_conll(content: str) -> dict[str, Any]:
    """The record of :func:`to_conll`.  A file without our comment gives the tokens joined by spaces as
    text, and its entities (the last column whose values are BIO tags)."""
    record: dict[str, Any] | None = None
    rows: list[Row] = []
    foreign: list[tuple[str, str]] = []
    for number, raw in enumerate(content.split("\n"), 1):
        line = raw.rstrip("\r")
        if line.startswith(_RECORD):
            if record is not None:
                raise InputError("a second document: give one at a time (see documents())", line=number)
            record = json.loads(line.removeprefix(_RECORD))
        elif not line.strip() or (line.startswith("#") and "\t" not in line):
            continue
        else:
            fields = line.split("\t") if "\t" in line else line.split()
            if record is None:
                tag = next((f for f in reversed(fields) if f == "O" or f[:2] in ("B-", "I-")), None)
                if tag is None:
                    raise InputError(f"no BIO tag in {line!r}", line=number)
                foreign.append((fields[1] if fields[0].isdecimal() and len(fields) > 2 else fields[0], tag))
                continue
            if len(fields) != 6 or not (fields[2].isdecimal() and fields[3].isdecimal()):
                raise InputError(f"expected ID FORM START STOP NER LINK, got {line!r}", line=number)
            rows.append((int(fields[2]), int(fields[3]), fields[4], fields[5]))
    if record is None:
        return _foreign(foreign)
    before = [row for sentence in _rows(record["text"], record.get("entities", ())) for row in sentence]
    if rows != before:
        record["entities"] = _entities(record["text"], rows, record.get("entities", ()))
    return record


def _foreign(tokens: Sequence[tuple[str, str]]) -> dict[str, Any]:
    rows: list[Row] = []
    text = ""
    for word, tag in tokens:
        text += (" " if text else "") + word
        rows.append((len(text) - len(word), len(text), tag, "_"))
    return {
        "schema": GOLD,
        "id": "",
        "title": None,
        "published": None,
        "text": text,
        "entities": _entities(text, rows, ()),
        "events": [],
    }


def _entities(text: str, rows: Sequence[Row], known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    spans: list[list[Any]] = []
    last = "O"
    for start, stop, tag, ident in rows:
        if tag != "O" and (tag[:2] == "B-" or last[2:] != tag[2:]):
            spans.append([start, stop, tag[2:], ident])
        elif tag != "O":
            spans[-1][1] = stop
        last = tag
    by_id = {e["id"]: e for e in known}
    local = sum(1 for i in by_id if is_local(i))
    found = []
    for start, stop, label, linked in spans:
        words = text[start:stop]
        same = next(
            (
                e
                for e in known
                if e["id"] == linked and e["label"] == label and e["start"] < stop and start < e["stop"]
            ),
            None,
        )
        local += linked == "_"
        ident = f"local:{local}" if linked == "_" else linked
        base = same or by_id.get(ident) or {"name": words, "name_latin": "", "country": None, "office": None}
        found.append({**base, "id": ident, "label": label, "text": words, "start": start, "stop": stop})
    return found
