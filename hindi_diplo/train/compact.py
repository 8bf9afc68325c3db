"""Training of the compact tagger in PyTorch; the weights go to a .npz that numpy reads alone."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import InputError, MissingModelError
from ..knowledge import KnowledgeBase
from ..taggers.compact import BUCKETS, TAGS, CompactTagger, features, list_features
from ..text import fold
from .data import Names, Sentence, f1, frames, read_tsv, split_dots, varied

__all__ = ["train_compact"]

WIDTH: Final = 128
DIMENSIONS: Final = 64
LAYERS: Final = 4
BATCH: Final = 32
Weights = dict[str, Any]


def train_compact(
    train: Sequence[str | Path], dev: Sequence[str | Path], out: str | Path, *, seed: int = 1, epochs: int = 9,
    members: int = 2, jobs: int = 1, swap: float = 0.6, made: int = 6000, thin: float = 0.1, rate: float = 2e-3,
    spreads: Sequence[float] = (0.3, 0.1),
) -> dict[str, Any]:
    """Train ``members`` networks on ``train``, each kept where it is best on ``dev``; write them to ``out``.

    Every file of ``train`` has a head of its own on a shared body, since label conventions differ; the
    files of ``dev`` stand in the same order.  Without a chosen head the tagger averages them.  The same
    seed gives the same weights on the same machine.  Returns the manifest entry.
    """
    try:
        import torch  # noqa: F401
    except ImportError:
        raise MissingModelError("compact", "training needs torch", "pip install 'hindi-diplo[train]'") from None
    if not train or len(train) != len(dev):
        raise InputError(f"expected one dev file for each train file, in the same order, got {len(train)} train and "
                         f"{len(dev)} dev files")
    # Members that begin differently err differently: each takes the next spread of the first embeddings.
    options = {"epochs": epochs, "swap": swap, "made": made, "thin": thin, "rate": rate}
    tasks = [([str(p) for p in train], [str(p) for p in dev], seed + n,
              {**options, "spread": spreads[n % len(spreads)]}) for n in range(members)]
    if jobs > 1:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
            trained = list(pool.map(_member, tasks))
    else:
        trained = [_member(task) for task in tasks]
    names = _names(train)
    heads = [Path(p).stem for p in train]
    weights = _together([w for w, _ in trained], names.lists, heads)
    scores = {}
    for head, path in zip(heads, dev, strict=True):
        tagger = CompactTagger(weights, sha256="", head=head)
        scores[Path(path).stem] = {k: round(v, 2) for k, v in f1(tagger, read_tsv(path)).items()}
    return _write(Path(out), weights, {
        "dev": scores, "history": [history for _, history in trained], "seed": seed, **options,
        "spreads": list(spreads), "members": members, "heads": heads, "train": [Path(p).name for p in train]})


def _names(train: Sequence[str | Path]) -> Names:
    return Names(KnowledgeBase.load(), [s for path in train for s in read_tsv(path)])


def _member(task: tuple[list[str], list[str], int, Mapping[str, Any]]) -> tuple[Weights, list[list[float]]]:
    """One network: its weights as arrays, and its dev scores epoch by epoch."""
    import torch

    train, dev, seed, options = task
    torch.set_num_threads(1)  # the sums of several threads differ from run to run
    torch.manual_seed(seed)
    rng = random.Random(seed)
    corpora = [read_tsv(path) for path in train]
    devs = [read_tsv(path) for path in dev]
    for path, corpus in zip(train, corpora, strict=True):
        if not corpus:
            raise InputError("no sentences to train on", file=path)
    names, heads, epochs, rate = _names(train), [Path(p).stem for p in train], options["epochs"], options["rate"]
    body = _network(torch, len(heads), options["spread"])
    optimizer = torch.optim.AdamW(body.parameters(), lr=rate, weight_decay=1e-3, fused=True)
    reader = _Tensors(names.lists, rng, options["thin"])
    made = options["made"] // len(heads)
    steps = epochs * sum((len(c) + made) // BATCH + 1 for c in corpora)
    warm = min(300, 1 + steps // 10)
    averaged: dict[str, Any] | None = None
    best: Weights | None = None
    seen, best_score, done = 0, -1.0, 0
    history: list[list[float]] = []
    for epoch in range(epochs):
        began = time.time()
        jobs: list[tuple[int, list[Sentence]]] = []
        for head, corpus in enumerate(corpora):
            batchable = [varied(s, names, rng, options["swap"]) if rng.random() < 0.5 else s for s in corpus]
            batchable = [split_dots(s) if rng.random() < 0.4 else s for s in batchable]
            batchable += list(frames(names, rng, made))
            batchable.sort(key=lambda s: (len(s[0]) // 4, rng.random()))
            jobs += [(head, batchable[i : i + BATCH]) for i in range(0, len(batchable), BATCH)]
        rng.shuffle(jobs)
        body.train()
        total = 0.0
        for head, batch in jobs:
            done += 1
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, done / warm) * max(0.02, 1 - done / steps)
            loss = body.loss(torch, *reader.batch(torch, batch), head)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body.parameters(), 5.0)
            optimizer.step()
            total += float(loss.detach())
            if done % 10 == 0 and done > steps * 0.4:  # the mean of later weights generalises better (SWA, 2018)
                seen += 1
                state = body.state_dict()
                averaged = {k: v.clone() for k, v in state.items()} if averaged is None else {
                    k: averaged[k] + (state[k] - averaged[k]) / seen for k in state}
        weights = _arrays(averaged or body.state_dict(), len(heads))
        whole = _together([weights], names.lists, heads)
        scores = [f1(CompactTagger(whole, sha256="", head=head), sentences)["micro"]
                  for head, sentences in zip(heads, devs, strict=True)]
        history.append([round(s, 2) for s in scores])
        if sys.stderr.isatty():
            print(f"seed {seed}, epoch {epoch + 1} of {epochs}: loss {total / len(jobs):.3f}, dev {history[-1]}, "
                  f"{time.time() - began:.0f} s", file=sys.stderr, flush=True)
        if best is None or sum(scores) >= best_score:
            best_score, best = sum(scores), weights
    assert best is not None
    return best, history


class _Tensors:
    """Turns sentences into tensors; thins out what words are known by, so that unseen names are learnt too."""

    def __init__(self, lists: Mapping[str, int], rng: random.Random, thin: float) -> None:
        self._lists, self._rng, self._thin = lists, rng, thin
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def _buckets(self, word: str) -> list[int]:
        key = fold(word) or word
        if key not in self._known:
            self._known[key] = features(key), list_features(self._lists.get(key, 0))
        grams, lists = self._known[key]
        chance = self._rng.random
        share = 0.5 if chance() < 0.1 else self._thin
        kept = [g for g in grams if chance() >= share] or grams
        return kept + [b for b in lists if chance() < 0.7]

    def batch(self, torch: Any, batch: Sequence[Sentence]) -> tuple[Any, Any, Any, Any]:
        """Buckets of the word types with their offsets, types of the tokens, tags, mask."""
        ids: list[int] = []
        offsets: list[int] = []
        types: dict[str, int] = {}
        shape = (len(batch), max(len(words) for words, _ in batch))
        index, gold = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        mask = np.zeros(shape, dtype=bool)
        for n, (words, tags) in enumerate(batch):
            for t, word in enumerate(words):
                if word not in types:
                    types[word] = len(types)
                    offsets.append(len(ids))
                    ids += self._buckets(word)
                index[n, t] = types[word]
            gold[n, : len(tags)] = [TAGS.index(tag) for tag in tags]
            mask[n, : len(tags)] = True
        return ((torch.tensor(ids), torch.tensor(offsets)), torch.from_numpy(index), torch.from_numpy(gold),
                torch.from_numpy(mask))


def _network(torch: Any, heads: int, spread: float) -> Any:
    nn = torch.nn

    class Network(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.EmbeddingBag(BUCKETS, DIMENSIONS, mode="mean")
            nn.init.normal_(self.table.weight, std=spread)
            self.into = nn.Linear(DIMENSIONS, WIDTH)
            self.convs = nn.ModuleList([nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=1) for _ in range(LAYERS)])
            self.heads = nn.ModuleList([nn.Linear(WIDTH, len(TAGS)) for _ in range(heads)])
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
    """The log of the sum over all paths (linear-chain CRF)."""
    best = scores[:, 0] + start
    for t in range(1, scores.shape[1]):
        step = torch.logsumexp(best[:, :, None] + moves[None], dim=1) + scores[:, t]
        best = torch.where(mask[:, t, None], step, best)
    return torch.logsumexp(best, dim=1)


def _path(scores: Any, gold: Any, mask: Any, moves: Any, start: Any) -> Any:
    """The score of the gold path."""
    own = (scores.gather(2, gold[..., None]).squeeze(2) * mask).sum(1)
    steps = (moves[gold[:, :-1], gold[:, 1:]] * mask[:, 1:]).sum(1)
    return own + steps + start[gold[:, 0]]


def _arrays(state: Mapping[str, Any], heads: int) -> Weights:
    """One network's weights as they ship: the table in 8 bits, the rest in 16."""
    get = {k: v.detach().numpy() for k, v in state.items()}
    table = get["table.weight"]
    scale = np.float32(np.abs(table).max() / 127)
    out: Weights = {
        "table": np.rint(table / scale).astype(np.int8), "scale": scale,
        "into": get["into.weight"].T, "into_bias": get["into.bias"],
        "out": np.stack([get[f"heads.{h}.weight"].T for h in range(heads)]),
        "out_bias": np.stack([get[f"heads.{h}.bias"] for h in range(heads)]),
        "moves": get["moves"], "start": get["start"],
    }
    for n in range(LAYERS):
        out[f"conv{n}"] = get[f"convs.{n}.weight"].transpose(2, 1, 0).reshape(3 * WIDTH, 2 * WIDTH)
        out[f"conv{n}_bias"] = get[f"convs.{n}.bias"]
    return {k: v if k in ("table", "scale") else v.astype(np.float16) for k, v in out.items()}


def _together(members: Sequence[Weights], lists: Mapping[str, int], heads: Sequence[str]) -> Weights:
    words = sorted(lists) or [""]
    out: Weights = {
        "members": np.int64(len(members)), "layers": np.int64(LAYERS),
        "heads": np.frombuffer("\n".join(heads).encode(), dtype=np.uint8),
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "bits": np.array([lists.get(w, 0) for w in words], dtype=np.uint8),
    }
    for n, member in enumerate(members):
        out.update({f"{n}/{name}": value for name, value in member.items()})
    return out


def _write(out: Path, weights: Weights, facts: Mapping[str, Any]) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    file = out / "compact.npz"
    np.savez_compressed(file, **weights)
    data = file.read_bytes()
    manifest_file = out / "manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8")) if manifest_file.exists() else {}
    made: dict[str, Any] = {
        "file": file.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "licence": "CC BY-SA 4.0", "labels": ["PER", "LOC", "ORG"], **facts,
    }
    manifest["compact"] = made
    manifest_file.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return made
