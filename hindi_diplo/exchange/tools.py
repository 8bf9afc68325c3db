"""Label Studio (JSON) and doccano (JSON Lines), both ways.

Label Studio counts offsets in code points, as Python does; doccano in UTF-16 units, as JavaScript does
(doccano issue 2290), so that every character beyond the basic plane counts twice there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any
from xml.sax.saxutils import quoteattr

from ..errors import InputError
from ..records import EVENT_KINDS, ROLES, STATUSES
from .standoff import ARGUMENTS, ENTITIES, RELATIONS, Arc, Marked, Standoff, from_standoff, reads, to_standoff

__all__ = ["from_doccano", "from_label_studio", "label_studio_config", "to_doccano", "to_label_studio"]

META = "hindi_diplo"  # the key under which meta travels


def to_label_studio(record: Mapping[str, Any], *, as_prediction: bool = False) -> dict[str, Any]:
    """The Label Studio task of a record; ``as_prediction`` gives a pre-annotation to be corrected."""
    made = to_standoff(record)
    result: list[dict[str, Any]] = []
    for s in made.spans:
        base = {"id": s.key, "from_name": "label", "to_name": "text"}
        value = {"start": s.start, "end": s.stop, "text": made.text[s.start : s.stop]}
        region = {**base, "type": "labels", "value": {**value, "labels": [s.type]}}
        if s.note is not None and s.type in EVENT_KINDS:
            status = {
                **base,
                "from_name": "status",
                "type": "choices",
                "value": {**value, "choices": [s.note]},
            }
            result += [region, status]
        else:
            result.append({**region, **({"meta": {"text": [s.note]}} if s.note is not None else {})})
    result += [
        {"type": "relation", "from_id": a.source, "to_id": a.target, "direction": "right", "labels": [a.type]}
        for a in made.arcs
    ]
    task = {"data": {"text": made.text, META: made.meta}}
    if as_prediction:
        made_by = record.get("made_by") or {}
        version = "-".join(str(made_by[k]) for k in ("version", "tagger") if k in made_by) or "hindi_diplo"
        return {**task, "predictions": [{"model_version": version, "result": result}]}
    return {**task, "annotations": [{"result": result}]}


@reads("label-studio")
def from_label_studio(task: Mapping[str, Any], *, annotation: int = -1) -> dict[str, Any]:
    """The record of a Label Studio task: of its last annotation (that which is not cancelled), or of the
    one numbered ``annotation``; of its prediction where nobody has annotated it."""
    data = task.get("data")
    if not isinstance(data, Mapping) or not isinstance(data.get("text"), str):
        raise InputError("a Label Studio task needs data.text")
    done = (
        [a for a in task.get("annotations") or () if not a.get("was_cancelled")]
        or task.get("predictions")
        or ()
    )
    if not done:
        raise InputError("the Label Studio task has neither annotations nor predictions")
    made = Standoff(data["text"], meta=dict(data.get(META) or {}))
    by_key: dict[str, Marked] = {}
    notes: dict[str, str] = {}
    for row in list(done)[annotation]["result"]:
        if row["type"] == "labels":
            value = row["value"]
            start, stop = value["start"], value["end"]
            words = value.get("text")
            if words is not None and made.text[start:stop] != words:
                raise InputError(
                    f"region {row['id']}: data.text[{start}:{stop}] is {made.text[start:stop]!r}, "
                    f"not {words!r}: the text was changed, or counted in other units"
                )
            by_key[row["id"]] = Marked(row["id"], value["labels"][0], start, stop)
            if "meta" in row:
                notes[row["id"]] = row["meta"]["text"][0]
        elif row["type"] == "choices":
            notes[row["id"]] = row["value"]["choices"][0]
        elif row["type"] == "relation":
            labels = row.get("labels") or [""]
            ends = row["from_id"], row["to_id"]
            made.arcs.append(Arc(labels[0], *(ends if row.get("direction") != "left" else ends[::-1])))
    for key, note in notes.items():
        by_key[key].note = note
    made.spans = list(by_key.values())
    return from_standoff(made)


def label_studio_config() -> str:
    """The labelling interface (XML) for these labels."""
    labels = "".join(
        f"<Label value={quoteattr(v)}/>" for v in (*ENTITIES, *EVENT_KINDS, *ARGUMENTS, *RELATIONS)
    )
    arcs = "".join(
        f"<Relation value={quoteattr(v)}/>"
        for v in (*ROLES, "place", "time", "occasion", "topic", "sentence", *RELATIONS)
    )
    choices = "".join(f"<Choice value={quoteattr(v)}/>" for v in STATUSES)
    kinds = ",".join(EVENT_KINDS)
    return (
        f'<View><Labels name="label" toName="text">{labels}</Labels><Relations>{arcs}</Relations>'
        f'<Text name="text" value="$text" granularity="word"/>'
        f'<Choices name="status" toName="text" perRegion="true" whenTagName="label" whenLabelValue="{kinds}">'
        f"{choices}</Choices></View>"
    )


class _Units:
    """Offsets in code points to offsets in UTF-16 units and back."""

    def __init__(self, text: str) -> None:
        self.at = [0, *accumulate(2 if ord(c) > 0xFFFF else 1 for c in text)]

    def out(self, offset: int) -> int:
        return self.at[offset]

    def back(self, offset: int) -> int:
        return bisect_left(self.at, offset)


def to_doccano(record: Mapping[str, Any]) -> dict[str, Any]:
    """The doccano row of a record (sequence labelling with relations; allow overlapping spans there).
    An event's label is ``kind:status``."""
    made = to_standoff(record)
    units = _Units(made.text)
    number = {s.key: n for n, s in enumerate(made.spans, 1)}
    return {
        "text": made.text,
        "entities": [
            {
                "id": number[s.key],
                "label": f"{s.type}:{s.note}" if s.type in EVENT_KINDS else s.type,
                "start_offset": units.out(s.start),
                "end_offset": units.out(s.stop),
            }
            for s in made.spans
        ],
        "relations": [
            {"id": n, "from_id": number[a.source], "to_id": number[a.target], "type": a.type}
            for n, a in enumerate(made.arcs, 1)
        ],
        META: made.meta,
    }


@reads("doccano")
def from_doccano(row: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a doccano row, as exported."""
    if not isinstance(row.get("text"), str):
        raise InputError("a doccano row needs the field text")
    units = _Units(row["text"])
    made = Standoff(row["text"], meta=dict(row.get(META) or {}))
    for e in _by_id(row.get("entities", ())):
        kind, _, status = str(e["label"]).partition(":")
        made.spans.append(
            Marked(
                str(e["id"]), kind, units.back(e["start_offset"]), units.back(e["end_offset"]), status or None
            )
        )
    made.arcs = [Arc(r["type"], str(r["from_id"]), str(r["to_id"])) for r in _by_id(row.get("relations", ()))]
    return from_standoff(made)


def _by_id(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda r: int(r["id"]))
