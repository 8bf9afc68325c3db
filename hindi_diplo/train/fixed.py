"""Batches that are made once and lie on the device that trains.

A graphics processor would wait for sentences to be turned into tensors, so word types become numbers once, and what
words are known by lies in one long table beside them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np

from ..errors import InputError
from ..taggers.compact import TAGS
from . import network
from .data import Sentence

__all__ = ["Course", "Epoch", "Laid", "Reader", "device"]

Epoch = Sequence[tuple[int, Sequence[Sentence]]]  # sentences of each head

NO_CUDA: Final = (
    "--device cuda: torch {version} sees no such device here. Expected an NVIDIA card with its driver and a torch made "
    "for it (https://pytorch.org/get-started/locally/); or use --device cpu")


def device(torch: Any, name: str) -> Any:
    """The device of that name, ``cpu`` or ``cuda``.  Raises InputError where torch sees none."""
    if name not in ("cpu", "cuda"):
        raise InputError(f"--device: expected cpu or cuda, got {name!r}")
    if name == "cuda":
        if not torch.cuda.is_available():
            raise InputError(NO_CUDA.format(version=torch.__version__))
        torch.set_float32_matmul_precision("high")
        return torch.device("cuda", 0)  # the first that CUDA_VISIBLE_DEVICES shows
    return torch.device(name)


@dataclass(frozen=True)
class Laid:
    """One batch on the device."""

    sentences: Sequence[Sentence]
    head: int
    types: Any  # numbers of its word types
    buckets: int  # how many these have together
    index: Any  # of each token, the place of its type among them
    gold: Any
    mask: Any
    lesson: Any = None  # what teachers expect of it


@dataclass(frozen=True)
class Course:
    """The batches that a network learns from: those of some epochs, which it reads in turn, and of each pass a share of
    those of text."""

    epochs: Sequence[Sequence[Laid]]
    free: Sequence[Laid] = ()
    share: float = 0.0

    @classmethod
    def of(cls, reader: Reader, epochs: Sequence[Epoch], size: int, rng: random.Random) -> Course:
        """Batches of ``size`` tokens of labelled epochs."""
        return cls([[laid for head, some in epoch for laid in reader.lay(some, head, rng, size)] for epoch in epochs])

    def steps(self, count: int) -> int:
        """How many batches ``count`` passes have."""
        return sum(len(self.epochs[n % len(self.epochs)]) + self._aside() for n in range(count))

    def turns(self, count: int, rng: random.Random) -> Iterator[list[tuple[int, Laid]]]:
        """The batches of ``count`` passes, each with its head."""
        for n in range(count):
            jobs = [*self.epochs[n % len(self.epochs)], *rng.sample(self.free, self._aside())]
            rng.shuffle(jobs)
            yield [(job.head, job) for job in jobs]

    def _aside(self) -> int:
        return min(len(self.free), ceil(self.share * len(self.free)))


class Reader:
    """Lays sentences out and reads them as :class:`network.Tensors` does, with the same words thinned out."""

    def __init__(
        self, torch: Any, place: Any, lists: Mapping[str, int], vocabulary: Mapping[str, int], seed: int, thin: float,
    ) -> None:
        self.torch, self.place, self._thin, self._lists = torch, place, thin, lists
        self._vocabulary = {word: (n, count) for n, (word, count) in enumerate(vocabulary.items(), 1)}
        self._generator = torch.Generator(place).manual_seed(seed)
        self._rows: dict[str, int] = {}
        self._new: list[tuple[Any, Any, int, int]] = []  # what is known of words that the tables do not hold yet
        self._lengths: list[int] = []
        self._buckets = self._listed = self._number = self._rare = self._length = torch.zeros(0, device=place)

    def passes(self, sentences: Sequence[Sentence], rng: random.Random, size: int) -> Iterator[list[Laid]]:
        """Without end: the batches of a pass over ``sentences``, of ``size`` tokens, the same in another order."""
        batches = self.lay(sentences, network.TEXT, rng, size)
        while True:
            rng.shuffle(batches)
            yield batches

    def lay(self, sentences: Sequence[Sentence], head: int, rng: random.Random, size: int) -> list[Laid]:
        """Batches of ``size`` tokens, padding and all, of sentences of one head."""
        return [self._laid(batch, head) for batch in network.cut(sentences, rng, size, size)]

    def _laid(self, sentences: Sequence[Sentence], head: int) -> Laid:
        lengths = np.array([len(words) for words, _ in sentences])
        mask = np.arange(lengths.max()) < lengths[:, None]
        index, gold = np.zeros(mask.shape, dtype=np.int64), np.zeros(mask.shape, dtype=np.int64)
        rows = [self._row(word) for words, _ in sentences for word in words]
        types, index[mask] = np.unique(rows, return_inverse=True)
        gold[mask] = [TAGS.index(tag) for _, tags in sentences for tag in tags]
        buckets = sum(self._lengths[row] for row in types.tolist())
        there = [self.torch.from_numpy(array).to(self.place) for array in (types, index, gold, mask)]
        return Laid(sentences, head, there[0], buckets, *there[1:])

    def _row(self, word: str) -> int:
        row = self._rows.get(word)
        if row is None:
            row = self._rows[word] = len(self._rows)
            self._new.append(network.known_by(word, self._lists, self._vocabulary))
            self._lengths.append(len(self._new[-1][0]))
        return row

    def _learn(self) -> None:
        """Put on the device what is known of words met since."""
        def add(table: Any, array: Any) -> Any:
            found = self.torch.from_numpy(array).to(self.place)
            return self.torch.cat([table, found]) if len(table) else found

        known = tuple(zip(*self._new, strict=True))
        self._buckets = add(self._buckets, np.concatenate(known[0]).astype(np.int64))
        self._listed = add(self._listed, np.concatenate(known[1]))
        self._number = add(self._number, np.array(known[2]))
        self._rare = add(self._rare, np.array(known[3]) <= network.RARE)
        self._length = add(self._length, np.array([len(buckets) for buckets in known[0]]))
        self._first = self._length.cumsum(0) - self._length
        self._new = []

    def numbers(self, torch: Any, batch: Laid) -> Any:
        """See :meth:`network.Tensors.numbers`."""
        if self._new:
            self._learn()
        return self._number[batch.types][batch.index]

    def batch(self, torch: Any, batch: Laid, *, thinned: bool = True) -> tuple[Any, Any, Any, Any, Any]:
        """See :meth:`network.Tensors.batch`; all is there of words that are not ``thinned``."""
        if self._new:
            self._learn()
        types = batch.types
        lengths = self._length[types]
        offsets = lengths.cumsum(0) - lengths
        owner = torch.repeat_interleave(torch.arange(len(types), device=self.place), lengths,
                                        output_size=batch.buckets)
        at = self._first[types][owner] + torch.arange(batch.buckets, device=self.place) - offsets[owner]
        buckets, numbers = self._buckets[at], self._number[types]
        if thinned:
            share = torch.where(self._chance(len(types)) < network.OFTEN, network.HALF, self._thin)[owner]
            kept = self._chance(batch.buckets) >= torch.where(self._listed[at], network.LISTED, share)
            kept[offsets] = True  # something is left of every word
            ends = kept.cumsum(0)[offsets + lengths - 1]
            buckets, offsets = buckets[kept], torch.nn.functional.pad(ends[:-1], (1, 0))
            rare, common = network.SEEN
            numbers = torch.where(self._chance(len(types)) < torch.where(self._rare[types], rare, common), 0, numbers)
        return (buckets, offsets), numbers, batch.index, batch.gold, batch.mask

    def _chance(self, count: int) -> Any:
        return self.torch.rand(count, generator=self._generator, device=self.place)
