"""Training in fixed batches on a device, and by transformers: tiny ones, made in seconds on the CPU."""

import itertools
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hindi_diplo import train
from hindi_diplo.errors import InputError
from hindi_diplo.taggers.compact import TAGS, CompactTagger
from hindi_diplo.train import distil, fixed, large, network, packing, phases, pretrain
from hindi_diplo.train.corpora import Corpora
from hindi_diplo.train.loop import Pace

torch = pytest.importorskip("torch")

LABELLED = """कोच\tO
रमा\tB-NEP
सोनकर\tI-NEP
ने\tO
भोपाल\tB-NEL
में\tO
खेल\tO
देखा\tO

नदी\tB-ORG
सेवा\tI-ORG
दल\tI-ORG
पटना\tB-NEL
पहुंचा\tO

"""
PLAIN = """रमा सोनकर ने भोपाल में नदी देखी ।
नदी सेवा दल के लोग पटना में खेल खेलते थे ।
हर शाम कोच भोपाल के बच्चों को खेल सिखाती थी ।
"""
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "small.tsv"
    path.write_text(LABELLED * 10, encoding="utf-8")
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.txt"
    path.write_text(PLAIN * 6, encoding="utf-8")
    return path


@pytest.fixture
def corpora(labelled: Path) -> Corpora:
    return Corpora([str(labelled)], [str(labelled)], [])


def reader_of(corpora: Corpora) -> fixed.Reader:
    return fixed.Reader(torch, CPU, corpora.names.lists, corpora.vocabulary, 1, 0.1)


def test_the_sum_over_paths_is_that_of_all_paths() -> None:
    tags, lengths = 3, (4, 1, 3)
    scores, moves, start = torch.randn(3, 4, tags), torch.randn(tags, tags), torch.randn(tags)
    mask = torch.arange(4)[None] < torch.tensor(lengths)[:, None]
    ways = []
    for row, length in zip(scores, lengths, strict=True):
        ways.append(torch.stack([
            start[path[0]] + sum(row[t, tag] for t, tag in enumerate(path))
            + sum((moves[a, b] for a, b in itertools.pairwise(path)), torch.zeros(()))
            for path in itertools.product(range(tags), repeat=length)]))
    first = scores[:, 0] + start
    for how in (network._one_by_one, network._by_halves):
        for over, whole in ((torch.logsumexp, torch.logsumexp), (torch.amax, torch.amax)):
            every = torch.stack([whole(paths, 0) for paths in ways])
            assert torch.allclose(how(torch, first, scores, mask, moves, over), every, atol=1e-5), (how, over)
            each = moves.expand(3, tags, tags)  # steps of each sentence
            assert torch.allclose(how(torch, first, scores, mask, each, over), every, atol=1e-5), (how, over)
    whole_of = network.partition(torch, scores, mask, moves, start)
    assert torch.allclose(whole_of, torch.stack([torch.logsumexp(paths, 0) for paths in ways]), atol=1e-5)
    alone = network.partition(torch, scores[:, :1], mask[:, :1], moves, start)
    assert torch.allclose(alone, torch.logsumexp(first, 1), atol=1e-5)


def test_batches_hold_so_many_tokens_with_padding() -> None:
    rng = random.Random(1)
    sentences = [(["शब्द"] * rng.randint(1, 30), [n]) for n in range(200)] + [(["शब्द"] * 90, [200])]
    batches = network.cut(sentences, rng, 1000, 60)
    assert sorted(n for batch in batches for _, (n,) in batch) == list(range(201))
    sizes = [len(batch) * max(len(words) for words, _ in batch) for batch in batches]
    assert max(sizes[:-1]) <= 60 and sizes[-1] == 90 and len(batches) < 80
    assert all(len(batch) <= 7 for batch in network.cut(sentences, rng, 7))


def test_words_are_read_as_the_tagger_reads_them(corpora: Corpora) -> None:
    reader = reader_of(corpora)
    batch, = reader.lay(corpora.dev[0][:2], 0, random.Random(1), 100)
    bag, numbers, index, gold, mask = reader.batch(torch, batch, thinned=False)
    assert batch.buckets == len(bag[0]) and mask.sum() == 13
    assert torch.equal(numbers[index] * mask, reader.numbers(torch, batch) * mask)
    body = network.make(torch, 1, len(corpora.vocabulary), 0.3)
    for value in body.parameters():
        value.data += 0.05 * torch.randn_like(value)
    tagger = CompactTagger(packing.together([packing.arrays(body.state_dict(), 1)], corpora), sha256="")
    with torch.no_grad():
        scores = body.eval().heads[0](body.body(bag, numbers, index, mask))
    for row, own, (words, tags), marks in zip(scores, mask, batch.sentences, gold, strict=True):
        assert np.allclose(row[own].numpy(), tagger.scores([words])[0], atol=0.03)  # weights ship in 8 and 16 bits
        assert [TAGS[n] for n in marks[own]] == tags
    later, = reader.lay([(["अनदेखा", "भोपाल"], ["O", "B-LOC"])], 0, random.Random(1), 100)  # a word more
    assert len(reader.batch(torch, later, thinned=False)[0][0]) == later.buckets


def test_some_of_what_words_are_known_by_is_thinned_out(corpora: Corpora) -> None:
    reader = reader_of(corpora)
    batch, = reader.lay(corpora.dev[0], 0, random.Random(1), 1000)
    whole = reader.batch(torch, batch, thinned=False)
    left, hidden = [], []
    for _ in range(60):
        (buckets, first), numbers, *_ = reader.batch(torch, batch)
        assert first[0] == 0 and (first.diff() > 0).all() and first[-1] < len(buckets)  # something of every word
        assert set(buckets.tolist()) <= set(whole[0][0].tolist())
        left.append(len(buckets) / batch.buckets)
        hidden.append(float((numbers != whole[1]).float().mean()))
    assert 0.75 < sum(left) / 60 < 0.92 and 0.05 < sum(hidden) / 60 < 0.3


def test_transformers_see_the_sentence_but_no_padding(corpora: Corpora) -> None:
    reader = reader_of(corpora)
    body = large.make(torch, 1, len(corpora.vocabulary), 0.1, (64, 2)).eval()
    sentences = corpora.dev[0][:2]
    both, = reader.lay(sentences, 0, random.Random(1), 100)
    alone = [reader.lay([s], 0, random.Random(1), 100)[0] for s in both.sentences]

    def states(batch: fixed.Laid, hidden: Any = None) -> Any:
        bag, numbers, index, _, mask = reader.batch(torch, batch, thinned=False)
        return body.body(bag, numbers, index, mask, hidden)

    found = states(both)
    for row, batch in zip(found, alone, strict=True):
        own = states(batch)[0]
        assert torch.allclose(row[: len(own)], own, atol=1e-4)
    hidden = torch.zeros_like(both.mask)
    hidden[0, 1] = True
    changed = (states(both, hidden) - found).abs().sum(2) > 1e-6
    assert changed[0, : len(both.sentences[0][0])].all() and not changed[1].any()


def test_transformers_learn_labels_and_say_what_they_expect(
    corpora: Corpora, plain: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(large, "_TAGGING", Pace(3e-3, clip=1.0, fresh=1e-2))
    monkeypatch.setattr(large, "TOKENS", 100)
    reader = reader_of(corpora)
    state = large.read(torch, reader, pretrain.read_text([plain]), corpora.vocabulary, heads=1, passes=1, seed=1,
                       half=False, wide=(64, 1))
    epochs = [[(0, corpora.sentences[0] * 8)]]
    teachers, told = large.teachers(torch, reader, corpora, epochs, state, count=2, seed=1, half=False, wide=(64, 1))
    assert told["dev"] == [100.0] and [len(scores) for scores in told["history"]] == [large.EPOCHS] * 2
    assert "2 transformers together: dev [100.0]" in capsys.readouterr().err
    batch, = reader.lay(corpora.dev[0][:2], 0, random.Random(1), 100)
    often, moves, start = teachers.expected(batch)
    assert torch.equal(often.argmax(2) * batch.mask, batch.gold)
    assert float(often.float().sum()) == pytest.approx(13, abs=0.1)  # a tag for each token
    assert float(moves.sum()) == pytest.approx(11, abs=0.01) and float(start.sum()) == pytest.approx(2, abs=0.01)


def test_expectations_of_taggers_are_the_same_kept_or_not(corpora: Corpora, tmp_path: Path) -> None:
    body = network.make(torch, 1, len(corpora.vocabulary), 0.3)
    np.savez(tmp_path / "t.npz", **packing.together([packing.arrays(body.state_dict(), 1)], corpora))
    teachers = distil.Teachers([tmp_path / "t.npz"], corpora.heads)
    reader = reader_of(corpora)
    batch, = phases._labelled(reader.lay(corpora.dev[0][:2], 0, random.Random(1), 100),
                              lambda b: teachers.expected(torch, b.sentences, b.mask), "one")
    states = torch.randn(*batch.mask.shape, network.WIDTH)
    kept = distil.Kept().loss(torch, body, states, batch, batch.mask)
    anew = teachers.loss(torch, body, states, batch.sentences, batch.mask)
    assert torch.allclose(kept, anew) and float(kept.detach()) > 0


def test_texts_are_labelled_as_evenly_as_they_allow(tmp_path: Path) -> None:
    for name, count in (("a", 5), ("b", 100), ("c", 40)):
        (tmp_path / name).write_text(f"{name} एक दो तीन\n" * count, encoding="utf-8")
    paths = [tmp_path / name for name in "abc"]
    found = [words[0] for words, _ in phases.pool(paths, 65, random.Random(1))]
    assert {name: found.count(name) for name in "abc"} == {"a": 5, "b": 30, "c": 30}
    assert len(phases.pool(paths, 1000, random.Random(1))) == 145 and phases.pool([], 9, random.Random(1)) == []


def test_epochs_are_read_in_turn_with_a_share_of_the_text(corpora: Corpora) -> None:
    reader = reader_of(corpora)
    some = corpora.sentences[0]
    course = fixed.Course.of(reader, [[(0, some)], [(0, some[:6])]], 40, random.Random(1))
    first, second = (len(epoch) for epoch in course.epochs)
    course = fixed.Course(course.epochs, reader.lay(some[:10], network.TEXT, random.Random(1), 10), 0.2)
    turns = list(course.turns(3, random.Random(1)))
    assert [len(jobs) for jobs in turns] == [first + 2, second + 2, first + 2] and second < first
    assert course.steps(3) == sum(map(len, turns))
    assert [head for head, _ in turns[0]].count(network.TEXT) == 2


@pytest.mark.slow
def test_one_command_makes_a_tagger_taught_by_transformers(
    labelled: Path, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Small batches: so few sentences would else be a step or two an epoch, in which nothing is learnt.
    monkeypatch.setattr(large, "_TAGGING", Pace(3e-3, clip=1.0, fresh=1e-2))
    monkeypatch.setattr(large, "TOKENS", 100)
    monkeypatch.setattr(phases, "LABELLED", 200)
    options = {"large": 2, "wide": (64, 1), "passes": 2, "epochs": 10, "made": 40, "rate": 0.01, "seed": 5, "read": 8}
    texts = {"pretrain": [plain], "unlabelled": [plain]}
    entry = train.run("compact", [labelled], [labelled], tmp_path / "a", **texts, **options)
    assert entry["dev"]["small"]["micro"] > 50 and len(entry["history"][0]) == 10
    assert entry["large"]["networks"] == 2 and entry["large"]["width"] == 64 and len(entry["large"]["history"]) == 2
    assert entry["device"] == "cpu" and entry["passes"] == 2 and entry["unlabelled"][0]["file"] == "plain.txt"
    assert json.loads((tmp_path / "a" / "manifest.json").read_text(encoding="utf-8"))["compact"] == entry
    tagger = CompactTagger.load(tmp_path / "a", head="small")
    scores = train.f1(tagger, train.read_tsv(labelled))
    assert scores["micro"] == pytest.approx(entry["dev"]["small"]["micro"], abs=0.01)
    again = train.run("compact", [labelled], [labelled], tmp_path / "b", **texts, **options)
    assert again["sha256"] == entry["sha256"]


def test_a_device_that_is_not_there_is_told(labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match=r"--device cuda: torch .* sees no such device here.*or use --device cpu"):
        train.run("compact", [labelled], [labelled], tmp_path / "out", device="cuda")
    assert not (tmp_path / "out").exists()
