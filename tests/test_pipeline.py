"""The pipeline as a user meets it: what goes in, what comes out, and what bad input gets."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import warnings
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hindi_diplo as hd
from hindi_diplo.errors import InputError
from hindi_diplo.evaluation import evaluate
from hindi_diplo.exchange.schema import check
from hindi_diplo.pipeline import TOGETHER, TOGETHER_LONG, Pipeline, Step, check_steps, load
from hindi_diplo.reader import articles

ROOT = Path(__file__).parents[1]
RAW = ROOT.parent / "shared" / "seeds"
TEXT = "मॉस्को। विदेश मंत्री एस जयशंकर ने बुधवार को अपने रूसी समकक्ष सर्गेई लावरोव के साथ व्यापार पर चर्चा की।"


def told(doc: hd.Doc) -> list[str]:
    return [f"{e.kind}/{e.status} " + " ".join(p.entity for p in e.participants) for e in doc.events]


@pytest.mark.parametrize("text, expected", [
    (TEXT, ["meeting/held ind-s-jaishankar rus-sergey-lavrov"]),
    ("जयशंकर ने लावरोव से मुलाकात से इनकार किया।", ["meeting/refused ind-s-jaishankar rus-sergey-lavrov"]),
    ("जयशंकर और लावरोव के बीच बैठक नहीं हुई।", ["meeting/not_held ind-s-jaishankar rus-sergey-lavrov"]),
    ("जयशंकर कल लावरोव से मिलेंगे।", ["meeting/planned ind-s-jaishankar rus-sergey-lavrov"]),
    ("मोदी ने पुतिन से फोन पर बात की।", ["call/held ind-narendra-modi rus-vladimir-putin"]),
    ("भारत ने ऑस्ट्रेलिया को छह विकेट से हराया।", []),
    ("विदेश मंत्रालय ने राजदूत को तलब किया।", []),
    ("मोदी ने पुतिन को भारत आने का न्योता दिया।", []),
])
def test_what_comes_out(nlp: Pipeline, text: str, expected: list[str]) -> None:
    assert told(nlp(text, published="2020-09-09")) == expected


def test_every_slot_points_at_its_words(nlp: Pipeline) -> None:
    record = nlp(TEXT, published="2020-09-09").record()
    (event,) = record["events"]
    text = record["text"]
    slots = [*event["participants"], event["time"], event["trigger"], *event["topics"], *record["entities"]]
    assert all(text[s["start"] : s["stop"]] == s["text"] for s in slots)
    assert [p["text"] for p in event["participants"]] == ["विदेश मंत्री एस जयशंकर", "अपने रूसी समकक्ष सर्गेई लावरोव"]
    assert (event["place"]["name"], event["place"]["basis"]) == ("मॉस्को", "dateline")
    assert (event["time"]["value"], event["time"]["grain"]) == ("2020-09-09", "day")
    assert [t["text"] for t in event["topics"]] == ["व्यापार"]
    assert event["rule"].startswith("events/") and event["participants"][1]["via"] == "references/counterpart-name"


def test_records_keep_the_schema_and_come_back(nlp: Pipeline) -> None:
    doc = nlp(TEXT, published="2020-09-09")
    check(doc.record())
    assert hd.Doc.from_dict(doc.to_dict()) == doc
    assert hd.Doc.from_dict(doc.record()).events == doc.events


def test_an_office_alone_is_the_holder_of_that_day(nlp: Pipeline) -> None:
    text = "अमेरिकी राष्ट्रपति ने मोदी से मुलाकात की।"
    assert told(nlp(text, published="2016-06-07")) == ["meeting/held usa-barack-obama ind-narendra-modi"]
    assert told(nlp(text, published="2019-09-22")) == ["meeting/held usa-donald-trump ind-narendra-modi"]
    (event,) = nlp(text, published="2016-06-07").events
    assert event.participants[0].via == "references/role"


def test_partners_met_apart_are_two_events(nlp: Pipeline) -> None:
    doc = nlp("जयशंकर ने रूस और चीन के अपने समकक्षों के साथ अलग-अलग बैठकें कीं।", published="2020-09-09")
    assert told(doc) == ["meeting/held ind-s-jaishankar rus-sergey-lavrov", "meeting/held ind-s-jaishankar chn-wang-yi"]


def test_headline_and_body_are_one_event(nlp: Pipeline) -> None:
    doc = nlp("मोदी ने पुतिन से की मुलाकात\n\nप्रधानमंत्री नरेंद्र मोदी ने मंगलवार को राष्ट्रपति व्लादिमीर पुतिन से "
              "मुलाकात की। दोनों नेताओं ने ऊर्जा पर चर्चा की।", published="2024-07-09")
    (event,) = doc.events
    assert len(event.mentions) == 3 and [t.text for t in event.topics] == ["ऊर्जा"]


# ---------------------------------------------------------------- the seed article


def test_the_retelling(nlp: Pipeline) -> None:
    report = evaluate(nlp, ROOT / "seeds" / "seed.jsonl")
    assert report.value("events") == 1.0 and report.value("events.strict") == 1.0


@pytest.mark.skipif(not RAW.exists(), reason="the raw article lies beside the checkout, not in it")
def test_the_raw_article(nlp: Pipeline) -> None:
    report = evaluate(nlp, ROOT / "seeds" / "raw-seed.jsonl", texts=RAW)
    assert not report.skipped
    assert report.value("events") == 1.0 and report.value("events.strict") == 1.0
    assert report.value("time") == 1.0 and report.value("place") == 1.0


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00\x01\x02", "।", "‘‘’’", "…", "|||", "मोदी"])
def test_hardly_any_text(nlp: Pipeline, text: str) -> None:
    doc = nlp(text)
    assert doc.events == () and doc.text == text
    check(doc.record())


def test_another_script_gives_no_events_and_one_warning() -> None:
    nlp = load("none")
    with pytest.warns(UserWarning, match="hardly in Devanagari"):
        assert nlp("The minister met his counterpart in Moscow on Wednesday.").events == ()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nlp("Министр встретился с коллегой.").events == ()


@pytest.mark.parametrize("given_date", ["9 September", "2020-13-01", "kal"])
def test_a_date_that_is_none(nlp: Pipeline, given_date: str) -> None:
    with pytest.raises(hd.InputError, match="YYYY-MM-DD"):
        nlp(TEXT, published=given_date)


def test_a_row_without_text(nlp: Pipeline) -> None:
    with pytest.raises(hd.InputError, match="'text'"):
        nlp({"id": "a"})
    with pytest.raises(TypeError, match="expected a str"):
        nlp(7)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [
    lambda t: t.replace("।", "|"), lambda t: t.replace("ज", "ज\u200d"), lambda t: "\ufeff" + t,
])
def test_variants_read_alike(nlp: Pipeline, change: object) -> None:
    text = change("मोदी ने पुतिन से मुलाकात की।")  # type: ignore[operator]
    assert told(nlp(text)) == ["meeting/held ind-narendra-modi rus-vladimir-putin"]


PIECES = st.sampled_from(["मोदी", "पुतिन", "जयशंकर", "ने", "से", "के साथ", "मुलाकात", "बैठक", "की", "।", "रूस", "के",
                          "विदेश मंत्री", "दोनों नेताओं", "पर", "चर्चा", "और", ",", "कल", "‘‘", "’’", "\n", "उन्होंने", "(",
                          ")", "एससीओ", "<b>", "\u200d", "x", "9 सितंबर", "में", "मॉस्को", "होगी", "नहीं"])


@pytest.mark.filterwarnings("ignore:the text is hardly")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=40))
def test_any_words_give_valid_records(nlp: Pipeline, words: list[str]) -> None:
    doc = nlp(" ".join(words), published="2020-09-09")
    check(doc.record())
    assert nlp(" ".join(words), published="2020-09-09") == doc
    assert hd.Doc.from_dict(doc.to_dict()) == doc


# ---------------------------------------------------------------- the step table, pipe


def test_steps_are_checked() -> None:
    step = Step("a", ("mentions",), "events", lambda doc: ())
    with pytest.raises(ValueError, match="'a' needs mentions"):
        check_steps([step])
    with pytest.raises(ValueError, match="already written"):
        check_steps([Step("b", (), "tokens", lambda doc: ())])


def test_pipe_keeps_the_order(nlp: Pipeline) -> None:
    rows = [{"id": str(n), "text": TEXT, "published": "2020-09-09"} for n in range(70)]
    docs = list(nlp.pipe(rows, workers=2))
    assert [d.id for d in docs] == [r["id"] for r in rows]
    assert docs[3] == nlp(rows[3])


@pytest.mark.parametrize("tagger", ["none", "compact"])
def test_rows_read_together_are_the_documents_read_one_by_one(tagger: str) -> None:
    nlp = load(tagger)
    texts = [TEXT, "", "दोनों नेताओं ने व्यापार पर चर्चा की।", "no Devanagari at all", TEXT + "\nवे मंगलवार को लौटे।"]
    rows = [{"id": str(n), "text": texts[n % len(texts)], "published": f"2020-09-{n % 28 + 1:02}"}
            for n in range(TOGETHER + 5)]
    with pytest.warns(UserWarning, match="hardly in Devanagari"):
        docs = list(nlp.pipe(rows))
    assert docs == [nlp(row) for row in rows]
    assert sum(len(d.events) for d in docs) > 5 and not nlp.resolver._views


def test_pipe_gives_what_comes_before_an_error(nlp: Pipeline) -> None:
    docs = nlp.pipe([TEXT, TEXT, {"text": 5}, TEXT])
    assert [len(next(docs).events), len(next(docs).events)] == [1, 1]
    with pytest.raises(hd.InputError, match="'text' that is a string"):
        next(docs)

    def source() -> Iterator[str]:
        yield TEXT
        raise OSError("the disk is gone")

    docs = nlp.pipe(source())
    assert next(docs).text == TEXT
    with pytest.raises(OSError, match="the disk is gone"):
        next(docs)


def test_pipe_reads_ahead_so_far_and_no_further(nlp: Pipeline) -> None:
    taken = []

    def endless(text: str) -> Iterator[str]:
        while True:
            taken.append(len(text))
            yield text

    next(nlp.pipe(endless(TEXT)))
    assert len(taken) == TOGETHER
    taken.clear()
    next(nlp.pipe(endless(TEXT * (TOGETHER_LONG // len(TEXT) // 2))))
    assert len(taken) == 3
    assert list(nlp.pipe([])) == []


def test_what_goes_between_processes_is_plain_and_lossless(nlp: Pipeline) -> None:
    doc = nlp(TEXT + "\nदोनों नेताओं ने सोमवार को व्यापार पर चर्चा की।", published="2020-09-09")
    assert doc.events and doc.times and doc.references and doc.relations

    def back() -> hd.Doc:
        return hd.Doc.unpack(*doc.pack())

    assert json.loads(json.dumps(doc.pack())) and back() == doc
    assert back().record() == doc.record() and repr(back()) == repr(doc) and hash(back()) == hash(doc)
    assert pickle.loads(pickle.dumps(back())) == doc == copy.deepcopy(back())
    assert replace(back(), id="other") == replace(doc, id="other")
    assert hd.Doc.unpack(*hd.Doc("").pack()) == hd.Doc("")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(back(), "nothing")  # noqa: B009
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(doc, "nothing")  # noqa: B009


def test_the_made_by_of_a_record(nlp: Pipeline) -> None:
    made = nlp(TEXT).record()["made_by"]
    assert made["version"] == hd.__version__ and made["tagger"] == "none"
    assert len(made["sha256"]) == len(sha256().hexdigest())


def test_explain_names_rules_and_losers(nlp: Pipeline) -> None:
    shown = nlp.explain("जयशंकर ने लावरोव से मुलाकात की।")
    assert "[PERSON#0] ने [PERSON#1] से मुलाकात की ।" in shown
    assert "fired events/ne-se" in shown and "(to events/ne-se)" in shown
    blocked = nlp.explain("जयशंकर ने लावरोव से मुलाकात की इच्छा जताई।")
    assert "fired events/wish" in blocked and "\nevent" not in blocked


def test_a_pipeline_shows_its_steps(nlp: Pipeline) -> None:
    assert repr(nlp).startswith("hindi_diplo pipeline") and "references" in repr(nlp)
    shown = nlp._repr_html_()
    assert shown.count("<tr>") == 1 + len(nlp.steps) and "tagger none" in shown


def test_documents_go_between_processes_whole(nlp: Pipeline) -> None:
    doc = nlp("जयशंकर ने बुधवार को मॉस्को में लावरोव से व्यापार पर बात की।", published="2020-09-09")
    assert doc.events and pickle.loads(pickle.dumps(doc)) == doc == copy.deepcopy(doc)


def test_a_long_text_is_read_in_parts(nlp: Pipeline) -> None:
    story = "विदेश मंत्री एस जयशंकर ने बुधवार को सर्गेई लावरोव से मुलाकात की।\n\n"
    text = TEXT + "\n\n" + story * 12
    docs = list(nlp.parts({"text": text, "id": "long", "published": "2020-09-09"}, size=200))
    assert len(docs) > 3 and "".join(d.text for d in docs) == text
    assert all(len(d.text) <= 200 and d.published == "2020-09-09" and d.events for d in docs)
    for doc in docs:
        name, _, start = doc.id.rpartition("@")
        assert name == "long" and text.startswith(doc.text, int(start))
        assert all(text[int(start) + e.trigger.start :].startswith(e.trigger_text) for e in doc.events)
    assert list(nlp.parts(text, published="2020-09-09")) == [nlp(text, published="2020-09-09")]
    article = hd.Article(text, "a", published="2020-09-09")
    assert [d.text for d in nlp.parts(article, size=200)] == [d.text for d in docs]
    with pytest.raises(ValueError, match="size must be 1"):
        list(nlp.parts(text, size=0))
    with pytest.raises(InputError, match=r"nlp\.parts"):
        nlp("क" * 2_000_001)


def test_a_file_too_long_for_one_article_comes_in_parts(nlp: Pipeline, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hindi_diplo.reader.LONGEST", 300)
    monkeypatch.setattr("hindi_diplo.reader.PART", 150)
    file = tmp_path / "big.txt"
    file.write_text("9 सितंबर 2020\n\n" + "जयशंकर ने लावरोव से मुलाकात की।\n\n" * 20, encoding="utf-8")
    found = [a for a in articles(file) if isinstance(a, hd.Article)]
    assert len(found) > 4 and "".join(a.text for a in found) == file.read_text(encoding="utf-8")
    assert found[0].id == "big@0" and {a.published for a in found} == {"2020-09-09"}
    assert all(nlp(a).events for a in found)


def test_a_document_leaves_the_collector_nothing_and_as_it_was(nlp: Pipeline) -> None:
    nlp(TEXT)  # what is compiled when it is first needed
    gc.collect()
    gc.disable()
    try:
        nlp(TEXT)
        assert not gc.isenabled() and gc.collect() == 0
    finally:
        gc.enable()
    nlp(TEXT)
    with pytest.raises(InputError):
        nlp(TEXT, published="yesterday")
    assert gc.isenabled()


def test_those_whom_nobody_knows_at_a_sitting_of_a_body_that_nobody_knows_are_no_encounter() -> None:
    nlp = hd.load()
    for body, told in (("नवज्योति सेवा पार्टी की जिला समीक्षा बैठक", False), ("ब्रिक्स की बैठक", True)):
        assert bool(nlp(f"{body} में विधायक डॉक्टर पल्लवी सेन शामिल हुईं।", published="2024-05-05").events) is told
