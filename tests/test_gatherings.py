"""Gatherings that a clause joins, and the stops of a journey: one event for each."""

from __future__ import annotations

import pytest

import hindi_diplo as hd
from hindi_diplo.pipeline import Pipeline


def told(nlp, text):
    return [(e.kind, e.status, e.occasion.text if e.occasion else None, e.place.name if e.place else None)
            for e in nlp(text, published="2020-09-09").events]


@pytest.mark.parametrize("text, names", [
    ("मोदी ब्रिक्स और एससीओ की बैठकों में शामिल होंगे।", ["ब्रिक्स", "एससीओ की बैठकों"]),
    ("मोदी एससीओ के अलावा ब्रिक्स की बैठक में भी शामिल होंगे।", ["एससीओ", "ब्रिक्स की बैठक"]),
    ("पुतिन ब्रिक्स और एससीओ की संयुक्त बैठक में शामिल होंगे।", ["एससीओ की संयुक्त बैठक"]),
])
def test_each_of_the_gatherings_that_are_joined(nlp, text, names):
    assert [(kind, name) for kind, _, name, _ in told(nlp, text)] == [("multilateral", n) for n in names]


@pytest.mark.parametrize("text, places", [
    ("मोदी जापान होते हुए रूस जाएंगे।", ["जापान", "रूस"]),
    ("पुतिन जापान के अलावा मिस्र की भी यात्रा करेंगे।", ["जापान", "मिस्र"]),
    ("पुतिन जापान और मिस्र की यात्रा से पहले भारत का दौरा करेंगे।", ["भारत"]),
    ("लावरोव दो दिन की यात्रा पर राष्ट्रीय राजधानी पहुंचे।", ["नई दिल्ली"]),
])
def test_each_of_the_stops_of_a_journey(nlp, text, places):
    found = {place for kind, _, _, place in told(nlp, text) if kind == "visit"}
    assert set(places) <= found


@pytest.mark.parametrize("text, journey", [
    # who sets out for home from a country has been there
    ("मोदी सोमवार को रूस से नई दिल्ली के लिए रवाना हुए।", ("held", "रूस")),
    ("लावरोव मॉस्को से तेहरान के लिए रवाना हुए।", ("held", "तेहरान")),
    # where a gathering is that somebody sets out for
    ("मोदी जापान में होने वाले क्वाड सम्मेलन में भाग लेने के लिए रवाना हुए।", ("held", "जापान")),
    # plans made, and given up
    ("लावरोव ने भारत यात्रा की योजना बनाई है।", ("planned", "भारत")),
    ("लावरोव ने भारत यात्रा की योजना बनाई थी, लेकिन उसे रद्द कर दिया।", ("cancelled", "भारत")),
    ("लावरोव पिछले महीने भारत आने वाले थे, लेकिन दौरा टाल दिया गया।", ("postponed", "भारत")),
])
def test_a_journey_told_by_its_beginning_or_its_end(nlp, text, journey):
    assert [(status, place) for kind, status, _, place in told(nlp, text) if kind == "visit"] == [journey]


def test_a_guest_received_by_those_of_his_own_country_is_no_encounter(nlp: Pipeline) -> None:
    home = "प्रधानमंत्री नरेंद्र मोदी लाल किले पर पहुंचे। रक्षा मंत्री राजनाथ सिंह ने उनकी अगवानी की।"
    assert [e for e in nlp(home).events if e.kind == "meeting"] == []
    assert [e.kind for e in nlp("मोदी ने हवाई अड्डे पर पुतिन की अगवानी की।").events] == ["meeting"]


@pytest.mark.parametrize("text, people", [
    # the sitting of his own country with another: with that one
    ("पुतिन सोमवार को 21वें भारत-रूस वार्षिक शिखर सम्मेलन में भाग लेंगे।", {"rus-vladimir-putin", "IN"}),
    # who is with whom at a gathering, and who only talks with whom before it
    ("मोदी जयशंकर के साथ ब्रिक्स सम्मेलन में भाग लेंगे।", {"ind-narendra-modi", "ind-s-jaishankar"}),
])
def test_who_is_at_a_gathering(nlp, text, people):
    event, = nlp(text, published="2020-09-09").events
    assert {p.entity for p in event.participants} == people


def test_who_attends_is_not_he_with_whom_one_talks_before():
    found = hd.load("none")("मोदी पुतिन के साथ वार्ता करेंगे और ब्रिक्स सम्मेलन में भाग लेंगे।", published="2020-09-09").events
    assert [{p.entity for p in e.participants} for e in found if e.kind == "multilateral"] == [{"ind-narendra-modi"}]


@pytest.mark.parametrize("text, name", [
    ("प्रधानमंत्री नरेंद्र मोदी 'ब्रिक्स शिखर सम्मेलन' में हिस्सा लेने के लिए सोमवार को लंदन पहुंचे।", "ब्रिक्स शिखर सम्मेलन"),
    ("विदेश मंत्री सर्गेई लावरोव ‘एससीओ सम्मेलन’ में भाग लेंगे।", "एससीओ सम्मेलन"),
    ("पुतिन \"ब्रिक्स शिखर सम्मेलन\" को संबोधित करेंगे।", "ब्रिक्स शिखर सम्मेलन"),
])
def test_a_gathering_whose_name_stands_in_quotes(nlp, text, name):
    event, *_ = [e for e in nlp(text, published="2020-09-09").events if e.kind == "multilateral"]
    assert event.occasion and event.occasion.text == name
    assert not any(p.text.endswith(("'", "‘")) for p in event.participants)


@pytest.mark.parametrize("text", [
    "नई दिल्ली। रूस-भारत-चीन (आरआईसी) के विदेश मंत्रियों ने सोमवार को वीडियो कॉन्फ्रेंस के जरिए बैठक की।",
    "नई दिल्ली। मोदी, पुतिन और शी चिनफिंग के बीच फोन पर बातचीत हुई।",
])
def test_three_countries_that_speak_from_afar_are_a_gathering_at_no_place(nlp, text):
    assert [(kind, place) for kind, _, _, place in told(nlp, text)] == [("multilateral", None)]


def test_a_call_to_one_or_to_two_apart_stays_a_call(nlp):
    assert [kind for kind, *_ in told(nlp, "मोदी ने पुतिन और शी चिनफिंग से फोन पर अलग-अलग बात की।")] == ["call", "call"]
    assert [kind for kind, *_ in told(nlp, "मोदी और लावरोव ने पुतिन से फोन पर बात की।")] == ["call"]


@pytest.mark.parametrize("text", [
    "मोदी मैड्रिड जलवायु परिवर्तन सम्मेलन में भाग लेने के लिए स्पेन की दो दिवसीय यात्रा पर रवाना हुए।",
    "लावरोव सुरक्षा सम्मेलन में शामिल होने के लिए सोमवार को जर्मनी के दौरे पर गए।",
])
def test_a_journey_to_a_gathering_is_a_journey_and_a_gathering(nlp, text):
    assert sorted((kind, status) for kind, status, *_ in told(nlp, text)) == [
        ("multilateral", "planned"), ("visit", "held")]


def test_besides_meeting_one_he_will_meet_another(nlp):
    text = "लावरोव जयशंकर से मुलाकात करने के अलावा प्रधानमंत्री नरेंद्र मोदी से भी मिलेंगे।"
    assert [status for _, status, *_ in told(nlp, text)] == ["planned", "planned"]


def test_company_at_talks_of_delegations_sits_on_the_same_side(nlp):
    before = "मोदी ने मॉस्को में पुतिन से मुलाकात की। "
    event, = nlp(before + "मोदी जयशंकर और अजीत डोभाल के साथ प्रतिनिधिमंडल स्तर की वार्ता के लिए आए।").events
    assert len(event.participants) == 4
    event, = nlp("मोदी ने पुतिन और लावरोव के साथ प्रतिनिधिमंडल स्तर की वार्ता की।").events
    assert len(event.participants) == 3


@pytest.mark.parametrize("text, status", [
    ("लावरोव सोमवार को जिनेवा में सुरक्षा सलाहकारों की अंतरराष्ट्रीय बैठक में भाग लेंगे।", "planned"),
    ("अजीत डोभाल मॉस्को में बहुपक्षीय वार्ता में शामिल हुए।", "held"),
])
def test_who_attends_a_sitting_of_many_sides_that_has_no_name(nlp, text, status):
    assert [(kind, told_as) for kind, told_as, *_ in told(nlp, text)] == [("multilateral", status)]


@pytest.mark.parametrize("text", [
    "जयशंकर ने वैश्विक बैठक में हिस्सा लेने की इच्छा जताई।",
    "मोदी ने अंतरराष्ट्रीय बैठक पर बयान दिया।",
])
def test_who_only_speaks_of_a_sitting_of_many_does_not_attend_it(nlp, text):
    assert told(nlp, text) == []


def sat(nlp: hd.Pipeline, text: str) -> list[tuple[str, str, set[str]]]:
    return [(e.kind, e.status, {p.entity for p in e.participants}) for e in nlp(text, published="2020-09-09").events]


@pytest.mark.parametrize(("text", "status", "people"), [
    ("ब्रिक्स देशों का शिखर सम्मेलन मॉस्को में हुआ। शी चिनफिंग, मोदी और पुतिन ने इसमें भाग लिया।", "held",
     {"chn-xi-jinping", "ind-narendra-modi", "rus-vladimir-putin"}),
    ("एससीओ के विदेश मंत्रियों की बैठक सोमवार को मॉस्को में हुई। इस बैठक में एस जयशंकर भी शामिल हुए।", "held",
     {"ind-s-jaishankar"}),
    ("काहिरा में अरब लीग का शिखर सम्मेलन शुरू हो गया है। सम्मेलन में पुतिन समेत 20 नेता भाग ले रहे हैं।", "held",
     {"rus-vladimir-putin"}),
    ("आसियान की बैठक अगले महीने जकार्ता में होगी। बैठक में मोदी और पुतिन हिस्सा लेंगे।", "planned",
     {"ind-narendra-modi", "rus-vladimir-putin"}),
])
def test_who_took_part_in_the_gathering_told_before(
        nlp: hd.Pipeline, text: str, status: str, people: set[str]) -> None:
    assert sat(nlp, text) == [("multilateral", status, people)]


@pytest.mark.parametrize("text", [
    "जयशंकर ने बयान दिया। इसमें मोदी और पुतिन ने भाग लिया।",  # no gathering was told
    "आसियान की बैठक जकार्ता में हुई। जयशंकर ने इस बैठक में हिस्सा नहीं लिया।",
])
def test_who_took_part_in_nothing(nlp: hd.Pipeline, text: str) -> None:
    assert not [told for told in sat(nlp, text) if told[0] == "multilateral" and told[1] == "held"]


def test_this_meeting_is_of_those_who_met_beside_a_gathering(nlp: hd.Pipeline) -> None:
    text = ("लावरोव ने जयशंकर से मुलाकात की। यह बैठक संयुक्त राष्ट्र महासभा के सत्र से इतर हुई। "
            "बैठक में अजीत डोभाल ने हिस्सा लिया।")
    assert sat(nlp, text) == [("meeting", "held", {"rus-sergey-lavrov", "ind-s-jaishankar", "ind-ajit-doval"})]


@pytest.mark.parametrize(("text", "kinds"), [
    ("राष्ट्रपति भवन में द्रौपदी मुर्मू ने लावरोव का स्वागत किया। इस दौरे से व्यापार बढ़ेगा।", ["visit"]),
    ("राष्ट्रपति भवन में द्रौपदी मुर्मू ने लावरोव का स्वागत किया। व्यापार बढ़ेगा।", ["meeting"]),
    ("राष्ट्रपति भवन में द्रौपदी मुर्मू ने लावरोव का स्वागत किया। मोदी अगले महीने रूस की यात्रा करेंगे।", ["meeting", "visit"]),
])
def test_a_guest_is_welcomed_on_the_journey_that_the_story_goes_on_about(
        nlp: hd.Pipeline, text: str, kinds: list[str]) -> None:
    assert [kind for kind, *_ in sat(nlp, text)] == kinds


@pytest.mark.parametrize("text", [
    "मोदी लावरोव से मुलाकात करेंगे। इससे पहले मोदी और लावरोव की मॉस्को में जी-20 शिखर बैठक के दौरान मुलाकात हुई थी।",
    "भारत और रूस के बीच दिल्ली में वार्ता हुई। दोनों पक्षों ने जून में मोदी और लावरोव के बीच हुई वार्ता के फैसलों की समीक्षा की।",
])
def test_talks_of_before_are_no_telling_of_those_now(nlp: hd.Pipeline, text: str) -> None:
    assert len(sat(nlp, text)) == 2


def test_a_joint_commission_is_of_two_sides(nlp: hd.Pipeline) -> None:
    told = "विदेश मंत्री एस जयशंकर और रूस के विदेश मंत्री सर्गेई लावरोव ने {} की बैठक में भाग लिया।"
    for body, kind in (("संयुक्त आर्थिक आयोग", "meeting"), ("संयुक्त राष्ट्र", "multilateral")):
        assert [e.kind for e in nlp(told.format(body), published="2024-05-06").events] == [kind]
