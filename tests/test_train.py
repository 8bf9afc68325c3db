"""Training: reading labelled files, varying them, and tiny models made in seconds."""

import json
import random
from pathlib import Path

import pytest

from hindi_diplo import taggers, train
from hindi_diplo.errors import HindiDiploError, InputError
from hindi_diplo.files import read_table
from hindi_diplo.knowledge import KnowledgeBase
from hindi_diplo.taggers.compact import CompactTagger
from hindi_diplo.train.data import Names, frames, spans_of, split_dots, varied

TEXT = """विदेश\tO
मंत्री\tO
एस.\tB-NEP
लावरोव\tI-NEP
ने\tO
मॉस्को\tB-NEL
में\tO
कहा\tO

संयुक्त\tB-ORGANIZATION
राष्ट्र\tI-ORGANIZATION
आज\tB-TIMEX
टोक्यो\t-NEL
गया\t-

"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.tsv"
    path.write_text(TEXT * 12, encoding="utf-8")
    return path


def test_tag_sets_are_mapped_and_damaged_tags_dropped(file: Path) -> None:
    first, second = train.read_tsv(file)[:2]
    assert first[1] == ["O", "O", "B-PER", "I-PER", "O", "B-LOC", "O", "O"]
    assert second[1] == ["B-ORG", "I-ORG", "O", "O", "O"]
    assert spans_of(first[1]) == [(2, 4, "PER"), (5, 6, "LOC")]


def test_a_line_without_a_tag_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("रूस\tB-LOC\nदो शब्द\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.tsv:2: expected 'token TAB tag'"):
        train.read_tsv(tmp_path / "bad.tsv")
    with pytest.raises(InputError, match="cannot be read"):
        train.read_tsv(tmp_path / "none.tsv")


def test_names_are_swapped_and_nothing_else(file: Path) -> None:
    sentences = train.read_tsv(file)
    names, rng = Names(KnowledgeBase.load(), sentences), random.Random(3)
    seen = set()
    for _ in range(30):
        words, tags = varied(sentences[0], names, rng, 1.0)
        assert len(words) == len(tags)
        assert [label for *_, label in spans_of(tags)] == ["PER", "LOC"]
        assert [w for w, t in zip(words, tags, strict=True) if t == "O"] == ["विदेश", "मंत्री", "ने", "में", "कहा"]
        seen.add(tuple(words))
    assert len(seen) > 25


def test_initials_are_cut_as_our_tokens_are() -> None:
    assert split_dots((["एस.", "लावरोव", "।"], ["B-PER", "I-PER", "O"])) == (
        ["एस", ".", "लावरोव", "।"], ["B-PER", "I-PER", "I-PER", "O"])


def test_every_frame_is_whole(file: Path) -> None:
    for line, row in read_table("train/frames.tsv"):
        frame = row["frame"]
        assert frame.count("[") == frame.count("]") and frame.count("{") == frame.count("}"), line
    names = Names(KnowledgeBase.load(), train.read_tsv(file))
    for words, tags in frames(names, random.Random(1), 300):
        assert len(words) == len(tags) and all(words) and not {"{", "}", "[", "]"} & set(words)


def test_compact_is_trained_and_the_same_again(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    options = {"epochs": 12, "members": 2, "made": 60, "rate": 0.01, "seed": 5}
    entry = train.run("compact", [file], [file], tmp_path / "a", **options)
    again = train.run("compact", [file], [file], tmp_path / "b", **options)
    assert entry["sha256"] == again["sha256"] and entry["heads"] == ["small"]
    assert entry["dev"]["small"]["micro"] > 50
    tagger = CompactTagger.load(tmp_path / "a", head="small")
    assert train.f1(tagger, train.read_tsv(file))["micro"] == pytest.approx(entry["dev"]["small"]["micro"], abs=0.01)


def test_stanza_is_trained_and_loads_offline(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("stanza")
    entry = train.run("stanza", [file], [file], tmp_path, steps=30, every=15)
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["stanza"] == entry
    tagger = taggers.load(f"stanza:{tmp_path / entry['file']}")
    assert isinstance(tagger, taggers.Tagger)
    sentence = ["विदेश", "मंत्री", "एस.", "लावरोव", "ने", "मॉस्को", "में", "कहा"]
    spans = tagger.tag([sentence, []])
    assert [s[:3] for s in spans[0]] == [(2, 4, "PER"), (5, 6, "LOC")] and spans[1] == []


def test_wrong_use_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(HindiDiploError, match="expected compact or stanza"):
        train.run("large", [file], [file], tmp_path)
    pytest.importorskip("torch")
    with pytest.raises(InputError, match="one dev file for each train file"):
        train.run("compact", [file], [], tmp_path)
