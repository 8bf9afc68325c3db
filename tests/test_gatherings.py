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
