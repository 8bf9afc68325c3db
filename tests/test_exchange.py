"""Records survive every form that they can be exchanged in, and changes made there come back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from gold_records import event, gold, person, place, records, topic, when
from hypothesis import HealthCheck, given, settings

from hindi_diplo.codes import codes, setting
from hindi_diplo.errors import DataError, InputError
from hindi_diplo.evaluation import load_gold
from hindi_diplo.exchange import (
    DYAD_COLUMNS,
    brat_config,
    check,
    dyads_text,
    export,
    from_brat,
    from_conll,
    from_doccano,
    from_label_studio,
    from_standoff,
    gold_schema,
    label_studio_config,
    output_schema,
    to_brat,
    to_conll,
    to_doccano,
    to_dyads,
    to_label_studio,
    to_standoff,
)

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False))


FORMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "standoff": lambda r: from_standoff(to_standoff(r)),
    "brat": lambda r: from_brat(*to_brat(r)),
    "label-studio": lambda r: from_label_studio(through_json(to_label_studio(r))),
    "label-studio-prediction": lambda r: from_label_studio(
        through_json(to_label_studio(r, as_prediction=True))
    ),
    "doccano": lambda r: from_doccano(through_json(to_doccano(r))),
    "conll": lambda r: from_conll(to_conll(r)),
}


@pytest.mark.parametrize("form", FORMS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(record=records())
def test_any_record_comes_back(form: str, record: dict[str, Any]) -> None:
    assert FORMS[form](record) == record


@pytest.mark.parametrize("form", FORMS)
def test_the_seeds_come_back(form: str) -> None:
    for document in load_gold(SEEDS / "seed.jsonl"):
        assert FORMS[form](dict(document.record)) == document.record


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(record=records())
def test_the_strategy_makes_gold(record: dict[str, Any]) -> None:
    check(record)


# -- what a labeller changes ------------------------------------------------------------------------

TEXT = "मॉस्को। अमित बंसल ने बुधवार को चेखव दिमित्री से बैठक की। व्यापार पर चर्चा हुई।"


def at(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"text": words, "start": start, "stop": start + len(words)}


@pytest.fixture
def record() -> dict[str, Any]:
    people = [person("IND", **at("अमित बंसल")), person("RUS", **at("चेखव दिमित्री"))]
    told = at("अमित बंसल ने बुधवार को चेखव दिमित्री से बैठक की।")
    one = event(
        *people,
        trigger=at("बैठक"),
        mentions=[[told["start"], told["stop"]]],
        time={**when("2020-09-09"), **at("बुधवार को"), "basis": "stated"},
        place={**place("मॉस्को", "RU"), **at("मॉस्को")},
        topics=[topic("व्यापार", TEXT.index("व्यापार"))],
    )
    entities = [
        {
            "id": p["id"],
            "label": "PERSON",
            "name": p["name"],
            "name_latin": "",
            "country": p["country"],
            "office": None,
            **at(p["text"]),
        }
        for p in people
    ]
    return gold(one, text=TEXT, entities=entities)


def test_brat_reads_as_brat_writes(record: dict[str, Any]) -> None:
    text, annotations = to_brat(record)
    assert text == TEXT
    assert "T1\tPERSON 8 17\tअमित बंसल\n" in annotations
    assert re.search(
        r"^E1\tmeeting:T3 Party:T4 Party2:T5 Place:T6 Time:T7 Topic:T8 Sentence:T9$", annotations, re.M
    )
    assert "A1\tStatus E1 held\n" in annotations and "AnnotatorNotes T1\tind-a-b" in annotations


def test_what_is_changed_in_brat_comes_back(record: dict[str, Any]) -> None:
    text, annotations = to_brat(record)
    annotations = annotations.replace("Status E1 held", "Status E1 planned").replace("Party2:T5", "Host:T5")
    annotations = annotations.replace("AnnotatorNotes T1\tind-a-b", "AnnotatorNotes T1\tind-x-y")
    annotations = annotations.replace("AnnotatorNotes T7\t2020-09-09", "AnnotatorNotes T7\t2020-W37")
    annotations += "T50\tTOPIC 62 67\tचर्चा\nT51\tPLACE 0 6\tमॉस्को\n"
    annotations = annotations.replace("Sentence:T9", "Sentence:T9 Topic2:T50")
    back = from_brat(text, annotations)
    one = back["events"][0]
    assert one["status"] == "planned"
    assert [p["role"] for p in one["participants"]] == ["party", "host"]
    assert one["participants"][1]["id"] == "rus-c-d"  # what brat does not show is kept
    assert (one["time"]["value"], one["time"]["grain"]) == ("2020-W37", "week")
    assert [t["text"] for t in one["topics"]] == ["व्यापार", TEXT[62:67]]
    assert [e["id"] for e in back["entities"]] == ["ind-x-y", "rus-c-d", "local:1"]
    check(back)


def test_a_moved_span_keeps_what_is_known_of_it(record: dict[str, Any]) -> None:
    text, annotations = to_brat(record)
    back = from_brat(
        text, annotations.replace("T5\tPARTICIPANT 31 44\tचेखव दिमित्री", "T5\tPARTICIPANT 36 44\tदिमित्री")
    )
    assert back["events"][0]["participants"][1] == {
        **record["events"][0]["participants"][1],
        "text": "दिमित्री",
        "start": 36,
        "stop": 44,
    }


def test_an_event_made_in_the_tool(record: dict[str, Any]) -> None:
    task = to_label_studio({**record, "events": []})
    result = task["annotations"][0]["result"]
    value = {k if k != "stop" else "end": v for k, v in at("बैठक").items()}
    result.append({"id": "new", "type": "labels", "value": {**value, "labels": ["meeting"]}})
    result += [
        {"type": "relation", "from_id": "new", "to_id": key, "direction": "right", "labels": ["party"]}
        for key in ("T1", "T2")
    ]
    made = from_label_studio(task)["events"]
    assert [p["id"] for p in made[0]["participants"]] == ["ind-a-b", "rus-c-d"]
    assert (made[0]["id"], made[0]["kind"], made[0]["status"]) == ("e1", "meeting", "held")


def test_changed_columns_win_over_the_comment(record: dict[str, Any]) -> None:
    conll = to_conll(record)
    line = next(x for x in conll.split("\n") if x.startswith("1\tमॉस्को"))
    back = from_conll(conll.replace(line, line.replace("\tO\t_", "\tB-PLACE\tru-moscow")))
    assert [(e["label"], e["id"]) for e in back["entities"]] == [
        ("PLACE", "ru-moscow"),
        ("PERSON", "ind-a-b"),
        ("PERSON", "rus-c-d"),
    ]
    assert back["entities"][1:] == record["entities"] and back["events"] == record["events"]
    check(back)


def test_conll_of_other_tools() -> None:
    back = from_conll("मोदी B-PERSON\nरूस B-COUNTRY\nगए O\n\nफिर O\n")
    assert back["text"] == "मोदी रूस गए फिर"
    assert [(e["label"], e["text"]) for e in back["entities"]] == [("PERSON", "मोदी"), ("COUNTRY", "रूस")]
    check({**back, "id": "x"})


def test_doccano_counts_utf16_units() -> None:
    text = "😀 रूस"
    row = to_doccano(
        gold(
            text=text,
            entities=[
                {
                    "id": "RU",
                    "label": "COUNTRY",
                    "name": "रूस",
                    "name_latin": "Russia",
                    "text": "रूस",
                    "start": 2,
                    "stop": 5,
                    "country": "RU",
                    "office": None,
                }
            ],
        )
    )
    assert (row["entities"][0]["start_offset"], row["entities"][0]["end_offset"]) == (3, 6)
    renumbered = {**row, "entities": [{**e, "id": e["id"] + 700} for e in row["entities"]]}
    assert from_doccano(renumbered)["entities"][0]["text"] == "रूस"


# -- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("T1\tPERSON 0 99\tx", "outside the text"),
        ("T1 PERSON 0 1", "no brat annotation"),
        ("E1\tmeeting:T1 Party:T9\nT1\tmeeting 0 2\tx", "points at no text"),
        ("R1\tvisits Arg1:T1 Arg2:T2\nT1\tPERSON 0 2\tx", "no such span"),
        ("T1\tmeeting 0 2\tx\nE1\tmeeting:T1\nA1\tStatus E1 perhaps", "expected a status"),
        ("T1\tmeeting 0 2\tx\nT2\tEVENT_TIME 3 5\tx\nE1\tmeeting:T1 Time:T2", "ISO value"),
    ],
)
def test_bad_annotations_are_named(line: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        from_brat("बैठक हुई।", line)


def test_a_task_of_another_text_is_refused(record: dict[str, Any]) -> None:
    task = to_label_studio(record)
    task["data"]["text"] = "x" + task["data"]["text"]
    with pytest.raises(InputError, match="the text was changed"):
        from_label_studio(task)


def test_a_record_without_text_is_refused() -> None:
    with pytest.raises(InputError, match="sha256"):
        to_brat({k: v for k, v in gold().items() if k != "text"})
    with pytest.raises(InputError, match="expected brat"):
        export(gold(), "docx")


def test_configurations_name_every_label() -> None:
    root = ElementTree.fromstring(label_studio_config())
    labels = {e.attrib["value"] for e in root.iter("Label")}
    assert {"PERSON", "meeting", "visit", "TOPIC", "holds_office"} <= labels
    for label in labels:
        assert label in brat_config()


# -- schema -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", [gold_schema, output_schema])
def test_the_schemas_are_json_schemas(schema: Callable[[], str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft7Validator.check_schema(json.loads(schema()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"published": "9.9.2020"}, "published"),
        ({"schema": "x/2"}, "expected 'hindi-diplo/1'"),
        ({"events": [event("IND", kind="party")]}, "events.0.kind.*must be one of.*'party'|events.0.kind"),
        ({"events": [event("IND", trigger={"text": "बैठक", "start": 1, "stop": 5})]}, "is 'ैठक ', not 'बैठक'"),
        ({"events": [event("IND", mentions=[[0, 90]])]}, "within a text of 9 characters"),
        ({"events": [event("IND", time=when("2020-02-30"))]}, "no date"),
        ({"sha256": "0" * 64}, "record"),
        ({"extra": 1}, "record"),
    ],
)
def test_a_record_that_breaks_the_schema_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        check({**gold(), **change}, file="g.jsonl", line=3)


# -- codes and dyads --------------------------------------------------------------------------------


def test_codes() -> None:
    assert codes("meeting", "held") == ("040", "CONSULT")
    assert codes("call", "held", "third") == ("041", "CONSULT-phone")
    assert codes("multilateral", "held") == ("040", "CONSULT-multilateral")
    assert codes("meeting", "planned") == ("036", "AGREE")
    assert codes("visit", "refused") == ("125", "REJECT-meet")
    assert codes("meeting", "cancelled") == codes("call", "not_held") == (None, None)
    assert setting([("party", "IN"), ("party", "RU")], "RU") == "visit"
    assert setting([("party", "IN"), ("party", "RU")], "AE") == "third"
    assert setting([("party", "IN"), ("party", "IN")], "IN") == ""
    assert setting([("party", "IN"), ("mediator", "US"), ("party", "PK")], "IN") == "mediated"


def rows(*events: dict[str, Any]) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [
        (d["actor1_country"], d["actor2_country"], d["cameo"], d["plover"], d["mode"])
        for d in to_dyads(gold(*events))
    ]


def test_dyads() -> None:
    at_home = event("RUS", "IND", place=place("मॉस्को", "RU"))
    assert rows(at_home) == [("IN", "RU", "042", "CONSULT", "visit"), ("RU", "IN", "043", "CONSULT", "visit")]
    said = event(person("IND", role="visitor"), person("CHN", role="host"))
    assert rows(said) == [("IN", "CN", "042", "CONSULT", "visit"), ("CN", "IN", "043", "CONSULT", "visit")]
    assert rows(event("IND", "RUS", place=place("दुबई", "AE"))) == [
        ("IN", "RU", "044", "CONSULT", "third-party")
    ]
    assert rows(event("IND", "RUS", "CHN", kind="multilateral")) == [
        ("IN", "RU", "040", "CONSULT", "multilateral"),
        ("IN", "CN", "040", "CONSULT", "multilateral"),
        ("RU", "CN", "040", "CONSULT", "multilateral"),
    ]
    mediated = event("IND", "CHN", person("USA", role="mediator"))
    assert rows(mediated) == [("IN", "CN", "045", "CONSULT", "third-party")]
    sides = event(person("IND", side=1), person("USA", side=2), person("RUS", side=2))
    assert [r[:2] for r in rows(sides)] == [("IN", "US"), ("IN", "RU")]
    visit = event("IND", kind="visit", place=place("मॉस्को", "RU"))
    assert rows(visit) == [("IN", "RU", "042", "CONSULT", "visit")]
    assert rows(event("IND", "RUS", status="postponed")) == [("IN", "RU", None, None, None)]


def test_dyads_as_text() -> None:
    text = dyads_text([gold(event("IND", "RUS")), gold()])
    table = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    assert tuple(table[0]) == DYAD_COLUMNS and table[0]["cameo"] == "040" and len(table) == 1
    assert json.loads(export(gold(event("IND", "RUS")), "plover"))["plover"] == "CONSULT"
