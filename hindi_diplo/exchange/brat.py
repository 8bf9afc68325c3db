"""brat standoff (.txt with .ann beside it), both ways.

Entities and arguments are text-bound annotations, events ``E`` lines with the role as argument name,
relations ``R`` lines, an event's status the attribute ``Status``.  A note shows an entity's id and a
time's value, and both may be changed there; what brat has no place for stands in a note on ``DOC``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import regex

from ..errors import InputError
from ..records import EVENT_KINDS, ROLES, STATUSES
from .standoff import ARGUMENTS, ENTITIES, RELATIONS, Arc, Marked, Standoff, from_standoff, reads, to_standoff

__all__ = ["brat_config", "from_brat", "to_brat"]

_BREAK: Final = regex.compile(r"[\r\n]+")
_ROLE: Final = regex.compile(r"([A-Za-z_]+?)\d*")


def to_brat(record: Mapping[str, Any]) -> tuple[str, str]:
    """The text and the annotations (.txt, .ann) of a record."""
    made = to_standoff(record)
    return made.text, _annotations(made)


def _annotations(made: Standoff) -> str:
    lines, notes = [], [f"#1\tAnnotatorNotes DOC\t{json.dumps(made.meta, ensure_ascii=True)}"]
    events = {s.key: f"E{n}" for n, s in enumerate((s for s in made.spans if s.type in EVENT_KINDS), 1)}
    for s in made.spans:
        # brat gives a span with a line break as fragments.
        words, at, fragments = made.text[s.start : s.stop], s.start, []
        for gap in _BREAK.finditer(words):
            if s.start + gap.start() > at:
                fragments.append((at, s.start + gap.start()))
            at = s.start + gap.end()
        if at < s.stop:
            fragments.append((at, s.stop))
        fragments = fragments or [(s.start, s.stop)]
        if (fragments[0][0], fragments[-1][1]) != (s.start, s.stop):
            fragments = [(s.start, s.stop)]  # a break at the very edge: better one odd span than a wrong one
        where = ";".join(f"{a} {b}" for a, b in fragments)
        lines.append(f"{s.key}\t{s.type} {where}\t{_BREAK.sub(' ', words)}")
        if s.note is not None and s.key not in events:
            notes.append(f"#{len(notes) + 1}\tAnnotatorNotes {s.key}\t{s.note}")
    for key, event in events.items():
        seen: Counter[str] = Counter()
        arguments = []
        for arc in made.arcs:
            if arc.source == key:
                seen[arc.type] += 1
                name = arc.type.capitalize() + (str(seen[arc.type]) if seen[arc.type] > 1 else "")
                arguments.append(f" {name}:{arc.target}")
        kind = next(s.type for s in made.spans if s.key == key)
        lines.append(f"{event}\t{kind}:{key}{''.join(arguments)}")
    for s in made.spans:
        if s.key in events:
            lines.append(f"A{events[s.key][1:]}\tStatus {events[s.key]} {s.note}")
    relations = [a for a in made.arcs if a.source not in events]
    lines += [f"R{n}\t{a.type} Arg1:{a.source} Arg2:{a.target}" for n, a in enumerate(relations, 1)]
    return "\n".join([*lines, *notes]) + "\n"


@reads("brat")
def from_brat(text: str, annotations: str) -> dict[str, Any]:
    """The record of a .txt and its .ann; raises InputError with the line that is wrong."""
    made = Standoff(text)
    spans: dict[str, Marked] = {}
    triggers: dict[str, str] = {}
    arguments: list[tuple[str, str, str]] = []
    notes: list[tuple[str, str]] = []
    for number, line in enumerate(annotations.split("\n"), 1):
        if not line.strip():
            continue
        try:
            key, body, *tail = line.rstrip("\r").split("\t")
            if key.startswith("T"):
                kind, where = body.split(" ", 1)
                ends = [int(x) for part in where.split(";") for x in part.split(" ")]
                spans[key] = Marked(key, kind, min(ends), max(ends))
            elif key.startswith("E"):
                first, *rest = body.split()
                triggers[key] = first.partition(":")[2]
                arguments += [(key, name, target) for name, _, target in (r.partition(":") for r in rest)]
            elif key.startswith("R"):
                kind, one, other = body.split()
                made.arcs.append(Arc(kind, one.partition(":")[2], other.partition(":")[2]))
            elif key.startswith("A"):
                kind, target, value = body.split()
                if kind == "Status":
                    notes.append((target, value))
            elif key.startswith("#"):
                _, target = body.split()
                if target == "DOC":
                    made.meta = json.loads(tail[0])
                else:
                    notes.append((target, tail[0]))
            elif key != "*":
                raise ValueError(f"unknown kind of line {key!r}")
        except (ValueError, IndexError) as error:
            raise InputError(f"no brat annotation: {line!r} ({error})", file=".ann", line=number) from None
    made.spans = list(spans.values())
    for target, value in notes:
        at = triggers.get(target, target)
        if at in spans:
            spans[at].note = value
    for event, name, target in arguments:
        role = _ROLE.fullmatch(name)
        if role is None or target not in spans or triggers[event] not in spans:
            raise InputError(f"event {event}: argument {name}:{target} points at no text", file=".ann")
        made.arcs.append(Arc(role[1].lower(), triggers[event], target))
    return from_standoff(made)


def brat_config() -> str:
    """An ``annotation.conf`` for these labels."""
    roles = [f"{r.capitalize()}*:PARTICIPANT|PERSON|COUNTRY|ORG" for r in ROLES]
    slots = [
        f"{name.capitalize()}{'*' if name in ('topic', 'sentence') else '?'}:{kind}"
        for kind, name in ARGUMENTS.items()
        if kind != "PARTICIPANT"
    ]
    return "\n".join(
        [
            "[entities]",
            *ENTITIES,
            *ARGUMENTS,
            *RELATIONS,
            "",
            "[relations]",
            *(f"{r}\tArg1:<ENTITY>, Arg2:<ENTITY>" for r in RELATIONS),
            "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
            "",
            "[events]",
            *(f"{kind}\t{', '.join([*roles, *slots])}" for kind in EVENT_KINDS),
            "",
            "[attributes]",
            f"Status\tArg:<EVENT>, Value:{'|'.join(STATUSES)}",
            "",
        ]
    )
