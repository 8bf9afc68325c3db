"""Input made to break things: no crash, no hang, spans that cover what they say, the same output for the same input.

Nothing here looks at a clock.  What is linear is shown by counting: a piece of work done per character is a call
that is counted, and the engine's own timeout (``patterns.TIMEOUT``) raises where a rule backtracks."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import sys
import warnings
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hindi_diplo.annotate import FORMS, export_folder
from hindi_diplo.errors import InputError
from hindi_diplo.exchange import dyads_text
from hindi_diplo.pipeline import Pipeline
from hindi_diplo.reader import articles

FUZZ = Path(__file__).parent / "fuzz"
FEW = settings(max_examples=40, deadline=None, derandomize=True, database=None,
               suppress_health_check=[HealthCheck.too_slow])


def _targets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_targets", FUZZ / "targets.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_targets"] = module
    spec.loader.exec_module(module)
    return module


targets = _targets()
CORPUS = sorted((FUZZ / "corpus").iterdir())


@pytest.mark.parametrize("file", CORPUS, ids=lambda f: f.name)
def test_kept_findings_stay_mended(file: Path) -> None:
    targets.run(file.read_bytes())


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda t: t.__name__)
@FEW
@given(data=st.binary(max_size=300))
def test_bytes_break_nothing(target: object, data: bytes) -> None:
    target(data)  # type: ignore[operator]


WORDS = st.sampled_from([*targets.STORY.split(), "।", "|", "(", ")", ",", "-", "“", "”", "\n", "\u200d", "."])


@FEW
@given(words=st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=60), published=st.booleans())
def test_spans_and_records_are_sound(nlp: Pipeline, words: list[str], published: bool) -> None:
    text = " ".join(words)
    row = {"text": text, "published": "2020-09-09" if published else None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            doc = nlp(row)
        except InputError as error:
            assert "surrogate" in str(error)
            return
        targets.sound(doc)
        assert nlp(row) == doc


@FEW
@given(page=st.lists(st.one_of(st.sampled_from(
    ["<p>", "</p>", "<div class='story'>", "</div>", "<!--", "-->", "<script>", "</script", "<a href=", "'", '"', ">",
     "&#x110000;", "&amp", "<![CDATA[", "<svg>", "<h1>", "<br/>", "<meta property='og:title' content='"]),
    st.sampled_from(targets.STORY.split()), st.text(max_size=5)), max_size=60))
def test_pages_in_pieces(page: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    targets.html(" ".join(page).encode("utf-8", "replace"))


# -- encodings and scripts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_give_one_text(encoding: str, tmp_path: Path, nlp: Pipeline) -> None:
    (tmp_path / "a.txt").write_bytes(targets.STORY.encode(encoding))
    (article,) = articles(tmp_path / "a.txt")
    assert not isinstance(article, InputError) and article.text == targets.STORY
    assert nlp(article).events


@pytest.mark.parametrize("data", [targets.STORY.encode("utf-16-le"), targets.STORY.encode("utf-16-be"),
                                  targets.STORY.encode("utf-32"), targets.STORY.encode()[:-2]])
def test_wrong_encodings_are_refused_with_advice(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(InputError, match="save it as UTF-8"):
        list(articles(tmp_path / "a.txt"))


@pytest.mark.parametrize("text", [
    "Foreign minister met his counterpart in Moscow on Wednesday.", "વિદેશ મંત્રીએ મોસ્કોમાં મુલાકાત કરી.",
    "外交部长周三在莫斯科会见了俄罗斯外长。", "Министр иностранных дел встретился в Москве.",
    "وزیر خارجہ نے ماسکو میں ملاقات کی۔",
])
def test_other_scripts_have_no_events_and_one_warning(text: str) -> None:
    nlp = Pipeline(tagger="none")
    with pytest.warns(UserWarning, match="hardly in Devanagari") as told:
        assert [nlp(text).events, nlp(text).events] == [(), ()]
    assert len(told) == 1


def test_the_same_story_in_other_characters(nlp: Pipeline) -> None:
    import unicodedata

    plain = nlp(targets.STORY, published="2020-09-09")
    for other in (
        unicodedata.normalize("NFD", targets.STORY), targets.STORY.replace("।", "|"),
        targets.STORY.replace("क्ष", "क्\u200dष"), "\ufeff" + targets.STORY, targets.STORY.replace("\n", "\r\n"),
    ):
        doc = nlp(other, published="2020-09-09")
        targets.sound(doc)
        assert [(e.kind, e.status, [p.entity for p in e.participants]) for e in doc.events] == [
            (e.kind, e.status, [p.entity for p in e.participants]) for e in plain.events]


def test_control_characters_and_marks_are_text_like_any_other(nlp: Pipeline) -> None:
    for odd in ("\x00", "\x1b[31m", "\u202e", "\x7f", "\u2066", "\U000e0041", "\ufffd"):
        doc = nlp(targets.STORY.replace(" ", f" {odd} ", 9), published="2020-09-09")
        targets.sound(doc)


@pytest.mark.parametrize("name", ["id", "title", "url"])
def test_half_characters_are_refused_wherever_they_stand(name: str, nlp: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        nlp({"text": "बैठक हुई।", name: "\ud800"})
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "बैठक हुई।", name: "\ud800"}) + "\n")
    (found,) = articles(tmp_path / "a.jsonl")
    assert isinstance(found, InputError)


# -- names of files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ident", ["../../x", "/etc/passwd", "..", ".", "a/../../b", "C:\\x", "\x00", "con", "-rf",
                                   "क" * 5000, "\u202e"])
@pytest.mark.parametrize("form", FORMS)
def test_ids_lead_nowhere(ident: str, form: str, tmp_path: Path, nlp: Pipeline) -> None:
    record = nlp({"id": ident, "text": "बैठक हुई।"}).record()
    out = tmp_path / "deep" / "out"
    files = export_folder([record], out, form)
    assert all(f.resolve().parent == out.resolve() and f.is_file() for f in files)
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(files)


# -- cells that a spreadsheet would run ---------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "\uff1d"])
def test_no_table_holds_a_formula(start: str, nlp: Pipeline) -> None:
    """The frames' CSV and the report's are tested with the frames and the report; this is the table of dyads."""
    record = nlp({"id": start + "cmd|' /C calc'!A0", "text": targets.STORY, "published": "2020-09-09"}).record()
    for event in record["events"]:
        event["participants"] = [{**p, "name": start + p["name"]} for p in event["participants"]]
    rows = list(csv.reader(io.StringIO(dyads_text([record], header=False), newline=""), delimiter="\t"))
    assert rows and all(cell[:1] not in tuple("=+@\t\r\uff1d") for row in rows for cell in row)
    assert rows[0][0].startswith("'" + start.replace("\r", " "))
