"""Gatherings that a clause joins, and the stops of a journey: one event for each."""

from __future__ import annotations

import pytest

import hindi_diplo as hd


@pytest.fixture(scope="module")
def nlp():
    return hd.load("none")


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
