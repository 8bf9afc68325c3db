"""Pictures: the numbers in them are right, texts are escaped, nothing is fetched."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import made
import pytest
from chromium import FOUND, Chromium

from hindi_diplo import plots
from hindi_diplo.errors import InputError
from hindi_diplo.types import When

pytest.importorskip("plotly")
pytest.importorskip("networkx")

PICTURES = [plots.timeline, plots.network, plots.matrix, plots.places]


def docs() -> list[made.Doc]:
    later = replace(made.event(), id="e-2", status="cancelled", time=When("2020-11", "month", "stated"))
    undated = replace(made.event(), id="e-3", time=None, place=None)
    return [made.doc(), made.doc(id="made-2", events=(later, undated))]


def test_timeline() -> None:
    figure = plots.timeline(docs())
    assert [(t.name, [str(d) for d in t.x], list(t.y)) for t in figure.data] == [
        ("held", ["2020-09-09"], [1]), ("cancelled, postponed, refused, not held", ["2020-11-01"], [1])]
    assert figure.layout.title.text == "Events per day (1 without a date)"
    assert [str(d) for d in plots.timeline(docs(), by="year").data[0].x] == ["2020-01-01"]
    with pytest.raises(ValueError, match="day, month, year"):
        plots.timeline(docs(), by="week")


def test_network() -> None:
    discs = plots.network(docs()).data[-1]
    assert set(discs.text) == {"एस जयशंकर", "सर्गेई लावरोव"}
    assert set(plots.network(docs(), latin=True).data[-1].text) == {"S. Jaishankar", "Sergey Lavrov"}
    assert set(plots.network(docs(), nodes="countries").data[-1].text) == {"IN", "RU"}


def test_matrix_and_places() -> None:
    heat = plots.matrix(docs()).data[0]
    assert list(heat.x) == ["IN", "RU"] and list(heat.z[0]) == [None, 2]
    figure = plots.places(docs())
    assert list(figure.data[1].hovertext) == ["मॉस्को: 2"] and "1 without" in figure.layout.title.text


@pytest.mark.parametrize("picture", PICTURES)
def test_nothing_to_draw_and_nothing_to_inject(picture) -> None:  # type: ignore[no-untyped-def]
    assert picture([]).layout.title.text
    shown = picture([made.evil()])
    assert not [t for trace in shown.data for field in ("text", "hovertext")
                for t in (trace[field] if field in trace and trace[field] is not None else ()) if "<s" in t]
    assert shown.update_layout(title="mine").layout.title.text == "mine"


@pytest.mark.parametrize("picture", PICTURES)
def test_still_pictures(picture) -> None:  # type: ignore[no-untyped-def]
    drawn = plots.to_svg(picture(docs()), width=700)
    root = ElementTree.fromstring(drawn)
    tags = {e.tag.rpartition("}")[2] for e in root.iter()}
    assert tags <= {"svg", "rect", "text", "path", "circle", "title"} and root.get("width") == "700"
    assert picture(docs()).layout.title.text in "".join(root.itertext())
    assert len(drawn) < 60_000 and drawn == plots.to_svg(picture(docs()), width=700)
    ElementTree.fromstring(plots.to_svg(picture([])))
    evil = ElementTree.fromstring(plots.to_svg(picture([made.evil()])))
    assert {e.tag.rpartition("}")[2] for e in evil.iter()} <= {"svg", "rect", "text", "path", "circle", "title"}


def test_still_pictures_say_what_is_there() -> None:
    assert "एस जयशंकर" in plots.to_svg(plots.network(docs())) and "मॉस्को" in plots.to_svg(plots.places(docs()))
    assert "RU – IN: 2" in plots.to_svg(plots.matrix(docs()))
    assert plots.to_svg(plots.timeline(docs())).count("<rect") == 1 + 2 + 2  # paper, two bars, two keys
    import plotly.graph_objects as go

    with pytest.raises(InputError, match="pie"):
        plots.to_svg(go.Figure(go.Pie(values=[1, 2])))


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(FOUND is None, reason="no Chromium here")
def test_the_browser_draws_them_without_a_network(tmp_path: Path) -> None:
    with Chromium() as page:
        for number, picture in enumerate(PICTURES):
            for which in (docs(), [made.evil()]):
                path = tmp_path / f"{number}.html"
                picture(which).write_html(path)
                page.open(path)
                assert page.run("document.querySelectorAll('.main-svg').length") >= 1
                assert page.run("typeof window.pwned") == "undefined"
        assert not [a for a in page.asked if a.startswith("http")]
        assert page.told == []
