"""The network of the compact tagger in PyTorch: what it reads, what it computes, what it is taught by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from ..taggers.compact import BUCKETS, TAGS, features, list_features
from ..text import fold
from .data import Sentence

__all__ = ["LAYERS", "Tensors", "counted", "make", "partition", "vocabulary"]

WIDTH: Final = 128
LAYERS: Final = 4
GRAMS: Final = 64  # dimensions of a word's n-grams together
WORDS: Final = 64  # dimensions of a known word itself
NEVER: Final = -1e4  # the score of a step that BIO tags forbid
_SEEN: Final = (0.5, 0.15)  # how often a word is hidden behind its n-grams: a rare one, a common one


def counted(sentences: Sequence[Sentence]) -> Counter[str]:
    """The folded words with how often each occurs."""
    found: Counter[str] = Counter()
    for word, count in Counter(word for words, _ in sentences for word in words).items():
        found[fold(word) or word] += count
    return found


def vocabulary(
    sentences: Sequence[Sentence], size: int, text: Sequence[Sentence] = (), more: int = 0, least: int = 5,
) -> dict[str, int]:
    """The ``size`` folded words that are commonest, of those that occur at least twice, each with its count;
    then ``more`` of those that occur ``least`` times in ``text`` besides, each with its count in ``sentences``."""
    counts = counted(sentences)
    chosen = dict([one for one in sorted(counts.items(), key=lambda w: (-w[1], w[0])) if one[1] > 1][:size])
    others = [(-n, w) for w, n in counted(text).items() if n >= least and w not in chosen] if more else []
    return chosen | {word: counts[word] for _, word in sorted(others)[:more]}


class Tensors:
    """Turns sentences into tensors and thins out what words are known by, so that unseen names are learnt
    too: a tenth of the n-grams (of every tenth word half of them), list features, whole words."""

    def __init__(self, lists: Mapping[str, int], vocabulary: Mapping[str, int], seed: int, thin: float) -> None:
        self._lists, self._thin, self._rng = lists, thin, np.random.default_rng(seed)
        self._vocabulary = {word: (n, count) for n, (word, count) in enumerate(vocabulary.items(), 1)}
        self._known: dict[str, tuple[Any, Any, int, int]] = {}

    def _word(self, word: str) -> tuple[Any, Any, int, int]:
        found = self._known.get(word)
        if found is None:
            key = fold(word) or word
            grams, lists = features(key), list_features(self._lists.get(key, 0))
            found = self._known[word] = (np.array(grams + lists), np.array([False] * len(grams) + [True] * len(lists)),
                                         *self._vocabulary.get(key, (0, 0)))
        return found

    def numbers(self, batch: Sequence[Sentence], longest: int) -> Any:
        """The number of each token's word among the known ones, 0 where it is none, nothing thinned out."""
        out = np.zeros((len(batch), longest), dtype=np.int64)
        for n, (words, _) in enumerate(batch):
            out[n, : len(words)] = [self._word(word)[2] for word in words]
        return out

    def batch(self, torch: Any, batch: Sequence[Sentence]) -> tuple[Any, Any, Any, Any, Any]:
        """Buckets of the word types with their offsets, numbers of the types' words, types of the tokens,
        tags, mask."""
        types: dict[str, int] = {}
        shape = (len(batch), max(len(words) for words, _ in batch))
        index, gold = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        mask = np.zeros(shape, dtype=bool)
        for n, (words, tags) in enumerate(batch):
            index[n, : len(words)] = [types.setdefault(word, len(types)) for word in words]
            gold[n, : len(tags)] = [TAGS.index(tag) for tag in tags]
            mask[n, : len(words)] = True
        known = [self._word(word) for word in types]
        buckets = np.concatenate([k[0] for k in known])
        lengths = np.array([len(k[0]) for k in known])
        numbers = np.array([k[2] for k in known])
        owner = np.repeat(np.arange(len(known)), lengths)
        share = np.where(self._rng.random(len(known)) < 0.1, 0.5, self._thin)[owner]
        share = np.where(np.concatenate([k[1] for k in known]), 0.3, share)
        kept = self._rng.random(len(buckets)) >= share
        kept[np.cumsum(lengths) - lengths] = True  # something is left of every word
        buckets, lengths = buckets[kept], np.bincount(owner[kept], minlength=len(known))
        rare = np.array([k[3] for k in known]) <= 3
        numbers = np.where(self._rng.random(len(known)) < np.where(rare, *_SEEN), 0, numbers)
        tensor = torch.from_numpy
        return ((tensor(buckets), tensor(np.cumsum(lengths) - lengths)), tensor(numbers), tensor(index), tensor(gold),
                tensor(mask))


def make(torch: Any, heads: int, words: int, spread: float) -> Any:
    """A fresh network with that many heads and known words; ``spread`` is that of its first embeddings."""
    nn = torch.nn

    class Drop(nn.Module):  # type: ignore[misc,name-defined]
        """Dropout of a quarter, of one random byte for each value: torch's own takes twice as long on a CPU."""

        def forward(self, values: Any) -> Any:
            if not self.training:
                return values
            kept = torch.empty(values.shape, dtype=torch.uint8).random_(4) != 0
            return values * kept.to(values.dtype).mul_(4 / 3)

    class Network(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.EmbeddingBag(BUCKETS, GRAMS, mode="mean")
            nn.init.normal_(self.table.weight, std=spread)
            self.words = nn.Embedding(words + 1, WORDS)
            nn.init.normal_(self.words.weight, std=spread / 3)
            self.into = nn.Linear(GRAMS + WORDS, WIDTH)
            self.convs = nn.ModuleList([nn.Linear(3 * WIDTH, 2 * WIDTH) for _ in range(LAYERS)])
            self.heads = nn.ModuleList([nn.Linear(WIDTH, len(TAGS)) for _ in range(heads)])
            self.moves = nn.Parameter(torch.zeros(heads, len(TAGS), len(TAGS)))
            self.start = nn.Parameter(torch.zeros(heads, len(TAGS)))
            self.drop = Drop()
            inside = [tag[0] == "I" for tag in TAGS]
            wrong = [[tag[0] == "I" and before[1:] != tag[1:] and before != "B" + tag[1:] for tag in TAGS]
                     for before in TAGS]
            self.register_buffer("forbidden", torch.tensor(wrong) * NEVER)
            self.register_buffer("forbidden_start", torch.tensor(inside) * NEVER)

        def body(self, bag: tuple[Any, Any], numbers: Any, index: Any, mask: Any, hidden: Any = None) -> Any:
            known = torch.cat([self.drop(self.table(*bag)), self.drop(self.words(numbers))], 1)
            h = self.drop(torch.tanh(self.into(known)))[index] * mask[..., None]
            if hidden is not None:  # of these words nothing is seen but that they are there
                h = h * ~hidden[..., None]
            longest = h.shape[1]
            for conv in self.convs:
                wide = nn.functional.pad(h, (0, 0, 1, 1))
                seen = torch.cat([wide[:, k : k + longest] for k in range(3)], 2)
                a, b = conv(seen).chunk(2, 2)
                h = (h + self.drop(a * torch.sigmoid(b))) * mask[..., None]
            return h

        def steps(self, head: int) -> tuple[Any, Any]:
            return self.moves[head] + self.forbidden, self.start[head] + self.forbidden_start

        def loss(self, scores: Any, gold: Any, mask: Any, head: int) -> Any:
            """The mean loss of a token under a linear-chain CRF."""
            moves, start = self.steps(head)
            own = (scores.gather(2, gold[..., None]).squeeze(2) * mask).sum(1)
            taken = (moves[gold[:, :-1], gold[:, 1:]] * mask[:, 1:]).sum(1)
            every = partition(torch, scores, mask, moves, start)
            return (every - own - taken - start[gold[:, 0]]).sum() / mask.sum()

    return Network()


def partition(torch: Any, scores: Any, mask: Any, moves: Any, start: Any) -> Any:
    """The log of the sum over all paths of each sentence; ``moves`` and ``start`` are those of all sentences, or of
    each."""
    best = scores[:, 0] + start
    for t in range(1, scores.shape[1]):
        step = torch.logsumexp(best[:, :, None] + moves, 1) + scores[:, t]
        best = torch.where(mask[:, t, None], step, best)
    return torch.logsumexp(best, 1)
