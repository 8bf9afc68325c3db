"""Dates and places that a text counts, tells elsewhere, or names by a building."""

import pytest

DAY = "2020-09-09"  # a Wednesday


def kinds(doc, kind):
    return [e for e in doc.events if e.kind == kind]


@pytest.mark.parametrize(("text", "day"), [
    ("जयशंकर ने ईरान यात्रा के दूसरे दिन मंगलवार को राष्ट्रपति हसन रूहानी से मुलाकात की।", "2020-09-07"),
    ("जयशंकर अपने ईरान दौरे के तीसरे दिन बुधवार को तेहरान पहुंचे।", "2020-09-07"),
    ("जयशंकर ने ईरान यात्रा के दूसरे दिन राष्ट्रपति हसन रूहानी से मुलाकात की।", "2020-09-08"),
    ("जयशंकर दो दिन (9-10) के ईरान दौरे पर हैं।", "2020-09-09/2020-09-10"),
    ("जयशंकर अगले सप्ताह ईरान जाएंगे। उनकी ईरान यात्रा 15 से 17 सितंबर तक होगी।", "2020-09-15/2020-09-17"),
])
def test_the_days_of_a_journey_that_are_counted_or_told_of_its_noun(nlp, text, day):
    (visit,) = kinds(nlp(text, published=DAY), "visit")
    assert visit.time is not None
    assert visit.time.value == day


def test_the_days_of_all_legs_are_not_those_of_one(nlp):
    doc = nlp("जयशंकर ईरान, कतर और ओमान की यात्रा पर रवाना हुए। 9 से 15 सितंबर तक की यात्रा का उद्देश्य संबंध बढ़ाना है।",
              published=DAY)
    assert all(v.time is None or "/" not in v.time.value for v in kinds(doc, "visit"))


@pytest.mark.parametrize(("text", "days"), [
    ("जयशंकर ने सोमवार को लावरोव से मुलाकात की। यह मुलाकात जयशंकर की वांग यी से बातचीत के दो दिन बाद हुई है।",
     {"2020-09-07", "2020-09-05"}),
    ("जयशंकर ने लावरोव से मुलाकात के एक दिन बाद मंगलवार को वांग यी से मुलाकात की।", {"2020-09-08", "2020-09-07"}),
])
def test_days_between_two_encounters(nlp, text, days):
    doc = nlp(text, published=DAY)
    assert {e.time.value for e in kinds(doc, "meeting") if e.time} == days


def test_a_month_of_the_year_told_last(nlp):
    doc = nlp("मोदी मई 2014 में नेपाल गए थे। उसी साल नवंबर में मोदी ने जापान का दौरा किया था।", published=DAY)
    assert [v.time.value for v in kinds(doc, "visit") if v.time] == ["2014-05", "2014-11"]


@pytest.mark.parametrize(("text", "day"), [
    ("एर्दोआन अगले महीने पुतिन से मुलाकात करेंगे। दोनों नेताओं की यह बैठक पांच अक्टूबर को होगी।", "2020-10-05"),
    ("मोदी काबुल में हामिद करजई से मुलाकात करेंगे तथा शुक्रवार को वह संसद को संबोधित करेंगे।", None),
    ("इमरान खान मंगलवार को चीन आए, जहां वह शी चिनफिंग से मुलाकात करेंगे।", None),
    ("इमरान खान शुक्रवार को बीजिंग पहुंचेंगे, जहां वह शी चिनफिंग से मुलाकात करेंगे।", "2020-09-11"),
])
def test_the_day_of_what_is_planned(nlp, text, day):
    (meeting,) = kinds(nlp(text, published=DAY), "meeting")
    assert (meeting.time.value if meeting.time else None) == day


def test_the_day_of_what_somebody_did_in_the_sentence_before(nlp):
    doc = nlp("मोदी ने सोमवार को एक प्रदर्शनी में भाग लिया। मोदी ने पुतिन से मुलाकात की।", published=DAY)
    assert [(e.time.value, e.time.basis) for e in kinds(doc, "meeting")] == [("2020-09-07", "assumed")]


@pytest.mark.parametrize(("text", "place"), [
    ("जर्मनी के राजदूत ने मंगलवार को कृषि भवन में जयशंकर से मुलाकात की।", "नई दिल्ली"),
    ("ब्रिटेन के उच्चायुक्त ने शिलांग के राजभवन में जयशंकर से मुलाकात की।", "शिलांग"),
    ("तेहरान दौरे पर आए जयशंकर ने ईरान के विदेश मंत्री जवाद जरीफ से मुलाकात की।", "तेहरान"),
    ("जयशंकर ने काठमांडू में चल रहे सार्क सम्मेलन से इतर वांग यी से मुलाकात की।", "काठमांडू"),
    ("जयशंकर ने लॉस एंजिल्स, कैलिफोर्निया में लावरोव से मुलाकात की।", "लॉस एंजिलिस"),
    ("जयशंकर ने शनिवार को लावरोव से मुलाकात की। यह बैठक पनमुनजोम में हुई।", "पनमुनजोम"),
    ("जयशंकर और लावरोव ने मंगलवार को एक बैठक की। मंगलवार को मॉस्को में हुई बैठक में रूस ने सहयोग का भरोसा दिया।", "मॉस्को"),
    ("भारत में ब्रिटेन के उच्चायुक्त एलेक्स एलिस ने जयशंकर से मुलाकात की।", None),
])
def test_where_they_met(nlp, text, place):
    (meeting,) = kinds(nlp(text, published=DAY), "meeting")
    assert (meeting.place.name if meeting.place else None) == place


@pytest.mark.parametrize(("text", "day"), [
    ("ईरान दौरे पर आए लावरोव का मंगलवार को तेहरान में औपचारिक स्वागत किया गया।", "2020-09-08"),
    ("जयशंकर तेहरान पहुंचे जहां वह संसद को संबोधित करेंगे।", DAY),
    ("जयशंकर तेहरान पहुंच चुके हैं।", DAY),
    ("जयशंकर तेहरान पहुंचे हुए हैं।", None),
    ("लावरोव तीन दिन के दौरे पर ईरान में हैं। अपने दौरे के आखिरी दिन लावरोव ने बुधवार को एक संग्रहालय देखा।",
     "2020-09-07/2020-09-09"),
    ("लावरोव का ईरान दौरा रद्द हो गया है। वह इस महीने के अंत में ईरान का दौरा करने वाले थे।", "2020-09"),
    ("लावरोव ने सोमवार को ईरान की अपनी यात्रा शुरू की। लावरोव शनिवार को ईरान पहुंचे।", "2020-09-05"),
    ("जयशंकर मार्च के बाद ईरान जाएंगे।", None),
])
def test_the_days_of_a_journey(nlp, text, day):
    visit = kinds(nlp(text, published=DAY), "visit")[0]
    assert (visit.time.value if visit.time else None) == day


@pytest.mark.parametrize(("text", "days"), [
    ("लावरोव 19 सितंबर को ईरान आएंगे। लावरोव 21 सितंबर को कतर के लिए रवाना होंगे।",
     ["2020-09-19/2020-09-21", "2020-09-21"]),
    ("लावरोव 14 सितंबर को ईरान और 16 सितंबर को कतर के दौरे पर होंगे।", ["2020-09-14", "2020-09-16"]),
    ("लावरोव ईरान (14 से 15 सितंबर) और कतर (17 से 18 सितंबर) का दौरा करेंगे।",
     ["2020-09-14/2020-09-15", "2020-09-17/2020-09-18"]),
])
def test_the_days_of_each_leg(nlp, text, days):
    assert [v.time.value for v in kinds(nlp(text, published=DAY), "visit") if v.time] == days


@pytest.mark.parametrize(("text", "days"), [
    ("लावरोव बुधवार को एक दिवसीय यात्रा पर तेहरान पहुंचे। लावरोव हसन रूहानी से मुलाकात करेंगे।", [DAY]),
    ("जयशंकर ने सोमवार को लावरोव से मुलाकात की। जयशंकर की वांग यी से बातचीत के एक हफ्ते बाद यह मुलाकात हुई।",
     ["2020-09-07", "2020-W36"]),
    ("जून 2019 में लावरोव ईरान गए। उसी महीने लावरोव ने पुतिन से मुलाकात की थी।", ["2019-06"]),
    ("जयशंकर ने लावरोव से शुक्रवार को होने वाली मोदी की यात्रा पर चर्चा की।", [DAY]),
])
def test_days_that_hang_on_another_event(nlp, text, days):
    events = [e for e in nlp(text, published=DAY).events if e.kind in ("meeting", "call")]
    assert [e.time.value for e in events if e.time] == days


def test_the_day_on_which_a_gathering_will_be(nlp):
    doc = nlp("मोदी जी-20 शिखर सम्मेलन में हिस्सा लेंगे। जी-20 शिखर सम्मेलन 19-20 सितंबर को होने वाला है।", published=DAY)
    assert [e.time.value for e in kinds(doc, "multilateral") if e.time] == ["2020-09-19/2020-09-20"]


def test_the_days_of_a_tour_told_of_whom_one_will_meet_on_it(nlp):
    doc = nlp("लावरोव ईरान और कतर की यात्रा पर जाएंगे। लावरोव अपनी यात्रा के दौरान 22 से 27 सितंबर तक कई उद्योगपतियों से मिलेंगे।",
              published=DAY)
    assert [v.time.value for v in kinds(doc, "visit") if v.time] == ["2020-09-22/2020-09-27"] * 2


@pytest.mark.parametrize(("text", "day"), [
    ("लावरोव ईरान की यात्रा पर गए हैं। लावरोव ने मंगलवार को जवाद जरीफ से बातचीत की।", "2020-09-08"),
    ("ईरान की यात्रा पर आए लावरोव ने मंगलवार को तेहरान में जवाद जरीफ से बातचीत की।", None),
    ("ईरान की चार दिन की यात्रा पर आए लावरोव ने मंगलवार को तेहरान में जवाद जरीफ से बातचीत की।", None),
    ("ईरान की दो दिन की यात्रा पर यहां पहुंचे लावरोव ने मंगलवार को जवाद जरीफ से बातचीत की।", "2020-09-08"),
    ("लावरोव ईरान यात्रा पर हैं और उन्होंने तेहरान में जवाद जरीफ से मुलाकात की है।", DAY),
    ("लावरोव ऐसे समय ईरान पहुंचे हैं जब तनाव बढ़ा हुआ है।", DAY),
    ("हाल ही में कतर के दौरे से लौटे लावरोव ईरान की यात्रा पर रवाना हो गए हैं।", DAY),
    ("लावरोव ने सोमवार को ईरान की यात्रा पर जाने की घोषणा की।", None),
    ("लावरोव ने सोमवार को अगले महीने ईरान की यात्रा पर जाने का ऐलान किया।", "2020-10"),
    ("लावरोव शुक्रवार से ईरान के दौरे पर रहेंगे। 13 सितंबर तक की अपनी इस यात्रा में लावरोव इस्फहान भी देखेंगे।",
     "2020-09-11/2020-09-13"),
    ("लावरोव 13 सितंबर तक ईरान की यात्रा पर रहेंगे।", None),
])
def test_the_day_of_a_journey_from_what_is_told_around_it(nlp, text, day):
    visit = next(v for v in kinds(nlp(text, published=DAY), "visit") if v.place.country == "IR")
    assert (visit.time.value if visit.time else None) == day


@pytest.mark.parametrize(("text", "day"), [
    ("प्रवक्ता ने मंगलवार को कहा, “जयशंकर और लावरोव ने हाल ही में फोन पर बातचीत की थी।”", None),
    ("जयशंकर ने आज तेहरान में, जहां वह कल पहुंचे थे, जवाद जरीफ से बातचीत की।", DAY),
    ("जयशंकर और लावरोव की बैठक 14 सितंबर की जगह अब 21 सितंबर को होगी।", "2020-09-21"),
    ("जयशंकर और लावरोव की बैठक वांग यी से 5 सितंबर की मुलाकात के बाद 7 सितंबर को हुई।", "2020-09-07"),
    ("ईरान और कतर की कल होने वाली बातचीत रद्द हो गई। जयशंकर की यह टिप्पणी लावरोव से फोन पर बातचीत के बाद आई।", DAY),
])
def test_the_day_among_others_that_a_sentence_names(nlp, text, day):
    people = {"ind-s-jaishankar"}
    events = [e for e in nlp(text, published=DAY).events
              if e.kind != "visit" and people & {p.entity for p in e.participants}]
    assert [e.time.value if e.time else None for e in events[:1]] == [day]


@pytest.mark.parametrize("text", [
    "जयशंकर लावरोव से मिलेंगे और उनसे 15 दिसंबर को देश में होने वाले चुनाव के बारे में बातचीत करेंगे।",
    "जयशंकर 15 दिसंबर को राज्य में होने वाले मतदान के बारे में लावरोव से बातचीत करेंगे।",
])
def test_the_day_of_what_they_talk_about_is_not_theirs(nlp, text):
    (meeting,) = nlp(text, published=DAY).events
    assert meeting.time is None or meeting.time.value != "2020-12-15"


def test_the_day_of_the_meeting_itself_is(nlp):
    (meeting,) = nlp("जयशंकर 15 दिसंबर को मॉस्को में होने वाली बैठक में लावरोव से मुलाकात करेंगे।", published=DAY).events
    assert meeting.time.value == "2020-12-15"


@pytest.mark.parametrize(("text", "town"), [
    ("जयशंकर ने इटली के ट्रिएस्टे शहर में लावरोव से मुलाकात की।", "ट्रिएस्ट"),
    ("जयशंकर ने मिस्र के बोरखेलिन शहर में लावरोव से मुलाकात की।", "बोरखेलिन"),
    ("जयशंकर ने इटली के तटीय शहर मोरतेल्लिनो में लावरोव से मुलाकात की।", "मोरतेल्लिनो"),
])
def test_a_town_of_a_land_that_nobody_lists(nlp, text, town):
    (meeting,) = kinds(nlp(text, published=DAY), "meeting")
    assert meeting.place.name == town
