"""Who takes part in an encounter: lists, companions, leaders of delegations, those who only tell of it."""

import made
import pytest

import hindi_diplo as hd


def told(nlp, text):
    return made.told(nlp(text, published="2020-09-09"))


MODI, JAISHANKAR, PUTIN, LAVROV = "ind-narendra-modi", "ind-s-jaishankar", "rus-vladimir-putin", "rus-sergey-lavrov"
TRUMP, RAHUL = "usa-donald-trump", "ind-rahul-gandhi"


@pytest.mark.parametrize(("text", "events"), [
    # one list, whatever words stand before its members
    ("मोदी और शीर्ष रूसी नेता व्लादिमीर पुतिन के बीच बैठक हुई।", [("meeting", "held", (MODI, PUTIN))]),
    ("मोदी और दौरे पर आए लावरोव ने सोमवार को मुलाकात की।",
     [("meeting", "held", (MODI, LAVROV)), ("visit", "held", (LAVROV,))]),
    # partners of several countries: with leaders summed up, and bilaterally
    ("मोदी फ्रांस और जर्मनी के नेताओं के साथ द्विपक्षीय बैठक करेंगे।",
     [("meeting", "planned", ("DE", MODI)), ("meeting", "planned", ("FR", MODI))]),
    ("जयशंकर ने नाउरू और किरिबाती के अपने समकक्षों से फोन पर बात की।",
     [("call", "held", ("KI", JAISHANKAR)), ("call", "held", ("NR", JAISHANKAR))]),
    # the partner behind the word
    ("मोदी की मुलाकात पुतिन से होगी।", [("meeting", "planned", (MODI, PUTIN))]),
    # who was there too, told in the sentence after
    ("मोदी ने पुतिन से मुलाकात की। इस दौरान जयशंकर और लावरोव भी मौजूद थे।",
     [("meeting", "held", (MODI, JAISHANKAR, LAVROV, PUTIN))]),
    # who leads a delegation stands for his country, also where no list says of which one he is
    ("भारत और चीन के बीच बैठक हुई। गौरव मलखेड़ा ने भारतीय प्रतिनिधिमंडल का नेतृत्व किया।",
     [("meeting", "held", ("CN", "local:1"))]),
    # those summed up behind a name break no list; who came along is on every stop
    ("मोदी राष्ट्रपति पुतिन सहित विदेश मंत्री लावरोव से मुलाकात करेंगे।",
     [("meeting", "planned", (MODI, LAVROV)), ("meeting", "planned", (MODI, PUTIN))]),
    ("मोदी जापान और रूस की यात्रा पर गए। मोदी के साथ जयशंकर भी गए हैं।",
     [("visit", "held", (MODI, JAISHANKAR)), ("visit", "held", (MODI, JAISHANKAR))]),
    # officials of several countries whose office nobody knows stand for their lands
    ("राहुल गांधी ने फ्रांस और जापान के अपने समकक्षों से मुलाकात की।",
     [("meeting", "held", ("FR", RAHUL)), ("meeting", "held", ("JP", RAHUL))]),
    # "in which" after a partner is the encounter, after a sum of partners it is they
    ("मोदी ने पुतिन से यह मुलाकात की जिसमें लावरोव और जयशंकर भी शामिल रहे।",
     [("meeting", "held", (MODI, JAISHANKAR, LAVROV, PUTIN))]),
    ("मोदी ने कई नेताओं से मुलाकात की जिसमें पुतिन भी शामिल रहे।", [("meeting", "held", (MODI, PUTIN))]),
    ("मोदी ने पुतिन से मुलाकात की। इस बैठक में ब्रिटेन और फ्रांस भी शामिल थे।",
     [("multilateral", "held", ("FR", "GB", MODI, PUTIN))]),
    # who is in the delegation led by somebody travels with him, and need not sit in the gathering
    ("मोदी ब्रिक्स सम्मेलन में भाग लेने के लिए मॉस्को रवाना हुए। मोदी के नेतृत्व वाले प्रतिनिधिमंडल में जयशंकर शामिल हैं।",
     [("multilateral", "planned", (MODI,)), ("visit", "held", (MODI, JAISHANKAR))]),
    # the one who came along stands before him whom he accompanies
    ("जयशंकर तथा अन्य अधिकारियों के साथ मोदी मंगलवार को मॉस्को में पुतिन से मिलेंगे।",
     [("meeting", "planned", (MODI, JAISHANKAR, PUTIN))]),
    # who came to a gathering is he who was met, not he who met him
    ("मोदी ने पुतिन से मुलाकात की, जो ब्रिक्स सम्मेलन के लिए टोक्यो पहुंचे हैं।",
     [("meeting", "held", (MODI, PUTIN)), ("multilateral", "planned", (PUTIN,)), ("visit", "held", (PUTIN,))]),
    # who sat in on the talks belongs to them, not to the journey
    ("पुतिन ने मोदी से मुलाकात की और भारत पहुंचे। बैठक में लावरोव सहित कई अधिकारी मौजूद रहे।",
     [("meeting", "held", (MODI, LAVROV, PUTIN)), ("visit", "held", (PUTIN,))]),
    # the subject of the clause that is told, not he who tells it
    ("ट्रंप ने कहा कि मोदी रूस जाएंगे और वह पुतिन से मुलाकात करेंगे।",
     [("meeting", "planned", (MODI, PUTIN)), ("visit", "planned", (MODI,))]),
    # what somebody is or was is no other person
    ("मोदी के प्रधानमंत्री बनने के बाद पुतिन से उनकी मुलाकात हुई।", [("meeting", "held", (MODI, PUTIN))]),
    # the leaders of two countries are of two countries
    ("जयशंकर ने लावरोव से मुलाकात की। मोदी और राजनाथ सिंह ने बयान दिया। दोनों देशों के नेताओं के बीच वार्ता होगी।",
     [("meeting", "held", (JAISHANKAR, LAVROV)), ("meeting", "planned", (JAISHANKAR, LAVROV))]),
    # a leader and the people of his own country do not meet as sides
    ("ओबामा अमेरिकी सैनिकों से मिले।", []),
])
def test_who_takes_part(nlp, text, events):
    assert told(nlp, text) == events


def test_who_only_tells_of_others_is_no_party(nlp):
    events = told(nlp, "प्रवक्ता दिमित्री पेस्कोव ने बयान दिया। मोदी के साथ बातचीत होगी।")
    assert all("peskov" not in who for _, _, people in events for who in people)


def test_who_only_tells_of_it_in_the_same_sentence_is_no_party(nlp):
    assert told(nlp, "प्रवक्ता दिमित्री पेस्कोव ने लिखा, “भारत के साथ पुतिन की बैठक शुरू हुई।”") == [
        ("meeting", "held", ("IN", PUTIN))]


@pytest.mark.parametrize(("text", "status"), [
    ("मोदी और ट्रंप की बैठक टल गई। मोदी और ट्रंप के बीच बैठक अब नहीं होगी।", "postponed"),
    ("मोदी और ट्रंप के बीच बातचीत होनी थी, लेकिन अब यह रद्द हो गई है।", "cancelled"),
])
def test_what_came_to_nothing_is_told_once(nlp, text, status):
    assert told(nlp, text) == [("meeting", status, (MODI, TRUMP))]


def test_what_was_held_is_not_on_a_day_to_come(nlp):
    doc = nlp("राजनाथ सिंह ने सोमवार को लावरोव से मुलाकात की और वे मंगलवार को लौटेंगे।", published="2020-09-09")
    assert [(e.status, e.time.value) for e in doc.events if e.kind == "meeting"] == [("held", "2020-09-07")]


@pytest.mark.parametrize(("text", "events"), [
    # "he" who meets somebody is not that somebody
    ("मोदी रूस पहुंचे। पुतिन ने बयान दिया। वह पुतिन से मुलाकात करेंगे।",
     [("meeting", "planned", (MODI, PUTIN)), ("visit", "held", (MODI,))]),
    # the guest who came with his wife is received, not she
    ("पुतिन जब अपनी पत्नी ल्यूदमिला के साथ हवाई अड्डे पर पहुंचे तब मोदी ने उनकी अगवानी की।",
     [("meeting", "held", (MODI, PUTIN))]),
    # a site is no land that a journey leads to
    ("पुतिन मुलाकात के बाद अक्षरधाम मंदिर जाएंगे।", []),
    # the ministers of two fields
    ("रूस के विदेश और रक्षा मंत्रियों ने मोदी से मुलाकात की।",
     [("meeting", "held", (MODI, LAVROV, "rus-sergey-shoygu"))]),
    # an office of one country and, behind a comma, somebody of another
    ("भारत आएंगे रूस के विदेश मंत्री, जयशंकर से करेंगे मुलाकात",
     [("meeting", "planned", (JAISHANKAR, LAVROV)), ("visit", "planned", (LAVROV,))]),
    # an office without a land, of somebody who is met on a journey, is of the land that it leads to
    ("जयशंकर रूस रवाना, राष्ट्रपति से करेंगे मुलाकात",
     [("meeting", "planned", (JAISHANKAR, PUTIN)), ("visit", "held", (JAISHANKAR,))]),
    # who invites to his country is the host of the journey that is told; who invites elsewhere is not
    ("लावरोव भारत पहुंचे। जयशंकर ने लावरोव को इस दौरे का न्योता दिया था।", [("visit", "held", (JAISHANKAR, LAVROV))]),
    ("लावरोव भारत पहुंचे। ट्रंप ने लावरोव को न्योता दिया है।", [("visit", "held", (LAVROV,))]),
    # a sentence about somebody's journey goes on about him
    ("लावरोव ने बयान दिया। मोदी का यह रूस का पहला दौरा है। इससे पहले वह चीन के दौरे पर गए थे।",
     [("visit", "held", (MODI,)), ("visit", "held", (MODI,))]),
    # a journey that is told again by the land of him who makes it; a meal is one meeting
    ("पुतिन सोमवार को भारत पहुंचे। रूसी नेता पहली बार भारत की यात्रा पर हैं।", [("visit", "held", (PUTIN,))]),
    ("मोदी ने पुतिन और ट्रंप से डिनर पर मुलाकात की।", [("multilateral", "held", (MODI, PUTIN, TRUMP))]),
    # nothing is told of a talk by a word that says that something was not confirmed
    ("मोदी पुतिन से मुलाकात करेंगे। इस बात की पुष्टि नहीं हुई।", [("meeting", "planned", (MODI, PUTIN))]),
])
def test_who_is_meant(nlp, text, events):
    assert told(nlp, text) == events


def test_those_who_are_called_on_or_telephoned_are_met_one_by_one(nlp):
    for source in ("जयशंकर ने रूस के राष्ट्रपति पुतिन और विदेश मंत्री लावरोव से मुलाकात की।",
                   "जयशंकर ने रूस के राष्ट्रपति पुतिन और विदेश मंत्री लावरोव के साथ फोन पर बात की।"):
        events = nlp(source).events
        assert [[p.entity for p in e.participants] for e in events] == [
            ["ind-s-jaishankar", "rus-vladimir-putin"], ["ind-s-jaishankar", "rus-sergey-lavrov"]]
    for source in ("जयशंकर रूस के राष्ट्रपति पुतिन और विदेश मंत्री लावरोव के साथ बैठक करेंगे।",
                   "जयशंकर सोमवार को रूस और चीन के साथ होने वाली द्विपक्षीय बैठकों में हिस्सा लेंगे।"):
        assert [len(e.participants) for e in nlp(source).events] == [2, 2]
    together = nlp("जयशंकर ने रूस के राष्ट्रपति पुतिन और विदेश मंत्री लावरोव के साथ बैठक की।").events
    assert [len(e.participants) for e in together] == [3]


def test_strangers_meet_for_a_state_only_where_the_text_is_about_states(nlp):
    assert not nlp("फिल्म के सेट पर अभिनेता रोहन ज़ार्निक ने गायक मिलोस क्रांजबर्ग से मुलाकात की।").events


@pytest.mark.parametrize(("text", "events"), [
    # who only tells of others is none of the two leaders, and no subject
    ("प्रवक्ता रणधीर जायसवाल ने कहा कि जयशंकर ने लावरोव से मुलाकात की। दोनों नेताओं ने व्यापार पर चर्चा की।",
     [("meeting", "held", (JAISHANKAR, LAVROV))]),
    ("मोदी ने पुतिन से मुलाकात की। दिमित्री पेसकोव के अनुसार, दोनों नेताओं ने व्यापार पर चर्चा की।",
     [("meeting", "held", (MODI, PUTIN))]),
    ("पेसकोव के मुताबिक, मोदी की पुतिन के साथ बैठक अच्छी रही।", [("meeting", "held", (MODI, PUTIN))]),
    # nobody meets himself by his office
    ("रूस के विदेश मंत्री सर्गेई लावरोव दिल्ली पहुंचे। वह विदेश मंत्री से मुलाकात करेंगे।",
     [("meeting", "planned", (JAISHANKAR, LAVROV)), ("visit", "held", (LAVROV,))]),
    # two offices side by side, of two countries: two people
    ("रूसी विदेश मंत्री राष्ट्रपति रूहानी से मुलाकात करेंगे।", [("meeting", "planned", ("irn-hassan-rouhani", LAVROV))]),
    # a body stands for him who is said to be of it
    ("जयशंकर ने तालिबान के विदेश मंत्री अमीर खान मुत्तकी से मुलाकात की। भारत और तालिबान के बीच यह बातचीत अच्छी रही।",
     [("meeting", "held", ("afg-amir-khan-muttaqi", JAISHANKAR))]),
    # a headline that sums up several, met one by one
    ("जयशंकर ने जापान और रूस के अधिकारियों के साथ बैठक की\n\nजयशंकर ने जापान और रूस के अधिकारियों के साथ द्विपक्षीय "
     "बैठकें कीं।", [("meeting", "held", ("JP", JAISHANKAR)), ("meeting", "held", ("RU", JAISHANKAR))]),
    # on a tour the leaders of the lands are met land by land
    ("मोदी इस दौरे के दौरान जापान और रूस के शीर्ष नेतृत्व से मुलाकात करेंगे।",
     [("meeting", "planned", ("JP", MODI)), ("meeting", "planned", ("RU", MODI))]),
    # a present is no call on somebody, and what is done together no meeting
    ("मोदी और पुतिन ने पुष्प गुच्छ भेंट कर स्वागत किया।", []),
    ("मोदी पुतिन के साथ मिलकर काम करेंगे।", []),
    # who heads a body holds its highest office; an envoy is not his sender; who was there too is no partner
    ("जयशंकर ने संयुक्त राष्ट्र प्रमुख से मुलाकात की।", [("meeting", "held", (JAISHANKAR, "prt-antonio-guterres"))]),
    ("पुतिन के विशेष दूत की मोदी से मुलाकात", []),
    ("मोदी ने पुतिन से मुलाकात की। पुतिन के साथ मुलाकात के दौरान जयशंकर भी मौजूद थे।",
     [("meeting", "held", (MODI, JAISHANKAR, PUTIN))]),
    # "it is their third meeting" may be of one to come; "this talk" is the one that was told, whatever its day
    ("मोदी सोमवार को पुतिन से मुलाकात करेंगे। मोदी और पुतिन की यह तीसरी मुलाकात है।",
     [("meeting", "planned", (MODI, PUTIN))]),
    ("जयशंकर ने मंगलवार को लावरोव से फोन पर बात की। दोनों मंत्रियों के बीच 7 सितंबर को यह बातचीत हुई थी।",
     [("call", "held", (JAISHANKAR, LAVROV))]),
    # who says what others talk of is no party to it; the chief of staff leads for the army
    ("बोल्टन ने कहा कि ट्रंप की शी चिनफिंग के साथ वार्ता मोदी के साथ त्रिपक्षीय वार्ता में बदल गई।",
     [("meeting", "held", ("chn-xi-jinping", TRUMP))]),
    ("भारतीय सेना और चीनी सेना के बीच बैठक हुई। भारतीय पक्ष का नेतृत्व अजीत डोभाल ने किया।",
     [("meeting", "held", ("CN", "ind-ajit-doval"))]),
    # a headline's genitive is no verb; a comma before "and" joins too
    ("मोदी और पुतिन की बैठक सोमवार को दिल्ली में\n\nमोदी और पुतिन सोमवार को बैठक करेंगे।",
     [("meeting", "planned", (MODI, PUTIN))]),
    ("मोदी ने पुतिन, लावरोव, और ट्रंप के साथ बैठक की।",
     [("meeting", "held", (MODI, LAVROV, PUTIN)), ("meeting", "held", (MODI, TRUMP))]),
    # who received a guest on arrival is his host
    ("ओबामा सोमवार को दिल्ली पहुंचे। मोदी ने उनकी अगवानी की।", [("visit", "held", (MODI, "usa-barack-obama"))]),
    # any prime minister is nobody; a paper is no party to talks
    ("यह पहला मौका है जब कोई भारतीय प्रधानमंत्री रूस गया है।", []),
    # a journey that has begun goes on in the same place; another one does not
    ("मोदी बुधवार को जापान पहुंचे। वे कुछ दिन जापान की यात्रा पर रहेंगे।", [("visit", "held", (MODI,))]),
    ("मोदी पिछले साल जापान गए थे। मोदी जापान की यात्रा पर जाएंगे।",
     [("visit", "held", (MODI,)), ("visit", "planned", (MODI,))]),
])
def test_tellers_stand_ins_and_second_tellings(nlp, text, events):
    assert told(nlp, text) == events


def test_a_body_that_nobody_knows_is_no_country():
    event = hd.load()("ऑस्ट्रेलिया के उच्चायुक्त फिलिप ग्रीन ने कृषि एवं किसान कल्याण विभाग के सचिव देवेश चतुर्वेदी से भेंट की।",
                      published="2020-09-09").events[0]
    assert [(p.name, p.country) for p in event.participants] == [("फिलिप ग्रीन", "AU"), ("देवेश चतुर्वेदी", None)]


def test_all_of_a_list_of_companions_came_along(nlp):
    source = ("मोदी रूस पहुंचे। उनके साथ विदेश मंत्री जयशंकर, चार सांसद, कोयला एवं राजनाथ सिंह, वरिष्ठ अधिकारी और मीडिया के "
              "प्रतिनिधि भी गए हैं।")
    assert told(nlp, source) == [("visit", "held", (MODI, "ind-rajnath-singh", JAISHANKAR))]
    source = "ओबामा सोमवार को दिल्ली पहुंचे। ओबामा की अगवानी जयशंकर, राजनाथ सिंह और भारत के अधिकारियों ने की।"
    assert told(nlp, source) == [("visit", "held", ("ind-rajnath-singh", JAISHANKAR, "usa-barack-obama"))]


@pytest.mark.parametrize("text", [
    # a party's sitting; for business, at home
    "शरद पवार ने बुलाई महाविकास अघाड़ी गठबंधन की मीटिंग, बैठक में उद्धव ठाकरे हुए शामिल",
    "मुख्यमंत्री रमेश वाघेला ने टाटा समूह के चेयरमैन से मुलाकात की।",
    # relatives, wherever
    "इमरान खान से सोमवार को उनकी बहन नूर खान ने मुलाकात की। भारत ने इस पर कुछ नहीं कहा।",
])
def test_sittings_of_parties_business_and_relatives_at_home_are_no_encounter_of_states(nlp, text):
    assert told(nlp, text) == []


@pytest.mark.parametrize("text", [
    "कांग्रेस सांसद राहुल गांधी और शिवसेना के नेता उद्धव ठाकरे के बीच सीटों पर बातचीत हुई।",  # two politicians
    "चुनाव के बाद राज्यपाल संजय गुप्ता ने राष्ट्रपति द्रौपदी मुर्मू से मुलाकात की।",  # for the state
    "कांग्रेस नेता राहुल गांधी ने भूटान नरेश से मुलाकात की और चुनाव पर चर्चा की।",  # another country
    "जयशंकर कंपनियों के साथ बातचीत के लिए सोमवार को लंदन के दौरे पर होंगे।",  # another country's city
])
def test_encounters_for_the_state_and_with_other_countries_stay(nlp, text):
    assert len(told(nlp, text)) == 1


@pytest.mark.parametrize(("text", "who"), [
    ("राजनाथ सिंह और एस जयशंकर टोक्यो पहुंचे। इसके बाद वे फुमियो किशिदा से मिले।",
     {"ind-rajnath-singh", "ind-s-jaishankar", "jpn-fumio-kishida"}),
    ("एस जयशंकर टोक्यो पहुंचे। इसके बाद वे फुमियो किशिदा से मिले।", {"ind-s-jaishankar", "jpn-fumio-kishida"}),
    ("राजनाथ सिंह और एस जयशंकर टोक्यो पहुंचे। मोदी ने बयान दिया। इसके बाद वे फुमियो किशिदा से मिले।",
     {"ind-narendra-modi", "jpn-fumio-kishida"}),
])
def test_they_are_those_who_came_together(nlp: hd.Pipeline, text: str, who: set[str]) -> None:
    met = [{p.entity for p in e.participants} for e in nlp(text, published="2024-05-06").events if e.kind != "visit"]
    assert met == [who]


def test_a_wife_who_was_there_does_not_talk(nlp: hd.Pipeline) -> None:
    doc = nlp("योगी आदित्यनाथ से जापान के राजदूत हिरोशी सुजुकी ने मुलाकात की। इस अवसर पर सुजुकी के साथ उनकी पत्नी एको "
              "सुजुकी और प्रथम सचिव केंजी तनाका भी मौजूद थे।", published="2024-05-06")
    assert [[p.text for p in e.participants if "पत्नी" in p.text] for e in doc.events] == [[]]


def test_talks_of_the_countries_are_not_the_call_about_them(nlp: hd.Pipeline) -> None:
    doc = nlp("एस जयशंकर ने सर्गेई लावरोव से फोन पर बातचीत की, जिसमें दोनों ने मॉस्को में भारत और रूस के बीच हुई वार्ता के "
              "आधार पर खाद की आपूर्ति पर चर्चा की। लावरोव ने जयशंकर को बाढ़ राहत के बारे में जानकारी दी।", published="2024-05-06")
    assert [(e.kind, [t.text for t in e.topics]) for e in doc.events] == [
        ("call", ["खाद की आपूर्ति", "बाढ़ राहत"]), ("meeting", [])]


@pytest.mark.parametrize(("text", "people"), [
    ("सोमवार को जयशंकर, लावरोव से मुलाकात करेंगे।", [{"ind-s-jaishankar", "rus-sergey-lavrov"}]),
    ("सोमवार को मोदी, जयशंकर से नाराज दिखे।", []),
    ("मोदी सोमवार को पुतिन समेत अन्य लोगों से मुलाकात करेंगे।", [{"ind-narendra-modi", "rus-vladimir-putin"}]),
])
def test_a_comma_behind_the_subject_and_some_of_many(nlp, text, people):
    assert [{p.entity for p in e.participants} for e in nlp(text, published="2020-09-09").events] == people


@pytest.mark.parametrize(("text", "events"), [
    # a comma before the word for "including"
    ("जयशंकर पुतिन, लावरोव, सहित मोदी से भी मुलाकात करेंगे।",
     [("meeting", "planned", (JAISHANKAR, PUTIN)), ("meeting", "planned", (JAISHANKAR, LAVROV)),
      ("meeting", "planned", (MODI, JAISHANKAR))]),
    # a journey and a meeting named in one breath
    ("यह घोषणा जयशंकर की रूस यात्रा और पुतिन तथा कई शीर्ष अधिकारियों से मुलाकात के बाद हुई है।",
     [("meeting", "held", (JAISHANKAR, PUTIN)), ("visit", "held", (JAISHANKAR,))]),
    # what they look forward to
    ("मोदी ने पुतिन से फोन पर बात की। उन्होंने जापान में ब्रिक्स सम्मेलन से इतर अपनी बैठक को लेकर उत्साह जताया।",
     [("call", "held", (MODI, PUTIN)), ("meeting", "planned", (MODI, PUTIN))]),
    # the meeting of others, of which they talk
    ("मोदी और पुतिन ने फोन पर बात की। दोनों नेताओं ने राष्ट्रीय सुरक्षा सलाहकारों के बीच होने वाली बैठक के बारे में चर्चा की।",
     [("call", "held", (MODI, PUTIN))]),
])
def test_encounters_told_in_the_same_breath(nlp, text, events):
    assert sorted(told(nlp, text)) == sorted((kind, status, tuple(sorted(who))) for kind, status, who in events)


def test_a_point_ends_a_sentence_as_any_stop_does(nlp: hd.Pipeline) -> None:
    text = "एस जयशंकर ने सर्गेई लावरोव से बातचीत की. इससे पहले वे तोक्यो में मिले थे."
    assert len(nlp(text, published="2024-05-06").events) == 2


def test_a_headline_names_two_of_those_who_met(nlp: hd.Pipeline) -> None:
    text = ("मुख्यमंत्री साय ने प्रधानमंत्री से की मुलाकात\n"
            "रायपुर, 6 मई। मुख्यमंत्री विष्णुदेव साय के साथ दो मंत्री अनिल पाटिल एवं सुरेश जोशी ने सोमवार को "
            "प्रधानमंत्री नरेंद्र मोदी से मुलाकात की।")
    assert [len(e.participants) for e in nlp(text, published="2024-05-06").events] == [4]
