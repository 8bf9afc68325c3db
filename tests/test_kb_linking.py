"""Two sets of facts, written down before anything was run: names in spellings that no table holds
(``kb_spellings.tsv``), and who held which office on which day, read from news and reference pages of 2017 to
2026 (``kb_questions.tsv``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from hindi_diplo import linking, relations
from hindi_diplo.knowledge import KnowledgeBase
from hindi_diplo.names import alike, skeleton
from hindi_diplo.pipeline import Pipeline
from hindi_diplo.text import phrase
from hindi_diplo.types import Doc, Mention, Relation, Span

HERE = Path(__file__).parent


def table(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


SPELLINGS = table("kb_spellings.tsv")
QUESTIONS = table("kb_questions.tsv")


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


@pytest.fixture(scope="module")
def nlp() -> Pipeline:
    return Pipeline(tagger="none")


def linked(kb: KnowledgeBase, day: str, *words: tuple[str, str]) -> str:
    """The id that the last of some words gets, which stand in a sentence in that order."""
    text, mentions = "", []
    for word, kind in words:
        mentions.append(Mention(Span(len(text), len(text) + len(word)), kind, phrase(word), "test"))
        text += f"{word} " + ("के " if kind in ("COUNTRY", "ORG") else "")
    doc = Doc(text=text + "ने कहा।", published=day, mentions=tuple(mentions))
    return next(e.id for e in linking.link(doc, kb) if len(mentions) - 1 in e.mentions)


def body(kb: KnowledgeBase, name: str) -> str:
    return "ORG" if any(kind == "ORG" for kind, _ in kb.lookup(name)) else "COUNTRY"


def test_the_spellings_stand_in_no_table(kb: KnowledgeBase) -> None:
    assert [name for _, _, name, _, _ in SPELLINGS if kb.lookup(name)] == []
    assert [ident for *_, ident in SPELLINGS if kb.entry(ident) is None] == []
    assert len(SPELLINGS) == 60


def test_odd_spellings_with_country_and_office(kb: KnowledgeBase) -> None:
    missed = [name for country, office, name, day, ident in SPELLINGS
              if linked(kb, day, (country, body(kb, country)), (office, "OFFICE"), (name, "PERSON")) != ident]
    assert len(missed) <= 2, missed


def test_odd_spellings_alone_are_right_or_unknown(kb: KnowledgeBase) -> None:
    got = [(linked(kb, day, (name, "PERSON")), ident) for _, _, name, day, ident in SPELLINGS]
    assert [pair for pair in got if pair[0] != pair[1] and not pair[0].startswith("local:")] == []
    assert sum(a == b for a, b in got) >= 52


@pytest.mark.parametrize("name", [
    "राजेश शर्मा", "सुनील वर्मा", "अमित त्रिपाठी", "मोहम्मद इरफान", "जॉन स्मिथ", "अब्दुल करीम", "रमेश यादव", "पूजा मेहता",
    "डेविड जॉनसन", "मारिया गोंजालेस", "संजीव कुमार", "फातिमा बेगम", "विकास दुबे", "अनिल कपूर", "किम सू ह्यून",
])
def test_private_names_stand_for_nobody(kb: KnowledgeBase, name: str) -> None:
    assert linked(kb, "2023-03-01", (name, "PERSON")).startswith("local:")


@pytest.mark.parametrize(("country", "office", "day", "who"), QUESTIONS)
def test_who_held_it_by_the_news(kb: KnowledgeBase, country: str, office: str, day: str, who: str) -> None:
    found = {kb.entries[h.person].name_latin: h.sure for h in kb.holder(country, office, day)}
    assert who in found and 0 < found[who] <= 1


def test_a_spelling_of_another_country_is_not_taken(kb: KnowledgeBase) -> None:
    words = ("चीन", "COUNTRY"), ("विदेश मंत्री", "OFFICE"), ("ऐंटनी ब्लिंकेन", "PERSON")
    assert linked(kb, "2022-04-11", *words).startswith("local:")


@pytest.mark.parametrize(("hindi", "latin"), [
    ("क्रिस्टोफर लक्सन", "Christopher Luxon"), ("शी चिनफिंग", "Xi Jinping"), ("व्लादिमीर पुतिन", "Vladimir Putin"),
    ("मुसालिया मुदावादी", "Musalia Mudavadi"), ("जीन यवेस लेड्रियन", "Jean-Yves Le Drian"),
])
def test_skeletons_across_scripts(hindi: str, latin: str) -> None:
    assert skeleton(hindi) == skeleton(latin) != ""


def test_alike_passes_over_middle_names() -> None:
    assert alike("एनरिक ए मनालो", "एनरिक मनालो") > 0.9
    assert alike("अरुण जेटली", "वरुण गांधी") == 0.0


@pytest.mark.parametrize(("country", "office", "day", "who"), [
    ("GB", "foreign-secretary", "2023-01-01", "gbr-james-cleverly"),
    ("US", "defence-secretary", "2022-01-01", "usa-lloyd-austin"),
    ("IN", "foreign-secretary", "2023-01-01", "ind-vinay-mohan-kwatra"),
])
def test_secretaries_who_are_ministers_abroad(kb: KnowledgeBase, country: str, office: str, day: str, who: str) -> None:
    assert kb.holder(country, office, day)[0].person == who


def test_the_secretary_is_no_counterpart_of_a_minister(kb: KnowledgeBase) -> None:
    assert kb.counterpart("ind-vikram-misri", "GB", "2025-01-01") == ()


@pytest.mark.parametrize(("text", "day", "name", "ident"), [
    ("नेपाल में विक्रम मिस्री ने कहा। मिस्री लौट आए।", "2025-08-17", "मिस्री", "ind-vikram-misri"),
    ("मिस्र में विक्रम मिस्री ने कहा। मिस्री मंत्री आए।", "2025-08-17", "मिस्री", "EG"),
    ("किम जोंग ने कहा।", "2018-06-12", "किम जोंग", "prk-kim-jong-un"),
    ("इंडो पैसिफिक पर चर्चा हुई।", "2023-10-16", "इंडो पैसिफिक", "indo-pacific"),
    ("रोवांडा के मंत्री आए।", "2023-01-16", "रोवांडा", "RW"),
    ("गाजा में युद्ध हुआ।", "2024-07-05", "गाजा", "ps-gaza"),
])
def test_names_in_the_news(nlp: Pipeline, text: str, day: str, name: str, ident: str) -> None:
    made = nlp(text, published=day)
    found = [e.id for e in made.entities for i in e.mentions if made.mentions[i].span.of(text) == name]
    assert ident in found or any(i.endswith(ident) for i in found)


@pytest.mark.parametrize(("text", "day", "who"), [
    ("2015 में अमेरिका के तत्कालीन राष्ट्रपति ने प्रधानमंत्री मोदी से मुलाकात की थी।", "2024-01-01", "usa-barack-obama"),
    ("2012 में चीन के राष्ट्रपति ने मनमोहन सिंह से मुलाकात की थी।", "2024-01-01", "chn-hu-jintao"),
    ("जयशंकर ने ब्रिटेन के विदेश सचिव से मुलाकात की।", "2023-03-01", "gbr-james-cleverly"),
])
def test_offices_by_the_day_spoken_of(nlp: Pipeline, text: str, day: str, who: str) -> None:
    made = nlp(text, published=day)
    resolved = {person: r.why for r in made.references for person in r.entities}
    assert who in resolved and "sure" in resolved[who]


def found(nlp: Pipeline, text: str, kind: str, day: str = "2022-09-06") -> list[Relation]:
    return [r for r in nlp(text, published=day).relations if r.type == kind]


def test_visits_say_from_to_and_days(nlp: Pipeline) -> None:
    [visit] = found(nlp, "विदेश मंत्री एस जयशंकर 7 से 10 सितंबर तक जापान की यात्रा पर रहेंगे।", "visits")
    assert (visit.subject, visit.object, visit.begins, visit.ends, visit.days) == (
        "ind-s-jaishankar", "JP", "2022-09-07", "2022-09-10", 4)
    [visit] = found(nlp, "रक्षा मंत्री राजनाथ सिंह सोमवार को तीन दिवसीय यात्रा पर रूस पहुंचे।", "visits")
    assert (visit.begins, visit.ends, visit.days) == ("2022-09-05", None, 3)


def test_offices_say_country_and_term(nlp: Pipeline) -> None:
    [held] = found(nlp, "पूर्व प्रधानमंत्री मनमोहन सिंह ने कहा।", "holds_office")
    assert (held.subject, held.country) == ("ind-manmohan-singh", "IN")
    assert (held.begins, held.ends) == ("2004-05-22", "2014-05-26")
    record = nlp("रूस के विदेश मंत्री सर्गेई लावरोव ने कहा।", published="2020-09-09").record()["relations"][0]
    assert (record["country"], record["from"], record["to"], record["days"]) == ("RU", "2004-03-09", None, None)


def test_members_are_those_whom_the_text_calls_so(nlp: Pipeline) -> None:
    text = "भारत 2017 में एससीओ का सदस्य बना। पाकिस्तान ब्रिक्स का सदस्य नहीं है। "
    text += "एससीओ के सदस्य देशों चीन और रूस ने कहा।"
    members = [(r.subject, r.object) for r in found(nlp, text, "member_of")]
    assert members == [("IN", "sco"), ("CN", "sco"), ("RU", "sco")]


def test_relations_of_nothing() -> None:
    assert relations.relations(Doc(text="कुछ नहीं"), KnowledgeBase.load(folder=HERE / "world")) == ()


@pytest.mark.parametrize(("name", "day", "ident"), [
    ("किहारा मिनोरू", "2024-08-20", "jpn-minoru-kihara"),  # the family name first
    ("अली लारी जानी", "2013-02-26", "irn-ali-larijani"),  # one word in two
    ("नैन्सी पेलोसी", "2021-05-05", "usa-nancy-pelosi"),
    ("बारक ओबामा", "2013-01-09", "usa-barack-obama"),  # the same consonants
])
def test_names_alone_in_another_order_or_division(kb: KnowledgeBase, name: str, day: str, ident: str) -> None:
    assert kb.lookup(name) == () and linked(kb, day, (name, "PERSON")) == ident


def test_a_name_misspelt_beside_the_right_one_is_the_same_person(nlp: Pipeline) -> None:
    text = "विदेश मंत्री प्रणब मुखर्जी ने कहा कि वार्ता अच्छी रही। प्रवण मुखर्जी कल लौटेंगे।"
    mentions = tuple(Mention(Span(text.index(name), text.index(name) + len(name)), "PERSON", phrase(name), "test")
                     for name in ("प्रणब मुखर्जी", "प्रवण मुखर्जी"))
    doc = Doc(text=text, published="2008-03-24", mentions=mentions)
    assert [(e.id, e.mentions) for e in linking.link(doc, nlp.kb)] == [("ind-pranab-mukherjee", (0, 1))]


def test_a_name_that_is_an_adjective_too_behind_an_office(nlp: Pipeline) -> None:
    people = [e.id for e in nlp("विदेश सचिव मिस्री ने बैठक की।", published="2025-08-17").entities if e.kind == "PERSON"]
    lands = [e.id for e in nlp("मिस्री राष्ट्रपति ने बैठक की।", published="2025-08-17").entities if e.kind == "COUNTRY"]
    assert people == ["ind-vikram-misri"] and lands == ["EG"]


def test_a_short_name_needs_more_than_the_same_consonants(nlp: Pipeline) -> None:
    text = "इमरान खान ने अशरफ गनी से बात की। इमरान खान ने बताया। गनी ने कहा।"
    spans = [(text.index("इमरान खान"), 9), (text.index("अशरफ गनी"), 8),
             (text.rindex("इमरान खान"), 9), (text.rindex("गनी"), 3)]
    mentions = tuple(Mention(Span(at, at + n), "PERSON", phrase(text[at : at + n]), "test") for at, n in spans)
    entities = linking.link(Doc(text=text, published="2020-11-19", mentions=mentions), nlp.kb)
    assert next(e.id for e in entities if 3 in e.mentions) == "afg-ashraf-ghani"


def test_a_word_that_is_a_place_too_needs_a_word_of_being_there(nlp: Pipeline) -> None:
    def places(text: str) -> list[str]:
        return [e.id for e in nlp(text, published="2019-05-05").entities if e.kind == "PLACE"]

    assert places("पुतिन और मोदी सोची में मिले।") == ["ru-sochi"]
    assert places("यह सोची समझी नीति है।") == []
    assert places("हवाई हमले के बाद मंत्री हवाई में मिले।") == ["us-hawaii"]
