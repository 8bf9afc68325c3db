"""The taggers: one interface, verified weights, the same spans on every run, errors that say what to run."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from hindi_diplo import taggers
from hindi_diplo.errors import DataError, HindiDiploError, MissingModelError
from hindi_diplo.files import packaged
from hindi_diplo.taggers.compact import CompactTagger, features, list_features
from hindi_diplo.text import tokens

SENTENCE = "रूस के विदेश मंत्री सर्गेई लावरोव ने मॉस्को में एस जयशंकर से मुलाकात की।"


@pytest.fixture(scope="module")
def compact() -> taggers.Tagger:
    return taggers.load("compact")


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


def found(tagger: taggers.Tagger, text: str) -> set[tuple[str, str]]:
    sentence = words(text)
    return {(" ".join(sentence[a:b]), label) for a, b, label, _ in tagger.tag([sentence])[0]}


def test_compact_finds_names(compact: taggers.Tagger) -> None:
    assert isinstance(compact, taggers.Tagger)
    assert {("सर्गेई लावरोव", "PER"), ("मॉस्को", "LOC"), ("रूस", "LOC")} <= found(compact, SENTENCE)


def test_spellings_with_nukta_and_joiners_agree(compact: taggers.Tagger) -> None:
    plain = compact.tag([words("राष्ट्रपति फरहाद जमीलोव ने कहा ।")])
    assert compact.tag([words("राष्ट्रपति फ़रहाद ज़मीलोव ने कहा ।")]) == plain


def test_a_sentence_gets_the_same_spans_alone_and_among_others(compact: taggers.Tagger) -> None:
    some = [words(SENTENCE), [], words("दिल्ली"), words("बैठक में कई मुद्दों पर चर्चा हुई ।"), words(SENTENCE * 3)]
    together = compact.tag(some)
    assert together[1] == [] and len(together) == len(some)
    for sentence, spans in zip(some, together, strict=True):
        alone = compact.tag([sentence])[0]
        assert [s[:3] for s in alone] == [s[:3] for s in spans]
        assert [s[3] for s in alone] == pytest.approx([s[3] for s in spans], abs=2e-3)
    assert compact.tag(some) == together == CompactTagger.load().tag(some)


def test_spans_lie_in_the_sentence_and_do_not_overlap(compact: taggers.Tagger) -> None:
    for sentence in (["।"] * 5, [""], ["A"], ["\u200d"], words(SENTENCE) * 40):
        last = 0
        for start, stop, label, score in compact.tag([sentence])[0]:
            assert last <= start < stop <= len(sentence) and label in ("PER", "LOC", "ORG") and 0 <= score <= 1
            last = stop


def test_nothing_to_tag(compact: taggers.Tagger) -> None:
    assert compact.tag([]) == [] and compact.tag([[]]) == [[]]
    assert taggers.load("none").tag([["रूस"], []]) == [[], []]


def test_features_are_buckets() -> None:
    assert features("रूस") == features("रूस") and features("रूस") != features("चीन")
    assert len(list_features(0b101)) == 2 and list_features(0) == []


def test_what_ships_is_small_and_named_in_the_manifest() -> None:
    manifest = json.loads((packaged("models") / "manifest.json").read_text(encoding="utf-8"))["compact"]
    file = packaged("models") / manifest["file"]
    assert file.stat().st_size == manifest["bytes"] <= 15_000_000
    with np.load(file, allow_pickle=False) as weights:
        assert all(weights[name].dtype != object for name in weights.files)


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    for name in ("manifest.json", "compact.npz"):
        (tmp_path / name).write_bytes((packaged("models") / name).read_bytes())
    CompactTagger.load(tmp_path)
    with pytest.raises(HindiDiploError, match="no head 'x'"):
        CompactTagger.load(tmp_path, head="x")
    with (tmp_path / "compact.npz").open("ab") as file:
        file.write(b"!")
    with pytest.raises(DataError, match="the manifest says"):
        CompactTagger.load(tmp_path)


def test_missing_models_say_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="Run: hindi-diplo train compact"):
        CompactTagger.load(tmp_path)
    with pytest.raises(MissingModelError, match=r"Run: (hindi-diplo train stanza|pip install)"):
        taggers.load(f"stanza:{tmp_path / 'none.pt'}")


@pytest.mark.slow
def test_the_shipped_stanza_model_finds_names() -> None:
    pytest.importorskip("stanza")
    tagger = taggers.load("stanza")
    assert isinstance(tagger, taggers.Tagger) and tagger.name == "stanza"
    assert {("एस जयशंकर", "PER"), ("मॉस्को", "LOC"), ("रूस", "LOC")} <= found(tagger, SENTENCE)
    assert tagger.tag([words(SENTENCE), []]) == taggers.load("stanza").tag([words(SENTENCE), []])


def test_both_models_that_ship_match_the_manifest() -> None:
    manifest = json.loads((packaged("models") / "manifest.json").read_text(encoding="utf-8"))
    for name, most in (("compact", 15_000_000), ("stanza", 20_000_000)):
        data = (packaged("models") / manifest[name]["file"]).read_bytes()
        assert sha256(data).hexdigest() == manifest[name]["sha256"] and len(data) == manifest[name]["bytes"] <= most
    assert not [file for file in packaged("models").rglob("*") if file.suffix in (".pt", ".pkl", ".pickle", ".bin")]


def test_an_unknown_tagger_is_an_error() -> None:
    with pytest.raises(HindiDiploError, match="expected compact, stanza"):
        taggers.load("Compact")
