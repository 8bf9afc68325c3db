"""Trains the compact tagger from CoNLL / TSV files and writes weights, manifest and card.

    hindi-diplo train compact --train a.tsv b.tsv --dev c.tsv --out models/

The sentences are varied as they are read (name replacement, Dai & Adel 2020): every other time a name of
a training sentence is swapped for another from the knowledge base or from the training files.  Frames of
our own (``data/train/frames.tsv``) bring the style of diplomatic news.  Needs torch (extra ``[train]``);
the model itself runs without.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from .errors import DataError, InputError, MissingModelError
from .files import read_table
from .knowledge import KnowledgeBase
from .taggers.compact import BUCKETS, TAGS, CompactTagger, features
from .text import fold, tokens

__all__ = ["f1", "read_tsv", "train_compact"]

Sentence = tuple[list[str], list[str]]
WIDTH: Final = 128
DIMENSIONS: Final = 64
LAYERS: Final = 4


def tag_map() -> dict[str, str]:
    """The tag sets that are read (``data/train/tags.tsv``): their names -> PER, LOC, ORG or O."""
    return {row["tag"]: row["label"] for _, row in read_table("train/tags.tsv")}


def read_tsv(path: str | Path) -> list[Sentence]:
    """Sentences of a file with ``token TAB tag`` lines and blank lines between sentences, BIO tags.

    Tags other than persons, places and organisations become O; damaged ones too.  Raises InputError where
    the file cannot be read or a line has no tab.
    """
    path, names = Path(path), tag_map()
    out: list[Sentence] = []
    words: list[str] = []
    tags: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None
    for number, line in enumerate([*lines, ""], 1):
        if not line.strip():
            if words:
                out.append((words, tags))
            words, tags = [], []
            continue
        word, tab, tag = line.rstrip("\r").partition("\t")
        if not tab and " " in line.strip():
            raise InputError("expected 'token TAB tag'", file=path, line=number)
        if not word.strip():  # a mark that some tool turned into white space: no token
            continue
        label = names.get(tag.rpartition("-")[2] if tag[:2] in ("B-", "I-") else tag, "O")
        before = tags[-1] if tags else "O"
        begins = tag.startswith("B-") or before[2:] != label
        words.append(word)
        tags.append("O" if label == "O" else ("B-" if begins else "I-") + label)
    return out


def spans_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """The (first, last, label) spans of BIO tags."""
    out: list[tuple[int, int, str]] = []
    start = None
    for at, tag in enumerate([*tags, "O"]):
        if start is not None and (tag[:1] != "I" or tag[2:] != tags[start][2:]):
            out.append((start, at, tags[start][2:]))
            start = None
        if tag[:1] == "B":
            start = at
    return out


def f1(tagger: Any, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Strict F1 (span and label) of a tagger, micro and for each label."""
    found = tagger.tag([words for words, _ in sentences])
    right: dict[str, int] = {}
    total: dict[str, int] = {}
    for (_, tags), spans in zip(sentences, found, strict=True):
        gold, got = set(spans_of(tags)), {(a, b, label) for a, b, label, _ in spans}
        for label in ("PER", "LOC", "ORG"):
            g, p = {s for s in gold if s[2] == label}, {s for s in got if s[2] == label}
            right[label] = right.get(label, 0) + len(g & p)
            total[label] = total.get(label, 0) + len(g) + len(p)
    scores = {label: 200 * right[label] / max(1, total[label]) for label in right}
    return {"micro": 200 * sum(right.values()) / max(1, sum(total.values())), **scores}


class Names:
    """Names to swap in: from the knowledge base and from the training sentences themselves."""

    def __init__(self, kb: KnowledgeBase, sentences: Sequence[Sentence]) -> None:
        self.pools: dict[str, list[list[str]]] = {"PER": [], "LOC": [], "ORG": []}
        kinds = {"PERSON": "PER", "PLACE": "LOC", "COUNTRY": "LOC", "ORG": "ORG"}
        for entry in kb.entries.values():
            for form in entry.forms:
                self.pools[kinds[entry.kind]].append([t.text for t in tokens(form)])
        for words, tags in sentences:
            for first, last, label in spans_of(tags):
                self.pools[label].append(words[first:last])
        parts = [name for name in self.pools["PER"] if len(name) == 2]
        self.first, self.last = [n[0] for n in parts], [n[1] for n in parts]

    def pick(self, label: str, rng: random.Random) -> list[str]:
        """A random name; two in five persons are a first and a family name of two people."""
        if label == "PER" and rng.random() < 0.4:
            return [rng.choice(self.first), rng.choice(self.last)]
        return rng.choice(self.pools[label])

    def lists(self) -> dict[str, int]:
        """Folded word -> bits of the lists whose names hold it (1 person, 2 place, 4 organisation)."""
        out: dict[str, int] = {}
        for bit, label in ((1, "PER"), (2, "LOC"), (4, "ORG")):
            for name in self.pools[label]:
                for word in name:
                    key = fold(word)
                    out[key] = out.get(key, 0) | bit
        return out


def varied(sentence: Sentence, names: Names, rng: random.Random, share: float) -> Sentence:
    """The sentence with some of its names swapped for others of the same label."""
    words, tags = sentence
    out_words: list[str] = []
    out_tags: list[str] = []
    at = 0
    for first, last, label in spans_of(tags):
        out_words += words[at:first]
        out_tags += tags[at:first]
        name = names.pick(label, rng) if rng.random() < (share if label != "ORG" else share / 2) else words[first:last]
        out_words += name
        out_tags += ["B-" + label] + ["I-" + label] * (len(name) - 1)
        at = last
    return out_words + words[at:], out_tags + tags[at:]


def frames(names: Names, rng: random.Random, count: int) -> Iterator[Sentence]:
    """Sentences made from the frames: {PER}, {LOC} and {ORG} filled, all else outside of names."""
    rows = [row["frame"] for _, row in read_table("train/frames.tsv")]
    for _ in range(count):
        words: list[str] = []
        tags: list[str] = []
        for piece in rng.choice(rows).split():
            if piece in ("{PER}", "{LOC}", "{ORG}"):
                label = piece[1:-1]
                name = names.pick(label, rng)
                words += name
                tags += ["B-" + label] + ["I-" + label] * (len(name) - 1)
            else:
                made = [t.text for t in tokens(piece)]
                words += made
                tags += ["O"] * len(made)
        yield words, tags


def train_compact(
    train: Sequence[str | Path], dev: Sequence[str | Path], out: str | Path, *, epochs: int = 10, seed: int = 1,
    swap: float = 0.6, made: int = 5000, rate: float = 2e-3, width: int = WIDTH,
) -> dict[str, Any]:
    """Train on ``train``, keep the epoch that is best on ``dev``, write ``compact.npz`` and manifest to ``out``.

    Every file of ``train`` has a head of its own on a shared body, since label conventions differ; what is
    written is the mean of the heads unless ``dev`` says otherwise.  Returns the manifest entry.
    """
    try:
        import torch
    except ImportError:
        raise MissingModelError("compact", "training needs torch", "pip install 'hindi-diplo[train]'") from None
    torch.manual_seed(seed)
    rng = random.Random(seed)
    corpora = [read_tsv(path) for path in train]
    devs = [read_tsv(path) for path in dev]
    if not corpora or not all(corpora):
        raise DataError("no sentences to train on", file=", ".join(map(str, train)) or "--train")
    names = Names(KnowledgeBase.load(), [s for c in corpora for s in c])
    lists = names.lists()
    heads = len(corpora)
    body = _network(torch, heads, width)
    optimizer = torch.optim.AdamW(body.parameters(), lr=rate, weight_decay=1e-3)
    buckets: dict[str, list[int]] = {}
    averaged: dict[str, Any] | None = None
    seen, best, best_score, history = 0, None, -1.0, []
    per_epoch = sum(len(c) for c in corpora) + made
    steps = epochs * (per_epoch // 32 + heads)
    done = 0
    for epoch in range(epochs):
        began = time.time()
        jobs: list[tuple[int, list[Sentence]]] = []
        for head, corpus in enumerate(corpora):
            batchable = [varied(s, names, rng, swap) if rng.random() < 0.5 else s for s in corpus]
            batchable += list(frames(names, rng, made // heads))
            batchable.sort(key=lambda s: (len(s[0]) // 4, rng.random()))
            jobs += [(head, batchable[i : i + 32]) for i in range(0, len(batchable), 32)]
        rng.shuffle(jobs)
        body.train()
        total = 0.0
        for head, batch in jobs:
            done += 1
            for group in optimizer.param_groups:
                warm = min(1.0, done / 300)
                group["lr"] = rate * warm * max(0.02, 1 - done / steps)
            loss = body.loss(torch, *_tensors(torch, batch, buckets, lists, rng), head)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body.parameters(), 5.0)
            optimizer.step()
            total += float(loss)
            if done > steps * 0.4:  # the mean of the later weights generalises better (Izmailov et al. 2018)
                state = {k: v.detach().clone() for k, v in body.state_dict().items()}
                seen += 1
                averaged = state if averaged is None else {
                    k: averaged[k] + (state[k] - averaged[k]) / seen for k in state} if seen % 5 == 0 else averaged
        state = averaged or body.state_dict()
        scores = []
        for head, sentences in enumerate(devs):
            weights = _weights(state, lists, None if len(devs) != heads else head, heads, width)
            scores.append(f1(CompactTagger(weights, sha256=""), sentences)["micro"])
        mean = sum(scores) / max(1, len(scores))
        history.append([round(s, 2) for s in scores])
        if sys.stderr.isatty() or epoch == epochs - 1 or True:
            print(f"epoch {epoch + 1}: loss {total / len(jobs):.3f}, dev {history[-1]}, {time.time() - began:.0f} s",
                  file=sys.stderr, flush=True)
        if mean >= best_score:
            best_score, best = mean, {k: v.clone() for k, v in state.items()}
    assert best is not None
    return _write(Path(out), best, lists, heads, width, {
        "dev": history, "seed": seed, "epochs": epochs, "train": [Path(p).name for p in train]})


def _tensors(torch: Any, batch: Sequence[Sentence], buckets: dict[str, list[int]], lists: Mapping[str, int],
             rng: random.Random) -> tuple[Any, Any, Any, Any]:
    ids: list[int] = []
    offsets: list[int] = []
    longest = max(len(words) for words, _ in batch)
    index = torch.zeros((len(batch), longest), dtype=torch.long)
    gold = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.bool)
    types: dict[str, int] = {}
    for n, (words, tags) in enumerate(batch):
        for t, (word, tag) in enumerate(zip(words, tags, strict=True)):
            key = fold(word) or word
            if key not in types:
                types[key] = len(types)
                offsets.append(len(ids))
                if key not in buckets:
                    buckets[key] = features(key, lists)
                found = buckets[key]
                # A tenth of the words lose what they are known by: names of no list must be learnt too.
                ids += found if rng.random() > 0.1 or len(found) < 6 else found[: len(found) // 2]
            index[n, t] = types[key]
            gold[n, t] = TAGS.index(tag)
            mask[n, t] = True
    return (torch.tensor(ids), torch.tensor(offsets)), index, gold, mask


def _network(torch: Any, heads: int, width: int) -> Any:
    nn = torch.nn

    class Network(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.EmbeddingBag(BUCKETS, DIMENSIONS, mode="mean")
            nn.init.normal_(self.table.weight, std=0.3)
            self.into = nn.Linear(DIMENSIONS, width)
            self.convs = nn.ModuleList([nn.Conv1d(width, 2 * width, 3, padding=1) for _ in range(LAYERS)])
            self.heads = nn.ModuleList([nn.Linear(width, len(TAGS)) for _ in range(heads)])
            self.moves = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
            self.start = nn.Parameter(torch.zeros(len(TAGS)))
            self.drop = nn.Dropout(0.25)

        def loss(self, torch: Any, bag: tuple[Any, Any], index: Any, gold: Any, mask: Any, head: int) -> Any:
            h = self.drop(torch.tanh(self.into(self.drop(self.table(*bag)))))[index] * mask[..., None]
            for conv in self.convs:
                a, b = conv(h.transpose(1, 2)).transpose(1, 2).chunk(2, dim=2)
                h = (h + self.drop(a * torch.sigmoid(b))) * mask[..., None]
            scores = self.heads[head](h)
            return (_partition(torch, scores, mask, self.moves, self.start)
                    - _path(scores, gold, mask, self.moves, self.start)).sum() / mask.sum()

    return Network()


def _partition(torch: Any, scores: Any, mask: Any, moves: Any, start: Any) -> Any:
    best = scores[:, 0] + start
    for t in range(1, scores.shape[1]):
        step = torch.logsumexp(best[:, :, None] + moves[None], dim=1) + scores[:, t]
        best = torch_where(torch, mask[:, t], step, best)
    return torch.logsumexp(best, dim=1)


def torch_where(torch: Any, mask: Any, one: Any, other: Any) -> Any:
    """Rows of ``one`` where the mask holds, else of ``other``."""
    return torch.where(mask[:, None], one, other)


def _path(scores: Any, gold: Any, mask: Any, moves: Any, start: Any) -> Any:
    own = (scores.gather(2, gold[..., None]).squeeze(2) * mask).sum(1)
    steps = (moves[gold[:, :-1], gold[:, 1:]] * mask[:, 1:]).sum(1)
    return own + steps + start[gold[:, 0]]


def _weights(state: Mapping[str, Any], lists: Mapping[str, int], head: int | None, heads: int,
             width: int) -> dict[str, Any]:
    get = {k: v.detach().numpy() for k, v in state.items()}
    chosen = range(heads) if head is None else [head]
    words = sorted(lists)
    out: dict[str, Any] = {
        "table": get["table.weight"].astype(np.float16), "scale": np.float32(1.0),
        "into": get["into.weight"].T, "into_bias": get["into.bias"], "layers": np.int64(LAYERS),
        "out": np.mean([get[f"heads.{h}.weight"] for h in chosen], axis=0).T,
        "out_bias": np.mean([get[f"heads.{h}.bias"] for h in chosen], axis=0),
        "moves": get["moves"], "start": get["start"],
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "bits": np.array([lists[w] for w in words], dtype=np.uint8),
    }
    for n in range(LAYERS):
        out[f"conv{n}"] = get[f"convs.{n}.weight"].transpose(2, 1, 0).reshape(3 * width, 2 * width)
        out[f"conv{n}_bias"] = get[f"convs.{n}.bias"]
    return out


def _write(out: Path, state: Mapping[str, Any], lists: Mapping[str, int], heads: int, width: int,
           facts: Mapping[str, Any]) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    file = out / "compact.npz"
    weights = _weights(state, lists, None, heads, width)
    for name in [n for n in weights if n.startswith("conv") or n == "into"]:
        weights[name] = weights[name].astype(np.float16)
    np.savez_compressed(file, **weights)
    data = file.read_bytes()
    manifest_file = out / "manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8")) if manifest_file.exists() else {}
    manifest["compact"] = {
        "file": file.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "licence": "CC BY-SA 4.0", "labels": ["PER", "LOC", "ORG"], **facts,
    }
    manifest_file.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    made: dict[str, Any] = manifest["compact"]
    return made
