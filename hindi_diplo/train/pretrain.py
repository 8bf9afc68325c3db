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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import InputError
from ..text import tokens
from . import network
from .data import Sentence, read_arrays
from .loop import FRESH, Pace

__all__ = ["begin", "facts", "pretrain", "read_state", "read_text", "write_state"]

BATCH: Final = 128
HIDDEN: Final = 0.2  # the share of words hidden
GUESSED: Final = 16_000  # the commonest known words, among which the hidden one is sought
LONGEST: Final = 120  # tokens of a sentence
_PACE: Final = Pace(2e-3, floor=0.05, warm=500)
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


def pretrain(
    torch: Any, body: Any, reader: Any, sentences: Sequence[Sentence], vocabulary: Mapping[str, int], *,
    passes: int, seed: int, pace: Pace = _PACE, half: bool = False, keep: Callable[[], None] | None = None,
    size: int = BATCH, name: str = "pretraining",
) -> list[float]:
    """Teach ``body`` to guess hidden words in ``passes`` over ``sentences``; the loss of each pass is returned.

    ``vocabulary`` is that of the body; ``reader`` cuts the sentences to batches of ``size`` (sentences or tokens, as
    it counts) and reads them.  Nothing but the body's shared parts changes: heads are left alone.  ``half`` computes
    in bfloat16; ``keep`` is called every 500 steps, so that a run cut short is not lost.
    """
    counts = network.counted(sentences)
    numbers = {word: n for n, word in enumerate(vocabulary, 1)}
    commonest = sorted(numbers, key=lambda w: (-counts[w], w))[:GUESSED]
    target = np.full(len(numbers) + 1, -1)
    target[[numbers[word] for word in commonest]] = np.arange(len(commonest))
    device = body.table.weight.device
    known = torch.from_numpy(target).to(device)
    generator = torch.Generator(device).manual_seed(seed)
    guess = torch.nn.Linear(body.width, len(commonest)).to(device)
    shared = [(n, p) for n, p in body.named_parameters() if not n.startswith(FRESH)]
    optimizer = pace.optimizer(torch, [*shared, *guess.named_parameters()])
    steps, done = 0, 0
    losses: list[float] = []
    body.train()
    for turn, batches in zip(range(passes), reader.passes(sentences, random.Random(seed), size), strict=False):
        if not steps:
            steps = passes * len(batches)
            print(f"{name}: {len(sentences)} sentences, {steps} steps", file=sys.stderr, flush=True)
        began, total, count = time.time(), torch.zeros((), device=device), 0
        for batch in batches:
            done += 1
            pace.set(optimizer, done, steps)
            bag, types, index, _, mask = reader.batch(torch, batch)
            wanted = known[reader.numbers(torch, batch)]
            hidden = mask & (torch.rand(mask.shape, generator=generator, device=device) < HIDDEN)
            asked = (hidden & (wanted >= 0)).flatten().nonzero().squeeze(1)
            if not len(asked):
                continue
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                guessed = guess(body.body(bag, types, index, mask, hidden).flatten(0, 1)[asked])
            loss = torch.nn.functional.cross_entropy(guessed.float(), wanted.flatten()[asked])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for _, p in shared], pace.clip)
            optimizer.step()
            total, count = total + loss.detach(), count + 1
            if done % 500 == 0:
                print(f"{name}, step {done} of {steps}: loss {float(total) / count:.3f}, {time.time() - began:.0f} s",
                      file=sys.stderr, flush=True)
                if keep is not None:
                    keep()
        losses.append(round(float(total) / max(1, count), 3))
        print(f"{name}, pass {turn + 1} of {passes}: loss {losses[-1]}, {time.time() - began:.0f} s",
              file=sys.stderr, flush=True)
    return losses


def write_state(path: Path, body: Any, vocabulary: Mapping[str, int]) -> None:
    """Write the shared parts of ``body`` with their known words to a .npz, from which training can begin."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {k: v.cpu().numpy() for k, v in body.state_dict().items() if not k.startswith((*FRESH, "forbidden"))}
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
