"""One compact network: what it begins with, and how it is taught."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..taggers.compact import CompactTagger
from . import distil, network, packing
from . import pretrain as pretraining
from .corpora import BATCH, Corpora
from .data import f1
from .loop import Pace, tune

__all__ = ["Task", "begun", "taught", "trained"]


@dataclass(frozen=True)
class Task:
    """One network to train."""

    train: list[str]
    dev: list[str]
    extra: list[str]
    seed: int
    options: Mapping[str, Any]
    begin: str | None = None  # the file with what pretraining learnt
    teach: Sequence[str] = ()  # compact taggers to learn from
    text: Sequence[str] = ()  # plain text that they label


def begun(torch: Any, corpora: Corpora, spread: float) -> Any:
    """A fresh network, which begins with what pretraining learnt."""
    body = network.make(torch, len(corpora.heads), len(corpora.vocabulary), spread)
    if corpora.begin is not None:
        pretraining.begin(torch, body, corpora.begin, corpora.vocabulary)
    return body


def taught(
    torch: Any, body: Any, reader: Any, corpora: Corpora, epochs: Iterable[Sequence[tuple[int, Any]]], *, steps: int,
    seed: int, options: Mapping[str, Any], teachers: Any = None,
) -> tuple[packing.Weights, list[list[float]]]:
    """The weights of ``body`` as they ship after :func:`loop.tune`, and its dev scores epoch by epoch.  The best on
    dev are kept; what is scored is what would ship."""
    def check(body: Any) -> list[float]:
        whole = packing.together([packing.arrays(body.state_dict(), corpora.main)], corpora)
        return [f1(CompactTagger(whole, sha256="", head=head), sentences)["micro"]
                for head, sentences in zip(corpora.heads, corpora.dev, strict=False)]

    state, history = tune(torch, body, reader, epochs, steps=steps, pace=Pace(options["rate"]), name=f"seed {seed}",
                          check=check, half=options["half"], teachers=teachers)
    return packing.arrays(state, corpora.main), history


def trained(task: Task) -> tuple[packing.Weights, list[list[float]]]:
    """One network, trained on the CPU with sentences varied anew each epoch; see :func:`taught`."""
    import torch

    torch.set_num_threads(1)  # the sums of several threads differ from run to run
    torch.manual_seed(task.seed)
    rng = random.Random(task.seed)
    corpora, options = Corpora(task.train, task.dev, task.extra, task.begin), task.options
    body = begun(torch, corpora, options["spread"])
    reader = network.Tensors(corpora.names.lists, corpora.vocabulary, task.seed, options["thin"])
    teachers = distil.Teachers(task.teach, corpora.heads[: corpora.main]) if task.teach else None
    text = pretraining.read_text(task.text)
    sizes = [len(c) * (1 if n < corpora.main else options["share"]) for n, c in enumerate(corpora.sentences)]
    aside = min(len(text), options.get("read", 0))
    steps = int(options["epochs"] * (sum(size / BATCH + 1 for size in sizes) + (options["made"] + aside) / BATCH))
    epochs = (corpora.epoch(rng, options, rng.sample(text, aside)) for _ in range(options["epochs"]))
    return taught(torch, body, reader, corpora, epochs, steps=steps, seed=task.seed, options=options, teachers=teachers)
