"""Linking: mentions made by hand over an invented world, then real names through the pipeline without a tagger."""

from __future__ import annotations

from pathlib import Path

import pytest

from hindi_diplo import linking
from hindi_diplo.knowledge import KnowledgeBase
from hindi_diplo.names import key, latin
from hindi_diplo.pipeline import Pipeline
from hindi_diplo.text import phrase
from hindi_diplo.types import Doc, Entity, Mention, Span

WORLD = Path(__file__).parent / "world"


@pytest.fixture(scope="module")
def world() -> KnowledgeBase:
    return KnowledgeBase.load(folder=WORLD)


def doc(text: str, *marked: tuple[str, str], day: str | None = "2011-05-05") -> Doc:
    """A document with mentions of the given kinds, in the order of the text; ADJ is a country's adjective."""
    mentions, at = [], 0
    for words, kind in marked:
        at = text.index(words, at)
        source = "gazetteer/adj" if kind == "ADJ" else "test"
        mentions.append(Mention(Span(at, at + len(words)), "COUNTRY" if kind == "ADJ" else kind, phrase(words), source))
        at += len(words)
    return Doc(text=text, published=day, mentions=tuple(mentions))


def people(made: tuple[Entity, ...]) -> dict[str, tuple[int, ...]]:
    return {e.id: e.mentions for e in made if e.kind == "PERSON"}


def test_short_name_means_the_fuller_one_before_and_after(world: KnowledgeBase) -> None:
    made = linking.link(doc("लेमी आईं। सोना लेमी ने कहा। फिर लेमी गईं।", ("लेमी", "PERSON"), ("सोना लेमी", "PERSON"),
                            ("लेमी", "PERSON")), world)
    assert people(made) == {"qaa-sona-lemi": (0, 1, 2)}
    assert made[0].name == "सोना लेमी" and made[0].name_latin == "Sona Lemi"


def test_unknown_short_name_means_the_fuller_one_too(world: KnowledgeBase) -> None:
    made = linking.link(doc("रवीश तोमर मिले। तोमर बोले।", ("रवीश तोमर", "PERSON"), ("तोमर", "PERSON")), world)
    assert people(made) == {"local:1": (0, 1)}
    assert made[0].name_latin == "Ravish Tomar"


@pytest.mark.parametrize("short", ["रवीश तोमर", "लाल तोमर", "president तोमर"])
def test_some_words_of_a_fuller_name_mean_its_bearer(world: KnowledgeBase, short: str) -> None:
    made = linking.link(doc(f"{short} मिले। रवीश लाल तोमर बोले।", (short, "PERSON"), ("रवीश लाल तोमर", "PERSON")), world)
    assert people(made) == {"local:1": (0, 1)} and made[0].name == "रवीश लाल तोमर"


def test_a_stranger_misspelt_once_is_one_person(world: KnowledgeBase) -> None:
    made = linking.link(doc("तारिक बिन नायफ मिले। तारिक बिन नायक बोले। तारिक बिन सलमान गए।", ("तारिक बिन नायफ", "PERSON"),
                            ("तारिक बिन नायक", "PERSON"), ("तारिक बिन सलमान", "PERSON")), world)
    assert people(made) == {"local:1": (0, 1), "local:2": (2,)}


def test_words_that_two_names_have_mean_neither(world: KnowledgeBase) -> None:
    made = linking.link(doc("लाल तोमर मिले। रवीश लाल तोमर और मीना लाल तोमर बोले।", ("लाल तोमर", "PERSON"),
                            ("रवीश लाल तोमर", "PERSON"), ("मीना लाल तोमर", "PERSON")), world)
    assert len(people(made)) == 3


def test_two_of_one_family_name_are_kept_apart(world: KnowledgeBase) -> None:
    made = linking.link(doc("अरुण तारकेव और मीरा तारकेव मिले। मीरा बोलीं।", ("अरुण तारकेव", "PERSON"),
                            ("मीरा तारकेव", "PERSON"), ("मीरा", "PERSON")), world)
    assert people(made) == {"qaa-arun-tarkeev": (0,), "qaa-mira-tarkeev": (1, 2)}


def test_same_name_in_two_countries_needs_evidence(world: KnowledgeBase) -> None:
    known = linking.link(doc("आर्दियाई डेविड मॉस आए।", ("आर्दियाई", "ADJ"), ("डेविड मॉस", "PERSON")), world)
    assert "qaa-david-moss" in people(known)
    by_office = linking.link(doc("चांसलर डेविड मॉस आए।", ("चांसलर", "OFFICE"), ("डेविड मॉस", "PERSON")), world)
    assert "qbb-david-moss" in people(by_office)


def test_what_stays_open_keeps_its_candidates(world: KnowledgeBase) -> None:
    made = linking.link(doc("डेविड मॉस आए।", ("डेविड मॉस", "PERSON"), day=None), world)
    assert made[0].id == "local:1"
    assert {ident for ident, _ in made[0].candidates} == {"qbb-david-moss", "qaa-david-moss"}


def test_office_that_the_text_gives_links_an_odd_spelling(world: KnowledgeBase) -> None:
    text = "बेलोराई विदेश मंत्री योरेल बानीक आए।"
    made = linking.link(doc(text, ("बेलोराई", "ADJ"), ("विदेश मंत्री", "OFFICE"), ("योरेल बानीक", "PERSON")), world)
    assert "qbb-jorel-banik" in people(made)
    alone = linking.link(doc("योरेल बानीक आए।", ("योरेल बानीक", "PERSON")), world)
    assert people(alone) == {"local:1": (0,)}


def test_unknown_person_gets_office_and_country_of_the_text(world: KnowledgeBase) -> None:
    text = "बेलोराई विदेश मंत्री सुरिन ताको आए।"
    made = linking.link(doc(text, ("बेलोराई", "ADJ"), ("विदेश मंत्री", "OFFICE"), ("सुरिन ताको", "PERSON")), world)
    person = next(e for e in made if e.kind == "PERSON")
    assert (person.id, person.office, person.country) == ("local:1", "विदेश मंत्री", "QB")
    assert person.name_latin == "Surin Tako"


def test_brackets_join_even_the_unknown(world: KnowledgeBase) -> None:
    text = "नदी जल परिषद (नजप) की बैठक हुई। नजप ने कहा।"
    made = linking.link(doc(text, ("नदी जल परिषद", "ORG"), ("नजप", "ORG")), world)
    assert len(made) == 1 and made[0].mentions == (0, 1) and made[0].name == "नदी जल परिषद"


def test_ministry_of_another_country(world: KnowledgeBase) -> None:
    ours = linking.link(doc("विदेश मंत्रालय ने कहा।", ("विदेश मंत्रालय", "ORG")), world)
    assert ours[0].id == "mfa"
    theirs = linking.link(doc("बेलोरा के विदेश मंत्रालय ने कहा।", ("बेलोरा", "COUNTRY"), ("विदेश मंत्रालय", "ORG")), world)
    ministry = next(e for e in theirs if e.kind == "ORG")
    assert ministry.id.startswith("local:") and ministry.country == "QB"


def test_nothing_in_nothing_out(world: KnowledgeBase) -> None:
    assert linking.link(Doc(text="कुछ नहीं"), world) == ()


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(("hindi", "expected"), [
    ("राजनाथ सिंह", "Rajnath Sinh"), ("लावरोव", "Lavrov"), ("अरुण जेटली", "Arun Jetli"), ("मोदी", "Modi"),
    ("कमल", "Kamal"), ("SCO", "SCO"),
])
def test_readable_latin(hindi: str, expected: str) -> None:
    assert latin(hindi) == expected


@pytest.mark.parametrize(("one", "other"), [
    ("लावरोव", "लवरोव"), ("जेलेंस्की", "ज़ेलेन्स्की"), ("शोइगु", "शोइगू"), ("ट्रंप", "ट्रम्प"), ("बाइडन", "बाइडेन"),
    ("मुहम्मद", "मोहम्मद"),
])
def test_spellings_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


# ---------------------------------------------------------------- real names, gazetteer only


@pytest.mark.parametrize(("text", "day", "name", "ident"), [
    ("विदेश मंत्री एस. जयशंकर ने कहा।", "2020-09-09", "एस. जयशंकर", "ind-s-jaishankar"),
    ("रूसी राष्ट्रपति पुतिन आए।", "2020-09-09", "पुतिन", "rus-vladimir-putin"),
    ("शी चिनफिंग ने कहा।", "2019-10-11", "शी चिनफिंग", "chn-xi-jinping"),
    ("अमेरिकी राष्ट्रपति डोनाल्ड ट्रम्प ने कहा।", "2019-06-28", "डोनाल्ड ट्रम्प", "usa-donald-trump"),
    ("वह मास्को गए।", "2020-09-09", "मास्को", "ru-moscow"),
    ("बैठक हैदराबाद हाउस में हुई।", "2020-09-09", "हैदराबाद हाउस", "in-hyderabad-house"),
    ("वह दुशांबे में थे।", "2020-09-09", "दुशांबे", "tj-dushanbe"),
    ("एसीओ की बैठक हुई।", "2020-09-09", "एसीओ", "sco"),
    ("यूएनएससी में चर्चा हुई।", "2020-09-09", "यूएनएससी", "unsc"),
    ("द. कोरिया ने कहा।", "2020-09-09", "द. कोरिया", "KR"),
])
def test_real_names(nlp: Pipeline, text: str, day: str, name: str, ident: str) -> None:
    made = nlp(text, published=day)
    found = {m.span.of(text): e.id for e in made.entities for m in (made.mentions[i] for i in e.mentions)}
    assert found.get(name) == ident


@pytest.mark.parametrize(("text", "ident"), [
    ("बिहार में जापानी बुखार फैला।", "JP"), ("चीनी मिल मालिक मिले।", "CN"), ("वह इंडिया गेट पर थे।", "IN"),
    ("भारत सिंह ने कहा।", "IN"), ("अमेरिकी राज्य जॉर्जिया में मतदान हुआ।", "GE"),
])
def test_traps(nlp: Pipeline, text: str, ident: str) -> None:
    assert ident not in {e.id for e in nlp(text, published="2020-09-09").entities}


def test_relations_of_a_text(nlp: Pipeline) -> None:
    made = nlp("रूस के विदेश मंत्री सर्गेई लावरोव ने शंघाई सहयोग संगठन (एससीओ) की बैठक में कहा।", published="2020-09-09")
    kinds = {(r.type, r.subject, r.object) for r in made.relations}
    assert ("holds_office", "rus-sergey-lavrov", "विदेश मंत्री") in kinds
    assert ("alias_of", "sco", "एससीओ") in kinds


@pytest.mark.parametrize("sentences", [0, 50])
def test_former_is_seen_right_before_the_office_however_long_the_text(world: KnowledgeBase, sentences: int) -> None:
    filler = "यह एक वाक्य है। " * sentences
    for word, former in (("पूर्व", True), ("बड़े", False)):
        made = doc(f"{filler}{word} मंत्री सोना लेमी ने कहा।", ("मंत्री", "OFFICE"), ("सोना लेमी", "PERSON"))
        assert linking.said_before(made, 1, world).former is former


def test_unknown_short_form_in_brackets_means_the_body_wherever_it_stands() -> None:
    """Both names are invented, so that no list and no tagger knows the short form."""
    text = "पूर्वी तट सहयोग परिषद (पीटीएसपी) की बैठक हुई। बाद में पीटीएसपी ने बयान दिया।"
    doc = Pipeline()(text)
    bodies = [e for e in doc.entities if e.kind == "ORG"]
    assert [len(e.mentions) for e in bodies] == [3]
    assert {doc.mentions[m].norm for m in bodies[0].mentions} == {"पूर्वी तट सहयोग परिषद", "पीटीएसपी"}


@pytest.mark.parametrize("sentence", ["चाय में चीनी डालिए।", "बाजार में चीनी की कमी है।"])
def test_sugar_is_no_country(nlp: Pipeline, sentence: str) -> None:
    assert not nlp(sentence).entities


def test_former_prime_minister_is_not_the_one_of_the_day(nlp: Pipeline) -> None:
    doc = nlp({"id": "a", "text": "पूर्व प्रधानमंत्री ने पुतिन से मुलाकात की।", "published": "2020-09-10"})
    assert not any(p.entity == "ind-narendra-modi" for e in doc.events for p in e.participants)


@pytest.mark.parametrize(("text", "ident"), [
    ("राजनाथ सिंह ने वियतनाम के रक्षा मंत्री पी गियांग से मुलाकात की।", "vnm-phan-van-giang"),
    ("राजनाथ सिंह मंगोलिया के राष्ट्रपति यू खुरेलसुख से मिलेंगे।", "mng-khurelsukh-ukhnaa"),
    ("राजनाथ सिंह मंगोलिया के राष्ट्रपति यू बोल्दबातर से मिलेंगे।", "local:1"),
])
def test_initials_and_a_family_name_mean_the_holder_of_the_office(nlp, text, ident):
    assert ident in {e.id for e in nlp(text, published="2022-09-04").entities}
