"""What is no encounter, though the words of one are there: matters, processes, bodies that sit at home, sport."""

import pytest

import hindi_diplo as hd


@pytest.fixture(scope="module")
def nlp():
    return hd.load("none")


def told(nlp, text):
    """Kind, status and participants of each event."""
    return sorted((e.kind, e.status, tuple(sorted(p.entity for p in e.participants)))
                  for e in nlp(text, published="2021-06-15").events)


@pytest.mark.parametrize("text", [
    # a matter, and what somebody says
    "मोदी ने कहा कि पुतिन के साथ बात करना गर्व की बात है।",
    "ट्रंप ने किम जोंग उन से फिर मिलने की बात कही है।",
    "लावरोव ने भारत के साथ सहयोग बढ़ाने की बात कही।",
    # talk as a means, as a need, as something that grows
    "लावरोव ने कहा कि चीन और भारत को वार्ता और कूटनीति के जरिए विवाद सुलझाना चाहिए।",
    "रूस और यूक्रेन के बीच वार्ता आवश्यक है, लावरोव ने कहा।",
    "अमेरिका ने भारत और पाकिस्तान के बीच बढ़ते संवाद की सराहना की।",
    "लावरोव ने जोर दिया कि दोनों विदेश मंत्री न्यूयॉर्क में बैठक कर वार्ता शुरू करें।",
    "पुतिन ने मोदी को अमेरिका के साथ चल रही वार्ता के बारे में जानकारी दी थी।",
    # never, habitually not, and often before
    "अब तक किसी अमेरिकी राष्ट्रपति ने ईरान के राष्ट्रपति से मुलाकात नहीं की है।",
    "क्रेमलिन ने कहा कि पुतिन जेलेंस्की से मुलाकात नहीं करते।",
    "ट्रंप और मोदी के बीच पहले भी बातचीत हो चुकी है।",
    "मोदी और शी चिनफिंग के बीच कई मुलाकातें हो चुकी हैं।",
    # nothing decided, nothing told
    "मोदी के सार्क सम्मेलन में शामिल होने को लेकर अभी कोई फैसला नहीं हुआ है।",
    "विदेश मंत्रालय ने मोदी की अमेरिका यात्रा की खबरों पर टिप्पणी से इनकार किया।",
    # those who sit together anyway, and a country's own soldiers
    "नेतन्याहू ने हमास के साथ समझौते पर सुरक्षा कैबिनेट की बैठक बुलाई।",
    "भाजपा की केंद्रीय चुनाव समिति की बैठक में भाग लेने प्रधानमंत्री मोदी और अमित शाह पहुंचे।",
    "नीति आयोग की बैठक में प्रधानमंत्री मोदी और मुख्यमंत्री योगी आदित्यनाथ शामिल हुए।",
    "रक्षा मंत्री राजनाथ सिंह ने भारतीय सेना के जवानों एवं अधिकारियों से बातचीत की।",
    # players and teams
    "ऑस्ट्रेलिया की टीम अगले महीने भारत का दौरा करेगी। क्रिकेट बोर्ड ने कार्यक्रम जारी किया।",
    "शाहिद अफरीदी टूर्नामेंट के बाद बांग्लादेश से लौटे।",
    "मोदी ने नीरज चोपड़ा समेत कई खिलाड़ियों से मुलाकात की।",
])
def test_nothing_is_told(nlp, text):
    assert told(nlp, text) == []


MODI, PUTIN = "ind-narendra-modi", "rus-vladimir-putin"


@pytest.mark.parametrize(("text", "events"), [
    ("मोदी ने पुतिन के साथ बैठक कर व्यापार पर चर्चा की और कहा कि दोनों देश मिलकर काम करें।",
     [("meeting", "held", (MODI, PUTIN))]),
    ("मोदी और पुतिन के बीच मॉस्को में हुई बातचीत की सराहना की गई।", [("meeting", "held", (MODI, PUTIN))]),
    ("अमेरिका और तालिबान के बीच पहले भी 2018 में दोहा में वार्ता हो चुकी है।",
     [("meeting", "held", ("US", "taliban"))]),
    ("रक्षा मंत्री राजनाथ सिंह ने रूसी सेना के अधिकारियों से मुलाकात की।",
     [("meeting", "held", ("RU", "ind-rajnath-singh"))]),
    ("मोदी ने टोक्यो ओलंपिक के दौरान पुतिन से मुलाकात की।", [("meeting", "held", (MODI, PUTIN))]),
])
def test_what_stands_beside_it_is_told(nlp, text, events):
    assert told(nlp, text) == events
