"""Mentions: one written priority between knowledge base, mention rules and tagger; what is kept out of names."""

from collections.abc import Sequence

import pytest

from hindi_diplo import reader, tagging, text
from hindi_diplo.pipeline import Pipeline
from hindi_diplo.taggers import TaggedSpan
from hindi_diplo.tagging import MentionTagger
from hindi_diplo.types import Doc


class Says:
    """A tagger that proposes what it is told: words with a label, wherever they stand."""

    name = "says"
    made_by: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, **proposed: str) -> None:
        self._proposed = [(words.split(), label) for label, many in proposed.items() for words in many.split("|")]

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TaggedSpan]]:
        return [[(at, at + len(words), label, 0.99) for words, label in self._proposed
                 for at in range(len(sentence)) if list(sentence[at : at + len(words)]) == words]
                for sentence in sentences]


def mentions(nlp: Pipeline, source: str, **proposed: str) -> list[tuple[str, str, str]]:
    article = reader.from_text(source)
    sentences, tokens = text.tokenized(article.text, article.zones)
    step = MentionTagger(nlp.kb, nlp.lexicon, Says(**proposed) if proposed else nlp.tagger)
    found = step.tag(Doc(article.text, sentences=sentences, tokens=tokens))
    return [(article.text[m.span.start : m.span.stop], m.kind, m.source) for m in found]


def test_the_priority_is_written_down() -> None:
    assert tagging.__doc__ is not None and "Written priority, highest first" in tagging.__doc__


def test_a_trap_lets_nothing_in(nlp: Pipeline) -> None:
    assert mentions(nlp, "इंडिया गेट पर भीड़ थी।", LOC="इंडिया गेट", PER="गेट") == []


def test_the_longer_span_wins(nlp: Pipeline) -> None:
    got = mentions(nlp, "कल चेन्नई फोर्टविक में बैठक हुई।", LOC="चेन्नई फोर्टविक")
    assert got == [("चेन्नई फोर्टविक", "PLACE", "tagger/says")]


def test_at_equal_length_the_knowledge_base_wins_then_a_rule_then_the_tagger(nlp: Pipeline) -> None:
    assert ("मॉस्को", "PLACE", "gazetteer/place") in mentions(nlp, "बैठक मॉस्को में हुई।", PER="मॉस्को")
    named = "राजदूत हेलमुट क्रांजबर्ग से मुलाकात हुई।"
    assert ("हेलमुट क्रांजबर्ग", "PERSON", "mentions/office-name") in mentions(nlp, named)
    # The rules read what the gazetteer and the tagger left over, so a tagger's name stands if they agree ...
    assert ("हेलमुट क्रांजबर्ग", "PERSON", "tagger/says") in mentions(nlp, named, PER="हेलमुट क्रांजबर्ग")
    # ... and a tagger's country is the knowledge base's.
    assert ("रूस", "COUNTRY", "gazetteer/country") in mentions(nlp, "रूस ने कहा।", LOC="रूस")


@pytest.mark.parametrize("source, name", [
    ("विदेश मंत्री ज़ब्रोस्की क्विल्टन ने बयान दिया।", "ज़ब्रोस्की क्विल्टन"),
    ("रूस के राष्ट्रपति व्रोन्स्का ल्योबिन मॉस्को पहुंचे।", "व्रोन्स्का ल्योबिन"),
    ("अपने समकक्ष ज़ब्रोस्की क्विल्टन से बात की।", "ज़ब्रोस्की क्विल्टन"),
    ("कल ज़ब्रोस्की क्विल्टन ने बयान दिया।", "ज़ब्रोस्की क्विल्टन"),
    ("जनरल ज़ब्रोस्की क्विल्टन से मुलाकात हुई।", "ज़ब्रोस्की क्विल्टन"),
])
def test_an_office_or_a_case_marker_shows_a_person_that_no_model_knows(
    nlp: Pipeline, source: str, name: str
) -> None:
    assert (name, "PERSON") in [found[:2] for found in mentions(nlp, source)]


@pytest.mark.parametrize("source, proposed, name", [
    ("श्री मिलोस ज़ार्निक जी ने कहा।", "श्री मिलोस ज़ार्निक जी", "मिलोस ज़ार्निक"),
    ("विदेश मंत्री मिलोस ज़ार्निक ने कहा।", "विदेश मंत्री मिलोस ज़ार्निक", "मिलोस ज़ार्निक"),
    ("जनरल मिलोस ज़ार्निक से बात हुई।", "जनरल मिलोस ज़ार्निक", "मिलोस ज़ार्निक"),
    ("सोमवार मिलोस ज़ार्निक आए।", "सोमवार मिलोस ज़ार्निक", "मिलोस ज़ार्निक"),
])
def test_titles_honorifics_and_weekdays_are_no_part_of_a_name(
    nlp: Pipeline, source: str, proposed: str, name: str
) -> None:
    got = mentions(nlp, source, PER=proposed)
    assert [found for found in got if found[1] == "PERSON"] == [(name, "PERSON", "tagger/says")]


def test_initials_are_part_of_a_name(nlp: Pipeline) -> None:
    got = mentions(nlp, "कल ए. के. ज़ार्निक ने कहा।", PER="ए . के . ज़ार्निक")
    assert ("ए. के. ज़ार्निक", "PERSON") in [g[:2] for g in got]


def test_initials_show_a_person_that_no_model_knows(nlp: Pipeline) -> None:
    assert mentions(nlp, "कल एच.बी. ज़ार्निक के साथ बैठक हुई।")[0] == (
        "एच.बी. ज़ार्निक", "PERSON", "mentions/initials")
    assert mentions(nlp, "पांच कि.मी. दूर बैठक हुई।") == []


def test_a_persons_span_is_cut_where_no_name_goes_on(nlp: Pipeline) -> None:
    got = mentions(nlp, "मोदी की ज़ार्निक से बात हुई।", PER="मोदी की ज़ार्निक")
    assert [g[:2] for g in got] == [("मोदी", "PERSON"), ("ज़ार्निक", "PERSON")]
    got = mentions(nlp, "मोदी-ज़ार्निक वार्ता हुई।", PER="मोदी - ज़ार्निक")
    assert [g[:2] for g in got] == [("मोदी", "PERSON"), ("ज़ार्निक", "PERSON")]


def test_a_place_with_a_country_in_it_is_that_country(nlp: Pipeline) -> None:
    got = mentions(nlp, "वे ज़ुकरोविल भूटान गए।", LOC="ज़ुकरोविल भूटान")
    assert got == [("भूटान", "COUNTRY", "gazetteer/country")]


def test_places_are_split_by_the_knowledge_base(nlp: Pipeline) -> None:
    got = mentions(nlp, "वे भूटान और ज़ुकरोविल गए।", LOC="भूटान|ज़ुकरोविल")
    assert ("भूटान", "COUNTRY", "gazetteer/country") in got and ("ज़ुकरोविल", "PLACE", "tagger/says") in got


def test_a_name_seen_once_in_full_helps_its_later_short_mentions(nlp: Pipeline) -> None:
    source = "विदेश मंत्री मिलोस ज़ार्निक दिल्ली आए।\n\nबाद में ज़ार्निक बोले कि सब ठीक है।"
    got = mentions(nlp, source, PER="मिलोस ज़ार्निक")
    assert ("ज़ार्निक", "PERSON", "mentions/short-name") in got
    assert ("ज़ार्निक", "PERSON") not in [g[:2] for g in mentions(nlp, "बाद में ज़ार्निक बोले।", PER="दिल्ली")]


def test_a_family_name_that_the_tagger_takes_for_a_place_is_a_person_named_in_full(nlp: Pipeline) -> None:
    source = "विदेश मंत्री मिलोस ज़ार्निक दिल्ली आए।\n\nबाद में ज़ार्निक बोले कि सब ठीक है।"
    got = mentions(nlp, source, PER="मिलोस ज़ार्निक", LOC="ज़ार्निक")
    assert ("ज़ार्निक", "PERSON", "mentions/short-name") in got
    alone = mentions(nlp, "वे दिल्ली से ज़ार्निक गए।", LOC="ज़ार्निक")
    assert ("ज़ार्निक", "PLACE", "tagger/says") in alone


def test_a_single_word_needs_more_trust(nlp: Pipeline) -> None:
    class Unsure(Says):
        def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TaggedSpan]]:
            return [[(a, b, label, 0.5) for a, b, label, _ in spans] for spans in super().tag(sentences)]

    article = reader.from_text("वे ज़ुकरोविल गए।")
    sentences, tokens = text.tokenized(article.text, article.zones)
    step = MentionTagger(nlp.kb, nlp.lexicon, Unsure(LOC="ज़ुकरोविल"))
    assert step.tag(Doc(article.text, sentences=sentences, tokens=tokens)) == ()


def test_two_countries_that_share_a_word_are_two(nlp: Pipeline) -> None:
    got = mentions(nlp, "उत्तर और दक्षिण कोरिया के बीच वार्ता हुई।")
    assert [(words, kind) for words, kind, _ in got] == [("उत्तर", "COUNTRY"), ("दक्षिण कोरिया", "COUNTRY")]
    assert [e.id for e in nlp("उत्तर और दक्षिण कोरिया के बीच वार्ता हुई।").entities] == ["KP", "KR"]
    assert [w for w, _, _ in mentions(nlp, "पूर्व और दक्षिण कोरिया के बीच वार्ता हुई।")] == ["दक्षिण कोरिया"]


def test_a_longer_form_of_a_listed_name_is_one_name(nlp: Pipeline) -> None:
    longer = "प्रिंस फैसल बिन फरहान बिन अब्दुल्ला"
    assert ("फैसल बिन फरहान बिन अब्दुल्ला", "PERSON", "gazetteer/person") in mentions(
        nlp, f"{longer} ने कहा।", PER=longer)
    two = "नरेंद्र मोदी शी चिनफिंग"
    assert [w for w, _, _ in mentions(nlp, f"{two} से मिले।", PER=two)] == ["नरेंद्र मोदी", "शी चिनफिंग"]


def test_letters_behind_an_office_begin_a_name(nlp: Pipeline) -> None:
    got = mentions(nlp, "गृह सचिव एस के बेलुवल ने बैठक की।", PER="x")
    assert ("एस के बेलुवल", "PERSON", "mentions/initials") in got
    assert [w for w, _, _ in mentions(nlp, "गृह सचिव के बेलुवल ने बैठक की।", PER="x")] == ["गृह सचिव"]


def test_everyday_words_are_no_people(nlp: Pipeline) -> None:
    assert mentions(nlp, "दोनों गर्मजोशी से मिले।", PER="गर्मजोशी") == []


def test_counts_words_said_twice_and_parts_of_the_world_are_no_names(nlp: Pipeline) -> None:
    proposed = {"PER": "बारी-बारी", "LOC": "पूर्वी एशियाई देशों", "ORG": "आठ"}
    got = mentions(nlp, "आठ मंत्री पूर्वी एशियाई देशों के राजदूतों से बारी-बारी मिले।", **proposed)
    assert not [found for found in got if found[2] == "tagger/says"]
    # ... but a place whose last word is of no such kind stands.
    assert ("पूर्वी ज़ुकरोविल", "PLACE", "tagger/says") in mentions(
        nlp, "पूर्वी ज़ुकरोविल में मंत्री मिले।", LOC="पूर्वी ज़ुकरोविल")


def test_the_short_name_of_somebody_named_elsewhere_is_cut_from_what_stands_behind_it(nlp: Pipeline) -> None:
    got = mentions(nlp, "मिलोस ज़ार्निक ने भाषण दिया। ज़ार्निक काबुल में रहेंगे।",
                   PER="मिलोस ज़ार्निक", LOC="ज़ार्निक काबुल")
    assert [(words, kind) for words, kind, _ in got] == [
        ("मिलोस ज़ार्निक", "PERSON"), ("ज़ार्निक", "PERSON"), ("काबुल", "PLACE")]
    both = "मिलोस ज़ार्निक आए। ज़ार्निक सुषमा स्वराज के अलावा मोदी से मिले।"
    got = mentions(nlp, both, PER="मिलोस ज़ार्निक|ज़ार्निक सुषमा स्वराज")
    assert [words for words, _, _ in got] == ["मिलोस ज़ार्निक", "ज़ार्निक", "सुषमा स्वराज", "मोदी"]


def test_a_last_syllable_behind_a_hyphen_is_of_the_name(nlp: Pipeline) -> None:
    got = mentions(nlp, "राष्ट्रपति कांग ज़ुक-हो अमेरिका गए।", PER="कांग ज़ुक")
    assert ("कांग ज़ुक-हो", "PERSON") in [found[:2] for found in got]
    apart = mentions(nlp, "मिलोस ज़ार्निक-मोदी वार्ता हुई।", PER="मिलोस ज़ार्निक")
    assert [words for words, _, _ in apart] == ["मिलोस ज़ार्निक", "मोदी"]
