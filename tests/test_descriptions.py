"""Phrases about people: how far they reach back over what somebody is."""

import pytest

from hindi_diplo.pipeline import Pipeline

DAY = "2020-09-09"


def phrases(nlp: Pipeline, text: str) -> list[str]:
    doc = nlp(text, published=DAY)
    return [r.span.of(doc.text) for r in doc.references if r.entities]


@pytest.mark.parametrize("phrase", [
    "चीन की कम्युनिस्ट पार्टी की केंद्रीय समिति के सदस्य वांग यी",
    "ईरान की सर्वोच्च सुरक्षा समिति के सचिव श्री जवाद जरीफ",
    "संसदीय कार्य एवं पर्यटन मंत्री राजनाथ सिंह",
    "सेना के उप प्रमुख जनरल शोइगु",
    "सीरिया के लिए रूस के विशेष दूत लावरोव",
    "राष्ट्रपति के विशेष दूत लावरोव",
    "ट्रंप के दामाद लावरोव",
    "शीर्ष उत्तर कोरियाई नेता किम जोंग उन",
    "समिति (सीएमसी) के उपाध्यक्ष वांग यी",
    "पुष्प कमल दहल ‘प्रचंड’",
    "रूसी राष्ट्रपति के सहयोगी लावरोव",
    "राष्ट्रपति के मुख्य सलाहकार लावरोव",
    "संयुक्त राष्ट्र के अवर महासचिव (शांति अभियान) लावरोव",
    "मिस्र के सशस्त्र बलों के चीफ ऑफ स्टाफ लेफ्टिनेंट जनरल शोइगु",
    "दक्षिण एशिया मामलों के लिए सहायक विदेश मंत्री लावरोव",
])
def test_what_somebody_is_belongs_to_the_phrase(nlp: Pipeline, phrase: str) -> None:
    assert phrase in phrases(nlp, f"जयशंकर और {phrase} के बीच बैठक हुई।")
    doc = nlp(f"जयशंकर और {phrase} के बीच बैठक हुई।", published=DAY)
    assert [p.text for p in doc.events[0].participants] == ["जयशंकर", phrase]


@pytest.mark.parametrize("text, phrase", [
    ("लावरोव के प्रधानमंत्री मोदी से मिलने की संभावना है।", "प्रधानमंत्री मोदी"),  # the subject of an infinitive
    ("जयशंकर की विदेश मंत्री लावरोव से मुलाकात हुई।", "विदेश मंत्री लावरोव"),
    ("भारत की रूस के विदेश मंत्री लावरोव से बातचीत हुई।", "रूस के विदेश मंत्री लावरोव"),
    ("पुतिन के निमंत्रण पर विदेश मंत्री जयशंकर मॉस्को गए।", "विदेश मंत्री जयशंकर"),
    ("हालांकि विदेश मंत्री जयशंकर ने कहा।", "विदेश मंत्री जयशंकर"),
    ("दौरे पर आए विदेश मंत्री लावरोव ने कहा।", "विदेश मंत्री लावरोव"),
])
def test_other_words_before_it_do_not(nlp: Pipeline, text: str, phrase: str) -> None:
    assert phrase in phrases(nlp, text)


def test_the_country_of_a_description_is_the_persons(nlp: Pipeline) -> None:
    doc = nlp("रूस की संसद की विदेश मामलों की समिति के प्रमुख लियोनिद बरकोव ने कहा।", published=DAY)
    assert [(r.office, r.country) for r in doc.references] == [("head", "RU")]


def test_offices_in_a_list_are_of_one_country(nlp: Pipeline) -> None:
    doc = nlp("जयशंकर ने नेपाल के राष्ट्रपति, प्रधानमंत्री और विदेश मंत्री से मुलाकात की।", published=DAY)
    assert [(r.office, r.country) for r in doc.references] == [
        ("president", "NP"), ("prime-minister", "NP"), ("foreign-minister", "NP")]
    doc = nlp("फ्रांस के राष्ट्रपति और प्रधानमंत्री के बीच बातचीत हुई।", published=DAY)
    assert [r.country for r in doc.references] == ["FR", "IN"]


def test_forces_named_side_by_side_meet(nlp: Pipeline) -> None:
    doc = nlp("बीएसएफ और पाकिस्तान रेंजर्स की बैठक जम्मू में हुई।", published=DAY)
    assert [p.entity for p in doc.events[0].participants] == ["bsf", "pakistan-rangers"]
