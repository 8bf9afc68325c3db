"""Training: reading labelled files, varying them, and tiny models made in seconds."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hindi_diplo import taggers, train
from hindi_diplo.cli import main
from hindi_diplo.errors import DataError, HindiDiploError, InputError, MissingModelError
from hindi_diplo.files import packaged, read_table
from hindi_diplo.knowledge import KnowledgeBase
from hindi_diplo.taggers.compact import CompactTagger
from hindi_diplo.train import distil, network, pretrain
from hindi_diplo.train.data import Names, frames, spans_of, split_dots, varied
from hindi_diplo.train.loop import Pace

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


@pytest.mark.slow
def test_compact_is_trained_and_the_same_again(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    extra = tmp_path / "other.tsv"
    extra.write_text(TEXT * 3, encoding="utf-8")
    options = {"epochs": 12, "members": 2, "made": 60, "rate": 0.01, "seed": 5, "extra": [extra]}
    entry = train.run("compact", [file], [file], tmp_path / "a", **options)
    again = train.run("compact", [file], [file], tmp_path / "b", **options)
    assert entry["sha256"] == again["sha256"] and entry["heads"] == ["small"]
    assert entry["dev"]["small"]["micro"] > 90
    tagger = CompactTagger.load(tmp_path / "a", head="small")
    assert train.f1(tagger, train.read_tsv(file))["micro"] == pytest.approx(entry["dev"]["small"]["micro"], abs=0.01)


PLAIN = """नदी के किनारे एक छोटा गांव बसा था ।
गांव के लोग नदी में मछली पकड़ते थे ।
छोटी पंक्ति ।

हर शाम बच्चे नदी के किनारे खेलते थे ।
"""


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.txt"
    path.write_text(PLAIN * 8, encoding="utf-8")
    return path


def test_plain_text_is_read_a_sentence_a_line(plain: Path, tmp_path: Path) -> None:
    sentences = pretrain.read_text([plain])
    assert len(sentences) == 3 * 8  # a line of three tokens teaches nothing
    assert sentences[0] == (["नदी", "के", "किनारे", "एक", "छोटा", "गांव", "बसा", "था", "।"], ["O"] * 9)
    (tmp_path / "long.txt").write_text("शब्द " * 250, encoding="utf-8")
    assert [len(words) for words, _ in pretrain.read_text([tmp_path / "long.txt"])] == [120, 120, 10]
    with pytest.raises(InputError, match="cannot be read"):
        pretrain.read_text([tmp_path / "none.txt"])
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match="not UTF-8 at byte 3"):
        pretrain.read_text([tmp_path / "latin.txt"])


def test_words_of_the_text_are_known_behind_those_of_training(file: Path, plain: Path) -> None:
    labelled, text = train.read_tsv(file), pretrain.read_text([plain])
    alone = network.vocabulary(labelled, 100)
    both = network.vocabulary(labelled, 100, text, 3)
    assert list(both)[: len(alone)] == list(alone)
    assert list(both)[len(alone) :] == ["के", "नदी", "।"]  # the commonest of the text, none of them in training
    assert both["नदी"] == 0 and both["मॉस्को".replace("ॉ", "ा")] == 12


@pytest.mark.slow
def test_hidden_words_are_learnt_to_be_guessed(file: Path, plain: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    torch.set_num_threads(1)
    text = pretrain.read_text([plain])
    known = network.vocabulary(text, 100)
    body = network.make(torch, 1, len(known), 0.1)
    heads = body.heads[0].weight.clone()
    reader = network.Tensors({}, known, 1, 0.1)
    losses = pretrain.pretrain(torch, body, reader, text, known, passes=25, seed=1, pace=Pace(0.01))
    assert len(losses) == 25 and sum(losses[-5:]) < 0.6 * sum(losses[:5])
    assert torch.equal(heads, body.heads[0].weight)


@pytest.mark.slow
def test_compact_begins_with_what_plain_text_taught(file: Path, plain: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    options = {"epochs": 2, "made": 20, "rate": 0.01, "seed": 5, "half": True}
    entry = train.run("compact", [file], [file], tmp_path / "a", pretrain=[plain], passes=2, **options)
    again = train.run("compact", [file], [file], tmp_path / "b", pretrain=[plain], passes=2, **options)
    assert entry["sha256"] == again["sha256"]
    assert entry["passes"] == 2 and entry["pretrain"][0]["file"] == "plain.txt"
    state = pretrain.read_state(tmp_path / "a" / "pretrained.npz")
    assert "नदी" in state["vocabulary"]
    later = train.run("compact", [file], [file], tmp_path / "c", begin=tmp_path / "a" / "pretrained.npz", **options)
    assert later["sha256"] == entry["sha256"] and later["begin"] == "pretrained.npz"
    without = train.run("compact", [file], [file], tmp_path / "d", **options)
    assert without["sha256"] != entry["sha256"]


@pytest.mark.slow
def test_members_learn_from_teachers(file: Path, plain: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    options = {"epochs": 4, "made": 20, "rate": 0.01, "seed": 5}
    lessons = {"unlabelled": [plain], "read": 10}
    entry = train.run("compact", [file], [file], tmp_path / "a", teachers=2, **lessons, **options)
    assert entry["members"] == 1 and len(entry["teachers"]) == 2 and entry["unlabelled"][0]["file"] == "plain.txt"
    with np.load(tmp_path / "a" / "teachers.npz") as teachers:
        assert int(teachers["members"]) == 2
    taught = [tmp_path / "a" / "teachers.npz"]
    again = train.run("compact", [file], [file], tmp_path / "b", teach=taught, **lessons, **options)
    assert again["sha256"] == entry["sha256"] and again["teach"] == ["teachers.npz"]
    alone = train.run("compact", [file], [file], tmp_path / "c", **options)
    assert alone["sha256"] != entry["sha256"]


@pytest.mark.slow
def test_trained_taggers_are_joined(file: Path, plain: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    options = {"epochs": 2, "made": 20, "rate": 0.01}
    train.run("compact", [file], [file], tmp_path / "a", seed=1, **options)
    train.run("compact", [file], [file], tmp_path / "b", seed=2, pretrain=[plain], **options)  # knows more words
    parts = [tmp_path / "a" / "compact.npz", tmp_path / "b" / "compact.npz"]
    entry = train.run("compact", [file], [file], tmp_path / "c", join=parts)
    assert entry["members"] == 2 and [part["seed"] for part in entry["joined"]] == [1, 2]
    each = [CompactTagger.load(tmp_path / name).scores([SAID])[0] for name in "abc"]
    assert np.allclose((each[0] + each[1]) / 2, each[2], atol=1e-5)
    other = tmp_path / "other.tsv"
    other.write_text(TEXT * 12, encoding="utf-8")
    train.run("compact", [other], [other], tmp_path / "d", **options)
    with pytest.raises(InputError, match=r"differs from .* in heads"):
        train.run("compact", [file], [file], tmp_path / "c", join=[parts[0], tmp_path / "d" / "compact.npz"])


def test_what_a_crf_expects_is_taught(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    shipped = CompactTagger.load()
    teachers = distil.Teachers([packaged("models") / "compact.npz"], shipped.heads)
    batch = [(SAID, ["O"] * len(SAID)), (SAID[:3], ["O"] * 3)]
    mask = torch.tensor([[True] * 8, [True] * 3 + [False] * 5])
    states = torch.randn(2, 8, network.WIDTH)
    body = network.make(torch, 2, 1, 0.1)
    before = float(teachers.loss(torch, body, states, batch, mask).detach())
    body.moves.data += 1.0  # what all steps gain alike changes nothing
    after = teachers.loss(torch, body, states, batch, mask)
    assert float(after.detach()) == pytest.approx(before, abs=1e-4)
    after.backward()
    assert torch.isfinite(body.moves.grad).all() and body.heads[1].weight.grad.abs().sum() > 0
    sure = _Sure(torch, teachers.heads)
    own = float(teachers.loss(torch, sure, states, batch, mask))
    assert own > before  # sure of what the teachers do not think
    with pytest.raises(InputError, match="but other was expected"):
        distil.Teachers([packaged("models") / "compact.npz"], ["other"])
    with pytest.raises(DataError, match=r"expected the \.npz of a compact tagger"):
        distil.Teachers([_written(tmp_path / "bad.npz", "no archive")], shipped.heads)
    np.savez(tmp_path / "empty.npz", table=np.zeros(1))
    with pytest.raises(DataError, match="with heads and members"):
        distil.Teachers([tmp_path / "empty.npz"], shipped.heads)
    with pytest.raises(InputError, match="cannot be read"):
        distil.Teachers([tmp_path / "none.npz"], shipped.heads)


class _Sure:
    """Takes every token for the beginning of an organisation."""

    def __init__(self, torch: Any, heads: Sequence[str]) -> None:
        self.heads = [lambda states: torch.tensor([0.0] * 5 + [9.0, 0.0]).expand(*states.shape[:2], 7) for _ in heads]
        self.steps = lambda head: (torch.zeros(7, 7), torch.zeros(7))


@pytest.fixture(scope="module")
def stanza_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model trained by Stanza, packed."""
    pytest.importorskip("stanza")
    folder = tmp_path_factory.mktemp("stanza")
    (folder / "small.tsv").write_text(TEXT * 12, encoding="utf-8")
    entry = train.run("stanza", [folder / "small.tsv"], [folder / "small.tsv"], folder, steps=30, every=15)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["stanza"] == entry
    assert not list(folder.glob("*.pt"))
    return folder / entry["file"]


SAID = ["विदेश", "मंत्री", "एस.", "लावरोव", "ने", "मॉस्को", "में", "कहा"]
MEANT = [(2, 4, "PER"), (5, 6, "LOC")]


@pytest.mark.slow
def test_stanza_is_trained_and_loads_offline(stanza_model: Path) -> None:
    tagger = taggers.load(f"stanza:{stanza_model}")
    assert isinstance(tagger, taggers.Tagger)
    spans = tagger.tag([SAID, []])
    assert [s[:3] for s in spans[0]] == MEANT and spans[1] == []


@pytest.mark.slow
def test_a_packed_stanza_model_holds_no_pickle_and_is_verified(stanza_model: Path, tmp_path: Path) -> None:
    with np.load(stanza_model, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
    changed = tmp_path / stanza_model.name
    changed.write_bytes(stanza_model.read_bytes() + b"!")
    (tmp_path / "manifest.json").write_bytes((stanza_model.parent / "manifest.json").read_bytes())
    with pytest.raises(DataError, match="the manifest beside it says"):
        taggers.load(f"stanza:{changed}")


@pytest.mark.slow
def test_packing_changes_nothing_but_the_precision(stanza_model: Path) -> None:
    from hindi_diplo.taggers.stanza import packed, unpacked

    first = unpacked(stanza_model.read_bytes())
    again = unpacked(packed(first))
    assert again["vocab"] == first["vocab"] and again["config"] == first["config"]
    assert all((again["model"][name] == weight).all() for name, weight in first["model"].items())
    assert list(first["vocab"]["tag"]["_unit2id"]) == [0]  # keys that are numbers stay numbers


@pytest.mark.slow
def test_a_hub_package_is_loaded_from_where_stanza_keeps_it(stanza_model: Path, tmp_path: Path) -> None:
    import torch

    from hindi_diplo.taggers.stanza import StanzaTagger, unpacked

    (tmp_path / "hi" / "ner").mkdir(parents=True)
    torch.save(unpacked(stanza_model.read_bytes()), tmp_path / "hi" / "ner" / "small.pt")
    (tmp_path / "resources.json").write_text(json.dumps({"hi": {
        "lang_name": "Hindi", "ner": {"small": {"dependencies": []}}, "tokenize": {"hdtb": {"dependencies": []}},
        "packages": {"default": {"tokenize": "hdtb", "ner": "small"}},
    }}), encoding="utf-8")
    for which in ("hub", "hub:small"):
        tagger = StanzaTagger.load(which, resources=tmp_path)
        assert tagger.name == f"stanza:{which}"
        assert [s[:3] for s in tagger.tag([SAID])[0]] == MEANT
    with pytest.raises(MissingModelError, match=r"Run: python -c .*stanza\.download\('hi', processors=.*'large'"):
        StanzaTagger.load("hub:large", resources=tmp_path)
    with pytest.raises(MissingModelError, match=r"Run: python -c .*stanza\.download\('hi'\)"):
        StanzaTagger.load("hub", resources=tmp_path / "empty")


def test_wrong_use_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(HindiDiploError, match="expected compact or stanza"):
        train.run("large", [file], [file], tmp_path)
    pytest.importorskip("torch")
    with pytest.raises(InputError, match="one dev file for each train file"):
        train.run("compact", [file], [], tmp_path)
    with pytest.raises(InputError, match="expected --pretrain or --begin, got both"):
        train.run("compact", [file], [file], tmp_path, pretrain=[file], begin=file)
    with pytest.raises(InputError, match="expected --teachers or --teach, got both"):
        train.run("compact", [file], [file], tmp_path, teachers=1, teach=[file])
    with pytest.raises(InputError, match="--unlabelled is what teachers label"):
        train.run("compact", [file], [file], tmp_path, unlabelled=[file])
    with pytest.raises(InputError, match="the transformers are the teachers"):
        train.run("compact", [file], [file], tmp_path, large=1, teachers=1)
    with pytest.raises(InputError, match="--large needs --pretrain"):
        train.run("compact", [file], [file], tmp_path, large=1, begin=file)
    with pytest.raises(InputError, match="--large: expected how many transformers, got -1"):
        train.run("compact", [file], [file], tmp_path, large=-1)
    with pytest.raises(InputError, match="expected a multiple of 64 as the dimensions of transformers, got 100"):
        train.run("compact", [file], [file], tmp_path, large=1, pretrain=[file], wide=(100, 1))
    with pytest.raises(InputError, match="expected jobs=1, got 2"):
        train.run("compact", [file], [file], tmp_path, large=1, pretrain=[file], jobs=2)
    with pytest.raises(InputError, match="--device: expected cpu or cuda, got 'tpu'"):
        train.run("compact", [file], [file], tmp_path, device="tpu")
    with pytest.raises(InputError, match="no sentences of four tokens"):
        train.run("compact", [file], [file], tmp_path, pretrain=[_written(tmp_path / "short.txt", "एक दो\n")])
    for content in ("", "no archive"):
        with pytest.raises(DataError, match=r"expected the \.npz that --pretrain writes"):
            pretrain.read_state(_written(tmp_path / "bad.npz", content))
    with pytest.raises(InputError, match="cannot be read"):
        pretrain.read_state(tmp_path / "none.npz")


class _Shaped:
    """A network of which only one shape is asked."""

    def state_dict(self) -> dict[str, np.ndarray]:
        return {"into.weight": np.zeros((2, 2))}


def test_the_command_passes_its_options_on(file: Path, plain: Path, monkeypatch: pytest.MonkeyPatch,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    got: dict[str, object] = {}
    monkeypatch.setattr(train, "run", lambda kind, *paths, **options: got.update(options, kind=kind))
    common = ["--train", str(file), "--dev", str(file), "--out", "models"]
    pretraining = ["--pretrain", str(plain), "--passes", "2", "--epochs", "5", "--half"]
    assert main(["train", "compact", *common, *pretraining]) == 0
    assert got == {"kind": "compact", "seed": 1, "pretrain": [str(plain)], "passes": 2, "epochs": 5, "half": True}
    assert main(["train", "compact", *common, "--begin", "p.npz", "--extra", str(file), "--rate", "0.001"]) == 0
    assert got["begin"] == "p.npz" and got["extra"] == [str(file)] and got["rate"] == 0.001
    got.clear()
    assert main(["train", "compact", *common, "--teachers", "3", "--unlabelled", str(plain)]) == 0
    assert got == {"kind": "compact", "seed": 1, "teachers": 3, "unlabelled": [str(plain)]}
    got.clear()
    assert main(["train", "compact", *common, "--pretrain", str(plain), "--large", "4", "--device", "cuda"]) == 0
    assert got == {"kind": "compact", "seed": 1, "pretrain": [str(plain)], "large": 4, "device": "cuda"}
    assert main(["train", "compact", *common, "--teach", "t.npz"]) == 0 and got["teach"] == ["t.npz"]
    assert main(["train", "compact", *common, "--join", "a.npz", "b.npz"]) == 0 and got["join"] == ["a.npz", "b.npz"]
    assert main(["train", "stanza", *common, "--pretrain", str(plain)]) != 0
    assert "--pretrain goes with compact" in capsys.readouterr().err
    assert main(["train", "compact", *common, "--passes", "2"]) != 0
    assert "--passes goes with --pretrain" in capsys.readouterr().err


def test_a_network_of_another_shape_is_no_beginning() -> None:
    with pytest.raises(InputError, match=r"--begin: into.weight has the shape \(1, 1\), not that of this version"):
        pretrain.begin(None, _Shaped(), {"vocabulary": [], "into.weight": np.zeros((1, 1))}, {})


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
