"""Every gold file keeps to the format: spans match the text, ids are well formed, sentences exist."""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import regex

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared" / "seeds"
FILES = sorted(SEEDS.rglob("*.jsonl"))

LABELS = {"PERSON", "COUNTRY", "ORG", "PLACE"}
KINDS = {"meeting", "call", "multilateral", "visit"}
STATUSES = {"held", "planned", "cancelled", "postponed", "refused", "not_held"}
ROLES = {"party", "host", "visitor", "mediator"}
RELATIONS = {"holds_office", "visits", "alias_of", "member_of"}
CONTEXTS = {"military", "economic", "resource", "territory", "terrorism", "cyber", "health", "disaster",
            "migration", "environment", "culture", "education", "legal", "crime", "human_rights",
            "election", "diplomatic", "peacekeeping"}
KEYS = ["schema", "id", "title", "published", "dateline", "text", "phenomena", "entities", "relations",
        "events"]
ID = regex.compile(r"[A-Z]{2}|local:[1-9]\d*|[a-z0-9]+(-[a-z0-9]+)*")
GRAINS = {"day": r"\d{4}-\d\d-\d\d", "week": r"\d{4}-W\d\d", "month": r"\d{4}-\d\d", "year": r"\d{4}",
          "range": r"\d{4}(-\d\d(-\d\d)?)?/\d{4}(-\d\d(-\d\d)?)?"}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def text_of(row: dict[str, Any]) -> str | None:
    """The text of a row: its own, or the shared one that has its sha256, or None where that is absent."""
    if "text" in row:
        return str(row["text"])
    if SHARED.exists():
        for path in SHARED.glob("*.txt"):
            raw = path.read_bytes()
            if hashlib.sha256(raw).hexdigest() == row["sha256"]:
                return raw.decode("utf-8")
    return None


def spans(row: dict[str, Any]) -> list[tuple[str, int, int, str | None]]:
    """All spans of a row: what, start, stop and the words it must cover (None: any)."""
    found = [("entity", e["start"], e["stop"], e["text"]) for e in row["entities"]]
    found += [("relation", r["start"], r["stop"], None) for r in row["relations"]]
    for event in row["events"]:
        parts = [*event["participants"], *event["topics"], event["trigger"]]
        parts += [p for p in (event["place"], event["time"]) if p and p["start"] is not None]
        found += [(event["id"], p["start"], p["stop"], p["text"]) for p in parts]
        found += [(event["id"], start, stop, None) for start, stop in event["mentions"]]
    return found


def test_there_are_seeds() -> None:
    assert SEEDS / "seed.jsonl" in FILES and SEEDS / "raw-seed.jsonl" in FILES


def test_ids_of_documents_are_unique() -> None:
    ids = [row["id"] for path in FILES for row in rows(path)]
    assert len(ids) == len(set(ids))


def test_the_retelling_is_the_text_of_its_labels() -> None:
    name = "jaishankar-lavrov-2020-09-09.txt"
    raw = (SEEDS / name).read_bytes().decode("utf-8")
    assert rows(SEEDS / "seed.jsonl")[0]["text"] == raw


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SEEDS)))
class TestFile:
    def test_keys_and_values(self, path: Path) -> None:
        for row in rows(path):
            keys = ["sha256" if k == "text" and "sha256" in row else k for k in KEYS]
            assert list(row) == keys, row["id"]
            assert row["schema"] == "hindi-diplo-gold/1"
            assert row["published"] is None or date.fromisoformat(row["published"])
            for e in row["entities"]:
                assert e["label"] in LABELS and ID.fullmatch(e["id"]), (row["id"], e)
                assert (e["label"] == "COUNTRY") == bool(regex.fullmatch("[A-Z]{2}", e["id"]))
            for r in row["relations"]:
                assert r["type"] in RELATIONS and ID.fullmatch(r["subject"]) and r["object"], row["id"]
            for number, event in enumerate(row["events"], 1):
                where = (row["id"], event["id"])
                assert event["id"] == f"e{number}", where
                assert event["kind"] in KINDS and event["status"] in STATUSES, where
                assert all(t["label"] is None or t["label"] in CONTEXTS for t in event["topics"]), where
                assert event["mentions"], where
                people = [p["id"] for p in event["participants"]]
                assert people and len(people) == len(set(people)), where
                if event["kind"] in ("meeting", "call"):
                    assert len(people) >= 2, where
                if event["kind"] == "call":
                    assert event["place"] is None, where
                for p in event["participants"]:
                    assert p["role"] in ROLES and p["side"] in (1, 2, None) and ID.fullmatch(p["id"]), where
                if event["time"]:
                    when = event["time"]
                    assert regex.fullmatch(GRAINS[when["grain"]], when["value"]), where
                    assert when["basis"] in ("stated", "published", "assumed"), where
                    assert (when["start"] is not None) == (when["basis"] == "stated"), where
                    if when["grain"] == "day":
                        date.fromisoformat(when["value"])
                if event["place"]:
                    assert event["place"]["basis"] in ("stated", "dateline", "event"), where

    def test_spans_are_the_words(self, path: Path) -> None:
        for row in rows(path):
            text = text_of(row)
            if text is None:
                continue
            for what, start, stop, words in spans(row):
                assert 0 <= start < stop <= len(text), (row["id"], what)
                assert text[start:stop] == text[start:stop].strip(), (row["id"], what, text[start:stop])
                if words is not None:
                    assert text[start:stop] == words, (row["id"], what, words, text[start:stop])

    def test_entities_are_in_order_and_apart(self, path: Path) -> None:
        for row in rows(path):
            ends = [(e["start"], e["stop"]) for e in row["entities"]]
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends)), row["id"]

    def test_mentions_are_whole_sentences(self, path: Path) -> None:
        for row in rows(path):
            text = text_of(row)
            if text is None:
                continue
            for event in row["events"]:
                told = event["mentions"]
                start, stop = event["trigger"]["start"], event["trigger"]["stop"]
                assert any(a <= start and stop <= b for a, b in told), (row["id"], event["id"])
                for a, b in told:
                    before, after = text[:a].rstrip(" \u00a0"), text[b:].lstrip(" \u00a0")
                    opens = row["dateline"] is not None and row["dateline"] in before[-60:]
                    assert not before or opens or before[-1] in "\n।|?!’”\"'•–-:)", (row["id"], text[a:b])
                    ends = not after or after[0] == "\n" or text[b - 1] in "।|?!’”\"')"
                    assert ends, (row["id"], text[a:b])
