"""Out to a labelling tool and in again, agreement of two labellers, adjudication."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gold_records import event, gold, place, when

from hindi_diplo.annotate import (
    FORMS,
    adjudicate,
    agreement,
    export_folder,
    import_folder,
    kappa,
    resolve_folder,
    to_gold,
    write_gold,
)
from hindi_diplo.errors import DataError, InputError
from hindi_diplo.evaluation import load_gold
from hindi_diplo.exchange import check
from hindi_diplo.pipeline import Pipeline

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@pytest.mark.parametrize("form", FORMS)
def test_gold_goes_out_and_comes_back(form: str, tmp_path: Path) -> None:
    records = [dict(d.record) for d in load_gold(SEEDS / "seed.jsonl")] + [
        gold(event("IND", "RUS"), ident="b/ç", text="बैठक\r\nहुई")
    ]
    files = export_folder(records, tmp_path / "out", form)
    assert all(f.exists() for f in files)
    back = {r["id"]: r for r in import_folder(tmp_path / "out", form, annotator="anna")}
    for record in records:
        assert back[record["id"]] == {**record, "annotator": "anna"}
    with pytest.raises(InputError, match="already there"):
        export_folder(records, tmp_path / "out", form)


@pytest.mark.parametrize("form", FORMS)
def test_output_is_the_pre_annotation(form: str, tmp_path: Path, nlp: Pipeline) -> None:
    document = load_gold(SEEDS / "seed.jsonl")[0]
    record = nlp({"id": "x", "text": document.text, "published": "2020-09-09"}).record()
    export_folder([record], tmp_path / "out", form)
    back = import_folder(tmp_path / "out", form)
    assert back == [to_gold(record)] and len(back[0]["events"]) == len(record["events"])
    assert "rule" not in json.dumps(back) and back[0]["events"][0]["id"] == "e1"


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        import_folder(tmp_path / "none", "brat")
    with pytest.raises(InputError, match="nothing of the form brat"):
        import_folder(tmp_path, "brat")
    with pytest.raises(InputError, match="expected one of"):
        import_folder(tmp_path, "docx")
    with pytest.raises(InputError, match="expected one of"):
        export_folder([gold()], tmp_path / "x", "docx")
    (tmp_path / "a.ann").write_text("T1\tPERSON 0 2\tx\n")
    with pytest.raises(InputError, match=r"a\.txt: cannot be read"):
        import_folder(tmp_path, "brat")
    (tmp_path / "a.txt").write_text("बैठक")
    (tmp_path / "a.ann").write_text("T1\tPERSON 0 99\tx\n")
    with pytest.raises(InputError, match=r"a\.ann.*outside the text"):
        import_folder(tmp_path, "brat")
    (tmp_path / "a.ann").write_text("T1\tmeeting 0 4\tx\nE1\tmeeting:T1\n")
    with pytest.raises(DataError, match="participants"):
        import_folder(tmp_path, "brat")
    (tmp_path / "tasks.json").write_text('[{"data": {"text": "x"}, "annotations": [{"result": [{}]}]}]')
    with pytest.raises(InputError, match="no export of label-studio"):
        import_folder(tmp_path, "label-studio")
    with pytest.raises(InputError, match="two documents would be the file"):
        export_folder([gold(ident="a b"), gold(ident="a/b")], tmp_path / "y", "brat")


def test_kappa() -> None:
    # the example of Cohen (1960) as every textbook has it: 20 yes-yes, 5, 10, 15 no-no
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("a", "a"), ("b", "b")]) == 1 and kappa([("a", "b"), ("b", "a")]) == -1
    assert kappa([]) is None and kappa([("a", "a")]) is None


def entity(label: str, start: int, stop: int, words: str, ident: str = "RU") -> dict[str, Any]:
    return {
        "id": ident,
        "label": label,
        "name": words,
        "name_latin": "",
        "text": words,
        "start": start,
        "stop": stop,
        "country": None,
        "office": None,
    }


TEXT = "रूस में बैठक हुई। वर्षा भी हुई।"


def one() -> dict[str, Any]:
    told = event(
        "IND", "RUS", trigger={"text": "बैठक", "start": 8, "stop": 12}, mentions=[[0, 17]], place=place("रूस")
    )
    return gold(told, text=TEXT, entities=[entity("COUNTRY", 0, 3, "रूस")], annotator="anna")


def two() -> dict[str, Any]:
    told = event(
        "RUS", "IND", trigger={"text": "बैठक", "start": 8, "stop": 12}, mentions=[[0, 17]], status="planned"
    )
    more = event("IND", "CHN", trigger={"text": "वर्षा", "start": 18, "stop": 23}, mentions=[[18, 31]])
    return gold(
        told,
        more,
        text=TEXT,
        entities=[entity("PLACE", 0, 3, "रूस"), entity("PLACE", 18, 23, "वर्षा")],
        annotator="binod",
    )


def test_agreement() -> None:
    same = agreement([one()], [one()])
    assert same.f1["events.strict"] == 1 and same.kappas["sentences that tell an event"] == (1.0, 2)
    made = agreement([one()], [two()])
    assert made.f1["events"] == pytest.approx(2 / 3) and made.f1["status"] == 0
    assert made.kappas["entity label, tokens that either labels"][1] == 2
    assert made.f1["events"] == agreement([two()], [one()]).f1["events"]
    assert "Cohen's kappa" in str(made)
    json.dumps(made.to_dict())


def test_agreement_needs_the_same_texts() -> None:
    with pytest.raises(InputError, match="no document in common"):
        agreement([one()], [gold(ident="other")])
    with pytest.raises(InputError, match="different texts"):
        agreement([one()], [{**two(), "text": TEXT + "x"}])


def test_adjudication() -> None:
    made = adjudicate([one()], [two()])
    assert [(c.layer, c.one is None, c.other is None) for c in made.conflicts] == [
        ("entities", False, False),
        ("entities", True, False),
        ("events", False, False),
        ("events", True, False),
    ]
    assert made.agreed[0]["entities"] == made.agreed[0]["events"] == [] and "annotator" not in made.agreed[0]
    final = made.resolve(["one", "none", "other", "none"])
    assert final[0]["entities"] == one()["entities"] and final[0]["events"][0]["status"] == "planned"
    check(final[0])
    assert made.resolve(lambda c: "one")[0]["events"] == one()["events"]
    both = made.resolve(["none", "none", "both", "other"])[0]["events"]
    assert [e["id"] for e in both] == ["e1", "e2", "e3"]
    with pytest.raises(InputError, match="4 decisions"):
        made.resolve([])
    with pytest.raises(InputError, match="expected one, other"):
        made.resolve(["maybe"] * 4)
    assert not adjudicate([one()], [{**one(), "events": [{**one()["events"][0], "id": "e9"}]}]).conflicts
    json.dumps(made.conflicts[0].to_dict())


def test_adjudication_by_file(tmp_path: Path) -> None:
    adjudicate([one()], [two()]).save(tmp_path)
    rows = [
        json.loads(line) for line in (tmp_path / "conflicts.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    with pytest.raises(InputError, match=r"conflicts\.jsonl:1: take: expected one"):
        resolve_folder(tmp_path)
    rows = [{**row, "take": take} for row, take in zip(rows, ["one", "none", "other", "none"], strict=True)]
    (tmp_path / "conflicts.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    assert resolve_folder(tmp_path) == adjudicate([one()], [two()]).resolve(["one", "none", "other", "none"])
    write_gold(resolve_folder(tmp_path), tmp_path / "final.jsonl")
    assert len(load_gold(tmp_path / "final.jsonl")) == 1
    (tmp_path / "conflicts.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match="no conflict"):
        resolve_folder(tmp_path)


def test_to_gold_keeps_what_a_labeller_says() -> None:
    record = gold(event("IND", "RUS", time=when("2020-09-09")))
    assert to_gold(record) == record
    made = {
        **record,
        "made_by": {"version": "1"},
        "events": [
            {
                **record["events"][0],
                "rule": "x",
                "confidence": 1.0,
                "codes": {},
                "id": "ff",
                "place": {**place("मॉस्को"), "lat": 1, "basis": "assumed"},
            }
        ],
    }
    assert to_gold(made) == record
