"""The compact tagger: hashed character n-grams, gated convolutions and a CRF, run in numpy.

A word's vector is the mean of the vectors of its hashed n-grams (2 to 5 characters), of the word itself
and of the name lists that hold it; it is computed once for each word type and kept in a bounded cache.
Four gated convolutions (Dauphin et al. 2017) see eight words on each side; Viterbi decoding makes the
tags consistent.  Weights lie in a .npz without pickle, whose checksum is verified.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError, MissingModelError
from ..files import packaged
from ..text import fold

__all__ = ["TAGS", "CompactTagger", "features"]

TAGS: Final = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
BUCKETS: Final = 1 << 16
CACHE: Final = 200_000  # word types whose vectors are kept
BATCH: Final = 4096  # tokens, padding included, that go through the network together
_COMMAND: Final = "hindi-diplo train compact --train TRAIN.tsv --dev DEV.tsv --out models/"
Array = npt.NDArray[np.float32]


def features(word: str, lists: Mapping[str, int]) -> list[int]:
    """The hash buckets of a folded word: itself, its n-grams, its shape and the name lists that hold it."""
    marked = f"<{word}>"
    grams = {marked[i : i + n] for n in (2, 3, 4, 5) for i in range(len(marked) - n + 1)}
    grams.add("w:" + word)
    shape = "d" if word[0].isdigit() else "l" if word.isascii() and word.isalpha() else "p" if not word[0].isalpha() \
        else ""
    if shape:
        grams.add("s:" + shape)
    bits = lists.get(word, 0)
    grams.update(f"g:{n}" for n in range(8) if bits >> n & 1)
    return sorted({zlib.crc32(g.encode()) % BUCKETS for g in grams})


class CompactTagger:
    """See the module; load with :meth:`load`."""

    name = "compact"

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]], *, sha256: str) -> None:
        self.made_by: Mapping[str, str] = {"sha256": sha256}
        f32 = {k: np.asarray(v, dtype=np.float32) for k, v in weights.items() if k not in ("words", "bits")}
        self._table = np.asarray(weights["table"])
        self._scale = f32["scale"]
        self._lists = dict(zip(bytes(weights["words"]).decode().split("\n"), weights["bits"].tolist(), strict=True))
        self._into, self._into_bias = f32["into"], f32["into_bias"]
        self._layers = [(f32[f"conv{n}"], f32[f"conv{n}_bias"]) for n in range(int(weights["layers"]))]
        self._out, self._out_bias = f32["out"], f32["out_bias"]
        self._moves, self._start = f32["moves"], f32["start"]
        self._cache: dict[str, Array] = {}
        self._words: dict[str, str] = {}

    @classmethod
    def load(cls, folder: Path | None = None) -> CompactTagger:
        """The shipped model, or that in ``folder``.

        Raises MissingModelError where it is not there, DataError where its checksum is not the manifest's.
        """
        folder = folder or packaged("models")
        manifest_file, weights_file = folder / "manifest.json", folder / "compact.npz"
        if not manifest_file.exists() or not weights_file.exists():
            raise MissingModelError("compact", f"no compact.npz with its manifest.json in {folder}", _COMMAND)
        manifest = json.loads(manifest_file.read_text(encoding="utf-8"))["compact"]
        data = weights_file.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != manifest["sha256"]:
            raise DataError(f"sha256 is {found}, the manifest says {manifest['sha256']}: the file was changed or "
                            "cut short; install it anew", file=weights_file)
        with np.load(weights_file, allow_pickle=False) as weights:
            return cls({name: weights[name] for name in weights.files}, sha256=found)

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[int, int, str, float]]]:
        """Spans of each sentence (first token, last token exclusive, PER LOC or ORG, score)."""
        out: list[list[tuple[int, int, str, float]]] = [[] for _ in sentences]
        order = sorted((n for n, s in enumerate(sentences) if s), key=lambda n: len(sentences[n]))
        at = 0
        while at < len(order):
            last = at + 1
            while last < len(order) and (last + 1 - at) * len(sentences[order[last]]) <= BATCH:
                last += 1
            chosen = order[at:last]
            for n, spans in zip(chosen, self._batch([sentences[n] for n in chosen]), strict=True):
                out[n] = spans
            at = last
        return out

    def _vector(self, word: str) -> Array:
        found = self._cache.get(word)
        if found is None:
            rows = self._table[features(fold(word) or word, self._lists)].astype(np.float32)
            vector = rows.mean(axis=0) * self._scale
            found = np.tanh(vector @ self._into + self._into_bias).astype(np.float32)
            if len(self._cache) >= CACHE:
                self._cache.clear()
            self._cache[word] = found
        return found

    def _batch(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[int, int, str, float]]]:
        longest = max(map(len, sentences))
        count, width = len(sentences), self._into.shape[1]
        h = np.zeros((count, longest + 2, width), dtype=np.float32)  # one row of padding on each side
        mask = np.zeros((count, longest, 1), dtype=np.float32)
        for n, sentence in enumerate(sentences):
            for t, word in enumerate(sentence):
                h[n, t + 1] = self._vector(word)
            mask[n, : len(sentence)] = 1.0
        for kernel, bias in self._layers:
            seen = np.concatenate((h[:, :-2], h[:, 1:-1], h[:, 2:]), axis=2).reshape(-1, 3 * width)
            both = seen @ kernel + bias
            gate = 1.0 / (1.0 + np.exp(-both[:, width:]))
            h[:, 1:-1] = (h[:, 1:-1] + (both[:, :width] * gate).reshape(count, longest, width)) * mask
        scores = h[:, 1:-1].reshape(-1, width) @ self._out + self._out_bias
        return self._decode(scores.reshape(count, longest, len(TAGS)), [len(s) for s in sentences])

    def _decode(self, scores: Array, lengths: Sequence[int]) -> list[list[tuple[int, int, str, float]]]:
        count, longest, _ = scores.shape
        best = scores[:, 0] + self._start
        back = np.zeros((count, longest, len(TAGS)), dtype=np.int8)
        finals = np.zeros((count, len(TAGS)), dtype=np.float32)
        ends = np.asarray(lengths)
        finals[ends == 1] = best[ends == 1]
        for t in range(1, longest):
            path = best[:, :, None] + self._moves[None]
            back[:, t] = path.argmax(axis=1)
            best = path.max(axis=1) + scores[:, t]
            finals[ends == t + 1] = best[ends == t + 1]
        sure = np.exp(scores - scores.max(axis=2, keepdims=True))
        sure /= sure.sum(axis=2, keepdims=True)
        out = []
        for n, length in enumerate(lengths):
            tag = int(finals[n].argmax())
            tags = [tag]
            for t in range(length - 1, 0, -1):
                tag = int(back[n, t, tag])
                tags.append(tag)
            tags.reverse()
            out.append(_spans(tags, sure[n]) if any(tags) else [])
        return out


def _spans(tags: Sequence[int], sure: Array) -> list[tuple[int, int, str, float]]:
    spans: list[tuple[int, int, str, float]] = []
    start = None
    for at, tag in enumerate([*tags, 0]):
        name = TAGS[tag]
        if start is not None and not (name[0] == "I" and name[2:] == TAGS[tags[start]][2:]):
            score = float(min(sure[t, tags[t]] for t in range(start, at)))
            spans.append((start, at, TAGS[tags[start]][2:], round(score, 4)))
            start = None
        if name[0] == "B" or (name[0] == "I" and start is None):
            start = at
    return spans
