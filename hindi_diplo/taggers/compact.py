"""The compact tagger: hashed character n-grams, gated convolutions and a CRF, run in numpy.

A word's vector is made of the mean of the vectors of its hashed n-grams (2 to 5 characters) and of the
name lists that hold it, and of a vector of its own where training knew it; it is computed once for each
word type and kept in a bounded cache.  Gated convolutions (Dauphin et al. 2017) see the words on each
side; Viterbi decoding makes the tags consistent.  A model may have several members, whose scores are
averaged, and a head for each label convention that it learnt; without a chosen head the heads are averaged
too.  Weights lie in a .npz without pickle, whose checksum is verified.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Mapping, Sequence
from itertools import chain
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
CACHE: Final = 20_000  # word types of which is kept what the network makes of them alone: 3.5 KB for each member
BATCH: Final = 1024  # tokens that go through the network together: more would not fit a cache near the core
_COMMAND: Final = "hindi-diplo train compact --train TRAIN.tsv --dev DEV.tsv --out models/"
_INSIDE: Final = {tag[2:]: n for n, tag in enumerate(TAGS) if tag[0] == "I"}  # a kind -> the tag that goes on with it
Array = npt.NDArray[np.float32]
Spans = list[tuple[int, int, str, float]]


def features(word: str) -> list[int]:
    """The hash buckets of a folded word's n-grams and of its shape."""
    marked = f"<{word}>"
    grams = {marked[i : i + n] for n in (2, 3, 4, 5) for i in range(len(marked) - n + 1)}
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

        self.table, self.scale = np.asarray(weights[prefix + "table"]), get("table_scale")
        self.words, self.words_scale = np.asarray(weights[prefix + "words"]), get("words_scale")
        self.into, self.into_bias = get("into"), get("into_bias")
        # Halved, since a * sigmoid(b) = a/2 * (1 + tanh(b/2)); the bias as the weights of an input that is always 1.
        # Values and gates apart: what is done to each of them then lies side by side.
        kernels = (np.concatenate((get(f"conv{n}"), get(f"conv{n}_bias")[None])) / 2
                   for n in range(int(weights["layers"])))
        self.layers = [tuple(map(np.ascontiguousarray, np.hsplit(kernel, 2))) for kernel in kernels]
        heads = slice(None) if head is None else slice(head, head + 1)
        self.out, self.out_bias, self.moves, self.start = (
            get(name)[heads].mean(axis=0) for name in ("out", "out_bias", "moves", "start"))

    def room(self, rows: int) -> Array:
        """Room for what :meth:`words_alone` gives."""
        return np.zeros((7, rows, self.into.shape[1]), dtype=np.float32)

    def words_alone(self, buckets: npt.NDArray[np.intp], starts: npt.NDArray[np.intp],
                    numbers: npt.NDArray[np.intp]) -> Array:
        """What the network makes of word types by themselves, whose buckets lie one after the other, each from its
        start: their vectors, and what these give to the value and the gate in the first layer of the word behind
        them, of themselves and of the word before them."""
        counts = np.diff(starts, append=len(buckets))[:, None]
        grams = np.add.reduceat(self.table[buckets], starts, axis=0, dtype=np.int32) * (self.scale / counts)
        known = np.concatenate((grams.astype(np.float32), self.words[numbers] * self.words_scale), axis=1)
        found = self.room(len(starts))
        found[0] = np.tanh(known @ self.into + self.into_bias)
        width = found.shape[2]
        for part, kernel in zip((found[1:4], found[4:]), self.layers[0], strict=True):
            for n in range(3):
                np.matmul(found[0], kernel[n * width : (n + 1) * width], out=part[n])
            part[1] += kernel[-1]
        return found

    def scores(self, alone: Array, words: npt.NDArray[np.intp], between: npt.NDArray[np.intp]) -> Array:
        """The scores of the tags of sentences laid end to end, with the word 0 before, ``between`` and behind them, so
        that no sentence sees another and none is padded; ``alone`` is what :meth:`words_alone` gave, 0 for word 0."""
        h = alone[0][words]
        before, here, behind = words[:-2], words[1:-1], words[2:]
        width = h.shape[1]
        value = alone[1][before]
        value += alone[2][here]
        value += alone[3][behind]
        gate = alone[4][before]
        gate += alone[5][here]
        gate += alone[6][behind]
        self._gated(h, value, gate, between)
        seen = np.empty((len(h) - 2, 3 * width + 1), dtype=np.float32)  # each word, those beside it, and 1
        seen[:, -1] = 1.0
        for values, gates in self.layers[1:]:
            seen[:, :width] = h[:-2]
            seen[:, width : 2 * width] = h[1:-1]
            seen[:, 2 * width : -1] = h[2:]
            np.matmul(seen, values, out=value)
            np.matmul(seen, gates, out=gate)
            self._gated(h, value, gate, between)
        found: Array = h @ self.out + self.out_bias
        return found

    @staticmethod
    def _gated(h: Array, value: Array, gate: Array, between: npt.NDArray[np.intp]) -> None:
        """Add to each word what its gate lets through."""
        np.tanh(gate, out=gate)
        gate += 1.0
        gate *= value
        h[1:-1] += gate
        h[between] = 0.0


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
        self._into = np.ascontiguousarray(self._moves.T)  # for each tag the scores of the step to it from each
        words = bytes(weights["words"]).decode().split("\n")
        self._lists = dict(zip(words, weights["bits"].tolist(), strict=True))
        self._numbers = {word: n for n, word in enumerate(bytes(weights["vocabulary"]).decode().split("\n"), 1)}
        self._rows: dict[str, int] = {}  # word type -> its row in what each member makes of words alone
        self._alone = self._room(CACHE + BATCH)

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
        with np.load(io.BytesIO(data), allow_pickle=False) as weights:
            return cls({name: weights[name] for name in weights.files}, sha256=found, head=head)

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Spans]:
        """Spans of each sentence (first token, last token exclusive, PER LOC or ORG, score)."""
        out: list[Spans] = [[] for _ in sentences]
        order = sorted((n for n, s in enumerate(sentences) if s), key=lambda n: len(sentences[n]))
        at = 0
        while at < len(order):
            last, held = at + 1, len(sentences[order[at]])
            while last < len(order) and held + len(sentences[order[last]]) <= BATCH:
                held += len(sentences[order[last]])
                last += 1
            chosen = order[at:last]
            for n, spans in zip(chosen, self._batch([sentences[n] for n in chosen]), strict=True):
                out[n] = spans
            at = last
        return out

    def _room(self, rows: int) -> list[Array]:
        """Room for so many word types; the system gives memory only to what is written."""
        return [member.room(rows) for member in self._members]

    def _learn(self, words: Sequence[str]) -> None:
        """Work out the vectors of word types that have no row yet; row 0 is that of no word."""
        buckets: list[int] = []
        starts: list[int] = []
        numbers: list[int] = []
        first = len(self._rows) + 1
        for row, word in enumerate(words, first):
            folded = fold(word) or word
            starts.append(len(buckets))
            buckets += features(folded)
            bits = self._lists.get(folded)
            if bits:
                buckets += list_features(bits)
            numbers.append(self._numbers.get(folded, 0))
            self._rows[word] = row
        last = first + len(words)
        if last > self._alone[0].shape[1]:
            for k, grown in enumerate(self._room(2 * last)):
                grown[:, :first] = self._alone[k][:, :first]
                self._alone[k] = grown
        at = [np.array(numbers_, dtype=np.intp) for numbers_ in (buckets, starts, numbers)]
        for alone, member in zip(self._alone, self._members, strict=True):
            alone[:, first:last] = member.words_alone(*at)

    def _batch(self, sentences: Sequence[Sequence[str]]) -> list[Spans]:
        return self._decode(*self._scored(sentences))

    def scores(self, sentences: Sequence[Sequence[str]]) -> list[Array]:
        """The scores of the tags of each token, before decoding: for each sentence one row a token."""
        found, edges = self._scored(sentences)
        return [found[first:last] for first, last in zip((edges[:-1] + 1).tolist(), edges[1:].tolist(), strict=True)]

    def _scored(self, sentences: Sequence[Sequence[str]]) -> tuple[Array, npt.NDArray[np.intp]]:
        """The averaged scores of sentences laid end to end, with a row of no token before, between and behind
        them, and where those rows are."""
        if len(self._rows) >= CACHE:
            self._rows.clear()
            self._alone = self._room(CACHE + BATCH)
        new = [word for word in dict.fromkeys(chain.from_iterable(sentences)) if word not in self._rows]
        if new:
            self._learn(new)
        rows, between = [0], [0]
        for sentence in sentences:
            rows.extend(map(self._rows.__getitem__, sentence))
            between.append(len(rows))
            rows.append(0)
        edges, index = np.array(between, dtype=np.intp), np.array(rows, dtype=np.intp)
        scores = self._members[0].scores(self._alone[0], index, edges)
        for alone, member in zip(self._alone[1:], self._members[1:], strict=True):
            scores += member.scores(alone, index, edges)
        scores /= len(self._members)
        return scores, edges

    def _decode(self, scores: Array, edges: npt.NDArray[np.intp]) -> list[Spans]:
        """The best path of each sentence (Viterbi), as spans; a span's score is its least sure token's.

        Sentences come in the order of their lengths.  Their tokens are laid out anew by their place in the
        sentence, the longest sentence first: those that go on at a place are then one slice, the first ones."""
        lengths = np.diff(edges) - 1
        count, longest = len(lengths), int(lengths[-1])
        going = count - np.searchsorted(lengths, np.arange(longest), side="right")  # sentences that reach each place
        offsets = np.concatenate(([0], np.cumsum(going)))
        rank = np.arange(count - 1, -1, -1)  # of each sentence, the longest first
        places = np.arange(edges[-1] - count) - np.repeat(edges[:-1] - np.arange(count), lengths)
        laid = offsets[places] + np.repeat(rank, lengths)  # where each token is laid
        kept = np.ones(len(scores), dtype=bool)
        kept[edges] = False
        own = scores[kept]
        by_place = np.empty_like(own)
        by_place[laid] = own
        best = np.empty_like(own)  # of the best path to each token and tag
        best[:count] = by_place[:count] + self._start
        steps = np.empty((len(TAGS), count, len(TAGS)), dtype=np.float32)  # tag before, sentence, tag after
        moves = self._moves[:, None, :]
        bounds = offsets.tolist()
        for before, at, after in zip(bounds, bounds[1:], bounds[2:], strict=False):
            here, step = best[at:after], steps[:, : after - at]
            np.add(best[before : before + after - at].T[:, :, None], moves, out=step)
            np.maximum.reduce(step, axis=0, out=here)
            here += by_place[at:after]
        # For each token the best tag before each tag of the next one, and which tag ends a sentence best.
        back = (best[:, None, :] + self._into).argmax(axis=2)[laid].tolist()
        ends = np.cumsum(lengths) - 1
        finals = best[laid[ends]].argmax(axis=1).tolist()
        tags: list[int] = []
        for end, length, final in zip(ends.tolist(), lengths.tolist(), finals, strict=True):
            path = [final]
            for at in range(end - 1, end - length, -1):
                path.append(back[at][path[-1]])
            path.reverse()
            tags += path
        return self._spans(tags, own, lengths)

    def _spans(self, tags: Sequence[int], scores: Array, lengths: npt.NDArray[np.intp]) -> list[Spans]:
        # How sure a tag is: against the others at its place, the tags on both sides being what they are.
        local, path = scores.copy(), np.array(tags)
        inner = np.ones(len(path), dtype=bool)
        firsts = np.cumsum(lengths) - lengths
        inner[firsts] = False
        after = np.flatnonzero(inner)
        local[firsts] += self._start
        local[after] += self._moves[path[after - 1]]
        local[after - 1] += self._into[path[after]]
        sure = np.exp(local - local.max(axis=1, keepdims=True))
        own = (sure[np.arange(len(path)), path] / sure.sum(axis=1)).tolist()
        out: list[Spans] = []
        for first, length in zip(firsts.tolist(), lengths.tolist(), strict=True):
            found: Spans = []
            out.append(found)
            if not any(tags[first : first + length]):
                continue
            start, kind = -1, ""
            for at, tag in enumerate(tags[first : first + length]):
                if start >= 0 and tag != _INSIDE.get(kind):
                    found.append((start, at, kind, round(min(own[first + start : first + at]), 4)))
                    start, kind = -1, ""
                if tag and start < 0:
                    start, kind = at, TAGS[tag][2:]
            if start >= 0:
                found.append((start, length, kind, round(min(own[first + start : first + length]), 4)))
        return out
