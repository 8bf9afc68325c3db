"""Training of the compact tagger in PyTorch; the weights go to a .npz that numpy reads alone.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import InputError, MissingModelError
from ..knowledge import KnowledgeBase
from ..taggers.compact import CompactTagger
from . import distil, network
from . import pretrain as pretraining
from .data import Names, Sentence, f1, frames, read_tsv, split_dots, varied
from .joining import joined

__all__ = ["train_compact"]

BATCH: Final = 40
VOCABULARY: Final = 24_000
OWN: Final = 2  # how often pretraining reads the labelled files for each time that it reads the texts
MORE: Final = 16_000  # known words that only the text of pretraining holds
TEXT: Final = -1  # the head of sentences that nobody labelled
Weights = dict[str, Any]


def train_compact(
    train: Sequence[str | Path], dev: Sequence[str | Path], out: str | Path, *, extra: Sequence[str | Path] = (),
    seed: int = 1, epochs: int = 7, members: int = 1, jobs: int = 1, swap: float = 0.6,
    vary: float = 0.4, made: int = 5000, thin: float = 0.1, rate: float = 2.2e-3, share: float = 0.7,
    spreads: Sequence[float] = (0.05, 0.1), pretrain: Sequence[str | Path] = (), passes: int = 1,
    begin: str | Path | None = None, half: bool = False, teachers: int = 0, teach: Sequence[str | Path] = (),
    unlabelled: Sequence[str | Path] = (), read: int = 12_000, join: Sequence[str | Path] = (),
) -> dict[str, Any]:
    """Train ``members`` networks on ``train``, each kept where it is best on ``dev``; write them to ``out``.

    Every file has a head of its own on a shared body, since label conventions differ; the files of ``dev``
    stand in the order of ``train``.  Files of ``extra`` only teach the body: their heads do not ship, and
    each epoch sees a ``share`` of them.  The plain text files of ``pretrain``, a sentence a line, are first read
    in ``passes`` passes, together with the labelled files without their labels (see :mod:`.pretrain`); what was
    learnt is written to ``out/pretrained.npz``, and ``begin`` takes such a file instead of texts.  ``half``
    computes in bfloat16, which newer processors do several times as fast.

    With ``teachers``, so many networks are trained first and written to ``out/teachers.npz``; ``teach`` takes such
    files instead, or a ``compact.npz``.  The members then learn from the teachers' averaged scores too (see
    :mod:`.distil`), and from ``read`` sentences an epoch of the plain texts ``unlabelled``.  The same seed gives the
    same weights on the same machine.

    With ``join`` nothing is trained: ``compact.npz`` files of before become one, whose members are averaged.  Returns
    the manifest entry.
    """
    try:
        import torch  # noqa: F401
    except ImportError:
        raise MissingModelError("compact", "training needs torch", "pip install 'hindi-diplo[train]'") from None
    if not train or len(train) != len(dev):
        raise InputError(f"expected one dev file for each train file, in the same order, got {len(train)} train and "
                         f"{len(dev)} dev files")
    names = [Path(p).stem for p in train]
    if join:
        weights, parts = joined(join)
        return _write(Path(out), weights, {
            "dev": _scored(weights, names, dev), "joined": parts, "heads": names, "members": int(weights["members"]),
            "train": [Path(p).name for p in train], "extra": [Path(p).name for p in extra]})
    # Members that begin differently err differently: each takes the next spread of the first embeddings.
    options: dict[str, Any] = {"epochs": epochs, "swap": swap, "vary": vary, "made": made, "thin": thin, "rate": rate,
                               "share": share, "half": half}
    paths = [str(p) for p in train], [str(p) for p in dev], [str(p) for p in extra]
    if pretrain and begin is not None:
        raise InputError("expected --pretrain or --begin, got both: --begin takes what --pretrain wrote")
    if teachers and teach:
        raise InputError("expected --teachers or --teach, got both: --teach takes what --teachers wrote")
    if unlabelled and not teachers and not teach:
        raise InputError("--unlabelled is what teachers label: expected --teachers or --teach with it")
    if pretrain:
        options |= {"passes": passes, "pretrain": pretraining.facts(pretrain)}
        begin = Path(out) / "pretrained.npz"
        _pretrain(_Corpora(*paths), [str(p) for p in pretrain], begin, seed, options)
    elif begin is not None:
        options["begin"] = Path(begin).name
    first = None if begin is None else str(begin)
    corpora = _Corpora(*paths, first)

    def trained(count: int, seed: int, **more: list[str]) -> tuple[Weights, list[list[list[float]]]]:
        tasks = [_Task(*paths, seed + n, {**options, "spread": spreads[n % len(spreads)]}, first, **more)
                 for n in range(count)]
        if jobs > 1:
            with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
                networks = list(pool.map(_member, tasks))
        else:
            networks = [_member(task) for task in tasks]
        made = _together([_arrays(state, len(train)) for state, _ in networks], corpora)
        return made, [history for _, history in networks]

    lessons: dict[str, list[str]] = {}
    if teachers:
        weights, told = trained(teachers, seed + members)
        teach = [Path(out) / "teachers.npz"]
        Path(out).mkdir(parents=True, exist_ok=True)
        np.savez_compressed(teach[0], **weights)
        options |= {"teachers": told}
    if teach:
        lessons = {"teach": [str(p) for p in teach], "text": [str(p) for p in unlabelled]}
        options |= {"teach": [Path(p).name for p in teach], "read": read, "unlabelled": pretraining.facts(unlabelled)}
    weights, told = trained(members, seed, **lessons)
    return _write(Path(out), weights, {
        "dev": _scored(weights, names, dev), "history": told, "seed": seed, **options,
        "spreads": list(spreads), "members": members, "heads": names,
        "train": [Path(p).name for p in train],
        "extra": [Path(p).name for p in extra]})


@dataclass(frozen=True)
class _Task:
    """One network to train."""

    train: list[str]
    dev: list[str]
    extra: list[str]
    seed: int
    options: Mapping[str, Any]
    begin: str | None = None  # the file with what pretraining learnt
    teach: Sequence[str] = ()  # compact taggers to learn from
    text: Sequence[str] = ()  # plain text that they label


class _Corpora:
    """The sentences of all files with what is learnt from them together: name lists and known words."""

    def __init__(
        self, train: Sequence[str], dev: Sequence[str], extra: Sequence[str], begin: str | None = None,
    ) -> None:
        self.heads = [Path(p).stem for p in (*train, *extra)]
        self.sentences = [read_tsv(path) for path in (*train, *extra)]
        self.main = len(train)
        self.dev = [read_tsv(path) for path in dev]
        for path, corpus in zip((*train, *extra), self.sentences, strict=True):
            if not corpus:
                raise InputError("no sentences to train on", file=path)
        self.every = [s for corpus in self.sentences for s in corpus]
        self.names = Names(KnowledgeBase.load(), self.every)
        self.vocabulary = network.vocabulary(self.every, VOCABULARY)
        self.begin = None if begin is None else pretraining.read_state(Path(begin))
        if self.begin is not None:  # words that only the text holds are known too
            counts = network.counted(self.every)
            self.vocabulary |= {w: counts[w] for w in self.begin["vocabulary"] if w not in self.vocabulary}

    def epoch(
        self, rng: random.Random, options: Mapping[str, Any], text: Sequence[Sentence] = (),
    ) -> list[tuple[int, list[Sentence]]]:
        """The batches of one epoch, each with its head: sentences varied, and frames filled anew; those of ``text``
        with none."""
        jobs: list[tuple[int, list[Sentence]]] = []
        for head, corpus in enumerate(self.sentences):
            chosen = corpus if head < self.main else rng.sample(corpus, int(len(corpus) * options["share"]))
            some = [varied(s, self.names, rng, options["swap"]) if rng.random() < options["vary"] else s
                    for s in chosen]
            some = [split_dots(s) if rng.random() < 0.4 else s for s in some]
            if head < self.main:
                some += list(frames(self.names, rng, options["made"] // self.main))
            jobs += [(head, batch) for batch in _batches(some, rng)]
        jobs += [(TEXT, batch) for batch in _batches(text, rng)]
        rng.shuffle(jobs)
        return jobs


def _batches(sentences: Sequence[Sentence], rng: random.Random) -> list[list[Sentence]]:
    """Batches of sentences of about one length."""
    order = sorted(sentences, key=lambda s: (len(s[0]) // 4, rng.random()))
    return [order[i : i + BATCH] for i in range(0, len(order), BATCH)]


def _pretrain(corpora: _Corpora, paths: Sequence[str], out: Path, seed: int, options: Mapping[str, Any]) -> None:
    """Read the texts and the labelled files without their labels; write what was learnt to ``out``."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    text = pretraining.read_text(paths)
    if not text:
        raise InputError("no sentences of four tokens to read, expected some in --pretrain")
    known = network.vocabulary(corpora.every, VOCABULARY, text, MORE)
    body = network.make(torch, len(corpora.heads), len(known), 0.1)
    reader = network.Tensors(corpora.names.lists, known, seed, options["thin"])

    def keep() -> None:
        pretraining.write_state(out, body, known)

    # What will be tagged counts more than what is only read.
    pretraining.pretrain(torch, body, reader, [*text, *OWN * corpora.every], known, passes=options["passes"],
                         seed=seed, half=options["half"], keep=keep)
    keep()


def _member(task: _Task) -> tuple[Weights, list[list[float]]]:
    """One network: its state as arrays, and its dev scores epoch by epoch.  The best on dev is kept."""
    import torch

    torch.set_num_threads(1)  # the sums of several threads differ from run to run
    torch.manual_seed(task.seed)
    rng = random.Random(task.seed)
    corpora, options = _Corpora(task.train, task.dev, task.extra, task.begin), task.options
    body = network.make(torch, len(corpora.heads), len(corpora.vocabulary), options["spread"])
    if corpora.begin is not None:
        pretraining.begin(torch, body, corpora.begin, corpora.vocabulary)
    reader = network.Tensors(corpora.names.lists, corpora.vocabulary, task.seed, options["thin"])
    teachers = distil.Teachers(task.teach, corpora.heads[: corpora.main]) if task.teach else None
    text = pretraining.read_text(task.text)
    optimizer = torch.optim.AdamW(body.parameters(), lr=options["rate"], weight_decay=1e-3, fused=True)
    sizes = [len(c) * (1 if n < corpora.main else options["share"]) for n, c in enumerate(corpora.sentences)]
    aside = min(len(text), options.get("read", 0))
    steps = int(options["epochs"] * (sum(size / BATCH + 1 for size in sizes) + (options["made"] + aside) / BATCH))
    warm = min(300, 1 + steps // 10)
    averaged: dict[str, Any] | None = None
    best: Weights | None = None
    seen, best_score, done = 0, -1.0, 0
    history: list[list[float]] = []
    for epoch in range(options["epochs"]):
        began, total = time.time(), 0.0
        jobs = corpora.epoch(rng, options, rng.sample(text, aside))
        body.train()
        for head, batch in jobs:
            done += 1
            for group in optimizer.param_groups:
                group["lr"] = options["rate"] * min(1.0, done / warm) * max(0.02, 1 - done / steps)
            bag, numbers, index, gold, mask = reader.batch(torch, batch)
            with torch.autocast("cpu", torch.bfloat16, enabled=options["half"]):
                states = body.body(bag, numbers, index, mask)
                scores = None if head == TEXT else body.heads[head](states)
            loss: Any = 0.0 if scores is None else body.loss(scores.float(), gold, mask, head)
            if teachers is not None:
                loss = loss + distil.SOFT * teachers.loss(torch, body, states.float(), batch, mask)
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
        state = {k: v.numpy().copy() for k, v in (averaged or body.state_dict()).items()}
        whole = _together([_arrays(state, corpora.main)], corpora)
        dev = [f1(CompactTagger(whole, sha256="", head=head), sentences)["micro"]
                  for head, sentences in zip(corpora.heads, corpora.dev, strict=False)]
        history.append([round(s, 2) for s in dev])
        print(f"seed {task.seed}, epoch {epoch + 1} of {options['epochs']}: loss {total / len(jobs):.3f}, "
              f"dev {history[-1]}, {time.time() - began:.0f} s", file=sys.stderr, flush=True)
        if best is None or sum(dev) >= best_score:
            best_score, best = sum(dev), state
    assert best is not None
    return best, history


def _arrays(state: Mapping[str, Any], heads: int) -> Weights:
    """One network's weights as they ship: tables in 8 bits, the rest in 16; the first ``heads`` heads."""
    out: Weights = {
        "into": state["into.weight"].T, "into_bias": state["into.bias"],
        "out": np.stack([state[f"heads.{h}.weight"].T for h in range(heads)]),
        "out_bias": np.stack([state[f"heads.{h}.bias"] for h in range(heads)]),
        "moves": (state["moves"] + state["forbidden"])[:heads],
        "start": (state["start"] + state["forbidden_start"])[:heads],
    }
    for n in range(network.LAYERS):
        out[f"conv{n}"], out[f"conv{n}_bias"] = state[f"convs.{n}.weight"].T, state[f"convs.{n}.bias"]
    out = {k: v.astype(np.float16) for k, v in out.items()}
    for name in ("table", "words"):
        table = state[f"{name}.weight"]
        scale = np.float32(np.abs(table).max() / 127)
        out[name], out[f"{name}_scale"] = np.rint(table / scale).astype(np.int8), scale
    return out


def _together(members: Sequence[Weights], corpora: _Corpora) -> Weights:
    def text(lines: Sequence[str]) -> Any:
        return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)

    lists = corpora.names.lists
    words = sorted(lists) or [""]
    out: Weights = {
        "members": np.int64(len(members)), "layers": np.int64(network.LAYERS),
        "heads": text(corpora.heads[: corpora.main]), "vocabulary": text(list(corpora.vocabulary)),
        "words": text(words), "bits": np.array([lists.get(w, 0) for w in words], dtype=np.uint8),
    }
    for n, member in enumerate(members):
        out.update({f"{n}/{name}": value for name, value in member.items()})
    return out


def _scored(weights: Weights, heads: Sequence[str], dev: Sequence[str | Path]) -> dict[str, dict[str, float]]:
    """The F1 scores of each head on its dev file."""
    scores = {}
    for head, path in zip(heads, dev, strict=True):
        tagger = CompactTagger(weights, sha256="", head=head)
        scores[Path(path).stem] = {k: round(v, 2) for k, v in f1(tagger, read_tsv(path)).items()}
    return scores


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
