"""Documents made by hand, which the displays, frames and reports are tested with, and what a document tells, in
short."""

from __future__ import annotations

from hindi_diplo.types import (
    Doc,
    Entity,
    Event,
    Mention,
    Occasion,
    Participant,
    Place,
    Relation,
    Sentence,
    Span,
    TimeExpression,
    Topic,
    When,
    Zone,
)

TEXT = (
    "मॉस्को में मिले जयशंकर और लावरोव\n\n"
    "मॉस्को। विदेश मंत्री एस जयशंकर ने बुधवार को रूस के विदेश मंत्री सर्गेई लावरोव के साथ व्यापार पर वार्ता की। "
    "दोनों ने एससीओ की बैठक पर भी बात की।\n"
    "पढ़ें- मौसम का हाल"
)


def at(words: str, nth: int = 0, text: str = TEXT) -> Span:
    """The span of the ``nth`` place where ``words`` stand in ``text``."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def event(**changes: object) -> Event:
    """The meeting that TEXT tells."""
    story = Span(at("विदेश मंत्री एस").start, at("वार्ता की।").stop)
    made: dict[str, object] = {
        "id": "e-1", "kind": "meeting", "status": "held", "trigger": at("वार्ता"), "trigger_text": "वार्ता",
        "participants": (
            Participant("ind-s-jaishankar", "एस जयशंकर", "S. Jaishankar", "विदेश मंत्री एस जयशंकर",
                        at("विदेश मंत्री एस जयशंकर"), office="विदेश मंत्री", country="IN", side=1),
            Participant("rus-sergey-lavrov", "सर्गेई लावरोव", "Sergey Lavrov",
                        "रूस के विदेश मंत्री सर्गेई लावरोव", at("रूस के विदेश मंत्री सर्गेई लावरोव"),
                        office="विदेश मंत्री", country="RU", side=2, via="references/role-name"),
        ),
        "place": Place("मॉस्को", "dateline", "RU", 55.75, 37.62, "मॉस्को", at("मॉस्को", 1)),
        "time": When("2020-09-09", "day", "stated", "बुधवार को", at("बुधवार को")),
        "topics": (Topic(at("व्यापार"), "व्यापार", "topics/par", "economic"),),
        "occasion": Occasion("एससीओ की बैठक", at("एससीओ की बैठक"), "sco"),
        "mentions": (story, Span(at("दोनों ने").start, at("बात की।").stop)),
        "rule": "events/ne-ke-saath", "confidence": 0.93, "cameo": "040", "plover": "CONSULT",
    }
    return Event(**{**made, **changes})  # type: ignore[arg-type]


def doc(**changes: object) -> Doc:
    """TEXT with all that is to be seen in it."""
    mentions = (
        Mention(at("जयशंकर"), "PERSON", "जयशंकर", "gazetteer/people"),
        Mention(at("लावरोव"), "PERSON", "लावरोव", "gazetteer/people"),
        Mention(at("मॉस्को", 1), "PLACE", "मास्को", "gazetteer/places"),
        Mention(at("एस जयशंकर"), "PERSON", "एस जयशंकर", "gazetteer/people"),
        Mention(at("रूस"), "COUNTRY", "रूस", "gazetteer/countries"),
        Mention(at("सर्गेई लावरोव"), "PERSON", "सर्गेइ लावरोव", "gazetteer/people"),
        Mention(at("एससीओ"), "ORG", "एससीओ", "gazetteer/organisations"),
    )
    made: dict[str, object] = {
        "text": TEXT, "id": "made-1", "published": "2020-09-09", "title": "मॉस्को में मिले जयशंकर और लावरोव",
        "url": "https://example.org/1",
        "zones": (Zone(Span(0, TEXT.index("\n")), "title"), Zone(at("पढ़ें- मौसम का हाल"), "furniture")),
        "sentences": (Sentence(Span(0, 5), 0, 0),),
        "mentions": mentions,
        "times": (TimeExpression(at("बुधवार को"), "2020-09-09", "day", "times/weekday", "published"),),
        "entities": (
            Entity("ind-s-jaishankar", "PERSON", "एस जयशंकर", "S. Jaishankar", "IN", "विदेश मंत्री", (0, 3)),
            Entity("rus-sergey-lavrov", "PERSON", "सर्गेई लावरोव", "Sergey Lavrov", "RU", "विदेश मंत्री", (1, 5)),
            Entity("ru-moscow", "PLACE", "मॉस्को", "Moscow", "RU", None, (2,)),
            Entity("RU", "COUNTRY", "रूस", "Russia", "RU", None, (4,)),
            Entity("sco", "ORG", "एससीओ", "SCO", None, None, (6,)),
        ),
        "events": (event(),),
        "relations": (Relation("holds_office", "rus-sergey-lavrov", "विदेश मंत्री",
                               at("विदेश मंत्री सर्गेई लावरोव"), "relations/office"),),
        "made_by": (("version", "0"), ("tagger", "none"), ("sha256", "0")),
    }
    return Doc(**{**made, **changes})  # type: ignore[arg-type]


EVIL = '<script>window.pwned=1</script><img src=x onerror="window.pwned=1">"\'--></style></script>{{data}}'


def evil() -> Doc:
    """A document in which every field tries to break out."""
    text = f"{EVIL} ने {EVIL} से \u202e\x1b[31mवार्ता की।"
    whole, half = Span(0, len(text)), Span(0, len(EVIL))
    return Doc(
        text=text, id=EVIL, title=EVIL, published="2024-01-01", url="javascript:window.pwned=1",
        mentions=(Mention(half, "PERSON", EVIL, EVIL),),
        entities=(Entity(EVIL, "PERSON", EVIL, EVIL, EVIL, EVIL, (0,)),),
        times=(TimeExpression(Span(len(EVIL), len(EVIL) + 3), EVIL, "day", EVIL),),
        events=(Event(
            id=EVIL, kind="meeting", status="held", trigger=whole, trigger_text=EVIL,
            participants=(
                Participant(EVIL, "=HYPERLINK(1)", EVIL, EVIL, half, office=EVIL, country=EVIL, via=EVIL),
                Participant("local:1", EVIL, EVIL, EVIL, half)),
            place=Place(EVIL, EVIL, EVIL, 1.0, 2.0, EVIL, half),
            time=When("2024-01-01", "day", EVIL, EVIL, half),
            topics=(Topic(half, EVIL, EVIL, EVIL),), occasion=Occasion(EVIL, half, EVIL), mentions=(whole,),
            rule=EVIL, confidence=0.5, cameo=EVIL, plover=EVIL),),
        relations=(Relation("visits", EVIL, EVIL, half, EVIL),),
    )


def told(doc: Doc) -> list[tuple[str, str, tuple[str, ...]]]:
    """Kind, status and participants of each event of a document that was read."""
    return sorted((e.kind, e.status, tuple(sorted(p.entity for p in e.participants))) for e in doc.events)
