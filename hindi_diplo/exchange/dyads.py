"""Events as dyads, one row for each pair of actors: the shape of CAMEO and PLOVER data sets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, Final

from ..codes import codes, setting

__all__ = ["DYAD_COLUMNS", "dyads_text", "to_dyads"]

DYAD_COLUMNS: Final = (
    "id",
    "event",
    "date",
    "grain",
    "actor1",
    "actor1_name",
    "actor1_country",
    "actor2",
    "actor2_name",
    "actor2_country",
    "kind",
    "status",
    "cameo",
    "plover",
    "mode",
    "context",
    "place",
    "place_country",
    "lat",
    "lon",
    "confidence",
)
_MIRROR: Final = {"042": "043"}


def to_dyads(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The dyads of a record, output or gold, with the columns of ``DYAD_COLUMNS``.

    An event of two sides gives one row for each pair across the sides, other events one for each pair.
    Where host and visitor are known (said so, or one is at home and the other not) the visitor is actor 1
    with CAMEO 042, and the row is there a second time from the host's side with 043.  A visit without a
    host goes to the country of its place.  Events whose status has no code (cancelled, postponed, not
    held) have rows with empty codes.
    """
    rows = []
    for event in record["events"]:
        place, time = event["place"] or {}, event["time"] or {}
        where = setting([(p["role"], p["country"]) for p in event["participants"]], place.get("country"))
        cameo, plover = codes(event["kind"], event["status"], where)
        name, _, mode = (plover or "").partition("-")
        contexts = dict.fromkeys(t["label"] for t in event["topics"] if t["label"])
        shared = {
            "id": record["id"],
            "event": event["id"],
            "date": time.get("value"),
            "grain": time.get("grain"),
            "kind": event["kind"],
            "status": event["status"],
            "plover": name or None,
            "mode": mode or None,
            "context": "|".join(contexts) or None,
            "place": place.get("name"),
            "place_country": place.get("country"),
            "lat": place.get("lat"),
            "lon": place.get("lon"),
            "confidence": event.get("confidence"),
        }
        for pair in _pairs(event, place):
            hosts = [_hosts(p, place, pair) for p in pair]
            one, other = reversed(pair) if cameo == "042" and hosts == [True, False] else pair
            rows.append(_row(shared, one, other, cameo))
            if cameo in _MIRROR and any(hosts):
                rows.append(_row(shared, other, one, _MIRROR[cameo]))
    return rows


def _pairs(
    event: Mapping[str, Any], place: Mapping[str, Any]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    people = event["participants"]
    if event["kind"] == "visit":
        hosts = [p for p in people if p["role"] == "host"]
        if not hosts and place.get("country"):
            hosts = [
                {
                    "id": place["country"],
                    "name": place["name"],
                    "country": place["country"],
                    "role": "destination",
                }
            ]
        return [(p, h) for p in people if p["role"] != "host" for h in hosts]
    sides = [[p for p in people if p["side"] == side] for side in (1, 2)]
    if all(sides):
        return [(a, b) for a in sides[0] for b in sides[1]]
    return list(combinations([p for p in people if p["role"] != "mediator"] or people, 2))


def _hosts(p: Mapping[str, Any], place: Mapping[str, Any], pair: Iterable[Mapping[str, Any]]) -> bool:
    """Whether somebody is the host: said so, or at home while the other is abroad."""
    if any(q["role"] in ("host", "visitor", "destination") for q in pair):
        return bool(p["role"] == "host")
    return p["country"] is not None and p["country"] == place.get("country")


def _row(
    shared: Mapping[str, Any], one: Mapping[str, Any], other: Mapping[str, Any], cameo: str | None
) -> dict[str, Any]:
    row = {**shared, "cameo": cameo}
    for number, p in ((1, one), (2, other)):
        row |= {
            f"actor{number}": p["id"],
            f"actor{number}_name": p["name"],
            f"actor{number}_country": p["country"],
        }
    return {column: row[column] for column in DYAD_COLUMNS}


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    runs = value.startswith(tuple("=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20"))
    return ("'" if runs else "") + value.replace("\r", " ")  # the csv module leaves \r without quotation marks


def dyads_text(records: Iterable[Mapping[str, Any]], *, header: bool = True) -> str:
    """The dyads of records as tab-separated text; a cell that a spreadsheet would take for a formula begins with
    an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, DYAD_COLUMNS, delimiter="\t", lineterminator="\n")
    quoting = csv.DictWriter(out, DYAD_COLUMNS, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL)
    if header:
        writer.writeheader()
    for record in records:
        for row in to_dyads(record):
            cells = {k: _cell(v) for k, v in row.items()}
            # Some Pythons leave a carriage return unquoted, and then read it as the end of the row.
            returns = any(isinstance(cell, str) and "\r" in cell for cell in cells.values())
            (quoting if returns else writer).writerow(cells)
    return out.getvalue()
