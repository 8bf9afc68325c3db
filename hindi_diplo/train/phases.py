"""Training in fixed batches on one device: transformers first if wanted, what they expect, then the networks that ship.

Several epochs of varied sentences are made and laid out once; teachers label them once, and the networks that ship
read them in turn.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from . import distil, fixed, large, member, network
from . import pretrain as pretraining
from .corpora import Corpora
from .data import Sentence
from .loop import Pace
from .packing import Weights

__all__ = ["READING", "SIZE", "pool", "trained"]

KEPT: Final = 8  # epochs that are varied anew
SIZE: Final = 8000  # tokens of a batch of text that the small network reads
READING: Final = Pace(2e-3, decay=0.01, betas=(0.9, 0.98), warm=500)
LABELLED: Final = 1500  # tokens of a batch of labels
AGAIN: Final = 5  # how many times the text that an epoch reads is labelled


def trained(
    torch: Any, place: Any, corpora: Corpora, options: Mapping[str, Any], *, count: int, seed: int,
    spreads: Sequence[float], begin: Mapping[str, Any] | None = None, networks: int = 0,
    wide: tuple[int, int] = large.WIDE, teach: Sequence[str] = (), text: Sequence[str] = (),
) -> tuple[list[Weights], list[list[list[float]]], dict[str, Any]]:
    """The weights of ``count`` networks as they ship, their dev scores epoch by epoch, and what the manifest says of
    their teachers: ``networks`` transformers that begin with ``begin``, or the compact taggers ``teach``."""
    torch.set_num_threads(1)  # the sums of several threads differ from run to run
    rng = random.Random(seed)
    reader = fixed.Reader(torch, place, corpora.names.lists, corpora.vocabulary, seed, options["thin"])
    wanted = max(options["epochs"], large.EPOCHS if networks else 0)
    epochs = [list(corpora.varied(rng, options)) for _ in range(min(KEPT, wanted))]
    print(f"{len(epochs)} epochs varied: {sum(len(some) for _, some in epochs[0])} sentences in the first",
          file=sys.stderr, flush=True)
    told: dict[str, Any] = {}
    expect: Any = None
    if networks:
        assert begin is not None
        teachers, told = large.teachers(torch, reader, corpora, epochs, dict(begin), count=networks, seed=seed,
                                        half=options["half"], wide=wide)
        expect = teachers.expected
    elif teach:
        small = distil.Teachers(teach, corpora.heads[: corpora.main])

        def expect(batch: fixed.Laid) -> Any:
            return small.expected(torch, batch.sentences, batch.mask)

    course = fixed.Course.of(reader, epochs, LABELLED, rng)
    if expect is not None:
        some = pool(text, AGAIN * options["read"], rng)
        free = reader.lay(some, network.TEXT, rng, LABELLED)
        share = min(1.0, options["read"] / max(1, len(some)))
        course = fixed.Course([_labelled(e, expect, f"epoch {n + 1} of {len(epochs)}")
                               for n, e in enumerate(course.epochs)], _labelled(free, expect, "text"), share)
    networks_made, history = [], []
    for n in range(count):
        torch.manual_seed(seed + n)
        body = member.begun(torch, corpora, spreads[n % len(spreads)]).to(place)
        weights, scores = member.taught(
            torch, body, reader, corpora, course.turns(options["epochs"], random.Random(seed + n)),
            steps=course.steps(options["epochs"]), seed=seed + n, options=options,
            teachers=None if expect is None else distil.Kept())
        networks_made.append(weights)
        history.append(scores)
    return networks_made, history, told


def _labelled(batches: Sequence[fixed.Laid], expect: Any, name: str) -> list[fixed.Laid]:
    began = time.time()
    found = [replace(batch, lesson=expect(batch)) for batch in batches]
    print(f"labelling, {name}: {len(batches)} batches, {time.time() - began:.0f} s", file=sys.stderr, flush=True)
    return found


def pool(paths: Sequence[str | Path], count: int, rng: random.Random) -> list[Sentence]:
    """``count`` sentences of plain texts, as many of each as of the others where they have so many."""
    texts = sorted((pretraining.read_text([path]) for path in paths), key=len)
    out: list[Sentence] = []
    for n, text in enumerate(texts):
        share = (count - len(out)) // (len(texts) - n)
        out += rng.sample(text, min(len(text), share))
    return out
