"""Times, places and topics of events: what is said, what follows from the tellings around, what stays open."""

from dataclasses import replace

import pytest

from hindi_diplo import pipeline, reader
from hindi_diplo.confidence import confidence, features
from hindi_diplo.evaluation import Judge

PUBLISHED = "2020-09-09"  # a Wednesday


def only(nlp, text, published=PUBLISHED):
    events = nlp(text, published=published).events
    assert len(events) == 1, [e.trigger_text for e in events]
    return events[0]


@pytest.mark.parametrize(("text", "value", "basis"), [
    ("मोदी ने सोमवार को पुतिन से मुलाकात की।", "2020-09-07", "stated"),
    ("मोदी ने सोमवार की रात पुतिन से मुलाकात की।", "2020-09-07", "stated"),
    ("मोदी ने संडे को पुतिन से मुलाकात की।", "2020-09-06", "stated"),
    ("मोदी सोमवार को पुतिन से मुलाकात करेंगे।", "2020-09-14", "stated"),
    ("मोदी ने ७ सितंबर को पुतिन से मुलाकात की।", "2020-09-07", "stated"),
    ("मोदी ने दो से चार सितंबर तक पुतिन से बातचीत की।", "2020-09-02/2020-09-04", "stated"),
    ("मोदी ने पिछले महीने की 27 तारीख को पुतिन से मुलाकात की।", "2020-08-27", "stated"),
    ("मोदी ने पुतिन से मुलाकात की।", "2020-09-09", "published"),
    ("मोदी थोड़ी देर में पुतिन से मुलाकात करेंगे।", "2020-09-09", "stated"),
    ("मोदी देर शाम पुतिन से मिलेंगे।", "2020-09-09", "stated"),
    ("विदेश मंत्री ने सोमवार को बताया कि मोदी ने पुतिन से मुलाकात की थी।", None, None),
    ("मोदी ने मंगलवार को पुतिन के साथ बैठक रद्द कर दी।", None, None),
    ("मोदी ने 15 सितंबर को होने वाली पुतिन के साथ बैठक रद्द कर दी।", "2020-09-15", "stated"),
    ("मोदी की पुतिन से मुलाकात टल गई। अब यह 20 सितंबर को होगी।", "2020-09-20", "stated"),
    ("मोदी की पुतिन से मुलाकात टल गई। अब चुनाव 20 सितंबर को होंगे।", None, None),
    ("मोदी शाम करीब पांच बजे पुतिन से मिलेंगे।", "2020-09-09", "stated"),
    ("मोदी ने सोमवार और मंगलवार को पुतिन से बातचीत की।", "2020-09-07/2020-09-08", "stated"),
    ("मोदी 12 से 14 सितंबर तक की अपनी यात्रा में पुतिन से मुलाकात करेंगे।", None, None),
    ("चुनाव जीतने के दो महीने बाद मोदी ने पुतिन से मुलाकात की।", "2020-09-09", "published"),
])
def test_the_time_of_an_event(nlp, text, value, basis):
    time = only(nlp, text).time
    assert (time and time.value, time and time.basis) == (value, basis)


@pytest.mark.parametrize(("text", "kind", "value"), [
    # The day and the hour that follows it are one time; so is a weekday with its date or after "tomorrow".
    ("मोदी रविवार शाम 5 बजे पहुंचेंगे और बाद में शाम 6.30 बजे पुतिन से मुलाकात करेंगे।", "meeting", "2020-09-13"),
    ("मोदी कल सुबह दस बजे पुतिन से मुलाकात करेंगे।", "meeting", "2020-09-10"),
    ("मोदी सोमवार को मॉस्को पहुंचते ही पुतिन से मिले।", "meeting", "2020-09-07"),
    ("मोदी ने मंगलवार (8 सितंबर) को पुतिन से मुलाकात की।", "meeting", "2020-09-08"),
    ("मोदी ने कल (मंगलवार) पुतिन से मुलाकात की।", "meeting", "2020-09-08"),
    # The day of the report, before the story's own.
    ("नई दिल्ली, 9 सितंबर, मोदी शुक्रवार को पुतिन और सर्गेई लावरोव से मुलाकात करेंगे।", "meeting", "2020-09-11"),
    # What another sentence says of the same encounter.
    ("मोदी ने पुतिन से फोन पर बातचीत की। यह बातचीत सोमवार को हुई।", "call", "2020-09-07"),
    ("मोदी अगले हफ्ते पुतिन से मुलाकात करेंगे। यह मुलाकात 16 सितंबर को होगी।", "meeting", "2020-09-16"),
    ("मोदी पुतिन के साथ वार्ता करेंगे। सूत्रों के अनुसार वार्ता शुक्रवार सुबह शुरू होने की उम्मीद है।",
     "meeting", "2020-09-11"),
    ("कल मॉस्को में एक अहम मुलाकात होने वाली है। मोदी पुतिन से मिलेंगे।", "meeting", "2020-09-10"),
    # The day on which somebody told of it, and who told of it today.
    ("मोदी ने पुतिन से मुलाकात की। विदेश मंत्रालय के प्रवक्ता ने सोमवार को यह जानकारी दी।", "meeting", "2020-09-07"),
    ("यह जानकारी सर्गेई लावरोव ने बुधवार को दी। लावरोव ने अजीत डोभाल के साथ बैठक की।", "meeting", "2020-09-09"),
    # What somebody said at it, and since when such talks are held, are no days of it.
    ('मोदी ने पुतिन के साथ बैठक में कहा, "अक्टूबर में हम फिर मिलेंगे।"', "meeting", "2020-09-09"),
    ("वर्ष 2003 से भारत और चीन के बीच यह 15वें दौर की वार्ता हुई।", "meeting", "2020-09-09"),
    ("मोदी सितंबर 2018 में जापान गए, जबकि पुतिन से उनकी मुलाकात 2019 में हुई।", "meeting", "2019"),
    ("मोदी ने रविवारको पुतिन से मुलाकात की।", "meeting", "2020-09-06"),
    # What is to come besides, in one sentence.
    ("मोदी शुक्रवार को पुतिन से मुलाकात करेंगे, जिसके बाद वह शी चिनफिंग से मिलेंगे।", "meeting", "2020-09-11"),
    # The day of something else that the sentence begins with.
    ("रविवार रात हुए हमले से उपजे तनाव के बीच मोदी ने पुतिन से मुलाकात की।", "meeting", "2020-09-09"),
    ("इस साल पांच अगस्त को सरकार के पतन के बाद मोदी ने पुतिन से मुलाकात की।", "meeting", "2020-09-09"),
    # The days of a stay.
    ("जयशंकर 6 सितंबर को मॉस्को पहुंचे। वह 12 सितंबर तक की यात्रा पर हैं।", "visit", "2020-09-06/2020-09-12"),
    ("सुषमा स्वराज 25 सितंबर को नेपाल के दौरे पर रवाना होंगी। वह 27 सितंबर तक नेपाल के दौरे पर रहेंगी।", "visit",
     "2020-09-25/2020-09-27"),
    ("मोदी आज नेपाल पहुंचे। वह शुक्रवार तक नेपाल में रहेंगे।", "visit", "2020-09-09/2020-09-11"),
    ("मोदी की रूस यात्रा 21 सितंबर से शुरू होकर 24 सितंबर को समाप्त होगी।", "visit", "2020-09-21/2020-09-24"),
])
def test_a_day_that_stands_elsewhere_or_in_several_words(nlp, text, kind, value):
    times = [e.time and e.time.value for e in nlp(text, published=PUBLISHED).events if e.kind == kind]
    assert times and set(times) == {value}


def test_the_stops_of_a_tour_have_days_of_their_own(nlp):
    doc = nlp("मोदी नेपाल और भूटान की यात्रा पर रवाना हो गए हैं। यात्रा के पहले चरण में वह आज से ग्यारह सितंबर तक नेपाल में होंगे। "
              "यात्रा के अंतिम चरण में वह बारह सितंबर को भूटान जाएंगे।", published=PUBLISHED)
    assert [e.time and e.time.value for e in doc.events] == ["2020-09-09/2020-09-11", "2020-09-12"]


def test_this_week_said_on_a_sunday_of_what_is_to_be_is_the_next(nlp):
    event = only(nlp, "मोदी इस सप्ताह रूस का दौरा करेंगे।", published="2026-01-04")
    assert event.time.value == "2026-W02"


def test_talks_announced_with_other_people_say_nothing_of_those_told_next(nlp):
    doc = nlp("कल भारत और चीन के अधिकारियों की बैठक होगी। मोदी सऊदी अरब के युवराज मोहम्मद बिन सलमान से मिलेंगे।",
              published=PUBLISHED)
    assert [e.time for e in doc.events if any("salman" in p.entity for p in e.participants)] == [None]


def test_a_story_goes_on_about_the_day_it_is_at(nlp):
    doc = nlp("मोदी ने सोमवार को पुतिन से मुलाकात की। उन्होंने शी चिनफिंग से भी भेंट की।", published=PUBLISHED)
    assert [(e.time.value, e.time.basis) for e in doc.events] == [("2020-09-07", "stated"), ("2020-09-07", "assumed")]


def test_calls_told_in_sum_are_of_the_days_said_before(nlp):
    doc = nlp("मोदी ने सोमवार और मंगलवार को कई नेताओं से फोन पर बातचीत की। मोदी ने पुतिन और शी चिनफिंग से फोन पर "
              "बात की।", published=PUBLISHED)
    assert {e.time.value for e in doc.events} == {"2020-09-07/2020-09-08"}


def test_who_sets_out_to_talk_talks_later(nlp):
    doc = nlp("मोदी पुतिन से मुलाकात करने के लिए सोमवार को रूस रवाना हुए।", published=PUBLISHED)
    assert [(e.kind, e.status, e.time and e.time.value) for e in doc.events] == [
        ("meeting", "planned", None), ("visit", "held", "2020-09-07")]


def test_who_met_somebody_yesterday_did_not_come_today(nlp):
    doc = nlp("मोदी रूस पहुंच गए हैं। मोदी ने मंगलवार को पुतिन से मुलाकात की।", published=PUBLISHED)
    assert [(e.time.value, e.time.basis) for e in doc.events] == [("2020-09-08", "assumed"), ("2020-09-08", "stated")]


def test_a_year_stands_for_an_unknown_day_of_publication(nlp):
    event = nlp("मोदी 4 से 9 जनवरी तक रूस के दौरे पर रहेंगे। यह 2026 की उनकी पहली यात्रा है।").events[0]
    assert event.time.value == "2026-01-04/2026-01-09"


def test_a_gathering_told_before_those_who_take_part(nlp):
    doc = nlp("यूरोपीय संघ के नेताओं ने कल ब्रुसेल्स में आपात बैठक की। बैठक में मैक्रों, मर्केल और जेलेंस्की शामिल थे।",
              published=PUBLISHED)
    assert [(e.kind, e.time.value) for e in doc.events] == [("multilateral", "2020-09-08")]


@pytest.mark.parametrize(("told", "value"), [
    ("मोदी ने पुतिन से मुलाकात की।", "2020-09-07"), ("मोदी ने मंगलवार को पुतिन से मुलाकात की।", "2020-09-08"),
])
def test_who_was_there_too_was_there_on_that_day(nlp, told, value):
    doc = nlp(f"{told} सोमवार को हुई बैठक में मोदी के साथ जयशंकर भी मौजूद थे।", published=PUBLISHED)
    assert [e.time.value for e in doc.events] == [value]


def test_who_is_welcomed_has_come(nlp):
    doc = nlp("पुतिन भारत पहुंचे। मोदी ने मंगलवार को उनका स्वागत किया।", published=PUBLISHED)
    assert [(e.kind, e.time.value) for e in doc.events] == [("visit", "2020-09-08")]


@pytest.mark.parametrize(("text", "value", "basis"), [
    ("मोदी रूस की यात्रा पर सोमवार को पहुंचे।", "2020-09-07", "stated"),
    ("मोदी मॉस्को पहुंच गए हैं।", "2020-09-09", "published"),
    ("मोदी रूस की यात्रा पर हैं।", None, None),
    ("मोदी मंगलवार को संयुक्त अरब अमीरात (यूएई) पहुंचे।", "2020-09-08", "stated"),
    ("मोदी की रूस की दो दिन की यात्रा सोमवार को शुरू हुई।", "2020-09-07", "stated"),
    ("मोदी 3 से 5 सितंबर तक चली अपनी रूस यात्रा पूरी कर लौट गए।", "2020-09-03/2020-09-05", "stated"),
    ("मोदी रूस की अपनी 3 से 5 सितंबर तक की यात्रा से लौट आए हैं।", "2020-09-03/2020-09-05", "stated"),
    ("मोदी सोमवार को रूस पहुंचे। उनकी यह यात्रा शुक्रवार को समाप्त होगी।", "2020-09-07/2020-09-11", "stated"),
    ("मोदी 12 सितंबर को रूस जाएंगे। वह 14 सितंबर को स्वदेश लौटेंगे।", "2020-09-12/2020-09-14", "stated"),
    ("मोदी रूस की यात्रा पर हैं। यह यात्रा सोमवार को शुरू हुई थी।", "2020-09-07", "stated"),
    ("मोदी रूस पहुंच गए हैं। मोदी आज से 12 सितंबर तक रूस के दौरे पर रहेंगे।", "2020-09-09/2020-09-12", "stated"),
    ("मोदी सोमवार को रूस पहुंचे। वह 7 और 8 सितंबर को राजकीय यात्रा पर हैं।", "2020-09-07/2020-09-08", "stated"),
    ("मोदी रूस की यात्रा पर हैं। समझौता सोमवार को समाप्त हुआ था।", None, None),
    ("मोदी दो दिन के दौरे पर रूस पहुंचे।", "2020-09-09", "published"),
    ("मोदी की रूस यात्रा 11 और 12 सितंबर को प्रस्तावित है।", "2020-09-11/2020-09-12", "stated"),
    ("मोदी की रूस यात्रा 11-12 सितंबर को होने जा रही है।", "2020-09-11/2020-09-12", "stated"),
    ("यात्रा 24 सितंबर को खत्म होगी और मोदी रूस के दौरे पर जाएंगे।", None, None),
])
def test_the_time_of_a_journey(nlp, text, value, basis):
    time = only(nlp, text).time
    assert (time and time.value, time and time.basis) == (value, basis)


@pytest.mark.parametrize("text", [
    "मोदी ने सोमवार को पुतिन से मुलाकात की। इससे पहले उन्होंने शी चिनफिंग से भेंट की।",
    "मोदी ने सोमवार को पुतिन से मुलाकात की। मोदी ने पुतिन से मिलने से पहले शी चिनफिंग से भेंट की।",
    "मोदी सोमवार को रूस पहुंचे। मोदी ने चीन में शी चिनफिंग से भेंट की।",
])
def test_what_was_earlier_or_elsewhere_is_not_of_that_day(nlp, text):
    first, second = nlp(text, published=PUBLISHED).events
    assert first.time.value == "2020-09-07"
    assert second.time is None or second.time.value != "2020-09-07"


@pytest.mark.parametrize("text", [
    "मॉस्को। मोदी ने हाल ही में पुतिन से मुलाकात की।",
    "मॉस्को। मोदी और पुतिन की हालिया मुलाकात अच्छी रही।",
])
def test_what_was_lately_is_not_the_days_news(nlp, text):
    assert (only(nlp, text).time, only(nlp, text).place) == (None, None)


def test_what_comes_next_in_a_plan_is_of_the_day_named_before(nlp):
    assert only(nlp, "मोदी सोमवार को राजघाट जाएंगे। फिर वह पुतिन के साथ बैठक करेंगे।").time.value == "2020-09-14"


def test_two_encounters_before_are_of_one_place(nlp):
    text = "मोदी ने पुतिन से मुलाकात की। इससे पहले मोदी दुबई गए थे जहां उन्होंने शी चिनफिंग से मुलाकात की।"
    doc = nlp(text, published=PUBLISHED)
    assert [(e.kind, e.place and e.place.name) for e in doc.events if e.kind != "visit"] == [
        ("meeting", None), ("meeting", "दुबई")]


def test_what_did_not_happen_is_of_a_past_weekday(nlp):
    text = "मोदी ने सोमवार को पुतिन से मुलाकात नहीं की और आज भी उनकी भेंट होने की संभावना नहीं है।"
    assert only(nlp, text).time.value == "2020-09-07"


def test_what_is_planned_is_not_on_the_day_on_which_it_is_said(nlp):
    assert only(nlp, "प्रवक्ता ने मंगलवार को कहा कि मोदी पुतिन से मुलाकात करेंगे।").time is None


def test_a_postponed_meeting_has_only_its_new_date(nlp):
    assert only(nlp, "मोदी और पुतिन की सोमवार को होने वाली बैठक टल गई है।").time is None


@pytest.mark.parametrize(("text", "place", "basis"), [
    ("मोदी ने मॉस्को में पुतिन से मुलाकात की।", "मॉस्को", "stated"),
    ("मोदी ने रूस की राजधानी में पुतिन से मुलाकात की।", "मॉस्को", "stated"),
    ("मोदी ने मॉस्को यात्रा के दौरान पुतिन से मुलाकात की।", "मॉस्को", "stated"),
    ("बीजिंग। मोदी ने शी चिनफिंग से मुलाकात की।", "बीजिंग", "dateline"),
    ("बीजिंग। मोदी ने यहां शी चिनफिंग से मुलाकात की।", "बीजिंग", "dateline"),
])
def test_the_place_of_an_event(nlp, text, place, basis):
    found = [e for e in nlp(text, published=PUBLISHED).events if e.kind == "meeting"]
    assert [(e.place.name, e.place.basis) for e in found] == [(place, basis)]


@pytest.mark.parametrize("text", [
    "मोदी ने पुतिन से मुलाकात की।",
    "मोदी ने कहा कि पुतिन से मुलाकात अच्छी रही और कश्मीर में शांति है।",
])
def test_a_place_that_is_not_said_stays_open(nlp, text):
    assert only(nlp, text).place is None


def test_the_dateline_is_no_place_of_a_meeting_abroad(nlp):
    doc = nlp("नई दिल्ली। मोदी रूस की यात्रा पर जाएंगे। मोदी पुतिन से मुलाकात करेंगे।", published=PUBLISHED)
    assert [e.place for e in doc.events if e.kind == "meeting"] == [None]


def test_the_dateline_is_no_place_of_a_meeting_before_they_came_there(nlp):
    text = "यरुशलम। जयशंकर मंगलवार को इजराइल पहुंचे। जयशंकर ने सोमवार को लावरोव से मुलाकात की।"
    assert [e.place for e in nlp(text, published=PUBLISHED).events if e.kind == "meeting"] == [None]


@pytest.mark.parametrize(("text", "place"), [
    ("बीजिंग। मोदी ने चीन में शी चिनफिंग से मुलाकात की।", "बीजिंग"),
    ("नई दिल्ली। मोदी ने चीन में शी चिनफिंग से मुलाकात की।", "चीन"),
    ("मोदी ने रूस में पुतिन से मुलाकात की। मोदी ने मॉस्को में पुतिन से व्यापार पर चर्चा की।", "मॉस्को"),
])
def test_the_city_says_more_than_its_country(nlp, text, place):
    assert [e.place.name for e in nlp(text, published=PUBLISHED).events] == [place]


@pytest.mark.parametrize(("text", "place"), [
    ("मोदी मंगलवार को मॉस्को पहुंचे।", "मॉस्को"),
    ("मोदी रूस की यात्रा पर मंगलवार को मॉस्को पहुंचे।", "रूस"),
    ("पुतिन चार दिन की भारत यात्रा पर सोमवार को चेन्नई पहुंचे।", "भारत"),
    ("पुतिन भारत के तीन दिवसीय दौरे पर अगले सोमवार को मुंबई पहुंचेंगे।", "भारत"),
    ("पुतिन रविवार को चेन्नई पहुंचे। वह चार दिन के भारत दौरे पर हैं।", "भारत"),
    ("पुतिन रविवार को चेन्नई पहुंचे। वह चार दिन की यात्रा पर हैं।", "चेन्नई"),
    ("राजनाथ सिंह लाओस की राजधानी वियनतियाने की यात्रा करेंगे।", "वियनतियाने"),
    ("मोदी की मॉस्को यात्रा सफल रही। मोदी की रूस यात्रा पर सबकी नजर थी।", "मॉस्को"),
    ("मोदी मंगलवार को मॉस्को पहुंचे। उनके इस रूस दौरे पर कई समझौते होंगे।", "मॉस्को"),
    ("मोदी रूस यात्रा के दूसरे दिन मंगलवार को मॉस्को पहुंचे।", "रूस"),
    ("मॉस्को। मोदी रूस की यात्रा पर मंगलवार को यहां पहुंचे।", "रूस"),
])
def test_a_journey_is_to_the_land_that_is_said_else_to_the_city_in_which_it_began(nlp, text, place):
    assert only(nlp, text).place.name == place


def test_who_is_on_a_journey_to_a_land_meets_in_the_city_to_which_he_came(nlp):
    text = "पुतिन भारत की यात्रा पर सोमवार को चेन्नई पहुंचे। पुतिन ने मोदी से मुलाकात की।"
    assert [(e.kind, e.place.name) for e in nlp(text, published=PUBLISHED).events] == [
        ("visit", "भारत"), ("meeting", "चेन्नई")]


@pytest.mark.parametrize(("text", "place"), [
    ("मोदी ने काबुल में राष्ट्रपति भवन में हामिद करजई से मुलाकात की।", "काबुल"),
    ("जयशंकर ने कोलंबो के राष्ट्रपति भवन में रानिल विक्रमसिंघे से मुलाकात की।", "कोलंबो"),
    ("पुतिन ने राष्ट्रपति भवन में मोदी से मुलाकात की।", "नई दिल्ली"),
    ("भारत और चीन के बीच कमांडर स्तर की बैठक होगी। सूत्रों के मुताबिक इस बार बैठक लेह में होगी।", "लेह"),
    ("मोदी ने रियाद में कई अरब नेताओं के साथ अलग-अलग बैठकें कीं। मोदी ने तमीम बिन हमद अल थानी से मुलाकात की, "
     "जो सऊदी अरब पहुंचे हैं।", "रियाद"),
])
def test_the_place_of_a_meeting_told_elsewhere_or_in_a_house_of_many_lands(nlp, text, place):
    assert next(e for e in nlp(text, published=PUBLISHED).events if e.kind == "meeting").place.name == place


@pytest.mark.parametrize(("text", "place"), [
    ("भारत और पाकिस्तान के बीच फ्लैग मीटिंग हुई। यह बैठक चकन-दा-बाग प्वाइंट पर हुई।", "चकन-दा-बाग"),
    ("डोभाल चीन गए हैं। डोभाल और वांग यी ताइपिंगशान सिटी में आज मुलाकात करेंगे।", "ताइपिंगशान"),
])
def test_a_town_or_post_that_nobody_lists_has_its_bare_name(text, place):
    doc = pipeline.load("compact")(text, published=PUBLISHED)
    assert next(e for e in doc.events if e.kind == "meeting").place.name == place


def test_the_days_that_a_gathering_is_said_to_last(nlp):
    text = ("मोदी संयुक्त राष्ट्र महासभा के सत्र में भाग लेने के लिए न्यूयॉर्क जा रहे हैं। संयुक्त राष्ट्र महासभा का सत्र 21 से 25 सितंबर "
            "तक चलेगा।")
    times = [e.time.value for e in nlp(text, published=PUBLISHED).events if e.kind == "multilateral" and e.time]
    assert times == ["2020-09-21/2020-09-25"]


def test_the_rest_of_a_name_behind_a_word_for_son_of_is_no_place():
    doc = pipeline.load("compact")("शेख खालिद बिन जायद अल नाहयान दो दिवसीय भारत दौरे पर हैं।", published=PUBLISHED)
    assert [m.span.of(doc.text) for m in doc.mentions] == ["खालिद बिन जायद अल नाहयान", "भारत"]


def test_what_did_not_come_about_at_a_gathering_has_its_place(nlp):
    text = "मोदी ने बिश्केक में एससीओ सम्मेलन में हिस्सा लिया। मोदी की इमरान खान से मुलाकात नहीं हुई।"
    doc = nlp(text, published=PUBLISHED)
    assert [(e.status, e.place.name) for e in doc.events] == [("held", "बिश्केक"), ("not_held", "बिश्केक")]


@pytest.mark.parametrize(("text", "place"), [
    ("मोदी और पुतिन की बैठक सोमवार को होगी। 12 तारीख को बीजिंग में यह बैठक होनी है।", "बीजिंग"),
    ("मोदी और पुतिन की रूस में बैठक होगी। यह बैठक रूस की राजधानी मॉस्को में होनी है।", "मॉस्को"),
    ("काठमांडू के नया बाजार स्थित निवास पर मोदी ने प्रचंड से मुलाकात की।", "काठमांडू"),
    ("मोदी ने काठमांडू के याक होटल में प्रचंड से मुलाकात की।", "काठमांडू"),
    ("मोदी ने बेलारूस के मिंस्क शहर में पुतिन से मुलाकात की।", "मिंस्क"),
    ("मोदी रूस के दौरे पर हैं। यहां उन्होंने पुतिन से मुलाकात की।", "रूस"),
    ("नई दिल्ली। मोदी पुतिन से मुलाकात करेंगे।", None),
    ("मोदी की काठमांडू के नया बाजार स्थित निवास पर पुतिन से मुलाकात हुई।", "काठमांडू"),
    ("मोदी 12 तारीख को पुतिन से मुलाकात करेंगे। सूत्रों ने यह बताया। मोदी और पुतिन की यात्राएं भी तय हैं। "
     "12 तारीख को बीजिंग में यह मुलाकात होनी है।", "बीजिंग"),
    ("मोदी ने बीजिंग हवाई अड्डे पर पुतिन से मुलाकात की।", "बीजिंग"),
    ("बाली में जी-20 देशों का शिखर सम्मेलन चल रहा है। मोदी ने जी-20 शिखर सम्मेलन से इतर पुतिन से मुलाकात की।", "बाली"),
    ("मोदी ने एशिया में सहयोग के मंच पर बीजिंग में पुतिन से मुलाकात की।", "बीजिंग"),
    ("बीजिंग। मोदी ने पुतिन से मुलाकात की। मोदी और पुतिन ने फोन पर बातचीत की।", "बीजिंग"),
    ("प्रवक्ता ने बीजिंग में एक संवाददाता सम्मेलन में कहा कि मोदी ने पुतिन से मुलाकात की।", None),
    ("मोदी पुतिन से मिलने के लिए सोमवार को बीजिंग जाएंगे।", "बीजिंग"),
    ("नई दिल्ली। मोदी ने पुतिन से मिलने से इनकार कर दिया।", None),
    ("बारिश का अनुमान | मॉस्को: मोदी ने पुतिन से मुलाकात की | बाजार में तेजी", "मॉस्को"),
])
def test_places_told_further_on_or_in_other_words(nlp, text, place):
    found = [e for e in nlp(text, published=PUBLISHED).events if e.kind == "meeting"]
    assert [e.place and e.place.name for e in found] == [place]


def test_a_gathering_that_is_announced_before_its_participants(nlp):
    text = ("सोमवार को मेलबर्न में क्वाड के विदेश मंत्रियों की बैठक हुई। "
            "इस बैठक में जयशंकर, एंटनी ब्लिंकन और पेनी वोंग ने हिस्सा लिया।")
    event = only(nlp, text)
    assert (event.kind, event.place.name, event.time.value) == ("multilateral", "मेलबर्न", "2020-09-07")


def test_what_is_said_after_a_meeting_is_not_of_it(nlp):
    text = "मोदी और पुतिन की बैठक रद्द हो गई। बैठक के बाद प्रवक्ता ने कहा कि सोमवार को बीजिंग में अगली बैठक होगी।"
    first, following = nlp(text, published=PUBLISHED).events
    assert (first.status, first.place, first.time) == ("cancelled", None, None)
    assert (following.status, following.place.name, following.time.value) == ("planned", "बीजिंग", "2020-09-14")


@pytest.mark.parametrize(("text", "told"), [
    ("मोदी ने सोमवार को पुतिन से मुलाकात की। उनकी पिछली मुलाकात 2019 में मॉस्को में हुई थी।",
     [("held", "2020-09-07"), ("held", "2019")]),
    ("भारत और रूस के बीच मंगलवार को बैठक हुई। बातचीत का अगला दौर 20 सितंबर को होगा।",
     [("held", "2020-09-08"), ("planned", "2020-09-20")]),
    ("मोदी ने सोमवार को पुतिन से मुलाकात की। यह मुलाकात दिल्ली में हुई।", [("held", "2020-09-07")]),
])
def test_another_encounter_of_the_same_two(nlp, text, told):
    assert [(e.status, e.time.value) for e in nlp(text, published=PUBLISHED).events] == told


def test_each_of_two_days_is_an_encounter(nlp):
    doc = nlp("मोदी ने पुतिन से मार्च 2018 और जुलाई 2019 में मुलाकात की थी।", published=PUBLISHED)
    assert [e.time.value for e in doc.events] == ["2018-03", "2019-07"]


@pytest.mark.parametrize(("text", "topics"), [
    ("मोदी ने पुतिन से मुलाकात की। इस बैठक का उद्देश्य काबुल में शांति है।", ["काबुल में शांति"]),
    ("मोदी ने पुतिन से मुलाकात की। बातचीत के केंद्र में निवेश, तेल और रेल लाइन रहे।", ["निवेश", "तेल", "रेल लाइन"]),
    ("मोदी ने पुतिन से मुलाकात की। एजेंडे में साइबर हमले और तेल शामिल थे।", ["साइबर हमले", "तेल"]),
    ("मोदी ने पुतिन के साथ व्यापार को मजबूत बनाने के तरीकों पर चर्चा की।", ["व्यापार"]),
    ("मोदी ने डिनर पर पुतिन से मुलाकात की।", []),
    ("मोदी ने पुतिन से मुलाकात की। एक अधिकारी ने बताया कि बैठक में तेल पर चर्चा हुई।", ["तेल"]),
    ("मोदी ने पुतिन से मुलाकात की। एस जयशंकर ने बताया कि बैठक में तेल पर चर्चा हुई।", ["तेल"]),
    ("मोदी ने सहयोग बढ़ाने के लिए कई विषयों पर पुतिन के साथ चर्चा की।", ["कई विषयों"]),
    ("मोदी ने पुतिन से मुलाकात की। बैठक में तेल और मेलों के दौरान सुरक्षा पर चर्चा हुई।", ["तेल", "मेलों के दौरान सुरक्षा"]),
    ("मोदी ने पुतिन से मुलाकात की। मोदी ने पुतिन के सामने किसानों की परेशानी रखी।", ["किसानों की परेशानी"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने बांध की प्रगति का जायजा लिया।", ["बांध की प्रगति"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने बाढ़ पर चिंता व्यक्त की।", ["बाढ़"]),
    ("मोदी ने पुतिन से मुलाकात की। एजेंडे में सबसे ऊपर रेल लाइन थी।", ["रेल लाइन"]),
    ("मोदी ने पुतिन से मुलाकात की। बैठक में तेल, गेहूं आदि मुद्दों पर चर्चा हुई।", ["तेल", "गेहूं"]),
    ("मोदी ने पुतिन से मुलाकात की। मुलाकात में कई मुद्दों के साथ बाढ़ पर भी चर्चा हुई।", ["कई मुद्दों", "बाढ़"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने बाढ़ को लेकर नई योजना पर चर्चा की।", ["बाढ़ को लेकर नई योजना"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने शांति बनाए रखने पर चर्चा की।", ["शांति बनाए रखने"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने लाल सागर में जहाजों की सुरक्षा पर चर्चा की।",
     ["लाल सागर में जहाजों की सुरक्षा"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने आर्थिक, ऊर्जा और विकास क्षेत्र में सहयोग पर चर्चा की।",
     ["आर्थिक, ऊर्जा और विकास क्षेत्र में सहयोग"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने रेल संपर्क, विशेष रूप से नई लाइनों पर चर्चा की।", ["रेल संपर्क", "नई लाइनों"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने संबंधों और उन्हें मजबूत करने के प्रयासों पर चर्चा की।", ["संबंधों"]),
    ("मोदी ने पुतिन से मुलाकात की। बैठक में बाढ़ पर कोई चर्चा नहीं हुई।", []),
    ("वार्ता शुरू होने से पहले मोदी ने बाढ़ पर बात की। मोदी ने पुतिन से मुलाकात की।", ["बाढ़"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने तेल, मछली पालन तथा कृषि के क्षेत्र में सहयोग पर चर्चा की।",
     ["तेल, मछली पालन तथा कृषि के क्षेत्र में सहयोग"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने बाढ़, सीमा पर तनाव और तेल पर चर्चा की।", ["बाढ़", "सीमा पर तनाव", "तेल"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने पिछली बैठक में तय किए गए लक्ष्यों पर चर्चा की।",
     ["पिछली बैठक में तय किए गए लक्ष्यों"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने बंदरगाहों पर हुए हमलों पर चिंता जताई।", ["बंदरगाहों पर हुए हमलों"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने जुलाई में होने वाली ब्रिक्स की बैठक के बारे में चर्चा की।",
     ["जुलाई में होने वाली ब्रिक्स की बैठक"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने सीमा पर शांति की आवश्यकता पर जोर दिया।", ["सीमा पर शांति"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने व्यापार के लिए नए बंदरगाहों की आवश्यकता पर जोर दिया।", ["नए बंदरगाहों"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने तेल, गेहूं सहित विभिन्न क्षेत्रों में सहयोग पर चर्चा की।",
     ["तेल", "गेहूं", "विभिन्न क्षेत्रों में सहयोग"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों ने भारत द्वारा दी गई दवाओं पर चर्चा की।", ["भारत द्वारा दी गई दवाओं"]),
    ("मोदी ने पुतिन से मुलाकात की। दोनों नेताओं के बीच रेल लाइन पर बातचीत की आशा है।", ["रेल लाइन"]),
    ("मोदी और पुतिन की मुलाकात, रेल लाइन पर चर्चा\n\nमोदी ने सोमवार को मॉस्को में पुतिन से मुलाकात की। दोनों नेताओं ने "
     "बाढ़ राहत पर चर्चा की।", ["रेल लाइन", "बाढ़ राहत"]),
    ("मोदी ने पुतिन से मुलाकात की। बाढ़ की स्थिति से पुतिन को अवगत कराया गया।", ["बाढ़ की स्थिति"]),
    ("मोदी ने पुतिन से मुलाकात की। तेल और गेहूं वार्ता के एजेंडे में शामिल थे।", ["तेल", "गेहूं"]),
    ("मोदी ने पुतिन से मुलाकात की। एक अधिकारी ने कहा कि बैठक रेल लाइन पर केंद्रित रही।", ["रेल लाइन"]),
    ("बातचीत में बाढ़ राहत पर चर्चा हुई।\n\nमोदी चार दिन से मॉस्को में हैं। शहर में बर्फ गिरी। सड़कें बंद रहीं। "
     "मेला लगा है। उन्होंने पुतिन से मुलाकात की।", ["बाढ़ राहत"]),
])
def test_what_they_talked_about(nlp, text, topics):
    assert [t.text for t in only(nlp, text).topics] == topics


@pytest.mark.parametrize("text", [
    "जयशंकर सर्गेई लावरोव और व्लादिमीर पुतिन से मुलाकात करेंगे। इस दौरान दोनों देशों के नेता मछली पालन पर चर्चा करेंगे।",
    "जयशंकर ने सर्गेई लावरोव और व्लादिमीर पुतिन से मुलाकात की। उन्होंने उनके साथ मछली पालन पर चर्चा की।",
    "जयशंकर मॉस्को की यात्रा पर हैं। वह सर्गेई लावरोव से मिलेंगे। वह व्लादिमीर पुतिन से भी मुलाकात करेंगे। "
    "इस यात्रा के दौरान मछली पालन पर विचारों का आदान-प्रदान होगा।",
])
def test_what_several_encounters_were_about(nlp, text):
    talks = [e for e in nlp(text).events if e.kind == "meeting"]
    assert [[t.text for t in e.topics] for e in talks] == [["मछली पालन"], ["मछली पालन"]]


def test_a_topic_of_the_headline_said_again_is_told_by_the_body(nlp):
    doc = nlp("मोदी और पुतिन ने की मुलाकात, तेल पर हुई चर्चा\n\nनई दिल्ली: मोदी ने बुधवार को पुतिन से मुलाकात की। "
              "दोनों ने तेल और गेहूं पर चर्चा की।", published=PUBLISHED)
    [event] = doc.events
    assert [t.text for t in event.topics] == ["तेल", "गेहूं"]
    assert all(t.span.start > doc.text.index("नई दिल्ली") for t in event.topics)


def test_what_was_said_of_several_before_they_are_named_belongs_to_each(nlp):
    doc = nlp("मोदी ने कई नेताओं के साथ फोन पर बाढ़ राहत पर चर्चा की। मोदी ने पुतिन और शी चिनफिंग से अलग-अलग बातचीत की।",
              published=PUBLISHED)
    assert [[t.text for t in e.topics] for e in doc.events] == [["बाढ़ राहत"], ["बाढ़ राहत"]]


def test_what_nobody_in_particular_talked_of_belongs_to_no_one_of_several(nlp):
    doc = nlp("बातचीत में बाढ़ राहत पर चर्चा हुई।\n\nशहर में बर्फ गिरी। सड़कें बंद रहीं। मेला लगा है। मोदी ने पुतिन से मुलाकात की। "
              "ट्रंप ने शी चिनफिंग से मुलाकात की।", published=PUBLISHED)
    assert [e.topics for e in doc.events] == [(), ()]


def test_topics_go_to_the_encounter_of_all_who_are_named(nlp):
    doc = nlp("मोदी ने सोमवार को पुतिन से मुलाकात की। मोदी ने मंगलवार को लावरोव से मुलाकात की। "
              "बताया जा रहा है कि मोदी और पुतिन के बीच की बातचीत बाढ़ राहत पर केंद्रित थी।", published=PUBLISHED)
    assert [[t.text for t in e.topics] for e in doc.events] == [["बाढ़ राहत"], []]


@pytest.mark.parametrize(("text", "label"), [
    ("मोदी ने पुतिन के साथ सीमा पार आतंकवाद पर चर्चा की।", "terrorism"),
    ("मोदी ने पुतिन के साथ सीमा व्यापार पर चर्चा की।", "economic"),
    ("मोदी ने पुतिन के साथ परमाणु ऊर्जा पर चर्चा की।", "resource"),
    ("मोदी ने पुतिन के साथ मछुआरों पर चर्चा की।", None),
])
def test_the_context_of_a_topic(nlp, text, label):
    assert [t.label for t in only(nlp, text).topics] == [label]


@pytest.mark.parametrize(("line", "place"), [
    ("रायपुर , जनवरी 08 -- मुख्यमंत्री ने गुरुवार को बैठक की।", "रायपुर"),
    ("नई दिल्लीः रक्षा मंत्री ने बैठक की।", "नई दिल्ली"),
    ("न्यूज डेस्क, अमर उजाला, नई दिल्ली। प्रधानमंत्री ने बैठक की।", "नई दिल्ली"),
    ("बैंकॉक\nप्रधानमंत्री ने सोमवार को बैठक की। वह खुश थे।", "बैंकॉक"),
    ("दोहा :- कतर के अमीर ने बैठक की।", "दोहा"),
    ("सिंगापुर । प्रधानमंत्री ने आज बैठक की।", "सिंगापुर"),
    ("मोदी ने की पुतिन से मुलाकात\n\nमॉस्को\nप्रधानमंत्री ने सोमवार को बैठक की। वह खुश थे।", "मॉस्को"),
    ("मोदी और पुतिन (फाइल फोटो).\nनई दिल्ली:\nप्रधानमंत्री ने सोमवार को बैठक की। वह खुश थे।", "नई दिल्ली"),
    ("तीन नेता आज मिलेंगे\n\nनई दिल्ली : लंदन में हुई घटना पर मंत्री ने बयान दिया। वह नाराज थे।", "नई दिल्ली"),
    ("By न्यूज नेटवर्क | Jun 6, 2019\n\nनई दिल्ली। मंत्री ने बैठक की। वह खुश थे।", "नई दिल्ली"),
    ("London लंदन: मंत्री ने बैठक की। वह खुश थे।", "लंदन"),
])
def test_datelines_of_many_outlets(line, place):
    assert reader.from_text(line).dateline == place


@pytest.mark.parametrize("line", [
    "By Desk | June 6, 2019 5:04 PM", "जागरण संवाददाता Updated Thu, 06 Jun 2019 05:14 AM IST",
    "ANI | Updated: Jun 6, 2019 12:17 IST", "Publish Date: Thu, 06 Jun 2019", "06 जून 2019", "६ जून २०१९",
])
def test_the_day_that_a_page_says_it_was_published(line):
    assert reader.from_text(f"बैठक की खबर\n{line}\nमंत्री ने कहा कि बैठक हुई।").published == "2019-06-06"


def test_confidence_falls_with_what_had_to_be_inferred(nlp):
    event = only(nlp, "मोदी ने सोमवार को पुतिन से मुलाकात की।")
    inferred = replace(event, participants=tuple(replace(p, via="references/both") for p in event.participants))
    assert 0 < confidence(inferred) < confidence(event) == event.confidence < 1
    assert "more participants found by reference" in features(inferred)


def test_a_journey_has_both_its_ends_where_one_telling_says_them(nlp):
    doc = nlp("मोदी सोमवार को रूस की यात्रा पर जाएंगे। मोदी 14 से 16 सितंबर तक रूस की यात्रा करेंगे।", published=PUBLISHED)
    assert [e.time.value for e in doc.events] == ["2020-09-14/2020-09-16"]


def test_two_names_of_one_country_are_one_place(nlp):
    judge = Judge(nlp.kb)
    assert judge.same_place({"name": "तुर्की", "country": "TR"}, {"name": "तुर्किये", "country": "TR"})
    assert not judge.same_place({"name": "तुर्की", "country": "TR"}, {"name": "अंकारा", "country": "TR"})


def test_talks_are_no_topic_of_talks(nlp):
    doc = nlp({"id": "a", "published": "2020-09-10", "text":
        "जयशंकर ने लावरोव से मुलाकात की। लावरोव ने व्यापार बढ़ाने पर चर्चा करने के अवसर की प्रशंसा की।"})
    assert "चर्चा" not in {t.text for e in doc.events for t in e.topics}


@pytest.mark.parametrize(("text", "place", "time"), [
    ("मोदी ने रविवार को मॉस्को में कई नेताओं से मुलाकात की। मोदी ने पुतिन से भी बातचीत की।", "मॉस्को", "2020-09-06"),
    ("पुतिन ने रविवार को शांति की अपील की। यह बात उन्होंने मोदी से मुलाकात के दौरान कही।", None, "2020-09-06"),
    ("मोदी ने मॉस्को पहुंचकर पुतिन से मुलाकात की।", "मॉस्को", "2020-09-09"),
    ("जयशंकर और लावरोव की मॉस्को में वार्ता हुई।", "मॉस्को", "2020-09-09"),
    ("मोदी शुक्रवार को पुतिन से अपने आवास पर मुलाकात करेंगे।", "नई दिल्ली", "2020-09-11"),
    ("मोदी एससीओ की बैठक में हिस्सा लेने मॉस्को पहुंचे। मोदी ने एससीओ की बैठक से इतर पुतिन से मुलाकात की।", "मॉस्को", "2020-09-09"),
])
def test_a_meeting_has_the_place_and_day_that_are_told_elsewhere(nlp, text, place, time):
    met = next(e for e in nlp(text, published=PUBLISHED).events if e.kind == "meeting")
    assert ((met.place and met.place.name), met.time and met.time.value) == (place, time)


def test_a_journey_has_the_days_of_the_stay(nlp):
    text = "जयशंकर सोमवार से रूस और चीन की यात्रा करेंगे। जयशंकर 14 और 15 सितंबर को रूस में होंगे।"
    events = nlp(text, published=PUBLISHED).events
    assert [(e.place.name, e.time.value) for e in events] == [("रूस", "2020-09-14/2020-09-15"), ("चीन", "2020-09-14")]


@pytest.mark.parametrize("text", [
    "नई दिल्लीः मोदी ने पुतिन से मुलाकात की।",
    "नई दिल्ली, 9 सितंबर\nमोदी ने पुतिन से मुलाकात की।",
    "नई दिल्ली, प्रधानमंत्री नरेंद्र मोदी ने मंगलवार को रूस के राष्ट्रपति व्लादिमीर पुतिन से मुलाकात की और "
    "दोनों देशों के व्यापार के साथ ही सुरक्षा पर भी विस्तार से चर्चा की।",
])
def test_datelines_in_other_dress(nlp, text):
    assert [e.place.name for e in nlp(text, published=PUBLISHED).events] == ["नई दिल्ली"]


def test_how_long_a_journey_lasts_and_what_was_done_thereupon(nlp):
    def times(source):
        return [e.time and (e.time.value, e.time.basis) for e in nlp(
            {"id": "x", "text": source, "published": "2025-08-18"}).events]

    assert times("विदेश सचिव विक्रम मिस्री रविवार सुबह काठमांडू पहुंचे। उनका यह दौरा 17 और 18 अगस्त तक चलेगा।") == [
        ("2025-08-17/2025-08-18", "stated")]
    assert times("रूस के विदेश मंत्री लावरोव शनिवार को दिल्ली पहुंच गए थे। इसके बाद उन्होंने जयशंकर से मुलाकात की थी।") == [
        ("2025-08-16", "stated"), ("2025-08-16", "assumed")]


def test_a_guest_who_is_welcomed_on_a_later_day_than_he_came_is_met(nlp):
    doc = nlp({"id": "x", "published": "2024-03-25",
               "text": "19 मार्च को मॉस्को पहुंचे जयशंकर का लावरोव ने 21 मार्च को क्रेमलिन में स्वागत किया।"})
    assert {(e.kind, len(e.participants)) for e in doc.events} == {("visit", 1), ("meeting", 2)}
    doc = nlp({"id": "x", "published": "2024-03-25",
               "text": "19 मार्च को मॉस्को पहुंचे जयशंकर का लावरोव ने हवाई अड्डे पर स्वागत किया।"})
    assert [(e.kind, len(e.participants)) for e in doc.events] == [("visit", 2)]


@pytest.mark.parametrize(("text", "places"), [
    ("मोदी और पुतिन सोमवार को बीजिंग (चीन) में शांति वार्ता करेंगे।", ["बीजिंग"]),
    ("मोदी सोमवार को बीजिंग, चीन में पुतिन से मुलाकात करेंगे।", ["बीजिंग"]),
    ("मोदी अपने दौरे के तहत बीजिंग में हैं। मोदी आज पुतिन से मुलाकात करेंगे।", ["बीजिंग", "बीजिंग"]),
    ("मोदी सोमवार को चीन जाएंगे। वहां पुतिन से उनकी मुलाकात होगी।", ["चीन", "चीन"]),
    ("भारत और रूस के दूत सोमवार को बीजिंग में मिले। मोदी ने पुतिन से मुलाकात की।", ["बीजिंग"]),
    ("मोदी ने दौरे पर आए पुतिन से भारत की संसद में मुलाकात की।", [None, "भारत"]),
])
def test_places_told_beside_the_encounter(nlp, text, places):
    found = [e.place and e.place.name for e in nlp(text, published=PUBLISHED).events]
    assert sorted(map(str, found)) == sorted(map(str, places))


@pytest.mark.parametrize(("text", "place"), [
    ("संयुक्त राष्ट्र: मोदी ने सोमवार को पुतिन से मुलाकात की और दोनों ने व्यापार पर चर्चा की।", "न्यूयॉर्क"),
    ("New Delhi:\nमोदी ने सोमवार को पुतिन से मुलाकात की और दोनों ने व्यापार पर चर्चा की।", "नई दिल्ली"),
    ("मॉस्को, (khabar-ghar.com) मोदी ने सोमवार को पुतिन से मुलाकात की और व्यापार पर चर्चा की।", "मॉस्को"),
])
def test_datelines_by_body_by_script_and_by_site(nlp, text, place):
    found = nlp(text, published=PUBLISHED).events[0].place
    assert found and (found.name, found.basis) == (place, "dateline")


def test_a_weekday_and_its_date_are_one_day(nlp):
    event = only(nlp, "भारत और रूस के बीच बैठक शुक्रवार, 18 सितंबर को मॉस्को में होगी।")
    assert (event.status, event.time.value) == ("planned", "2020-09-18")


@pytest.mark.parametrize("text", [
    "भारत और पाकिस्तान के क्रिकेट बोर्ड के अधिकारियों के बीच दुबई में बैठक होनी है।",
    "प्रधानमंत्री नरेंद्र मोदी सोमवार को अफ्रीका के दौरे पर रवाना हुए।",
    "राज्यपाल संजय गुप्ता ने हवाई अड्डे पर प्रधानमंत्री नरेंद्र मोदी की अगवानी की।",
])
def test_boards_of_sport_parts_of_the_world_and_welcomes_at_home_are_no_encounter(nlp, text: str) -> None:
    assert not nlp(text, published="2024-06-19").events


def test_the_headline_has_an_office_or_a_stranger_where_the_body_has_the_name(nlp) -> None:
    text = ("भारतीय राजदूत से मिलीं नेपाल की स्वास्थ्य मंत्री\n\nकाठमांडू, 28 नवंबर। स्वास्थ्य मंत्री सुधा शर्मा गौतम और नेपाल में "
            "भारतीय राजदूत नवीन श्रीवास्तव के बीच शुक्रवार को मुलाकात हुई।")
    events = nlp(text, published="2025-11-28").events
    assert [[p.name for p in e.participants] for e in events] == [["सुधा शर्मा गौतम", "नवीन श्रीवास्तव"]]


def test_the_name_nobody_knows_in_a_headline_gives_way_to_the_known_one_of_the_body(nlp) -> None:
    title = "मनमोहन सिंह से मिले श्री बानकीमून सेन"
    body = "नई दिल्ली, 27 अप्रैल। संयुक्त राष्ट्र महासचिव बान की मून ने शुक्रवार को प्रधानमंत्री मनमोहन सिंह से मुलाकात की।"
    events = nlp({"id": "x", "title": title, "text": f"{title}\n\n{body}", "published": "2012-04-27"}).events
    assert [{p.entity for p in e.participants} for e in events] == [{"kor-ban-ki-moon", "ind-manmohan-singh"}]


def test_a_programme_with_a_day_for_each_country_is_a_journey_to_each_on_its_day(nlp) -> None:
    text = "जयशंकर सोमवार को बांग्लादेश, मंगलवार को नेपाल और उसके बाद बुधवार को भूटान जाएंगे।"
    events = nlp(text, published="2019-05-18").events
    assert [(e.place.name, e.time.value) for e in events] == [
        ("बांग्लादेश", "2019-05-20"), ("नेपाल", "2019-05-21"), ("भूटान", "2019-05-22")]
    events = nlp("जयशंकर 24-25 मई तक पनामा की और 25-27 मई तक कोलंबिया की यात्रा पर रहेंगे।", published="2019-05-18").events
    assert [(e.place.name, e.time.value) for e in events] == [
        ("पनामा", "2019-05-24/2019-05-25"), ("कोलंबिया", "2019-05-25/2019-05-27")]


@pytest.mark.parametrize(("text", "pairs"), [
    ("मोदी राष्ट्रपति अरिफ अल्वी और प्रधानमंत्री इमरान खान के साथ वार्ता करेंगे।", 2),
    ("मोदी ने राष्ट्रपति अरिफ अल्वी और प्रधानमंत्री इमरान खान के साथ वार्ता की।", 1),
    ("मोदी और जयशंकर प्रधानमंत्री इमरान खान और विदेश मंत्री शाह महमूद कुरैशी के साथ वार्ता करेंगे।", 1),
])
def test_whom_one_man_is_to_see_in_a_country_he_sees_one_by_one(nlp, text: str, pairs: int) -> None:
    assert len(nlp(text, published="2019-06-19").events) == pairs
