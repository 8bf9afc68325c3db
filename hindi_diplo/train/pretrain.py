"""Pretraining of the compact network on plain text: it learns to guess words hidden from it.

A fifth of the words of a sentence are hidden and guessed from those around them (Devlin et al. 2019, with
the tagger's own small network), so that n-grams, known words and convolutions know Hindi before the first
label.  The text needs no labels and does not ship.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import InputError
from ..text import tokens
from . import network
from .data import Sentence, read_arrays

__all__ = ["begin", "facts", "pretrain", "read_state", "read_text", "write_state"]

BATCH: Final = 128
HIDDEN: Final = 0.2  # the share of words hidden
GUESSED: Final = 16_000  # the commonest known words, among which the hidden one is sought
LONGEST: Final = 120  # tokens of a sentence
_SHARED: Final = ("table.weight", "words.weight", "into.", "convs.")
State = dict[str, Any]


def read_text(paths: Sequence[str | Path]) -> list[Sentence]:
    """The lines of UTF-8 files as sentences without a label, cut into tokens as the pipeline cuts them.

    A line should hold one sentence; lines of fewer than four tokens are passed over, long ones cut.  Raises
    InputError where a file cannot be read.
    """
    out: list[Sentence] = []
    for path in map(Path, paths):
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=path) from None
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8 at byte {error.start}; save it as UTF-8", file=path) from None
        # One string for each word type: a large text holds the same few words millions of times.
        for line in text.split("\n"):
            words = [sys.intern(token.text) for token in tokens(line)]
            for at in range(0, len(words), LONGEST):
                piece = words[at : at + LONGEST]
                if len(piece) > 3:
                    out.append((piece, ["O"] * len(piece)))
    return out


def facts(paths: Sequence[str | Path]) -> list[dict[str, Any]]:
    """What the manifest says of the texts: file name, size in bytes, sha256."""
    read = [(Path(p).name, Path(p).read_bytes()) for p in paths]
    return [{"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in read]


def _batches(sentences: Sequence[Sentence], rng: random.Random) -> Iterator[list[Sentence]]:
    order = sorted(sentences, key=lambda s: (len(s[0]) // 4, rng.random()))
    jobs = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    rng.shuffle(jobs)
    yield from jobs


def pretrain(
    torch: Any, body: Any, reader: network.Tensors, sentences: Sequence[Sentence], vocabulary: Mapping[str, int], *,
    passes: int, seed: int, rate: float = 2e-3, half: bool = False, keep: Callable[[], None] | None = None,
) -> list[float]:
    """Teach ``body`` to guess hidden words in ``passes`` over ``sentences``; the loss of each pass is returned.

    ``vocabulary`` is that of the body.  Nothing but the body's shared parts changes: heads are left alone.
    ``half`` computes in bfloat16; ``keep`` is called every 500 steps, so that a run cut short is not lost.
    """
    counts = network.counted(sentences)
    numbers = {word: n for n, word in enumerate(vocabulary, 1)}
    commonest = sorted(numbers, key=lambda w: (-counts[w], w))[:GUESSED]
    target = np.full(len(numbers) + 1, -1)
    target[[numbers[word] for word in commonest]] = np.arange(len(commonest))
    known = torch.from_numpy(target)
    rng = random.Random(seed)
    generator = torch.Generator().manual_seed(seed)
    guess = torch.nn.Linear(network.WIDTH, len(commonest))
    shared = [p for name, p in body.named_parameters() if name.startswith(_SHARED)]
    optimizer = torch.optim.AdamW([*shared, *guess.parameters()], lr=rate, weight_decay=1e-3, fused=True)
    steps, done = passes * (len(sentences) // BATCH + 1), 0
    warm = min(500, 1 + steps // 10)
    losses: list[float] = []
    body.train()
    for turn in range(passes):
        began, total, count = time.time(), 0.0, 0
        for batch in _batches(sentences, rng):
            done += 1
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, done / warm) * max(0.05, 1 - done / steps)
            bag, types, index, _, mask = reader.batch(torch, batch)
            wanted = known[torch.from_numpy(reader.numbers(batch, index.shape[1]))]
            hidden = mask & (torch.rand(mask.shape, generator=generator) < HIDDEN)
            asked = hidden & (wanted >= 0)
            if not bool(asked.any()):
                continue
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                guessed = guess(body.body(bag, types, index, mask, hidden)[asked])
            loss = torch.nn.functional.cross_entropy(guessed.float(), wanted[asked])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(shared, 5.0)
            optimizer.step()
            total, count = total + float(loss.detach()), count + 1
            if done % 500 == 0:
                print(f"pretraining, step {done} of {steps}: loss {total / count:.3f}, {time.time() - began:.0f} s",
                      file=sys.stderr, flush=True)
                if keep is not None:
                    keep()
        losses.append(round(total / max(1, count), 3))
        print(f"pretraining, pass {turn + 1} of {passes}: loss {losses[-1]}, {time.time() - began:.0f} s",
              file=sys.stderr, flush=True)
    return losses


def write_state(path: Path, body: Any, vocabulary: Mapping[str, int]) -> None:
    """Write the shared parts of ``body`` with their known words to a .npz, from which training can begin."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {k: v.numpy() for k, v in body.state_dict().items() if k.startswith(_SHARED)}
    np.savez(path, vocabulary=np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8), **arrays)


def read_state(path: Path) -> State:
    """What :func:`write_state` wrote: arrays, and the known words under ``vocabulary``."""
    state: State = read_arrays(path, "the .npz that --pretrain writes", ("vocabulary", "table.weight"))
    state["vocabulary"] = bytes(state["vocabulary"]).decode().split("\n")
    return state


def begin(torch: Any, body: Any, state: State, vocabulary: Mapping[str, int]) -> None:
    """Set the shared parts of ``body``, whose known words are ``vocabulary``, to those of ``state``.

    Raises InputError where ``state`` is of a network of another shape.
    """
    own = body.state_dict()
    for name, array in state.items():
        if name not in ("vocabulary", "words.weight"):
            if name not in own or tuple(own[name].shape) != array.shape:
                raise InputError(f"--begin: {name} has the shape {array.shape}, not that of this version's network: "
                                 "pretrain anew")
            own[name].copy_(torch.from_numpy(array))
    rows = {word: n for n, word in enumerate(state["vocabulary"], 1)}
    for n, word in enumerate(vocabulary, 1):
        if word in rows:
            own["words.weight"][n].copy_(torch.from_numpy(state["words.weight"][rows[word]]))
    own["words.weight"][0].copy_(torch.from_numpy(state["words.weight"][0]))
