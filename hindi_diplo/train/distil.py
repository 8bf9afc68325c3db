"""Distillation: a small tagger learns from the scores of several (Hinton et al. 2015), also on text without labels.

The teachers score a sentence under each label convention that they know, so that a sentence which one file's
annotators labelled teaches the heads of the other files too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..taggers.compact import TAGS, CompactTagger
from . import network
from .data import Sentence
from .joining import read_weights

__all__ = ["Kept", "Teachers", "expected", "soft"]



def expected(torch: Any, scores: Any, steps: Sequence[Any], mask: Any) -> tuple[Any, Any, Any]:
    """How often CRFs expect each tag of each token, each step and each first tag of a batch.

    ``scores`` are those of tags, of all sentences under the first head, then under the next; ``steps`` those of the
    steps between tags and of first tags, a row for each head.
    """
    size, count = len(mask), len(steps[0])
    given = [one.detach().requires_grad_() for one in (scores, *steps)]
    every = network.partition(torch, given[0], mask.repeat(count, 1),
                              *(one.repeat_interleave(size, 0) for one in given[1:]))
    often, moves, start = torch.autograd.grad(every.sum(), given)
    return often, moves, start


def soft(torch: Any, body: Any, states: Any, taught: Sequence[Any], mask: Any) -> Any:
    """How far the first heads of ``body`` are from what is :func:`expected`, a token and head, where ``states`` is
    what the body made of a batch: the cross entropy of all ways to tag a sentence.

    A CRF's scores of a tag mean little without those of the steps to it (a tag that cannot follow may score
    high), so tags are not compared one by one.  The gradient of the log of the sum over all paths is how often
    the teachers expect each tag and each step, and what the body's CRF gives for those is the rest.
    """
    size, count = len(mask), len(taught[1])
    wide = mask.repeat(count, 1)
    steps = [torch.stack(own) for own in zip(*(body.steps(head) for head in range(count)), strict=True)]
    own = [torch.cat([body.heads[head](states) for head in range(count)]), *steps]
    every = network.partition(torch, own[0], wide, *(one.repeat_interleave(size, 0) for one in steps))
    met = sum((often * score).sum() for often, score in zip(taught, own, strict=True))
    return (every.sum() - met) / wide.sum()


class Kept:
    """Teachers whose expectations lie with each batch, as ``lesson``."""

    def loss(self, torch: Any, body: Any, states: Any, batch: Any, mask: Any) -> Any:
        """See :func:`soft`."""
        return soft(torch, body, states, batch.lesson, mask)


class Teachers:
    """Taggers of the compact kind that were trained before, whose scores are averaged."""

    def __init__(self, paths: Sequence[str | Path], heads: Sequence[str]) -> None:
        """Read ``compact.npz`` files; each must have all of ``heads``.

        Raises InputError where a file cannot be read or lacks a head, DataError where it is no such file.
        """
        self.heads = tuple(heads)
        self._taggers: list[CompactTagger] = []
        self._members: list[int] = []
        steps: list[Any] = []
        for path in map(Path, paths):
            weights = read_weights(path)
            names = bytes(weights["heads"]).decode().split("\n")
            missing = [head for head in heads if head not in names]
            if missing:
                raise InputError(f"a teacher has the heads {', '.join(names)}, but {', '.join(missing)} was expected: "
                                 "name the files of --train as when it was trained", file=path)
            chosen = [names.index(head) for head in heads]
            count = int(weights["members"])
            joined: dict[str, Any] = {**weights, "heads": np.frombuffer(b"all", dtype=np.uint8)}
            for n in range(count):  # the heads side by side, as one that gives the scores of all
                joined[f"{n}/out"] = np.concatenate([weights[f"{n}/out"][h] for h in chosen], axis=1)[None]
                joined[f"{n}/out_bias"] = np.concatenate([weights[f"{n}/out_bias"][h] for h in chosen])[None]
                steps.append((weights[f"{n}/moves"][chosen].astype(float), weights[f"{n}/start"][chosen].astype(float)))
            self._taggers.append(CompactTagger(joined, sha256=""))
            self._members.append(count)
        self._steps = [np.mean([step[k] for step in steps], axis=0).astype(np.float32) for k in (0, 1)]

    def loss(self, torch: Any, body: Any, states: Any, batch: Sequence[Sentence], mask: Any) -> Any:
        """How far the first heads of ``body`` are from the teachers, see :func:`soft`."""
        return soft(torch, body, states, self.expected(torch, batch, mask), mask)

    def expected(self, torch: Any, batch: Sequence[Sentence], mask: Any) -> tuple[Any, Any, Any]:
        """What the teachers expect of a batch, see :func:`expected`."""
        scores, *steps = (torch.from_numpy(array).to(mask.device)
                          for array in (self._scored(batch, mask.shape[1]), *self._steps))
        return expected(torch, scores, steps, mask)

    def _scored(self, batch: Sequence[Sentence], longest: int) -> Any:
        """The averaged scores of tags under each head: first all sentences under the first head."""
        out = np.zeros((len(self.heads), len(batch), longest, len(TAGS)), dtype=np.float32)
        for tagger, count in zip(self._taggers, self._members, strict=True):
            for n, scores in enumerate(tagger.scores([words for words, _ in batch])):
                by_head = scores.reshape(len(scores), len(self.heads), -1).swapaxes(0, 1)
                out[:, n, : len(scores)] += by_head * (count / sum(self._members))
        return out.reshape(-1, longest, len(TAGS))
