"""Evaluation: who counts as the same, what pairs with what, and what the figures then are."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from chromium import FOUND, Chromium
from gold_records import event, gold, output, person, place, records, topic, when
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hindi_diplo.errors import DataError, InputError
from hindi_diplo.evaluation import EvaluationReport, Judge, compare, evaluate, labelled, load_gold, score
from hindi_diplo.evaluation.match import assign
from hindi_diplo.pipeline import Pipeline

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared" / "seeds"


def scored(g: dict[str, Any], *events: dict[str, Any], **changes: Any) -> dict[str, tuple[float, ...]]:
    return {m: tuple(c) for m, c in score(g, output(g, *events, **changes), Judge()).counts.items()}


# -- pairing ----------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_pairing_is_the_best_there_is(weights: list[list[int]]) -> None:
    best = max(
        sum(weights[r][c] for r, c in enumerate(columns))
        for columns in itertools.permutations(range(4), len(weights))
    )
    pairs = assign(weights)
    assert sum(weights[r][c] for r, c in pairs) == best
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    turned = assign([list(column) for column in zip(*weights, strict=True)])
    assert sum(weights[r][c] for c, r in turned) == best


def test_nothing_pairs_with_nothing() -> None:
    assert assign([]) == assign([[]]) == assign([[0.0, -1.0]]) == []


# -- who is the same --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("rus-l", "लावरोव", "RU"), ("rus-l", "सर्गेई लावरोव", "RU"), True),
        (("rus-l", "लावरोव", "RU"), ("rus-k", "लावरोव", "RU"), False),  # ids of the base decide
        (("local:1", "लावरोव", "RU"), ("rus-l", "सर्गेई लावरोव", "RU"), True),  # the family name alone
        (("local:1", "सर्गेई", None), ("rus-l", "सर्गेई लावरोव", "RU"), True),
        (("local:1", "शी", None), ("local:7", "शी चिनफिंग", "CN"), True),  # where it stands first
        (("local:1", "लावरोव", "BY"), ("rus-l", "सर्गेई लावरोव", "RU"), False),  # another country
        (("local:1", "ज़ेलेंस्की", None), ("local:2", "जेलेंस्की", None), True),  # one folded form
        (("local:1", "एस", None), ("local:2", "एस जयशंकर", None), True),
        (("local:1", "ए", None), ("local:2", "ए जयशंकर", None), False),  # a single letter names nobody
        (("local:1", "राम कुमार", None), ("local:2", "श्याम कुमार", None), False),
        (
            ("local:1", "लावरोव", None),
            ("local:1", "पुतिन", None),
            False,
        ),  # local ids say nothing across records
        (("RU", "रूस", "RU"), ("RU", "रूसी संघ", "RU"), True),
        (("RU", "रूस", "RU"), ("UA", "यूक्रेन", "UA"), False),
    ],
)
def test_same_people(one: tuple[Any, ...], other: tuple[Any, ...], same: bool) -> None:
    a, b = ({"id": i, "name": n, "country": c, "office": None} for i, n, c in (one, other))
    assert Judge().same(a, b) is same and Judge().same(b, a) is same


def test_an_office_without_a_name_is_told_by_office_and_country() -> None:
    office = {"id": "local:1", "name": "रूस के विदेश मंत्री", "office": "विदेश मंत्री", "country": "RU"}
    holder = {"id": "rus-l", "name": "सर्गेई लावरोव", "office": "विदेश मंत्री", "country": "RU"}
    assert Judge().same(office, holder) and Judge().same(holder, office)
    assert not Judge().same(office, {**holder, "country": "BY"})
    assert not Judge().same(office, {**holder, "office": "राष्ट्रपति"})
    assert not Judge().same(office, {**holder, "office": None})


def test_two_names_of_one_office(nlp: Pipeline) -> None:
    forms = nlp.kb.offices["foreign-minister"]
    one, other = ({"id": "local:1", "name": f, "office": f, "country": "NP"} for f in forms[:2])
    assert not Judge().same(one, other) and Judge(nlp.kb).same(one, other)


def test_ids_that_the_base_lacks_are_compared_by_name(nlp: Pipeline) -> None:
    invented = {"id": "ind-not-in-the-base", "name": "नरेंद्र मोदी", "country": "IN", "office": None}
    known = {"id": "ind-narendra-modi", "name": "नरेंद्र मोदी", "country": "IN", "office": None}
    assert not Judge().same(invented, known)
    assert Judge(nlp.kb).same(invented, known)


def test_names_of_one_place(nlp: Pipeline) -> None:
    assert Judge().same_place(place("मॉस्को", "RU"), place("मास्को", "RU"))
    assert not Judge().same_place(place("मॉस्को"), place("कीव"))
    assert Judge(nlp.kb).same_place(place("नयी दिल्ली", "IN"), place("नई दिल्ली", "IN"))


# -- events -----------------------------------------------------------------------------------------


def test_participants_are_a_set() -> None:
    g = gold(event("IND", "RUS"))
    assert scored(g, event("RUS", "IND"))["events.strict"] == (1, 1, 1)
    assert scored(g, event("IND", "RUS", "RUS"))["events.strict"] == (0, 1, 1)


@pytest.mark.parametrize(
    ("got", "found"),
    [(("IND", "RUS", "CHN", "USA"), 1), (("IND", "RUS"), 1), (("IND",), 0), (("IND", "RUS", "CHN"), 1)],
)
def test_half_right_is_half_of_the_larger_set(got: tuple[str, ...], found: int) -> None:
    g = gold(event("IND", "RUS", "CHN", "USA"))
    counts = scored(g, event(*got))
    assert counts["events"] == (found, 1, 1)
    assert counts["events.strict"] == (len(got) == 4, 1, 1)


def test_half_right_needs_the_same_sentence_and_sort() -> None:
    g = gold(event("IND", "RUS", mentions=[[0, 4]]))
    assert scored(g, event("IND", "CHN", mentions=[[2, 9]]))["events"] == (1, 1, 1)
    assert scored(g, event("IND", "CHN", mentions=[[5, 9]]))["events"] == (0, 1, 1)
    assert scored(g, event("IND", kind="visit"))["events"] == (0, 1, 1)
    assert scored(g, event("IND", "RUS", mentions=[[5, 9]]))["events"] == (1, 1, 1)


def test_two_meetings_of_one_pair_are_told_apart_by_their_slots() -> None:
    first, second = event("IND", "RUS", time=when("2020-09-08")), event("IND", "RUS", time=when("2020-09-09"))
    g = gold(first, second)
    assert scored(g, second, first)["time"] == (2, 2, 2)
    assert scored(g, second)["time"] == (1, 1, 1)


def test_an_event_pairs_once() -> None:
    counts = scored(gold(event("IND", "RUS")), event("IND", "RUS"), event("RUS", "IND"))
    assert counts["events"] == (1, 1, 2)


def test_slots_are_counted_one_by_one() -> None:
    text = "व्यापार और रक्षा सहयोग पर बात"
    g = gold(
        event(
            "IND",
            "RUS",
            place=place("मॉस्को", "RU"),
            time=when("2020-09-09"),
            trigger={"text": "बात", "start": 26, "stop": 29},
            topics=[topic("व्यापार", 0, "economic"), topic("रक्षा सहयोग", 11)],
            mentions=[[0, 29]],
        ),
        text=text,
    )
    told = event(
        "IND",
        "RUS",
        kind="call",
        status="planned",
        time=when("2020-W37", "week"),
        topics=[topic("सहयोग", 17), topic("व्यापार", 0)],
        mentions=[[0, 29]],
        trigger={"text": "बात", "start": 26, "stop": 29},
    )
    counts = scored(g, told)
    assert counts["events"] == (1, 1, 1) and counts["kind"] == counts["status"] == (0, 1, 1)
    assert counts["place"] == (0, 1, 0)
    assert counts["time"] == (0, 1, 1) and counts["time.overlap"] == (1, 1, 1)
    assert counts["topics"] == (2, 2, 2) and counts["topics.exact"] == (1, 2, 2)
    assert counts["topics.label"] == (1, 2, 2)
    assert counts["mentions"] == (1, 1, 1)


def test_topics_of_missed_events_are_counted_apart() -> None:
    g = gold(event("IND", "RUS", topics=[topic("बैठक", 0)]))
    counts = scored(g)
    assert "topics" not in counts and counts["topics.all"] == (0, 1, 0)


def test_texts_without_events() -> None:
    assert scored(gold())["empty"] == (1, 1, 1)
    assert scored(gold(), event("IND", "RUS"))["empty"] == (0, 1, 1)
    assert "empty" not in scored(gold(event("IND", "RUS")))


def test_errors_say_where_and_by_which_rule() -> None:
    g = gold(event("IND", "RUS", place=place("मॉस्को")), text="कल वर्षा हुई। बैठक हुई।", phenomena=["x"])
    g["events"][0]["trigger"] = {"text": "बैठक", "start": 14, "stop": 18}
    got = event("IND", "RUS", place=place("कीव"), rule="events/ne-se")
    errors = score(g, output(g, got, event("CHN", "USA", rule="events/x")), Judge()).errors
    assert [(e["layer"], e["kind"], e["gold"], e["got"], e["rule"]) for e in errors] == [
        ("place", "wrong", "मॉस्को", "कीव", "events/ne-se"),
        ("events", "spurious", None, "meeting, held: एन फांग – ग्रेस हिल; ?; ?", "events/x"),
    ]
    assert errors[0]["sentence"] == "बैठक हुई।" and errors[0]["doc"] == "d1"


# -- entities and relations -------------------------------------------------------------------------


def entity(label: str, start: int, stop: int, ident: str = "", name: str = "") -> dict[str, Any]:
    return {
        "id": ident or f"x-{start}",
        "label": label,
        "name": name,
        "name_latin": "",
        "text": "",
        "start": start,
        "stop": stop,
        "country": None,
        "office": None,
    }


def entity_counts(golds: list[dict[str, Any]], gots: list[dict[str, Any]]) -> dict[str, tuple[float, ...]]:
    g = {**gold(), "entities": golds}
    return scored(g, entities=gots)


def test_entity_schemes() -> None:
    golds = [entity("PERSON", 0, 5), entity("ORG", 10, 15), entity("PLACE", 20, 25), entity("PERSON", 30, 35)]
    gots = [entity("PERSON", 0, 5), entity("ORG", 10, 18), entity("ORG", 20, 25), entity("PERSON", 50, 55)]
    counts = entity_counts(golds, gots)
    assert counts["entities.strict"] == (1, 4, 4)
    assert counts["entities.exact"] == (2, 4, 4)
    assert counts["entities.partial"] == (2.5, 4, 4)
    assert counts["entities.type"] == (2, 4, 4)
    assert counts["entities.strict[ORG]"] == (0, 1, 2)
    assert counts["linked"] == (2, 4, 4)


def test_entity_schemes_are_those_of_nervaluate() -> None:
    nervaluate = pytest.importorskip("nervaluate")
    rng = random.Random(7)
    for _ in range(40):
        slots = [(at, at + rng.randint(2, 5)) for at in range(0, 60, 10)]

        def some(slots: list[tuple[int, int]] = slots) -> list[dict[str, Any]]:
            return [
                entity(rng.choice(["PERSON", "ORG"]), a + rng.choice([0, 0, 1]), b)
                for a, b in slots
                if rng.random() < 0.8
            ]

        golds, gots = some(), some()
        spans = [
            [{"label": e["label"], "start": e["start"], "end": e["stop"] - 1} for e in es]
            for es in (golds, gots)
        ]
        theirs = nervaluate.Evaluator([spans[0]], [spans[1]], tags=["PERSON", "ORG"]).evaluate()["overall"]
        ours = entity_counts(golds, gots)
        for scheme, name in (
            ("strict", "strict"),
            ("exact", "exact"),
            ("partial", "partial"),
            ("type", "ent_type"),
        ):
            right, possible, actual = ours.get(f"entities.{scheme}", (0, 0, 0))
            assert (possible, actual) == (len(golds), len(gots))
            assert theirs[name].f1 == pytest.approx(
                2 * right / (possible + actual) if possible + actual else 0.0
            )


def test_overlaps_pair_one_to_one() -> None:
    counts = entity_counts([entity("PERSON", 0, 10)], [entity("PERSON", 0, 4), entity("PERSON", 5, 10)])
    assert counts["entities.type"] == (1, 1, 2) and counts["entities.partial"] == (0.5, 1, 2)


def test_linking_is_judged_where_the_label_is_right() -> None:
    golds = [entity("PERSON", 0, 5, "rus-l", "लावरोव"), entity("PERSON", 6, 9, "local:1", "राम")]
    gots = [entity("PERSON", 0, 5, "rus-k", "लावरोव"), entity("PERSON", 6, 9, "local:4", "राम")]
    assert entity_counts(golds, gots)["linked"] == (1, 2, 2)


def test_relations() -> None:
    row = {"type": "holds_office", "subject": "local:1", "object": "विदेश मंत्री", "start": 0, "stop": 4}
    people = [entity("PERSON", 0, 4, "local:1", "राम कुमार")]
    g = {**gold(), "entities": people, "relations": [row]}
    there = [entity("PERSON", 0, 4, "local:2", "राम कुमार")]
    assert scored(g, entities=there, relations=[{**row, "subject": "local:2"}])["relations"] == (1, 1, 1)
    assert scored(g, entities=there, relations=[{**row, "subject": "RU"}])["relations"] == (0, 1, 1)
    assert scored(g, relations=[{**row, "object": "राष्ट्रपति"}])["relations"] == (0, 1, 1)
    assert scored(g, relations=[row, row])["relations[holds_office]"] == (1, 1, 2)


# -- what must never matter -------------------------------------------------------------------------


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(g=records(), p=records(), rng=st.randoms(use_true_random=False))
def test_order_changes_nothing(g: dict[str, Any], p: dict[str, Any], rng: random.Random) -> None:
    def shuffled(record: dict[str, Any]) -> dict[str, Any]:
        made = json.loads(json.dumps(record))
        rows = [made["entities"], made["relations"], made["events"]]
        rows += [e[k] for e in made["events"] for k in ("participants", "topics", "mentions")]
        for row in rows:
            rng.shuffle(row)
        return dict(made)

    p = {**p, "text": g["text"]}
    one, other = score(g, p, Judge()), score(shuffled(g), shuffled(p), Judge())
    assert one.counts == other.counts and one.confusions == other.confusions
    assert len(one.errors) == len(other.errors)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(g=records())
def test_gold_against_itself_has_no_error(g: dict[str, Any]) -> None:
    made = score(g, g, Judge())
    for measure, (right, of, got) in made.counts.items():
        assert right == of == got or not measure.startswith(("entities", "events", "topics")), measure


def test_one_document_changes_nothing_for_another() -> None:
    one, two = gold(event("IND", "RUS"), ident="a"), gold(event("CHN", "USA"), ident="b")
    outs = [output(one, event("IND", "CHN")), output(two, event("CHN", "USA"))]
    alone = evaluate(outs[:1], [one]).documents[0]
    both = evaluate(outs, [one, two])
    turned = evaluate(outs[::-1], [two, one])
    assert both.documents[0] == alone == turned.documents[1]
    assert both.rate("events") == turned.rate("events")


def test_counts_are_summed_before_any_rate() -> None:
    many = gold(*(event("IND", "RUS", time=when(f"2020-09-0{n}")) for n in range(1, 10)), ident="a")
    few = gold(event("IND", "RUS"), ident="b")
    report = evaluate([output(many, *many["events"]), output(few)], [many, few])
    assert report.rate("events").recall == 0.9  # not the mean of 1 and 0


# -- the report -------------------------------------------------------------------------------------


@pytest.fixture
def report() -> EvaluationReport:
    golds = [
        gold(
            event("IND", "RUS", place=place("मॉस्को")),
            ident=f"d{n}",
            phenomena=["phone"] if n % 2 else ["visit"],
        )
        for n in range(8)
    ] + [gold(ident="empty", phenomena=["no-meeting"])]
    outs = [
        output(
            g,
            event(
                "IND",
                "RUS" if n % 3 else "CHN",
                place=place("मॉस्को" if n % 2 else "<script>alert(1)</script>"),
            ),
        )
        for n, g in enumerate(golds[:8])
    ]
    return evaluate([*outs, output(golds[8])], golds)


def test_rates_tables_and_intervals(report: EvaluationReport) -> None:
    assert report.rate("events").f1 == 1 and report.rate("events.strict").recall == 5 / 8
    low, high = report.interval("events.strict") or (0, 0)
    assert 0 < low < 5 / 8 < high <= 1
    assert report.interval("events.strict") == report.interval("events.strict")
    assert [g["name"] for g in report.per_phenomenon()] == ["phone", "visit", "no-meeting"]
    assert report.per_phenomenon()[0] == {
        "name": "phone",
        "documents": 4,
        "gold": 4,
        "events": 1.0,
        "events.strict": 0.75,
        "status": 1.0,
        "place": 1.0,
        "time": None,
        "topics": None,
        "entities.strict": None,
    }
    assert len(report.per_document()) == 9 and report.confusion("kind") == {("meeting", "meeting"): 8}
    rows = {row["row"]: row for row in report.bars()}
    assert rows["texts with no meeting kept empty"]["met"] == "aim"
    assert rows["place right, where it can be known"]["value"] == 0.5
    assert "events, participants all right" in str(report) and "0.625" in str(report)


def test_a_report_survives_saving(report: EvaluationReport, tmp_path: Path) -> None:
    report.save(tmp_path / "r.json")
    again = EvaluationReport.load(tmp_path / "r.json")
    assert again.to_dict() == report.to_dict() and str(again) == str(report)
    (tmp_path / "x.json").write_text('{"schema": "other"}')
    with pytest.raises(InputError, match="saved evaluation"):
        EvaluationReport.load(tmp_path / "x.json")
    with pytest.raises(InputError, match="saved evaluation"):
        EvaluationReport.load(tmp_path / "none.json")


def test_fail_under(report: EvaluationReport) -> None:
    assert report.below(["0.9", "events.strict=0.6", "place.recall=0.5"]) == []
    assert report.below({"events.strict": 0.7}) == ["events.strict: 0.6250, below 0.7"]
    assert report.below(["time=0.5"]) == ["time: not measured, below 0.5"]
    for wrong in ("event=0.5", "events=", "x"):
        with pytest.raises(InputError):
            report.below([wrong])


def test_a_repr_is_one_line(report: EvaluationReport) -> None:
    assert repr(report) == "EvaluationReport(9 documents, events F1 1.000, 7 errors)"
    change = compare(report, report)
    assert repr(change) == "Comparison(9 documents in both runs; 0 errors mended, 0 new)"
    assert change._repr_html_().startswith("<table") and "events, participants all right" in change._repr_html_()


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("src", "href")]


def test_the_error_browser_shows_and_does_not_run(report: EvaluationReport) -> None:
    html = report.to_html()
    page = Page()
    page.feed(html)
    assert page.tags.count("script") == 1 and not page.links
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and page.tags.count("section") == 9
    shown = Page()
    shown.feed(report._repr_html_())
    assert set(shown.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td"} and not shown.links


@pytest.mark.browser
@pytest.mark.skipif(FOUND is None, reason="no Chromium here")
def test_the_error_browser_in_a_browser(report: EvaluationReport, tmp_path: Path) -> None:
    path = tmp_path / "errors.html"
    path.write_text(report.to_html(), encoding="utf-8")
    with Chromium() as page:
        page.open(path)
        assert page.told == [] and [a for a in page.asked if not a.startswith("file:")] == []
        shown = "[...document.querySelectorAll('section.doc')].filter(e => !e.hidden).length"
        pick = "(() => { const e = document.getElementById(%r); e.value = %r; e.dispatchEvent(new Event('change')) })()"
        assert page.run(shown) == 9
        page.run(pick % ("layer", "place"))
        assert (
            page.run(shown) == 4
            and page.run("document.getElementById('count').textContent") == "4 errors shown"
        )
        page.run(pick % ("tag", "phone"))
        assert page.run(shown) == 0
        page.run(pick % ("layer", ""))
        assert page.run(shown) == 4


def test_errors_as_lines(report: EvaluationReport) -> None:
    lines = list(report.error_lines(["place"]))
    assert lines[0] == "== d0" and "    gold: मॉस्को" in lines and len(report.errors) > len(lines) // 5


def test_comparing_two_runs() -> None:
    golds = [gold(event("IND", "RUS"), ident=f"d{n}") for n in range(20)]
    before = evaluate(
        [output(g, event("IND", "RUS")) if n % 2 else output(g) for n, g in enumerate(golds)], golds
    )
    after = evaluate([output(g, event("IND", "RUS")) if n else output(g) for n, g in enumerate(golds)], golds)
    same = compare(before, before)
    assert same["events"].difference == 0 and same["events"].p == 1 and not same.mended and not same.new
    change = before.compare(after)["events"]
    assert change.better == tuple(f"d{n}" for n in range(2, 20, 2)) and not change.worse
    assert change.p < 0.05 and change.interval is not None and change.interval[0] > 0
    back = after.compare(before)
    assert len(back.new) == 9 and not back.mended and back["events"].difference == -change.difference  # type: ignore[operator]
    assert "9 errors mended, 0 new" in str(before.compare(after))
    json.dumps(back.to_dict())
    with pytest.raises(InputError, match="share no document"):
        compare(before, evaluate([output(gold(ident="z"))], [gold(ident="z")]))


# -- gold files -------------------------------------------------------------------------------------


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def test_a_text_known_by_its_hash(tmp_path: Path) -> None:
    text = "बैठक हुई।"
    row = {k: v for k, v in gold(event("IND", "RUS")).items() if k != "text"}
    row["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    path = write(tmp_path / "g.jsonl", row, gold(ident="d2"))
    seen: list[str] = []

    def nlp(row: Any) -> dict[str, Any]:
        seen.append(row["text"])
        return output({**gold(), "id": row["id"], "text": row["text"]}, event("IND", "RUS"))

    report = evaluate(nlp, path)
    assert report.skipped == ("d1",) and len(report.documents) == 1 and "skipped: d1" in str(report)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_bytes(text.encode())
    report = evaluate(nlp, path, texts=tmp_path / "texts")
    assert not report.skipped and report.rate("events").recall == 1 and text in seen


def test_a_layer_left_out_is_not_scored() -> None:
    g = gold(event("IND", "RUS"))
    out = output(g, event("IND", "RUS"), entities=[entity("PERSON", 0, 4)])
    assert evaluate([out], [g]).rate("entities.strict").got == 1
    del g["entities"], g["relations"]
    assert evaluate([out], [g]).rate("entities.strict").got == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"schema": ', "g.jsonl:1: not JSON"),
        ("[1]", "expected a JSON object"),
        ('{"schema": "x"}', "g.jsonl:1"),
        ("", "no gold documents"),
        ("\udcff", "not UTF-8"),
        ("\n".join([json.dumps(gold())] * 2), "g.jsonl:2: the id 'd1' stands twice"),
    ],
)
def test_broken_gold_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "g.jsonl").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises((InputError, DataError), match=said):
        load_gold(tmp_path)


def test_missing_things_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        load_gold(tmp_path / "none")
    with pytest.raises(InputError, match="no such folder of texts"):
        load_gold(SEEDS, texts=tmp_path / "none")
    with pytest.raises(InputError, match="no output for the gold documents d1"):
        evaluate([], [gold()])
    with pytest.raises(InputError, match="of another text"):
        evaluate([{**output(gold()), "text": "x"}], [gold()])
    with pytest.raises(InputError, match="an output record needs"):
        evaluate([{"id": "d1"}], [gold()])


def test_the_seed_article(nlp: Pipeline, tmp_path: Path) -> None:
    report = evaluate(nlp, SEEDS / "seed.jsonl")
    assert report.rate("events").gold == 8 and report.made_by["tagger"] == "none"
    path = write(
        tmp_path / "out.jsonl",
        *(
            nlp({"id": d.id, "text": d.text, "published": d.record["published"]}).record()
            for d in load_gold(SEEDS / "seed.jsonl")
        ),
    )
    assert evaluate(path, SEEDS / "seed.jsonl", kb=nlp.kb).documents == report.documents


@pytest.mark.skipif(not SHARED.exists(), reason="the raw article is not in the project")
def test_the_raw_article_is_found_by_its_hash(nlp: Pipeline) -> None:
    report = evaluate(nlp, SEEDS / "raw-seed.jsonl", texts=SHARED)
    assert not report.skipped and report.rate("events.strict").recall == 1


def test_two_participants_of_one_office_are_both_needed() -> None:
    ministers = [
        person("IND", id="local:1", name="भारत के विदेश सचिव", office="विदेश सचिव"),
        person("RUS", id="local:2", name="रूस के विदेश सचिव", office="विदेश सचिव"),
    ]
    assert scored(gold(event(*ministers)), event(*ministers[::-1]))["events.strict"] == (1, 1, 1)
    assert scored(gold(event(*ministers)), event(ministers[0], ministers[0]))["events.strict"] == (0, 1, 1)


def test_labels_as_docs() -> None:
    gold = load_gold(SEEDS / "dev.jsonl")
    docs = labelled(SEEDS / "dev.jsonl")
    assert [d.id for d in docs] == [g.id for g in gold]
    for doc, mine in zip(docs, gold, strict=True):
        assert [e.id for e in doc.events] == [e["id"] for e in mine.record["events"]]
        for e in doc.events:
            spans = [(p.span, p.text) for p in e.participants] + [(t.span, t.text) for t in e.topics]
            if e.occasion:
                spans.append((e.occasion.span, e.occasion.text))
            assert all(span.of(doc.text) == text for span, text in spans), (doc.id, e.id)
        assert doc.to_html() and len(doc.entities) == len({e["id"] for e in mine.record["entities"]})
    assert evaluate([d.record() for d in docs], SEEDS / "dev.jsonl").value("events.strict") == 1


def test_labels_without_their_text(tmp_path: Path) -> None:
    raw = load_gold(SEEDS / "raw-seed.jsonl")[0]
    if raw.text is None:
        assert labelled(SEEDS / "raw-seed.jsonl") == []
        with pytest.raises(InputError, match="sha256"):
            raw.doc()
