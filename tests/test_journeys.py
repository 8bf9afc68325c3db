"""Journeys: who makes one together, which is another one, and where one leads whose goal is not said."""

from __future__ import annotations

import pytest

import hindi_diplo as hd


def journeys(nlp: hd.Pipeline, text: str) -> list[tuple[str, set[str], str | None, str | None]]:
    """Status, travellers, country and time of each journey that a text of 6 May 2024 tells."""
    return [(e.status, {p.entity for p in e.participants if p.role == "visitor"},
             e.place.country if e.place else None, e.time.value if e.time else None)
            for e in nlp(text, published="2024-05-06").events if e.kind == "visit"]


def hosts(nlp: hd.Pipeline, text: str) -> set[str]:
    return {p.entity for e in nlp(text, published="2024-05-06").events if e.kind == "visit"
            for p in e.participants if p.role == "host"}


def test_leaders_in_one_clause_travel_together(nlp: hd.Pipeline) -> None:
    told = journeys(nlp, "मैक्रों, शोल्ज और मेलोनी मंगलवार को कीव पहुंचे।")
    assert [(who, land) for _, who, land, _ in told] == [
        ({"fra-emmanuel-macron", "deu-olaf-scholz", "ita-giorgia-meloni"}, "UA")]


def test_to_a_gathering_each_leader_comes_by_himself(nlp: hd.Pipeline) -> None:
    told = journeys(nlp, "मैक्रों, शोल्ज और मेलोनी जी-7 शिखर सम्मेलन के लिए टोक्यो पहुंचे।")
    assert sorted(len(who) for _, who, _, _ in told) == [1, 1, 1]


@pytest.mark.parametrize(("text", "times"), [
    ("पुतिन सोमवार को भारत पहुंचे। वह पिछली बार दिसंबर 2021 में भारत आए थे।", ["2021-12", "2024-05-06"]),
    ("पुतिन सोमवार को भारत पहुंचे। पुतिन सोमवार शाम दिल्ली पहुंचे।", ["2024-05-06"]),
])
def test_the_last_time_is_another_journey(nlp: hd.Pipeline, text: str, times: list[str]) -> None:
    assert sorted(str(time) for *_, time in journeys(nlp, text)) == times


@pytest.mark.parametrize(("text", "status"), [
    ("जयशंकर रूस की यात्रा पर रहेंगे। जयशंकर सोमवार को मॉस्को पहुंचे।", ["held"]),
    ("जयशंकर अगले महीने रूस की यात्रा पर जाएंगे। जयशंकर पिछले साल मॉस्को गए थे।", ["held", "planned"]),
])
def test_who_was_to_come_has_arrived(nlp: hd.Pipeline, text: str, status: list[str]) -> None:
    assert sorted(s for s, *_ in journeys(nlp, text)) == status


@pytest.mark.parametrize(("text", "lands"), [
    ("मॉस्को में जयशंकर ने लावरोव से मुलाकात की। विदेश मंत्री का यह दौरा अहम है।", ["RU"]),
    ("नई दिल्ली में जयशंकर ने लावरोव से मुलाकात की। जयशंकर का यह दौरा अहम है।", []),
])
def test_a_journey_whose_goal_is_not_said_leads_to_where_they_met(
        nlp: hd.Pipeline, text: str, lands: list[str]) -> None:
    assert [land for _, _, land, _ in journeys(nlp, text)] == lands


def test_a_pronoun_in_a_welcome_means_the_guest(nlp: hd.Pipeline) -> None:
    assert hosts(nlp, "लावरोव सोमवार को दिल्ली पहुंचे। विदेश मंत्री एस जयशंकर ने उनका स्वागत किया।") == {"ind-s-jaishankar"}


@pytest.mark.parametrize(("text", "status", "land"), [
    ("राजनाथ सिंह ने अपनी तीन दिवसीय रूसी यात्रा के दौरान शोइगु को न्योता दिया।", "held", "RU"),
    ("अपने अमेरिकी दौरे में जयशंकर ने छात्रों को संबोधित किया।", "held", "US"),
    ("जयशंकर ने अपने जापानी दौरे की शुरुआत तोक्यो से की।", "held", "JP"),
    ("लावरोव ने भारत का दौरा ऐसे वक्त पर किया है जब सीमा पर तनाव है।", "held", "IN"),
    ("जयशंकर को 20 मई से जापान की चार दिन की यात्रा पर जाना है।", "planned", "JP"),
])
def test_the_land_may_be_an_adjective_and_the_verb_far(nlp: hd.Pipeline, text: str, status: str, land: str) -> None:
    assert [(told[0], told[2]) for told in journeys(nlp, text)] == [(status, land)]


def test_two_who_are_only_called_both_travel_each_by_himself(nlp: hd.Pipeline) -> None:
    told = journeys(nlp, "नरेंद्र मोदी ने व्लादिमीर पुतिन से फोन पर बात की। दोनों अगले हफ्ते जापान जाएंगे।")
    assert sorted((sorted(who)[0], land) for _, who, land, _ in told) == [
        ("ind-narendra-modi", "JP"), ("rus-vladimir-putin", "JP")]


@pytest.mark.parametrize("text", [
    "एस जयशंकर मंगलवार को वांग यी से मुलाकात करेंगे, जो मार्च 2022 में भारत के दौरे पर आए थे।",
    "एस जयशंकर ने वांग यी से मुलाकात की जो मार्च 2022 में भारत आए थे।",
])
def test_the_journey_of_a_partner_in_a_relative_clause(nlp: hd.Pipeline, text: str) -> None:
    assert journeys(nlp, text) == [("held", {"chn-wang-yi"}, "IN", "2022-03")]


@pytest.mark.parametrize("text", [
    "ब्लिंकन गुरुवार को तेल अवीव पहुंचे। ब्लिंकन की यह तीसरी इजरायल यात्रा है।",
    "मोदी सोमवार को बर्लिन पहुंचे। मोदी की यह जर्मनी की दूसरी यात्रा है।",
])
def test_the_town_of_an_arrival_stays_where_the_land_is_only_named(nlp: hd.Pipeline, text: str) -> None:
    (journey,) = [e for e in nlp(text, published="2024-05-06").events if e.kind == "visit"]
    assert journey.place is not None
    assert journey.place.name in ("तेल अवीव", "बर्लिन")


def test_who_will_go_along_belongs_to_the_journey_and_not_to_the_talks_on_it(nlp: hd.Pipeline) -> None:
    doc = nlp("मोदी कल जापान की यात्रा पर रवाना होंगे। यात्रा के दौरान मोदी शिंजो आबे से मुलाकात करेंगे। "
              "मोदी के साथ अजीत डोभाल, जयशंकर और अन्य अधिकारी भी जाएंगे।", published="2024-05-06")
    who = {e.kind: {p.entity for p in e.participants} for e in doc.events}
    assert who == {"visit": {"ind-narendra-modi", "ind-ajit-doval", "ind-s-jaishankar"},
                   "meeting": {"ind-narendra-modi", "jpn-shinzo-abe"}}


def test_a_soldiers_command_is_no_land(nlp: hd.Pipeline) -> None:
    assert len(journeys(nlp, "लॉयड ऑस्टिन भारत की यात्रा पर हैं। वह मुंबई स्थित पश्चिमी कमान का दौरा भी करेंगे।")) == 1


@pytest.mark.parametrize(("text", "place"), [
    ("कीव में तनाव है। मोदी ने पिछले सप्ताह वहां का दौरा किया था।", "कीव"),
    ("रूस में चुनाव हुए। जयशंकर ने वहां की यात्रा की थी।", "रूस"),
])
def test_there_is_the_place_spoken_of(nlp: hd.Pipeline, text: str, place: str) -> None:
    (journey,) = [e for e in nlp(text, published="2024-05-06").events if e.kind == "visit"]
    assert journey.place is not None
    assert journey.place.name == place


@pytest.mark.parametrize(("text", "who"), [
    ("भाजपा का एक प्रतिनिधिमंडल रविवार को पार्टी के अध्यक्ष अमित शाह के नेतृत्व में जापान पहुंचा।", {"ind-amit-shah"}),
    ("नेपाल का एक दल सोमवार को विदेश मंत्री एस जयशंकर की अगुवाई में रूस जाएगा।", {"ind-s-jaishankar"}),
])
def test_who_leads_a_delegation_travels_and_not_its_land(nlp: hd.Pipeline, text: str, who: set[str]) -> None:
    assert [told[1] for told in journeys(nlp, text)] == [who]


def test_a_delegation_that_goes_too_belongs_to_the_journey_not_to_the_talks(nlp: hd.Pipeline) -> None:
    text = ("नरेंद्र मोदी कल रूस जाएंगे। मोदी मॉस्को में व्लादिमीर पुतिन से मुलाकात करेंगे। "
            "मोदी के साथ निर्मला सीतारमण और पीयूष गोयल सहित एक व्यापारिक शिष्टमंडल भी मॉस्को जा रहा है।")
    assert [told[1] for told in journeys(nlp, text)] == [
        {"ind-narendra-modi", "ind-nirmala-sitharaman", "ind-piyush-goyal"}]


@pytest.mark.parametrize("text", ["सर्गेई लावरोव दिल्ली एयरपोर्ट पहुंचे।", "सर्गेई लावरोव सोमवार को दिल्ली हवाई अड्डे पहुंचे।"])
def test_an_airport_is_its_town(nlp: hd.Pipeline, text: str) -> None:
    assert [e.place.name for e in nlp(text).events if e.place] == ["नई दिल्ली"]


def test_the_lands_of_a_body_in_brackets_hide_no_goal(nlp: hd.Pipeline) -> None:
    text = ("नरेंद्र मोदी ब्रिक्स (ब्राजील, रूस, भारत, चीन और दक्षिण अफ्रीका) शिखर सम्मेलन में हिस्सा लेने के लिए "
            "14 नवंबर को रूस रवाना होंगे।")
    assert [(told[0], told[2]) for told in journeys(nlp, text)] == [("planned", "RU")]
