"""The report: one file, nothing injected, and in a real browser all of it works."""

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import made
import pytest
from chromium import FOUND, Chromium
from test_display import Reader, contrast

from hindi_diplo import display
from hindi_diplo.errors import InputError
from hindi_diplo.files import data_path
from hindi_diplo.report import read_records, report_html, write_report
from hindi_diplo.types import Doc, When


def many() -> list[Doc]:
    """A handful of documents that differ in person, country, date, kind and status."""
    first = made.doc()
    call = replace(made.event(), id="e-2", kind="call", status="planned", place=None,
                   time=When("2021-03", "month", "stated"))
    third = replace(made.event().participants[1], entity="fra-x", name="क्लेयर मार्टां", name_latin="Claire",
                    country="FR")
    paris = replace(made.event(), id="e-3", status="cancelled", time=None,
                    participants=(made.event().participants[0], third))
    return [first, made.doc(id="made-2", events=(call, paris), url="https://example.org/2")]


def data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    made_of: dict[str, object] = json.loads(found[1])
    return made_of


def without_data(page: str) -> str:
    return re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)


def test_docs_and_records_give_the_same_page() -> None:
    docs = many()
    assert report_html(docs) == report_html([d.to_dict() for d in docs])
    assert report_html([]) and data(report_html([]))["events"] == []


def test_the_policy_allows_this_script_and_no_other() -> None:
    page = report_html([made.evil()], title=made.EVIL)
    reader = Reader(page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    policy = next(a["content"] for t, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy")
    allowed = base64.b64encode(hashlib.sha256(scripts[-1].encode()).digest()).decode()
    assert policy and f"script-src 'sha256-{allowed}'" in policy and "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert [t for t, _ in reader.tags].count("script") == 2
    assert "pwned" not in without_data(page).replace(display._safe(made.EVIL), "")


def test_nothing_is_fetched() -> None:
    page = report_html(many())
    body = without_data(page)
    assert not re.search(r"\ssrc(set)?=|@import|url\(", body)
    assert set(re.findall(r"https?://[\w./]+", body)) == {"http://www.w3.org/2000/svg"}


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_report([], tmp_path / "no" / "x.html")


def test_records_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps(d.record()) for d in many()), encoding="utf-8")
    docs = read_records(path)
    assert docs and [e.id for d in docs for e in d.events] == ["e-1", "e-2", "e-3"]
    path.write_text(json.dumps({"text": "क"}), encoding="utf-8")
    assert read_records(path) is None and read_records(tmp_path / "none.jsonl") is None
    path.write_text(json.dumps(many()[0].record()) + "\n{}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.jsonl:2: expected an output record"):
        read_records(path)


@pytest.mark.parametrize("dark", [False, True])
def test_contrast(dark: bool) -> None:
    sheet = (data_path() / "templates" / "report.css").read_text()
    colour = dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})", sheet.split("}")[1 if dark else 0]))
    on_card = dict.fromkeys(("soft", "accent", "good", "wait", "bad"), ("paper", "card"))
    for ink, papers in {"ink": ("paper", "card", "mark", "markw", "markt", "markk"), **on_card}.items():
        assert all(contrast(colour[ink], colour[paper]) >= 4.5 for paper in papers), ink


# In the browser -------------------------------------------------------------------------------------

browser = [pytest.mark.browser, pytest.mark.skipif(FOUND is None, reason="no Chromium here")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with Chromium() as it:
        yield it


def opened(chromium: Chromium, folder: Path, docs: list[Doc]) -> None:
    write_report(docs, folder / "report.html")
    chromium.told.clear()
    chromium.asked.clear()
    chromium.open(folder / "report.html")


def filtered(chromium: Chromium, **values: str) -> list[str]:
    """The ids of the events that the page lists with these values in its filters (others cleared)."""
    chromium.run("document.getElementById('filters').reset()")
    for name, value in values.items():
        chromium.run(f"document.getElementById({json.dumps(name)}).value = {json.dumps(value)}")
    return [e["id"] for e in chromium.run("hindiDiploReport.chosen()")]


class TestInBrowser:
    pytestmark = browser

    def test_loads_with_no_network_and_no_complaint(self, chromium: Chromium, tmp_path: Path) -> None:
        opened(chromium, tmp_path, many())
        assert chromium.told == []
        # the browser draws its own icon of a date field from a data: address
        asked = [a for a in chromium.asked if not a.startswith("data:")]
        assert asked == [(tmp_path / "report.html").as_uri()]
        assert chromium.run("document.getElementById('count').textContent") == "3 of 3 events from 2 articles"
        assert chromium.run("document.querySelectorAll('.event').length") == 3
        for figure in ("timeline", "network", "map"):
            assert chromium.run(f"document.querySelectorAll('#{figure} svg').length") == 1
        cells = chromium.run("[...document.querySelectorAll('#matrix td button')].map(b => b.textContent)")
        assert cells == ["2", "1", "2", "1"]

    def test_filters(self, chromium: Chromium, tmp_path: Path) -> None:
        opened(chromium, tmp_path, many())
        assert filtered(chromium) == ["e-1", "e-2", "e-3"]
        assert filtered(chromium, person="lavrov") == ["e-1", "e-2"]
        assert filtered(chromium, person="क्लेयर") == ["e-3"]
        assert filtered(chromium, country="FR") == ["e-3"]
        assert filtered(chromium, country="IN", country2="RU") == ["e-1", "e-2"]
        assert filtered(chromium, **{"from": "2021-03-31"}) == ["e-2"]
        assert filtered(chromium, to="2020-12-31") == ["e-1"]
        assert filtered(chromium, words="व्यापार वार्ता") == ["e-1", "e-2", "e-3"]
        assert filtered(chromium, words="nothing") == []
        chromium.run("document.getElementById('filters').reset()")
        chromium.run("document.querySelector('#kinds input[value=meeting]').click()")
        assert [e["id"] for e in chromium.run("hindiDiploReport.chosen()")] == ["e-2"]

    def test_typing_filters_the_page(self, chromium: Chromium, tmp_path: Path) -> None:
        opened(chromium, tmp_path, many())
        shown = chromium.run(
            "(async () => { const p = document.getElementById('person'); p.value = 'Claire';"
            "p.dispatchEvent(new Event('input', {bubbles: true}));"
            "await new Promise(r => setTimeout(r, 300));"
            "return document.getElementById('count').textContent })()")
        assert shown == "1 of 3 events from 2 articles"
        assert chromium.run("document.querySelectorAll('.event').length") == 1

    def test_nothing_of_an_article_runs(self, chromium: Chromium, tmp_path: Path) -> None:
        opened(chromium, tmp_path, [made.evil()])
        assert chromium.run("typeof window.pwned") == "undefined" and chromium.told == []
        assert chromium.run("document.querySelectorAll('img, iframe, main script').length") == 0
        assert chromium.run("[...document.links].map(a => a.protocol)") == ["file:"]
        assert made.EVIL in chromium.run("document.querySelector('.event blockquote').textContent")
        forged = ("(() => { const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
                  "document.body.append(s); return typeof window.pwned })()")
        assert chromium.run(forged) == "undefined"

    def test_csv(self, chromium: Chromium, tmp_path: Path) -> None:
        opened(chromium, tmp_path, [*many(), made.evil()])
        text = chromium.run("hindiDiploReport.csv()").removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [r["event"] for r in rows if r["doc"].startswith("made")] == ["e-2", "e-1", "e-3"]
        assert not [v for r in rows for v in r.values() if v.startswith(tuple("=+-@\t\r\n"))]
        assert any(r["who"].startswith("'=HYPERLINK") for r in rows)

    def test_keyboard_and_names(self, chromium: Chromium, tmp_path: Path) -> None:
        opened(chromium, tmp_path, many())
        nameless = chromium.run(
            "[...document.querySelectorAll('button, input, select, a, svg, [role=button], [role=region]')]"
            ".filter(e => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby')"
            "|| e.textContent.trim() || (e.labels && e.labels.length))).map(e => e.outerHTML)")
        assert nameless == []
        assert chromium.run("document.documentElement.lang") == "en"
        chromium.run("document.querySelector('#network [role=button]').focus()")
        chromium.key("Enter", 13)
        assert chromium.run("document.getElementById('person').value") != ""
        heads = chromium.run("[...document.querySelectorAll('h1, h2, h3')].map(h => h.tagName)")
        assert heads[:3] == ["H1", "H2", "H3"]

    def test_five_thousand_events_are_quick(self, chromium: Chromium, tmp_path: Path) -> None:
        docs = [made.doc(id=str(n), events=tuple(
            made.event(id=f"{n}-{k}", time=When(f"20{10 + n % 15}-0{1 + k}-1{n % 10}", "day", "stated"))
            for k in range(5))) for n in range(1000)]
        write_report(docs, tmp_path / "big.html")
        assert chromium.open(tmp_path / "big.html") < 5
        taken = chromium.run(
            "(() => { const t = performance.now(); document.getElementById('country').value = 'RU';"
            "document.getElementById('filters').requestSubmit(); return performance.now() - t })()")
        assert taken < 1500
        assert chromium.run("document.querySelectorAll('.event').length") == 40
        chromium.run("document.getElementById('more').click()")
        assert chromium.run("document.querySelectorAll('.event').length") == 80

    def test_hovering_a_slot_marks_its_words(self, chromium: Chromium, tmp_path: Path) -> None:
        (tmp_path / "doc.html").write_text(display.page([made.doc(), made.evil()]), encoding="utf-8")
        chromium.told.clear()
        chromium.open(tmp_path / "doc.html")
        colour = "getComputedStyle(document.querySelector('.m-e0t')).backgroundColor"
        before = chromium.run(colour)
        chromium.hover(".s-e0t")
        assert chromium.run(colour) == "rgb(255, 211, 61)" != before
        chromium.hover("header")
        assert chromium.run(colour) == before
        chromium.hover(".m-e0g")
        assert chromium.run("getComputedStyle(document.querySelector('.s-e0g')).outlineStyle") == "solid"
        assert chromium.told == [] and chromium.run("typeof window.pwned") == "undefined"

    def test_dark_theme(self, tmp_path: Path) -> None:
        (tmp_path / "doc.html").write_text(display.page([made.doc()]), encoding="utf-8")
        colour = "getComputedStyle(document.querySelector('.hd')).backgroundColor"
        with Chromium(dark=True) as dark:
            dark.open(tmp_path / "doc.html")
            assert dark.run(colour) == "rgb(15, 20, 26)"
            dark.run("document.body.dataset.jpThemeLight = 'true'")  # the notebook's theme goes before
            assert dark.run(colour) == "rgb(255, 255, 255)"
