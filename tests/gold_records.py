"""Small gold records for tests, and a hypothesis strategy for whole ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = {
    "IND": ("ind-a-b", "अमित बंसल", "IN"),
    "RUS": ("rus-c-d", "चेखव दिमित्री", "RU"),
    "CHN": ("chn-e-f", "एन फांग", "CN"),
    "USA": ("usa-g-h", "ग्रेस हिल", "US"),
}


def person(key: str, **changes: Any) -> dict[str, Any]:
    ident, name, country = NAMES[key]
    return {
        "id": ident,
        "name": name,
        "name_latin": "",
        "text": None,
        "start": None,
        "stop": None,
        "role": "party",
        "office": None,
        "country": country,
        "side": None,
        **changes,
    }


def event(*people: str | dict[str, Any], number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "kind": "meeting",
        "status": "held",
        "participants": [person(p) if isinstance(p, str) else p for p in people],
        "place": None,
        "time": None,
        "topics": [],
        "occasion": None,
        "trigger": {"text": "बैठक", "start": 0, "stop": 4},
        "mentions": [[0, 4]],
        **changes,
    }


def place(name: str, country: str | None = None) -> dict[str, Any]:
    return {"name": name, "country": country, "text": None, "start": None, "stop": None, "basis": "dateline"}


def when(value: str, grain: str = "day") -> dict[str, Any]:
    return {"value": value, "grain": grain, "text": None, "start": None, "stop": None, "basis": "published"}


def topic(text: str, start: int, label: str | None = None) -> dict[str, Any]:
    return {"text": text, "start": start, "stop": start + len(text), "label": label}


def gold(
    *events: dict[str, Any], ident: str = "d1", text: str | None = None, **changes: Any
) -> dict[str, Any]:
    return {
        "schema": "hindi-diplo-gold/1",
        "id": ident,
        "title": None,
        "published": "2020-09-09",
        "dateline": None,
        "text": "बैठक हुई।" if text is None else text,
        "phenomena": [],
        "entities": [],
        "relations": [],
        "events": [{**e, "id": f"e{n}"} for n, e in enumerate(events, 1)],
        **changes,
    }


def output(record: dict[str, Any], *events: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A record as a pipeline might give it for the same text."""
    kept = {k: record[k] for k in ("id", "text", "entities", "relations")}
    return {**kept, "events": list(events), **changes}


# -- whole records ----------------------------------------------------------------------------------

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from('कखगमरलसहािीेोंं्।  \n\t|?,.-0१ABz😀\u200d\r\u2028"<>&\\'),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=3,
    max_size=60,
)
LATIN = st.text(alphabet='abc é"\\\n\t<😀', max_size=6)
MAYBE = st.none() | LATIN
IDS = st.sampled_from(["RU", "IN", "rus-a-b", "ind-c", "local:1", "local:2", "sco", "ru-moscow"])
VALUES = st.sampled_from(
    ["2020-09-09 day", "2020-W37 week", "2020-09 month", "2020 year", "2020-09-08/2020-09-11 range"]
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    text = draw(TEXTS)

    def span(said: bool = True) -> dict[str, Any]:
        start = draw(st.integers(0, len(text) - 1))
        stop = draw(st.integers(start + 1, len(text)))
        return {**({"text": text[start:stop]} if said else {}), "start": start, "stop": stop}

    def maybe_span() -> dict[str, Any]:
        return span() if draw(st.booleans()) else {"text": draw(MAYBE), "start": None, "stop": None}

    def many(make: Any, most: int = 3) -> list[Any]:
        return [make() for _ in range(draw(st.integers(0, most)))]

    def entity() -> dict[str, Any]:
        return {
            "id": draw(IDS),
            "label": draw(st.sampled_from(["PERSON", "COUNTRY", "ORG", "PLACE"])),
            "name": draw(LATIN),
            "name_latin": draw(MAYBE),
            "country": draw(MAYBE),
            "office": draw(MAYBE),
            **span(),
        }

    def relation() -> dict[str, Any]:
        return {
            "type": draw(st.sampled_from(["holds_office", "visits", "alias_of", "member_of"])),
            "subject": draw(IDS),
            "object": draw(IDS | LATIN),
            **span(said=False),
        }

    def participant() -> dict[str, Any]:
        return {
            "id": draw(IDS),
            "name": draw(LATIN),
            "name_latin": draw(MAYBE),
            "role": draw(st.sampled_from(["party", "host", "visitor", "mediator"])),
            "office": draw(MAYBE),
            "country": draw(MAYBE),
            "side": draw(st.sampled_from([1, 2, None])),
            **maybe_span(),
        }

    def time() -> dict[str, Any]:
        value, grain = draw(VALUES).split()
        return {
            "value": value,
            "grain": grain,
            "basis": draw(st.sampled_from(["stated", "published"])),
            **maybe_span(),
        }

    def an_event() -> dict[str, Any]:
        return {
            "id": draw(st.sampled_from(["e1", "e2", "e3"])),
            "kind": draw(st.sampled_from(["meeting", "call", "multilateral", "visit"])),
            "status": draw(st.sampled_from(["held", "planned", "cancelled", "not_held"])),
            "participants": [participant(), *many(participant)],
            "place": draw(st.none() | st.just(0))
            if draw(st.booleans())
            else {"name": draw(LATIN), "country": draw(MAYBE), "basis": "stated", **maybe_span()},
            "time": time() if draw(st.booleans()) else None,
            "topics": many(lambda: {"label": draw(MAYBE), **span()}),
            "occasion": {"text": draw(LATIN), "id": draw(MAYBE)} if draw(st.booleans()) else None,
            "trigger": span(),
            "mentions": many(lambda: [(s := span())["start"], s["stop"]]),
        }

    events = [{**e, "place": e["place"] or None} for e in many(an_event, 2)]
    return {
        "schema": "hindi-diplo-gold/1",
        "id": draw(st.sampled_from(["d1", "a b/ç", "२"])),
        "title": draw(MAYBE),
        "published": draw(st.sampled_from(["2020-09-09", None])),
        "dateline": draw(MAYBE),
        "text": text,
        "phenomena": many(lambda: draw(LATIN)),
        "entities": many(entity, 4),
        "relations": many(relation, 2),
        "events": events,
    }
