"""Topics: which encounter or journey what was talked of belongs to, and what is none."""

from __future__ import annotations

import pytest

import hindi_diplo as hd


def topics(nlp: hd.Pipeline, text: str) -> list[tuple[str, list[str]]]:
    """Kind and topics of each event that a text of 6 May 2024 tells."""
    return [(e.kind, [t.text for t in e.topics]) for e in nlp(text, published="2024-05-06").events]


@pytest.mark.parametrize(("text", "about"), [
    ("जापान के विदेश मंत्री तारो कोनो बंदरगाहों के विकास पर चर्चा करने के लिए अगले सप्ताह श्रीलंका जाएंगे।", "बंदरगाहों के विकास"),
    ("केपी शर्मा ओली भारत की यात्रा पर दिल्ली पहुंचे। उनकी यात्रा का मकसद जल बंटवारे पर बातचीत करना है।", "जल बंटवारे"),
    ("विदेश मंत्री सर्गेई लावरोव मछली पालन पर बातचीत करने सोमवार को ईरान पहुंचे।", "मछली पालन"),
])
def test_a_journey_is_about_the_talks_that_it_is_for(nlp: hd.Pipeline, text: str, about: str) -> None:
    assert topics(nlp, text) == [("visit", [about])]


def test_talks_with_partners_keep_their_topics(nlp: hd.Pipeline) -> None:
    told = topics(nlp, "जयशंकर ईरान की यात्रा पर तेहरान पहुंचे। उन्होंने जवाद जरीफ से मछली पालन पर चर्चा की।")
    assert sorted(told) == [("meeting", ["मछली पालन"]), ("visit", [])]


@pytest.mark.parametrize(("text", "about"), [
    ("बैठक में मोदी ने मैक्रों से पिछले महीने हुई मुलाकात का जिक्र किया।", []),
    ("मोदी और मैक्रों की पेरिस में बैठक हुई। इस बैठक में इटली, जर्मनी और नाटो के महासचिव भी शामिल थे।", []),
    ("मोदी ने पुतिन से मुलाकात की। मुलाकात के दौरान इस संबंध में चर्चा हुई।", []),
    ("मोदी ने मैक्रों से रक्षा सहयोग को बढ़ाने के विभिन्न क्षेत्रों पर चर्चा की।", ["रक्षा सहयोग"]),
    ("जयशंकर ने लावरोव से मुलाकात की। बैठक में मछली पालन आैर वीजा नियमों पर चर्चा हुई।", ["मछली पालन", "वीजा नियमों"]),
])
def test_what_is_no_topic(nlp: hd.Pipeline, text: str, about: list[str]) -> None:
    (_, told), = topics(nlp, text)
    assert told == about


@pytest.mark.parametrize(("text", "about"), [
    ("मोदी ने मैक्रों से मुलाकात की। यात्रा के दौरान मोदी पर्यटन पर जोर देंगे।", []),
    ("मोदी ने मैक्रों से द्विपक्षीय रक्षा और सुरक्षा सहयोग को मजबूत करने पर चर्चा की।", ["द्विपक्षीय रक्षा और सुरक्षा सहयोग"]),
    ("मोदी ने मैक्रों से टेलीफोन पर बात कर उन्हें इस समझौते की जानकारी दी।", ["समझौते"]),
])
def test_stress_to_come_and_where_topics_begin(nlp: hd.Pipeline, text: str, about: list[str]) -> None:
    (_, told), = topics(nlp, text)
    assert told == about
