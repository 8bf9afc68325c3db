"""Frames: the same columns and dtypes whatever comes, and the same again after a file."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import made
import pytest

from hindi_diplo import frames
from hindi_diplo.errors import InputError
from hindi_diplo.types import Doc, When

pd = pytest.importorskip("pandas")
FRAMES = {
    "events": frames.events_frame, "participants": frames.participants_frame,
    "entities": frames.entities_frame, "relations": frames.relations_frame,
}


@pytest.mark.parametrize(("value", "first", "last"), [
    ("2020-09-09", date(2020, 9, 9), date(2020, 9, 9)),
    ("2020-W36", date(2020, 8, 31), date(2020, 9, 6)),
    ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2023", date(2023, 1, 1), date(2023, 12, 31)),
    ("2024-07-08/2024-07-11", date(2024, 7, 8), date(2024, 7, 11)),
    ("2024-07/2024-09", date(2024, 7, 1), date(2024, 9, 30)),
])
def test_days(value: str, first: date, last: date) -> None:
    assert frames.days(value) == (first, last)


def test_an_event_is_a_row() -> None:
    frame = made.doc().events_frame()
    row = frame.iloc[0]
    assert list(frame.columns) == list(frames.COLUMNS["events"])
    assert (row.who, row.with_whom, row.place, row.time) == (
        "एस जयशंकर", "सर्गेई लावरोव", "मॉस्को", "2020-09-09")
    assert row.people == ["ind-s-jaishankar", "rus-sergey-lavrov"] and row.countries == ["IN", "RU"]
    assert row["first"] == row["last"] == pd.Timestamp("2020-09-09") and row.grain == "day"
    assert row.topics == ["व्यापार"] and row.sentence.endswith("वार्ता की।")


def test_other_frames() -> None:
    doc = made.doc()
    assert list(frames.participants_frame(doc).via.fillna("")) == ["", "references/role-name"]
    assert list(doc.entities_frame().text)[-1] == "एससीओ" and len(doc.entities_frame()) == 7
    assert doc.relations_frame().iloc[0].text == "विदेश मंत्री सर्गेई लावरोव"


@pytest.mark.parametrize("kind", FRAMES)
def test_dtypes_do_not_depend_on_the_rows(kind: str) -> None:
    full, empty = FRAMES[kind]([made.doc(), made.evil()]), FRAMES[kind]([])
    assert (full.dtypes == empty.dtypes).all() and not len(empty)
    bare = Doc(text="क", events=(made.event(place=None, time=None, topics=(), occasion=None, participants=(),
                                            mentions=(), cameo=None, plover=None),))
    assert (FRAMES[kind](bare).dtypes == full.dtypes).all()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("number", [0, 1, 3])
def test_round_trip(tmp_path: Path, kind: str, ending: str, number: int) -> None:
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    event = made.event(place=None, time=None, topics=(), participants=())
    bare = Doc(text=made.TEXT, id="", events=(event,))
    frame = FRAMES[kind]([made.doc(), bare, made.evil()][:number])
    frames.write_frame(frame, tmp_path / f"x.{ending}")
    pd.testing.assert_frame_equal(frames.read_frame(tmp_path / f"x.{ending}"), frame)


@pytest.mark.parametrize("cell", [
    "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "'", "'=1", "＝1", "a\rb", "a\r\nb", 'a "b", c',
    "NA", "nan", " x ", "null", "1e5", "🙂", "क\u200dष",
])
def test_no_cell_of_a_csv_is_a_formula_and_none_is_lost(tmp_path: Path, cell: str) -> None:
    frame = frames.events_frame(made.doc(events=(made.event(trigger_text=cell),)))
    frames.write_frame(frame, tmp_path / "x.csv")
    raw = pd.read_csv(tmp_path / "x.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert not raw.loc[0, "trigger"].startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert frames.read_frame(tmp_path / "x.csv").loc[0, "trigger"] == cell


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        frames.read_frame(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="expected the columns of a frame of this package, got a, b"):
        frames.read_frame(tmp_path / "x.csv")
    with pytest.raises(InputError, match="ends in"):
        frames.write_frame(made.doc().events_frame(), tmp_path / "x.xlsx")


def test_networkx() -> None:
    pytest.importorskip("networkx")
    second = replace(made.event(), id="e-2")
    planned = replace(made.event(), id="e-3", status="planned")
    docs = [made.doc(), made.doc(id="made-2", events=(second, planned))]
    people = frames.to_networkx(docs)
    assert dict(people.edges) == {("ind-s-jaishankar", "rus-sergey-lavrov"): {
        "weight": 2, "events": [("made-1", "e-1"), ("made-2", "e-2")]}}
    assert people.nodes["rus-sergey-lavrov"] == {
        "name": "सर्गेई लावरोव", "name_latin": "Sergey Lavrov", "country": "RU", "events": 2}
    assert frames.to_networkx(docs, nodes="countries", statuses=("planned",))["IN"]["RU"]["weight"] == 1
    with pytest.raises(ValueError, match="'people' or 'countries'"):
        frames.to_networkx(docs, nodes="towns")


def test_a_time_of_each_grain_has_days() -> None:
    times = [When("2020-W36", "week", "stated"), When("2020", "year", "stated"), None]
    frame = frames.events_frame(made.doc(events=tuple(made.event(time=t) for t in times)))
    assert list(frame["last"])[:2] == [pd.Timestamp("2020-09-06"), pd.Timestamp("2020-12-31")]
    assert pd.isna(frame["last"][2]) and pd.isna(frame.grain[2])


def test_a_local_name_is_a_node_of_its_own_document() -> None:
    event = made.event()
    unknown = replace(event.participants[1], entity="local:1", name="कोई मंत्री")
    events = (replace(event, participants=(event.participants[0], unknown)),)
    graph = frames.to_networkx([made.doc(id="a", events=events), made.doc(id="b", events=events)])
    assert {n for n in graph if "local" in n} == {"a/local:1", "b/local:1"}
    assert {graph.nodes[n]["name"] for n in graph if "local" in n} == {"कोई मंत्री"}
