"""The compact tagger: hashed character n-grams, gated convolutions and a CRF, run in numpy.

A word's vector is the mean of the vectors of its hashed n-grams (2 to 5 characters), of the word itself
and of the name lists that hold it; it is computed once for each word type and kept in a bounded cache.
Gated convolutions (Dauphin et al. 2017) see the words on each side; Viterbi decoding makes the tags
consistent.  A model may have several members, whose scores are averaged, and a head for each label
convention that it learnt; without a chosen head the heads are averaged too.  Weights lie in a .npz
without pickle, whose checksum is verified.
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

from ..errors import DataError, HindiDiploError, MissingModelError
from ..files import packaged
from ..text import fold

__all__ = ["BUCKETS", "TAGS", "CompactTagger", "features", "list_features"]

TAGS: Final = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
BUCKETS: Final = 1 << 16
CACHE: Final = 200_000  # word types whose vectors are kept
BATCH: Final = 4096  # tokens, padding included, that go through the network together
_COMMAND: Final = "hindi-diplo train compact --train TRAIN.tsv --dev DEV.tsv --out models/"
Array = npt.NDArray[np.float32]
Spans = list[tuple[int, int, str, float]]


def features(word: str) -> list[int]:
    """The hash buckets of a folded word: itself, its n-grams and its shape."""
    marked = f"<{word}>"
    grams = {marked[i : i + n] for n in (2, 3, 4, 5) for i in range(len(marked) - n + 1)}
    grams.add("w:" + word)
    if word[:1].isdigit():
        grams.add("s:d")
    elif not word[:1].isalpha():
        grams.add("s:p")
    elif word.isascii() and word.isalpha():
        grams.add("s:l")
    return sorted({zlib.crc32(gram.encode()) % BUCKETS for gram in grams})


def list_features(bits: int) -> list[int]:
    """The hash buckets of the name lists whose bits are set."""
    return [zlib.crc32(f"g:{n}".encode()) % BUCKETS for n in range(8) if bits >> n & 1]


class _Member:
    """One trained network: from word types to the scores of tags."""

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]], prefix: str, head: int | None) -> None:
        def get(name: str) -> Array:
            return np.asarray(weights[prefix + name], dtype=np.float32)

        self.table, self.scale = np.asarray(weights[prefix + "table"]), get("scale")
        self.into, self.into_bias = get("into"), get("into_bias")
        layers = int(weights["layers"])
        self.layers = [(get(f"conv{n}"), get(f"conv{n}_bias")) for n in range(layers)]
        heads = slice(None) if head is None else slice(head, head + 1)
        self.out, self.out_bias = get("out")[heads].mean(axis=0), get("out_bias")[heads].mean(axis=0)
        self.moves, self.start = get("moves"), get("start")

    def vector(self, buckets: Sequence[int]) -> Array:
        mean = self.table[buckets].astype(np.float32).mean(axis=0) * self.scale
        found: Array = np.tanh(mean @ self.into + self.into_bias).astype(np.float32)
        return found

    def scores(self, vectors: Array, index: npt.NDArray[np.int64], mask: Array) -> Array:
        count, longest = index.shape
        width = self.into.shape[1]
        h = np.zeros((count, longest + 2, width), dtype=np.float32)  # one row of padding on each side
        h[:, 1:-1] = vectors[index] * mask
        for kernel, bias in self.layers:
            seen = np.concatenate((h[:, :-2], h[:, 1:-1], h[:, 2:]), axis=2).reshape(-1, 3 * width)
            both = seen @ kernel + bias
            gate = 1.0 / (1.0 + np.exp(-both[:, width:]))
            h[:, 1:-1] = (h[:, 1:-1] + (both[:, :width] * gate).reshape(count, longest, width)) * mask
        flat: Array = h[:, 1:-1].reshape(-1, width) @ self.out + self.out_bias
        return flat.reshape(count, longest, len(TAGS))


class CompactTagger:
    """See the module; load with :meth:`load`."""

    name = "compact"

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]], *, sha256: str, head: str | None = None) -> None:
        self.made_by: Mapping[str, str] = {"name": "compact", "sha256": sha256}
        self.heads = tuple(bytes(weights["heads"]).decode().split("\n"))
        if head is not None and head not in self.heads:
            raise HindiDiploError(f"no head {head!r} in the compact model: it has {', '.join(self.heads)}")
        chosen = None if head is None else self.heads.index(head)
        self._members = [_Member(weights, f"{n}/", chosen) for n in range(int(weights["members"]))]
        self._moves = np.mean([m.moves for m in self._members], axis=0)
        self._start = np.mean([m.start for m in self._members], axis=0)
        words = bytes(weights["words"]).decode().split("\n")
        self._lists = dict(zip(words, weights["bits"].tolist(), strict=True))
        self._cache: dict[str, list[Array]] = {}

    @classmethod
    def load(cls, folder: Path | None = None, *, head: str | None = None) -> CompactTagger:
        """The shipped model, or that in ``folder``; ``head`` chooses one label convention.

        Raises MissingModelError where it is not there, DataError where its checksum is not the manifest's.
        """
        folder = folder or packaged("models")
        manifest_file, weights_file = folder / "manifest.json", folder / "compact.npz"
        if not manifest_file.exists() or not weights_file.exists():
            raise MissingModelError("compact", f"no compact.npz with its manifest.json in {folder}", _COMMAND)
        manifest = json.loads(manifest_file.read_text(encoding="utf-8")).get("compact")
        if not isinstance(manifest, dict) or "sha256" not in manifest:
            raise DataError("expected an entry 'compact' with its sha256", file=manifest_file)
        data = weights_file.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != manifest["sha256"]:
            raise DataError(f"sha256 is {found}, the manifest says {manifest['sha256']}: the file was changed or "
                            "cut short; install it anew", file=weights_file)
        with np.load(weights_file, allow_pickle=False) as weights:
            return cls({name: weights[name] for name in weights.files}, sha256=found, head=head)

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Spans]:
        """Spans of each sentence (first token, last token exclusive, PER LOC or ORG, score)."""
        out: list[Spans] = [[] for _ in sentences]
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

    def _vectors(self, word: str) -> list[Array]:
        found = self._cache.get(word)
        if found is None:
            folded = fold(word) or word
            buckets = features(folded) + list_features(self._lists.get(folded, 0))
            found = [member.vector(buckets) for member in self._members]
            if len(self._cache) >= CACHE:
                self._cache.clear()
            self._cache[word] = found
        return found

    def _batch(self, sentences: Sequence[Sequence[str]]) -> list[Spans]:
        lengths = np.array([len(s) for s in sentences])
        types: dict[str, int] = {}
        index = np.zeros((len(sentences), int(lengths.max())), dtype=np.int64)
        for n, sentence in enumerate(sentences):
            index[n, : len(sentence)] = [types.setdefault(word, len(types)) for word in sentence]
        vectors = [self._vectors(word) for word in types]
        mask = (np.arange(index.shape[1])[None] < lengths[:, None]).astype(np.float32)[..., None]
        scores = [m.scores(np.stack([v[k] for v in vectors]), index, mask) for k, m in enumerate(self._members)]
        return self._decode(scores[0] if len(scores) == 1 else np.mean(scores, axis=0), lengths)

    def _decode(self, scores: Array, lengths: npt.NDArray[np.int64]) -> list[Spans]:
        """The best path of each sentence (Viterbi), as spans; a span's score is its least sure token's."""
        count, longest, _ = scores.shape
        best = scores[:, 0] + self._start
        back = np.zeros((count, longest, len(TAGS)), dtype=np.int8)
        finals = np.where((lengths == 1)[:, None], best, 0.0)
        for t in range(1, longest):
            path = best[:, :, None] + self._moves[None]
            back[:, t] = path.argmax(axis=1)
            best = path.max(axis=1) + scores[:, t]
            finals = np.where((lengths == t + 1)[:, None], best, finals)
        tags = np.zeros((count, longest), dtype=np.int8)
        rows = np.arange(count)
        tag = finals.argmax(axis=1)
        for t in range(longest - 1, -1, -1):
            inside = lengths > t
            tags[:, t] = np.where(inside, tag, 0)
            tag = np.where(inside & (t > 0), back[rows, t, tag], tag)
        sure = np.exp(scores - scores.max(axis=2, keepdims=True))
        sure /= sure.sum(axis=2, keepdims=True)
        rows_of_tags = tags.tolist()
        return [_spans(row[:length], sure[n]) if any(row) else []
                for n, (row, length) in enumerate(zip(rows_of_tags, lengths.tolist(), strict=True))]


def _spans(tags: Sequence[int], sure: Array) -> Spans:
    spans: Spans = []
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
