"""The reader: zones, datelines, dates, files, tables, HTML, hostile input."""

import io
import json
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hindi_diplo.errors import InputError
from hindi_diplo.reader import articles, check_date, from_text, read
from hindi_diplo.reader_html import page
from hindi_diplo.types import Article

RAW = Path(__file__).parents[2] / "shared/seeds/jaishankar-lavrov-2020-09-09.txt"

PAGE = """मीरा सेन ने नॉर्डलैंड के विदेश मंत्री से मुलाकात की

मीरा सेन ने नॉर्डलैंड के विदेश मंत्री से मुलाकात की

  • Publish Date - March 4, 2021 / 07:36 PM IST,
    Updated On - November 29, 2022 / 08:40 PM IST

मॉस्को। विदेश मंत्री मीरा सेन ने बुधवार को अपने समकक्ष से बात की। दोनों ने व्यापार पर चर्चा की।

पढ़ें- शहर में बारिश से जनजीवन अस्त-व्यस्त, स्कूल बंद…

सेन मंगलवार को यहां पहुंची थीं।

यह भी पढ़ें

मंत्री की यात्रा पर उठे सवाल

वह गुरुवार को लौटेंगी।
भाषा
अमित मनीषा
मनीषा

शेयर करें
"""


def zones(article: Article) -> list[tuple[str, str]]:
    return [(zone.kind, zone.span.of(article.text)) for zone in article.zones]


def texts(article: Article, kind: str) -> list[str]:
    return [text for name, text in zones(article) if name == kind]


def holds(article: Article) -> None:
    """Zones are in order and apart, trimmed, and nothing that is not white space is lost."""
    at = 0
    covered = [False] * len(article.text)
    for zone in article.zones:
        assert at <= zone.span.start < zone.span.stop <= len(article.text)
        at = zone.span.stop
        covered[zone.span.start : zone.span.stop] = [True] * (zone.span.stop - zone.span.start)
        words = zone.span.of(article.text)
        assert words == words.strip()
    assert all(c or char.isspace() for c, char in zip(covered, article.text, strict=True))


# ---------------------------------------------------------------- zones


def test_page() -> None:
    article = from_text(PAGE)
    holds(article)
    assert article.text == PAGE
    assert article.title == "मीरा सेन ने नॉर्डलैंड के विदेश मंत्री से मुलाकात की"
    assert (article.published, article.dateline) == ("2021-03-04", "मॉस्को")
    assert [kind for kind, _ in zones(article)] == [
        "title", "title", "furniture", "dateline", "body", "furniture", "body", "furniture", "body",
        "furniture"]
    assert texts(article, "dateline") == ["मॉस्को।"]
    assert texts(article, "body") == [
        "विदेश मंत्री मीरा सेन ने बुधवार को अपने समकक्ष से बात की। दोनों ने व्यापार पर चर्चा की।",
        "सेन मंगलवार को यहां पहुंची थीं।", "वह गुरुवार को लौटेंगी।"]


@pytest.mark.skipif(not RAW.exists(), reason="the raw article is not part of the project")
def test_raw_seed_article() -> None:
    article = from_text(RAW.read_text(encoding="utf-8"))
    holds(article)
    assert (article.published, article.dateline) == ("2020-09-09", "मॉस्को")
    titles, furniture = texts(article, "title"), texts(article, "furniture")
    assert len(titles) == 2 and titles[0] == titles[1] == article.title
    assert sum(text.count("पढ़ें-") for text in furniture) == 4
    assert not any("पढ़ें-" in text or "Publish" in text for text in texts(article, "body"))
    assert len(texts(article, "body")) == 5


def test_excerpt_is_only_body() -> None:
    article = from_text("विदेश मंत्री ने बुधवार को अपने समकक्ष से मुलाकात की। दोनों ने चर्चा की।")
    assert [kind for kind, _ in zones(article)] == ["body"]
    assert article.title is article.dateline is article.published is None


def test_title_given_is_believed() -> None:
    article = from_text("सेन मिलीं समकक्ष से\nविदेश मंत्री ने बात की।", title="सेन मिलीं समकक्ष से")
    assert texts(article, "title") == ["सेन मिलीं समकक्ष से"]
    other = from_text("विदेश मंत्री ने बात की।", title="दूसरा शीर्षक")
    assert (other.title, [k for k, _ in zones(other)]) == ("दूसरा शीर्षक", ["body"])


def test_headline_with_points() -> None:
    article = from_text("सेन मिलीं समकक्ष से\n• व्यापार पर बनी बात\n• कल लौटेंगी\n\nविदेश मंत्री ने बात की।")
    assert article.title == "सेन मिलीं समकक्ष से"
    assert len(texts(article, "title")) == 3 and texts(article, "body") == ["विदेश मंत्री ने बात की।"]


def test_wrapped_lines_are_no_title() -> None:
    text = ("विदेश मंत्री मीरा सेन ने बुधवार को कहा कि वह\nअपने समकक्ष से मिलेंगी और व्यापार पर भी बात\n"
            "करेंगी। वह कल लौटेंगी।")
    assert [kind for kind, _ in zones(from_text(text))] == ["body"]


@pytest.mark.parametrize("line", [
    "पढ़ें- शहर में बारिश, स्कूल बंद…",
    "पढ़ें – शहर में बारिश",
    "यह भी पढ़ें: मंत्री की यात्रा पर सवाल",
    "ये भी पढ़ें- मंत्री की यात्रा पर सवाल",
    "इसे भी पढ़ें: मंत्री की यात्रा पर सवाल।",
    "(यह भी पढ़ें: मंत्री की यात्रा पर सवाल)",
    "Also Read: मंत्री की यात्रा",
    "» Read more",
    "Edited By: अमित कुमार",
    "Photo Credit: PTI",
    "फोटो साभार: एक्स",
    "इमेज स्रोत, Getty Images",
    "#Moscow #विदेश_मंत्री",
    "Copyright © 2020 All rights reserved",
    "डिस्क्लेमर: यह खबर एजेंसी फीड से ली गई है।",
    "Advertisement",
    "Facebook",
    "शेयर करें",
    "• 12",
    "https://example.org/a/b",
    "Published: Sep 29, 2023 03:18:40 pm",
    "नई दिल्लीPublished: Sep 29, 2023 03:18:40 pm",
    "Last Updated: 29 Sep 2023 15:18 IST",
])
def test_furniture(line: str) -> None:
    text = f"सेन ने समकक्ष से बात की।\n\n{line}\n\nवह कल लौटेंगी।"
    article = from_text(text)
    holds(article)
    assert texts(article, "furniture") == [line]
    assert texts(article, "body") == ["सेन ने समकक्ष से बात की।", "वह कल लौटेंगी।"]


@pytest.mark.parametrize("line", [
    "सेन ने कहा कि छात्र पुस्तक पढ़ें- यह उनकी सलाह थी।",
    "यह भी कहा गया कि बैठक टल गई है।",
    "शेयर बाजार में गिरावट पर दोनों मंत्रियों ने चर्चा की।",
    "फोटो खिंचवाने के बाद दोनों नेताओं ने बात की।",
    "वार्ता बुधवार को हुई।",
    "भाषा विवाद पर दोनों नेताओं ने बात की।",
    "विदेश मंत्री ने 9 सितंबर 2020 को मुलाकात की।",
    "यह रिपोर्ट 9 सितंबर 2020 को प्रकाशित हुई थी।",
    "व्यापार, रक्षा और निवेश पर सहमति बनी।",
    "अपनी प्रतिक्रिया में सेन ने इसे अच्छी शुरुआत बताया।",
    "हमें जुड़ना होगा: सेन",
    "मुलाकात के बाद सेन ने कहा",
])
def test_story_is_never_furniture(line: str) -> None:
    article = from_text(f"सेन ने समकक्ष से बात की।\n\n{line}\n\nवह कल लौटेंगी।")
    assert texts(article, "furniture") == []


def test_link_inside_a_line() -> None:
    article = from_text("दोनों ने बात की। यह भी पढ़ें: मंत्री की यात्रा\nफिर वे लौटे।")
    assert zones(article) == [("body", "दोनों ने बात की।"), ("furniture", "यह भी पढ़ें: मंत्री की यात्रा"),
                              ("body", "फिर वे लौटे।")]
    article = from_text("दोनों ने बात की। (यह भी पढ़ें: मंत्री की यात्रा) फिर वे लौटे।")
    assert texts(article, "body") == ["दोनों ने बात की।", "फिर वे लौटे।"]


# ---------------------------------------------------------------- datelines


@pytest.mark.parametrize(("line", "place"), [
    ("मॉस्को। |विदेश मंत्री ने बात की।", "मॉस्को"),
    ("मॉस्को, 9 सितंबर (भाषा)। |विदेश मंत्री ने बात की।", "मॉस्को"),
    ("नयी दिल्ली, 25 मार्च (भाषा) |विदेश मंत्री ने बात की।", "नयी दिल्ली"),
    ("नयी दिल्ली, 9 जुलाई (एजेंसी): |विदेश मंत्री ने बात की।", "नयी दिल्ली"),
    ("नई दिल्ली, 02 मार्च, (वीएनआई) |विदेश मंत्री ने बात की।", "नई दिल्ली"),
    ("तियानजिन (चीन), एक सितंबर (भाषा) |प्रधानमंत्री ने बात की।", "तियानजिन"),
    ("न्यूयार्क 24 सितम्बर।|प्रधानमंत्री ने बात की।", "न्यूयार्क"),
    ("वाशिंगटन : |विदेश मंत्री ने बात की।", "वाशिंगटन"),
    ("लंदन: |विदेश मंत्री ने बात की।", "लंदन"),
    ("बाली. |विदेश मंत्री ने बात की।", "बाली"),
    ("नई दिल्ली/बीजिंग। |विदेश मंत्री ने बात की।", "नई दिल्ली"),
    ("मॉस्को, छह मार्च (एएफपी)। |विदेश मंत्री ने बात की।", "मॉस्को"),
    ("बीजिंग, 29 सितंबर |विदेश मंत्री ने बात की।", "बीजिंग"),
    ("बीजिंग, सात फरवरी |विदेश मंत्री ने लंबी बात की।", "बीजिंग"),
    ("लंदन, एक दिसंबर। |विदेश मंत्री ने बात की।", "लंदन"),
    ("काठमांडू (एएनआई) | |विदेश मंत्री ने बात की।", "काठमांडू"),
    ("पीटीआई, वाशिंगटन। |विदेश मंत्री ने बात की।", "वाशिंगटन"),
    ("नई दिल्ली, एएनआइ। |विदेश मंत्री ने बात की।", "नई दिल्ली"),
    ("संयुक्त राष्ट्र : |विदेश मंत्री ने बात की।", "संयुक्त राष्ट्र"),
    ("विश्व वेबडेस्क। |विदेश मंत्री ने बात की।", None),
])
def test_dateline(line: str, place: str | None) -> None:
    head, _, story = line.rpartition("|")
    article = from_text(head + story)
    assert zones(article) == [("dateline", head.strip()), ("body", story)]
    assert article.dateline == place


@pytest.mark.parametrize("line", [
    "सेन: हम कल मिलेंगे और बात करेंगे।",
    "ऐसा नहीं। वह बुधवार को लौट आईं।",
    "विदेश मंत्री ने कहा: हम मिले थे।",
    "सेन, वर्मा और रिज़वी ने बात की।",
    "सेन ने कहा कि वार्ता (एससीओ) अच्छी रही।",
    "शंघाई सहयोग संगठन (एससीओ) की बैठक हुई।",
    "मॉस्को में बुधवार को दोनों मंत्रियों ने बात की।",
    "दिल्ली, 21 लोगों की बैठक का स्थान।",
    "दिल्ली, 9 सितंबर को दोनों मंत्रियों की बैठक का स्थान।",
    "भारत - रूस संबंधों पर बात हुई।",
])
def test_no_dateline(line: str) -> None:
    article = from_text(line)
    assert article.dateline is None
    assert zones(article) == [("body", line)]


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(("text", "day"), [
    ("Updated On - November 29, 2022\nPublish Date - September 9, 2020\n\nसेन ने बात की।", "2020-09-09"),
    ("सेन मिलीं अपने समकक्ष से\n\nबुधवार, 9 सितंबर 2020\n\nसेन ने बात की।", "2020-09-09"),
    ("सेन मिलीं अपने समकक्ष से\n\n2020-09-09\n\nसेन ने बात की।", "2020-09-09"),
    ("नयी दिल्ली, 9 जुलाई 2024 (एजेंसी): सेन ने बात की।", "2024-07-09"),
    ("नयी दिल्ली, नौ जुलाई 2024 (एजेंसी): सेन ने बात की।", "2024-07-09"),
    ("Updated: 29 Nov 2022\n\nनयी दिल्ली, 9 जुलाई 2022 (एजेंसी): सेन ने बात की।", "2022-07-09"),
    ("Last Updated: 29 Nov 2022\n\nसेन ने बात की।", "2022-11-29"),
    ("Published:\n9 सितंबर 2020\n\nसेन ने बात की।", "2020-09-09"),
    ("नयी दिल्ली, 9 जुलाई (एजेंसी): सेन ने बात की।", None),
    ("सेन ने 9 सितंबर 2020 को बात की।", None),
])
def test_publication_date(text: str, day: str | None) -> None:
    assert from_text(text).published == day


def test_date_of_the_address() -> None:
    assert from_text("सेन ने बात की।", url="https://example.org/2021/03/04/sen").published == "2021-03-04"
    assert from_text("सेन ने बात की।", url="https://example.org/2021/13/44/sen").published is None


def test_check_date() -> None:
    assert check_date(None) is None and check_date(" ") is None
    assert check_date(date(2020, 9, 9)) == check_date(datetime(2020, 9, 9, 19, 36)) == "2020-09-09"
    assert check_date("2020-09-09") == check_date("2020-09-09T19:36:00+05:30") == "2020-09-09"
    assert check_date("2020-09-09 19:36:00") == "2020-09-09"
    for wrong in ("2020-13-09", "9 सितंबर", "2020", "20200909", 5, "2020-09-099", "x" * 10_000):
        with pytest.raises(InputError, match="YYYY-MM-DD"):
            check_date(wrong)  # type: ignore[arg-type]


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sen.txt"
    path.write_bytes(PAGE.encode(encoding))
    article = read(path)
    assert (article.text, article.id, article.published) == (PAGE, "sen", "2021-03-04")
    path = tmp_path / "sen.jsonl"
    path.write_bytes((json.dumps({"text": PAGE}, ensure_ascii=False) + "\n").encode(encoding))
    assert read(path).text == PAGE
    path = tmp_path / "sen.csv"
    path.write_bytes('text,id\n"सेन ने\nबात की।",7\n'.encode(encoding))
    assert (read(path).text, read(path).id) == ("सेन ने\nबात की।", "7")


@pytest.mark.parametrize("name", ["sen.jsonl", "sen.csv"])
def test_utf16_that_was_cut_off_gives_what_stood_before_and_says_so(tmp_path: Path, name: str) -> None:
    rows = "text\nसेन आए।\nसेन गए।\n" if name == "sen.csv" else '{"text": "सेन आए।"}\n{"text": "सेन गए।"}\n'
    path = tmp_path / name
    path.write_bytes(rows.encode("utf-16")[:-1])
    found = articles(path)
    first = next(found)
    assert not isinstance(first, InputError) and first.text == "सेन आए।"
    with pytest.raises(InputError, match="cut off") as caught:
        list(found)
    assert str(path) in str(caught.value)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    def broken(name: str, data: bytes, message: str) -> None:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError, match=message) as caught:
            read(path)
        assert str(path) in str(caught.value)

    broken("a.txt", "सेन".encode() + b"\xe9", "byte 9 is 0xe9; save it as UTF-8")
    broken("b.txt", "सेन".encode("utf-16") + b"\x00", "not UTF-16")
    broken("c.txt", "सेन".encode("utf-32"), "UTF-32")
    broken("d.docx", b"", r"\.txt, \.html")
    broken("e.csv", b"id,body\n1,x\n", "column 'text'")
    broken("f.jsonl", b'{"text": "a"}\n{"text": "b"}\n', "more than one article")
    broken("g.jsonl", b"\n", "no article")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path / "folder.txt")


def test_broken_rows_are_named_and_the_rest_is_done(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes("\n".join([
        '{"text": "सेन ने बात की।", "id": 3, "title": null, "published": "2020-09-09T10:00:00Z"}',
        '{"text": "सेन', "[1]", '{"text": 5}', '{"text": "a", "published": "soon"}', "[" * 100_000,
        '{"text": "\\ud83d"}', "", '{"text": "a", "title": 5}', '{"text": "a", "id": [1]}', "९" * 5000,
        "1" * 5000, "#", '{"text": ""}', '{"text": "\\u0000\\u0001"}',
    ]).encode().replace(b"#", b'{"text": "\xff"}'))
    found = list(articles(path))
    good = [a for a in found if isinstance(a, Article)]
    bad = [e for e in found if isinstance(e, InputError)]
    assert [(a.id, a.text) for a in good] == [("3", "सेन ने बात की।"), ("rows:14", ""), ("rows:15", "\0\1")]
    assert good[0].published == "2020-09-09"
    assert [e.line for e in bad] == [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13]
    assert all(str(e).startswith(f"{path}:{e.line}: ") for e in bad)


def test_broken_csv_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("text;published\nसेन मिलीं।;2020-09-09\nएक\nदो;कल\nतीन;\n".encode() + b"\xff;\n\n")
    found = list(articles(path))
    assert [a.text if isinstance(a, Article) else a.line for a in found] == ["सेन मिलीं।", 3, 4, "तीन", 6]


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    def given_in(data: str) -> list[Article | InputError]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
        return list(articles("-"))

    [one] = given_in(PAGE)
    assert isinstance(one, Article) and one.text == PAGE
    two = given_in('\n{"text": "एक।"}\n{"text": \n{"text": "दो।"}\n')
    assert [a.text if isinstance(a, Article) else a.line for a in two] == ["एक।", 3, "दो।"]
    assert [a.text for a in given_in("") if isinstance(a, Article)] == [""]


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "rows.parquet"
    rows = [{"text": "सेन ने बात की।", "id": i, "published": date(2020, 9, 9)} for i in range(300)]
    rows[7]["text"] = None
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    found = list(articles(path))
    assert len(found) == 300 and isinstance(found[7], InputError)
    assert isinstance(found[8], Article)
    assert (found[8].id, found[8].published) == ("8", "2020-09-09")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="no Parquet"):
        list(articles(path))


def test_parquet_bomb(tmp_path: Path) -> None:
    """A megabyte repeated ten thousand times packs into nothing; it is read row by row."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "bomb.parquet"
    text = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 10_000, pyarrow.int32()), ["अ" * 400_000])
    parquet.write_table(pyarrow.table({"text": text}), path)
    stream = articles(path)
    for _ in range(3):
        one = next(stream)
        assert isinstance(one, Article) and len(one.text) == 400_000


# ---------------------------------------------------------------- HTML

STORY = "विदेश मंत्री मीरा सेन ने बुधवार को अपने समकक्ष से बात की और दोनों ने व्यापार पर चर्चा की।"
HTML = f"""<!doctype html><html><head><title>सेन मिलीं | समाचार</title>
<meta property="og:title" content="सेन मिलीं समकक्ष से &amp; लौटीं">
<meta property="article:published_time" content="2021-03-04T10:00:00+05:30">
<meta property="article:modified_time" content="2022-03-04">
<link rel="canonical" href="https://example.org/sen">
<script>document.write("<p>नकली</p>")</script><style>p {{}}</style></head>
<body><nav><a href="/">होम</a><p>{STORY}</p></nav><div class="wrap"><h1>सेन मिलीं समकक्ष से</h1>
<div class="story"><p>मॉस्को। {STORY}</p><p>पढ़ें- शहर में बारिश, स्कूल बंद</p>
<div class="related-news"><p><a href="#">और कहानी: वर्मा और रिज़वी की मुलाकात कल होगी, ऐसा कहा गया</a></p></div>
<p>दोनों<br>लौटे &#2404; {STORY}<p>अंत में {STORY}</div></div>
<footer>© 2021 समाचार</footer></body></html>"""


def test_html(tmp_path: Path) -> None:
    path = tmp_path / "sen.html"
    path.write_text(HTML, encoding="utf-8")
    article = read(path)
    holds(article)
    assert (article.published, article.dateline) == ("2021-03-04", "मॉस्को")
    assert article.title == "सेन मिलीं समकक्ष से & लौटीं"
    assert article.url == "https://example.org/sen"
    assert texts(article, "title") == [article.title]
    assert texts(article, "furniture") == ["पढ़ें- शहर में बारिश, स्कूल बंद"]
    assert "".join(texts(article, "body")).count(STORY) == 3
    for absent in ("नकली", "होम", "©", "और कहानी", "{}"):
        assert absent not in article.text


def test_html_of_linked_data() -> None:
    told = {"@graph": [{"@type": "WebSite", "headline": "न"}, {
        "@type": ["NewsArticle"], "headline": "सेन मिलीं", "datePublished": "2021-03-04T10:00:00Z",
        "articleBody": "\n".join([STORY] * 4)}]}
    found = page(f'<script type="application/ld+json">{json.dumps(told)}</script><div id=app></div>')
    assert (found.title, found.published) == ("सेन मिलीं", "2021-03-04")
    assert found.text.count(STORY) == 4


def test_html_without_a_story() -> None:
    with pytest.raises(InputError, match="no story"):
        page("<html><body><script>x()</script></body></html>")


@pytest.mark.parametrize("source", [
    "<div>" * 200_000, "<div>" * 100_000 + "सेन" + "</div>" * 100_000, "<a" * 200_000, "<a '" * 200_000,
    "<!--" * 200_000, "<" * 400_000, "<li>x" * 100_000, "<script>" * 100_000, "<style></style" * 50_000,
    "&#" + "9" * 100_000 + ";", "&#xD800;&#0;x", "<td>" * 100_000, "</div>" * 200_000, "<p " + "a " * 300_000,
    '<script type="application/ld+json">' + "[" * 200_000 + "</script>x", "\0<\0p\0>x",
], ids=lambda s: s[:12].encode("unicode_escape").decode())
def test_hostile_html(source: str) -> None:
    """It comes to an end (the whole run has a limit) with spans that hold, or says that there is no story."""
    try:
        holds(from_text(page(source).text))
    except InputError as error:
        assert "no story" in str(error)


# ---------------------------------------------------------------- any input


@pytest.mark.parametrize("text", [
    "अ" * 5_000_000, "मंत्री ने कहा। " * 300_000, "यह भी पढ़ें " * 100_000, "(" * 1_000_000,
    "नई दिल्ली, " * 100_000, "पढ़ें-\n" * 50_000, "। पढ़ें- क" * 50_000, " " * 3_000_000, "\n" * 1_000_000,
    "Published " * 100_000, "सेन\n" * 50_000, "१" * 1_000_000, "#अ" * 200_000, "http://" * 100_000,
], ids=lambda s: s[:8].encode("unicode_escape").decode())
def test_hostile_text(text: str) -> None:
    article = from_text(text)
    assert article.text == text


PIECES = st.sampled_from([
    "\n", "\n\n", "\r\n", " ", "।", "|", ":", "मॉस्को", "नई दिल्ली", ", 9 सितंबर", " 2020", "(भाषा)", "भाषा",
    "पढ़ें- ", "यह भी पढ़ें", "Publish Date - September 9, 2020", "Updated On", "सेन ने बात की", "(", ")", "[",
    "\u200d", "\0", "\ufeff", "\u2028", "\x85", "शेयर करें", "संबंधित खबरें", "#टैग", "…", "’’", "-", "A", "é",
])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_zones_tile(text: str) -> None:
    article = from_text(text)
    holds(article)
    assert article == from_text(text)
    assert article.text == text
    assert check_date(article.published) == article.published
    if article.title is not None:
        assert article.title in text


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join), PIECES)
def test_given_title(text: str, title: str) -> None:
    holds(from_text(text, title=title))


TAGS = st.sampled_from([
    "<p>", "</p>", "<div>", "</div>", "<a href='x'>", "</a>", "<br>", "<!--", "-->", "<script>", "</script>",
    "<title>", "</title>", "<h1>", "<li>", "<", ">", "'", '"', "&amp;", "&", STORY,
])


@settings(max_examples=300, deadline=None)
@given(st.lists(TAGS | st.text(max_size=5), max_size=40).map("".join))
def test_any_html(source: str) -> None:
    try:
        found = page(source)
    except InputError:
        return
    if not any("\ud800" <= c <= "\udfff" for c in found.text):
        holds(from_text(found.text, title=found.title))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([".txt", ".html", ".jsonl", ".csv", ".parquet"]))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"a{suffix}"
    path.write_bytes(data)
    try:
        for article in articles(path):
            assert isinstance(article, Article | InputError)
    except InputError as error:
        assert str(path) in str(error)
