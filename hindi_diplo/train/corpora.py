"""The labelled files that a tagger is trained on, and the epochs made of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..errors import InputError
from ..knowledge import KnowledgeBase
from . import network, pretrain
from .data import Names, Sentence, frames, read_tsv, split_dots, varied

__all__ = ["BATCH", "MORE", "VOCABULARY", "Corpora"]

BATCH: Final = 40  # sentences that are learnt from together
VOCABULARY: Final = 24_000
MORE: Final = 16_000  # known words that only the text of pretraining holds


class Corpora:
    """The sentences of all files with what is learnt from them together: name lists and known words."""

    def __init__(
        self, train: Sequence[str], dev: Sequence[str], extra: Sequence[str], begin: str | None = None,
    ) -> None:
        """Read the files; ``begin`` is what pretraining wrote, whose known words are known too.

        Raises InputError where a file cannot be read or is empty.
        """
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
        self.begin = None if begin is None else pretrain.read_state(Path(begin))
        if self.begin is not None:  # words that only the text holds are known too
            counts = network.counted(self.every)
            self.vocabulary |= {w: counts[w] for w in self.begin["vocabulary"] if w not in self.vocabulary}

    def varied(self, rng: random.Random, options: Mapping[str, Any]) -> Iterator[tuple[int, list[Sentence]]]:
        """The sentences of one epoch of each head: sentences varied, and frames filled anew."""
        for head, corpus in enumerate(self.sentences):
            chosen = corpus if head < self.main else rng.sample(corpus, int(len(corpus) * options["share"]))
            some = [varied(s, self.names, rng, options["swap"]) if rng.random() < options["vary"] else s
                    for s in chosen]
            some = [split_dots(s) if rng.random() < 0.4 else s for s in some]
            if head < self.main:
                some += list(frames(self.names, rng, options["made"] // self.main))
            yield head, some

    def epoch(
        self, rng: random.Random, options: Mapping[str, Any], text: Sequence[Sentence] = (),
    ) -> list[tuple[int, list[Sentence]]]:
        """The batches of one epoch, each with its head; those of ``text`` with none."""
        jobs = [(head, batch) for head, some in self.varied(rng, options) for batch in network.cut(some, rng, BATCH)]
        jobs += [(network.TEXT, batch) for batch in network.cut(text, rng, BATCH)]
        rng.shuffle(jobs)
        return jobs
