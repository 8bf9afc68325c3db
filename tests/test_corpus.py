"""The same meeting in many articles: what becomes one, what stays apart, and that nothing is lost."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hindi_diplo import corpus
from hindi_diplo.cli import main
from hindi_diplo.corpus import merge
from hindi_diplo.corpus_files import TABLES, read_corpus, read_sources, schema, write_corpus
from hindi_diplo.errors import InputError
from hindi_diplo.pipeline import Pipeline
from hindi_diplo.types import Doc, Event

PEOPLE = {"m": ("ind-narendra-modi", "IN"), "p": ("rus-vladimir-putin", "RU"), "x": ("chn-xi-jinping", "CN"),
          "j": ("ind-s-jaishankar", "IN"), "u": ("local:1", None)}
GRAIN = {4: "year", 7: "month", 8: "week", 10: "day", 21: "range"}


def event(people: str = "mp", time: str | None = "2024-07-09", *, kind: str = "meeting", status: str = "held",
          place: str | None = None, basis: str = "stated", topic: str | None = None) -> dict[str, Any]:
    """An event of an output record."""
    at = {"start": 0, "stop": 1}
    return {
        "id": "e", "kind": kind, "status": status,
        "participants": [{"id": PEOPLE[c][0], "name": f"name of {c}", "name_latin": c, "text": c, "role": "party",
                          "office": None, "country": PEOPLE[c][1], "side": None, **at, "via": None} for c in people],
        "place": place and {"name": f"city of {place}", "country": place, "lat": 1.0, "lon": 2.0, "text": "a", **at,
                            "basis": "stated"},
        "time": time and {"value": time, "grain": GRAIN[len(time)], "text": "t", **at, "basis": basis},
        "topics": [{"text": topic, "label": None, **at, "rule": "r"}] if topic else [], "occasion": None,
        "trigger": {"text": "t", **at}, "mentions": [[0, 1]], "codes": {"cameo": "040", "plover": "CONSULT"},
        "rule": "events/ne-se", "confidence": 0.5,
    }


def record(ident: str, *events: dict[str, Any], published: str | None = "2024-07-10") -> dict[str, Any]:
    return {"schema": "hindi-diplo/1", "id": ident, "title": None, "published": published, "url": None,
            "dateline": None, "text": "text", "made_by": {"version": "0", "tagger": "none", "sha256": "0"},
            "entities": [], "relations": [], "events": [{**e, "id": f"{ident}-{n}"} for n, e in enumerate(events)]}


def together(*records: dict[str, Any]) -> list[list[str]]:
    """The articles of each merged event."""
    return sorted(sorted(source.doc for source in e.sources) for e in merge(records).events)


# ---------------------------------------------------------------- what becomes one


def test_one_meeting_in_three_articles() -> None:
    merged = merge([
        record("a", event(topic="व्यापार")), record("b", event("pm", "2024-W28", topic="ऊर्जा", place="RU")),
        record("c", event("mp", None, topic="व्यापार")),
    ])
    (one,) = merged.events
    assert [source.doc for source in one.sources] == ["a", "b", "c"]
    assert one.time == "2024-07-09" and one.grain == "day" and one.place == "city of RU" and one.place_country == "RU"
    assert one.topics == ("व्यापार", "ऊर्जा") and [p.id for p in one.people] == [PEOPLE["m"][0], PEOPLE["p"][0]]


@pytest.mark.parametrize("change", [
    {"people": "mx"}, {"time": "2024-07-08"}, {"kind": "call"}, {"status": "cancelled"}, {"status": "planned"},
])
def test_what_stays_apart(change: dict[str, Any]) -> None:
    assert together(record("a", event()), record("b", event(**change))) == [["a"], ["b"]]


def test_places_in_two_countries_are_two_meetings() -> None:
    assert together(record("a", event(place="RU")), record("b", event(place="AE"))) == [["a"], ["b"]]
    assert together(record("a", event(place="RU")), record("b", event())) == [["a", "b"]]
    # which of the two the third one means is open
    assert together(record("a", event(place="RU")), record("b", event(place="AE")), record("c", event())) == [
        ["a"], ["b"], ["c"]]


def test_a_vague_telling_joins_the_only_meeting_that_it_can_mean() -> None:
    week = record("w", event(time="2024-W28"))
    assert together(week, record("a", event())) == [["a", "w"]]
    assert together(week, record("a", event()), record("b", event(time="2024-07-11"))) == [["a"], ["b"], ["w"]]
    assert together(week, record("m", event(time="2024-07")), record("a", event())) == [["a", "m", "w"]]


def test_a_date_that_is_not_stated_may_be_off_by_a_day() -> None:
    assert together(record("a", event()), record("b", event(time="2024-07-10", basis="published"))) == [["a", "b"]]
    assert together(record("a", event()), record("b", event(time="2024-07-11", basis="published"))) == [["a"], ["b"]]


def test_undated_tellings_do_not_chain_through_the_weeks() -> None:
    days = [record(f"d{n}", event(time=None), published=f"2024-07-{n:02}") for n in range(1, 31)]
    groups = [[int(doc[1:]) for doc in group] for group in together(*days)]
    assert all(max(group) - min(group) <= 3 for group in groups) and len(groups) > 5


def test_a_telling_that_names_some_of_the_people() -> None:
    assert together(record("a", event("mpx")), record("b", event("mp"))) == [["a", "b"]]
    assert together(record("a", event("mpx")), record("b", event("mpj")), record("c", event("mp"))) == [
        ["a"], ["b"], ["c"]]
    assert together(record("a", event("mpxj")), record("b", event("mpx")), record("c", event("mp"))) == [
        ["a", "b", "c"]]


def test_who_met_whom_must_be_known() -> None:
    assert together(record("a", event("m")), record("b", event("m"))) == [["a"], ["b"]]
    visit = event("m", kind="visit", place="RU")
    assert together(record("a", visit), record("b", visit)) == [["a", "b"]]
    assert together(record("a", event(time=None), published=None), record("b", event(time=None), published=None)) == [
        ["a"], ["b"]]


def test_local_people_are_known_by_their_names() -> None:
    assert together(record("a", event("mu")), record("b", event("mu"))) == [["a", "b"]]
    other = event("mu")
    other["participants"][1]["name"] = "somebody else"
    assert together(record("a", event("mu")), record("b", other)) == [["a"], ["b"]]


def test_links() -> None:
    plan = record("a", event(time="2024-W28", status="planned"), published="2024-07-05")
    merged = merge([plan, record("b", event()), record("c", event(status="cancelled"))])
    status = {e.id: e.status for e in merged.events}
    assert sorted((k.type, status[k.source], status[k.target]) for k in merged.links) == [
        ("came_about", "planned", "held"), ("disputed", "held", "cancelled"), ("fell_through", "planned", "cancelled")]
    early = record("d", event(status="planned", time="2024-06-01"))
    assert not merge([early, record("b", event())]).links


# ---------------------------------------------------------------- what always holds


days = st.sampled_from([None, "2024-07-08", "2024-07-09", "2024-07-10", "2024-W28", "2024-07", "2024",
                        "2024-07-08/2024-07-10"])
events = st.builds(
    event, st.sampled_from(["mp", "pm", "mx", "mpx", "mpj", "mpxj", "m", "mu", ""]), days,
    kind=st.sampled_from(["meeting", "visit"]), status=st.sampled_from(["held", "planned", "cancelled"]),
    place=st.sampled_from([None, "RU", "AE"]), basis=st.sampled_from(["stated", "published"]))
corpora = st.lists(st.tuples(st.lists(events, max_size=3), st.sampled_from([None, "2024-07-08", "2024-07-11"])),
                   max_size=14).map(
    lambda rows: [record(f"d{n:02}", *told, published=published) for n, (told, published) in enumerate(rows)])


@settings(max_examples=150, deadline=None)
@given(corpora, st.randoms(use_true_random=False))
def test_merging_is_a_function_of_the_set_of_tellings(records: list[dict[str, Any]], draw: random.Random) -> None:
    merged = merge(records)
    shuffled = [*records, *draw.sample(records, len(records) // 2)]
    draw.shuffle(shuffled)
    assert merge(shuffled) == merged  # neither order nor copies matter
    assert merge([merged]) == merged == merge(merged.events)
    half = len(records) // 2
    assert merge([merge(records[:half]), *records[half:]]) == merged


@settings(max_examples=150, deadline=None)
@given(corpora)
def test_nothing_is_lost_and_opposites_stay_apart(records: list[dict[str, Any]]) -> None:
    merged = merge(records)
    told = [(r["id"], Event.from_dict(e)) for r in records for e in r["events"]]
    assert sorted((s.doc, s.event.id) for s in merged.sources) == sorted((doc, e.id) for doc, e in told)
    assert {(doc, e) for doc, events in merged.apart().items() for e in events} == set(told)
    assert len({e.id for e in merged.events}) == len(merged.events)
    known = {e.id: e for e in merged.events}
    for one in merged.events:
        assert {(s.event.kind, s.event.status) for s in one.sources} == {(one.kind, one.status)}
        assert (one.first is None) == (one.last is None)
        if one.first and one.last:
            assert one.first <= one.last
    for link in merged.links:
        assert known[link.source].kind == known[link.target].kind
        assert known[link.source].status != known[link.target].status


# ---------------------------------------------------------------- Docs and files


def test_docs_and_their_records_merge_alike(nlp: Pipeline) -> None:
    texts = ["मोदी ने मंगलवार को मॉस्को में पुतिन से मुलाकात की।", "पुतिन और मोदी के बीच 9 जुलाई को मॉस्को में बातचीत हुई।"]
    docs: list[Doc] = [nlp({"id": str(n), "text": text, "published": "2024-07-10"}) for n, text in enumerate(texts)]
    merged = merge(docs)
    assert merged == merge(doc.record() for doc in docs)
    assert [len(e.sources) for e in merged.events] == [2]
    assert merged.apart() == {doc.id: doc.events for doc in docs}


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    records = [record("a", event()), record("b", event(status="planned"), event("mx")), record("c", event())]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    assert main(["merge", str(path), "--out", str(tmp_path / "merged")]) == 0
    assert "4 events of articles are 3 events, 1 links" in capsys.readouterr().out
    assert read_corpus(tmp_path / "merged") == merge(records)
    for name in TABLES:
        assert pq.read_schema(tmp_path / "merged" / f"{name}.parquet").equals(schema(name))
    assert sorted(p.name for p in (tmp_path / "merged").iterdir()) == sorted(f"{name}.parquet" for name in TABLES)
    write_corpus(merge([]), tmp_path / "empty")
    assert read_corpus(tmp_path / "empty") == corpus.Corpus((), ())


def test_the_output_of_a_batch(tmp_path: Path) -> None:
    from test_batch import articles, run

    run(articles(tmp_path / "a.jsonl", 30), tmp_path / "out")
    sources = list(read_sources(tmp_path / "out"))
    assert sources and all(source.file == str(tmp_path / "a.jsonl") and source.row for source in sources)
    merged = merge(sources)
    assert len(list(merged.sources)) == len(sources) > len(merged.events)
    (tmp_path / "out" / "manifest.json").write_text('{"finished": false}', encoding="utf-8")
    with pytest.raises(InputError, match="not finished"):
        list(read_sources(tmp_path / "out"))


def test_files_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "an article"}\n', encoding="utf-8")
    assert main(["merge", str(path), "--out", str(tmp_path / "out")]) == 1
    assert "a.jsonl:1: expected an output record" in capsys.readouterr().err
    assert main(["merge", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "expected the folder of a batch" in capsys.readouterr().err
    assert main(["merge", str(path), "--out", str(path)]) == 2
