"""What people see: tables and cards that align, HTML that marks the right words and runs nothing."""

import ctypes
import locale
import pickle
import re
import shutil
import unicodedata
from html.parser import HTMLParser

import made
import pytest
import regex

import hindi_diplo as hd
from hindi_diplo import display
from hindi_diplo.records import VIEWS, Span
from hindi_diplo.types import Doc


class Reader(HTMLParser):
    """The text, the elements and the attributes of a page, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "input"):
            self.open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(f"{tag}.{name}" for tag, name in self.open), data))

    def within(self, name: str, but: str = "small.") -> str:
        return "".join(t for path, t in self.texts
                       if any(name in part.split(".", 1)[1].split() for part in path) and but not in path)


# In the terminal ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "columns"), [
    ("", 0), ("abc", 3), ("क", 1), ("का", 2), ("कि", 2), ("के", 1), ("क्ष", 2), ("सर्गेई लावरोव", 11), ("中", 2),
    ("क\u200dष", 2),
])
def test_width(text: str, columns: int) -> None:
    assert display.width(text) == columns


def test_width_is_the_width_of_the_c_library() -> None:
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
        measure = ctypes.CDLL(None).wcwidth
    except (locale.Error, AttributeError, OSError):
        return  # a system without that locale or function has nothing to compare with
    known = [chr(c) for c in range(0x900, 0x980) if unicodedata.category(chr(c)) != "Cn"]
    assert [c for c in known if measure(ord(c)) != display.width(c)] == []


@pytest.mark.parametrize("columns", [78, 80, 120, 200])
def test_table_aligns_and_fits(columns: int) -> None:
    heading, *lines = display.table(made.doc(), columns=columns).splitlines()
    assert heading.startswith("made-1 · मॉस्को")
    assert all(display.width(line) <= columns for line in lines)
    bars = [[display.width(line[:m.start()]) for m in re.finditer("[│┼]", line)] for line in lines]
    assert len(bars[0]) == 5 and all(b == bars[0] for b in bars)


def test_table_says_it_all() -> None:
    rows = display.table(made.doc(), columns=200).splitlines()
    assert [c.strip() for c in rows[1].split("│")] == list(display.COLUMNS)
    assert [c.strip() for c in rows[3].split("│")] == [
        "एस जयशंकर (IN)", "सर्गेई लावरोव (RU)", "मॉस्को (RU)", "2020-09-09",
        "व्यापार [at: एससीओ की बैठक]", "meeting, held"]
    assert display.table(made.doc(events=())).endswith("no meeting events")
    assert display.table(Doc(text="", id="")) == "no meeting events"


def test_a_long_word_breaks_between_whole_letters() -> None:
    lines = display._wrap("क्षेत्रीयअंतरराष्ट्रीय" * 3, 9)
    assert "".join(lines) == "क्षेत्रीयअंतरराष्ट्रीय" * 3
    assert all(display.width(line) <= 9 and not unicodedata.combining(line[0]) for line in lines)


def test_card_and_str() -> None:
    doc = made.doc()
    card = display.card(doc.events[0], doc)
    assert "with whom  सर्गेई लावरोव (RU)" in card and "2020-09-09 (day, stated)" in card
    assert "events/ne-ke-saath, confidence 0.93, 040, CONSULT" in card and "के साथ व्यापार पर वार्ता की।" in card
    assert str(doc.events[0]) == display.card(doc.events[0])
    assert str(doc) == display.table(doc)
    assert repr(doc).startswith("Doc(id='made-1', published='2020-09-09'") and "\n" not in repr(doc)


def test_nothing_reaches_the_terminal_but_words() -> None:
    doc = made.evil()
    for shown in (display.table(doc), display.card(doc.events[0], doc)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_sides_and_their_lack() -> None:
    one, two = made.event().participants
    from dataclasses import replace

    alone = tuple(replace(p, side=None) for p in (one, two))
    assert display.parties(made.event()) == ((one,), (two,))
    assert display.parties(made.event(participants=alone)) == (alone[:1], alone[1:])
    assert display.parties(made.event(participants=alone, kind="multilateral")) == (alone, ())
    assert display.parties(made.event(participants=())) == ((), ())


# In the browser -------------------------------------------------------------------------------------


def test_the_whole_text_is_there_once() -> None:
    page = Reader(made.doc().to_html())
    assert page.within("text") == made.TEXT


def test_slots_mark_their_words() -> None:
    page = Reader(made.doc().to_html())
    assert page.within("m-e0p0") == "विदेश मंत्री एस जयशंकर"
    assert page.within("m-e0p1") == "रूस के विदेश मंत्री सर्गेई लावरोव"
    assert page.within("m-e0g") == "वार्ता" and page.within("m-e0t") == "बुधवार को"
    assert page.within("m-e0w") == "मॉस्को" and page.within("m-e0k0") == "व्यापार"
    assert page.within("m-e0o") == "एससीओ की बैठक"
    assert page.within("furniture") == "पढ़ें- मौसम का हाल"
    names = {c for _, a in page.tags for c in (a.get("class") or "").split()}
    assert {f"s-{n[2:]}" for n in names if n.startswith("m-")} <= names


def test_entities_are_marked_and_labelled() -> None:
    page = Reader(made.doc().to_html())
    marks = [(a["class"], a["title"]) for tag, a in page.tags if tag == "mark"]
    assert [c for c, _ in marks] == ["b PERSON", "b PERSON", "b PLACE", "b PERSON", "b TIME", "b COUNTRY",
                                     "b PERSON", "b ORG"]
    assert "Sergey Lavrov · rus-sergey-lavrov · RU" in (marks[1][1] or "")


def test_overlaps_nest_well() -> None:
    doc = made.doc()
    crossing = tuple(made.event(trigger=Span(a, a + 9)) for a in range(0, 60, 4))
    page = Reader(made.doc(events=crossing, zones=(doc.zones[0],)).to_html())
    assert page.open == [] and page.within("text") == made.TEXT


def test_nothing_of_an_article_becomes_markup() -> None:
    doc = made.evil()
    for shown in (doc.to_html(), doc.events[0]._repr_html_(), display.page([doc], title=made.EVIL)):
        page = Reader(shown)
        assert not {t for t, _ in page.tags} & {"script", "img", "a", "iframe", "object"}
        assert not [n for _, a in page.tags for n in a if n.startswith("on")]
        assert "\x1b" not in shown and "\u202e" not in shown
    shown = Reader(doc.to_html()).within("text")
    assert shown == doc.text.replace("\u202e", "\ufffd").replace("\x1b", "\ufffd")


def test_half_surrogates_do_not_break_a_page() -> None:
    display.page([Doc(text="क \ud800 ख\x00", title="\udfff")]).encode("utf-8")


def test_two_documents_in_one_notebook_do_not_clash() -> None:
    one, two = made.doc().to_html(), made.doc(id="made-2").to_html()
    scope = re.compile(r'<div class="hd (hd-[0-9a-f]{10})">')
    assert scope.search(one)[1] != scope.search(two)[1]  # type: ignore[index]
    assert made.doc().to_html() == one
    assert " id=" not in one


def test_page_asks_for_nothing() -> None:
    page = display.page([made.doc(), made.doc(id="made-2")])
    assert "default-src 'none'" in page and "http" not in page.replace("http-equiv", "")
    assert page.count("--hd-ink:") == 3  # the shared sheet once: light, dark, dark theme of the notebook


def test_views_are_there_and_say_so_where_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made.doc()._repr_html_() == VIEWS["doc_html"](made.doc())
    assert pickle.loads(pickle.dumps(made.doc())) == made.doc()
    monkeypatch.delitem(VIEWS, "doc_text")
    with pytest.raises(LookupError, match="import hindi_diplo"):
        str(made.doc())


def test_import_stays_light() -> None:
    import subprocess
    import sys

    code = ("import sys, hindi_diplo; print([m for m in "
            "('pandas', 'numpy', 'networkx', 'plotly', 'pyarrow', 'torch') if m in sys.modules])")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found == "[]\n"
    assert hd.Doc is Doc


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
    parts = [int(full[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_contrast_is_enough_to_read(dark: bool) -> None:
    sheet = (display.data_path() / "templates" / "doc.css").read_text()
    block = sheet.split("@media")[1] if dark else sheet.split("@media")[0]
    colour = dict(re.findall(r"--hd-([a-z-]+):(#[0-9a-f]{3,6})", block))
    for ink, papers in {"ink": ("paper", "card", "person", "country", "org", "place", "time", "line"),
                        "soft": ("paper", "card"), "hot-ink": ("hot",), "good": ("card",), "wait": ("card",),
                        "bad": ("card",), "accent": ("card",)}.items():
        for paper in papers:
            assert contrast(colour[ink], colour[paper]) >= 4.5, (ink, paper)
    for paper in ("person", "country", "org", "place", "time"):
        assert contrast(colour["soft"], colour[paper]) >= 4.5, paper


def test_a_terminal_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert shutil.get_terminal_size().columns == 40
    _, *lines = str(made.doc()).splitlines()
    assert "  who        एस जयशंकर (IN)" in lines and max(map(display.width, lines)) <= 40


def test_a_repr_is_one_short_line() -> None:
    """What a prompt shows of a list of events: one line each, and no control character runs."""
    assert repr(made.event()) == ("Event(meeting, held, who='एस जयशंकर – सर्गेई लावरोव', place='मॉस्को', "
                                  "time='2020-09-09', rule='events/made')").replace("events/made", made.event().rule)
    assert "time=None" in repr(made.event(time=None))
    assert "\x1b" not in repr(made.evil().events[0])
    article = hd.Article("मोदी ने पुतिन से मुलाकात की।", id="a", published="2024-07-09")
    assert repr(article) == "Article(id='a', title=None, published='2024-07-09', dateline=None, 28 characters)"


@pytest.mark.parametrize("columns", [12, 40, 200])
def test_labels_stand_under_their_words(columns: int) -> None:
    doc = made.doc()
    lines = display.marked(doc, columns=columns).splitlines()
    assert max(map(display.width, lines)) <= columns
    words = [line for line in lines if regex.search(r"[\u0900-\u097f]", line)]
    assert "".join("".join(words).split()) == "".join(doc.text.split())
    if columns == 200:
        at = lines.index(next(line for line in lines if "सर्गेई लावरोव" in line))
        before = lines[at][: lines[at].index("सर्गेई लावरोव")]
        assert lines[at + 1][display.width(before):].startswith("PERSON")


def test_marked_text_runs_nothing() -> None:
    shown = display.marked(made.evil(), columns=60)
    assert "\x1b" not in shown and "\u202e" not in shown
