"""Readers' notes become gold: spans from quoted words, sentences from a few of their words, people by the base."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hindi_diplo.evaluation import load_gold
from hindi_diplo.knowledge import KnowledgeBase

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "notes.py"
TEXT = (
    "विदेश मंत्री एस जयशंकर ने मंगलवार को मास्को में रूस के विदेश मंत्री लावरोव से मुलाकात की। मुलाकात के बाद\n"
    "दोनों ने सीमा विवाद पर चर्चा की।"
)


@pytest.fixture(scope="module")
def notes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notes", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


def note(**changes: Any) -> dict[str, Any]:
    told = {
        "kind": "meeting", "status": "held", "trigger": "मुलाकात @2", "mentions": ["दोनों ने"],
        "participants": [
            {"text": "विदेश मंत्री एस जयशंकर", "name": "एस जयशंकर", "country": "IN"},
            {"text": "लावरोव", "name": "सर्गेई लावरोव", "country": "RU"},
            {"text": "दोनों", "name": "रामसिंह कखग", "country": "RU"},
        ],
        "place": {"name": "मॉस्को", "country": "RU", "text": "मास्को"},
        "time": {"value": "2020-09-08/2020-09-09", "text": "मंगलवार को"}, "topics": ["सीमा विवाद"],
    }
    return {"id": "x", "published": "2020-09-09", "text": TEXT + "\n", "events": [{**told, **changes}]}


def test_quoted_words_become_spans(notes: ModuleType, kb: KnowledgeBase) -> None:
    made = notes.record(note(), kb)
    event = made["events"][0]
    assert load_gold([made])[0].text == TEXT
    assert event["trigger"]["start"] == TEXT.rindex("मुलाकात")
    assert [TEXT[a:b] for a, b in event["mentions"]] == ["मुलाकात के बाद", "दोनों ने सीमा विवाद पर चर्चा की।"]
    assert [p["id"] for p in event["participants"]] == ["ind-s-jaishankar", "rus-sergey-lavrov", "local:1"]
    assert (event["time"]["grain"], event["time"]["basis"], event["place"]["basis"]) == ("range", "stated", "stated")


def test_whole_words_come_first(notes: ModuleType) -> None:
    assert notes.place_words("दौरा", "इस दौरान वे मिले। दौरा कल तक है।")["start"] == 18
    assert notes.place_words("रूस", "रूसी मंत्री आए।")["start"] == 0


@pytest.mark.parametrize("changes", [
    {"trigger": "वार्ता"}, {"trigger": "मुलाकात @3"}, {"topics": ["व्यापार"]}, {"participants": [{"name": "मोदी"}]},
])
def test_what_cannot_be_placed_is_said(notes: ModuleType, kb: KnowledgeBase, changes: dict[str, Any]) -> None:
    with pytest.raises(notes.Bad, match="event 1"):
        notes.record(note(**changes), kb)


def test_a_page_is_known_however_its_address_is_written(notes: ModuleType) -> None:
    codes = {notes.page(u) for u in ("https://www.example.com/a/", "http://example.com/a", "https://m.example.com/A")}
    assert len(codes) == 1
    assert notes.page("https://example.com/b") not in codes
