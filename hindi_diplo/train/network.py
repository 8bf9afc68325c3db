"""The network of the compact tagger in PyTorch: what it reads, what it computes, what it is taught by."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from ..taggers.compact import BUCKETS, TAGS, features, list_features
from ..text import fold
from .data import Sentence

__all__ = ["LAYERS", "TEXT", "Tensors", "counted", "cut", "known_by", "make", "partition", "tagging", "vocabulary"]

WIDTH: Final = 128
LAYERS: Final = 4
GRAMS: Final = 64  # dimensions of a word's n-grams together
WORDS: Final = 64  # dimensions of a known word itself
TEXT: Final = -1  # the head of sentences that nobody labelled
NEVER: Final = -1e4  # the score of a step that BIO tags forbid
SEEN: Final = (0.5, 0.15)  # how often a word is hidden behind its n-grams: a rare one, a common one
RARE: Final = 3  # how often a rare word occurs at most
OFTEN: Final = 0.1  # of so many words ...
HALF: Final = 0.5  # ... so many n-grams are thinned out
LISTED: Final = 0.3  # how often a list feature is thinned out


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


def cut(
    sentences: Sequence[Sentence], rng: random.Random, most: int, tokens: int | None = None,
) -> list[list[Sentence]]:
    """Batches of sentences of about one length: of at most ``most`` sentences, and where it is given of at most
    ``tokens`` tokens, padded to the longest (a longer sentence is a batch of its own)."""
    order = sorted(sentences, key=lambda s: (len(s[0]) // 4, rng.random()))
    out: list[list[Sentence]] = []
    longest = 0
    for sentence in order:
        longest = max(longest, len(sentence[0]))
        full = not out or len(out[-1]) == most
        if full or (tokens is not None and longest * (len(out[-1]) + 1) > tokens):
            out.append([])
            longest = len(sentence[0])
        out[-1].append(sentence)
    return out


def known_by(
    word: str, lists: Mapping[str, int], vocabulary: Mapping[str, tuple[int, int]],
) -> tuple[Any, Any, int, int]:
    """What a word is known by: its buckets, which of them are of name lists, the number of the word and its count
    (``vocabulary`` holds both; 0 and 0 of an unknown one)."""
    key = fold(word) or word
    grams, listed = features(key), list_features(lists.get(key, 0))
    return (np.array(grams + listed), np.array([False] * len(grams) + [True] * len(listed)),
            *vocabulary.get(key, (0, 0)))


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
            found = self._known[word] = known_by(word, self._lists, self._vocabulary)
        return found

    def passes(self, sentences: Sequence[Sentence], rng: random.Random, size: int) -> Iterator[list[list[Sentence]]]:
        """Without end: the batches of a pass over ``sentences``, of ``size`` of them, in an order of its own."""
        while True:
            batches = cut(sentences, rng, size)
            rng.shuffle(batches)
            yield batches

    def numbers(self, torch: Any, batch: Sequence[Sentence]) -> Any:
        """The number of each token's word among the known ones, 0 where it is none, nothing thinned out."""
        out = np.zeros((len(batch), max(len(words) for words, _ in batch)), dtype=np.int64)
        for n, (words, _) in enumerate(batch):
            out[n, : len(words)] = [self._word(word)[2] for word in words]
        return torch.from_numpy(out)

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
        share = np.where(self._rng.random(len(known)) < OFTEN, HALF, self._thin)[owner]
        share = np.where(np.concatenate([k[1] for k in known]), LISTED, share)
        kept = self._rng.random(len(buckets)) >= share
        kept[np.cumsum(lengths) - lengths] = True  # something is left of every word
        buckets, lengths = buckets[kept], np.bincount(owner[kept], minlength=len(known))
        rare = np.array([k[3] for k in known]) <= RARE
        numbers = np.where(self._rng.random(len(known)) < np.where(rare, *SEEN), 0, numbers)
        tensor = torch.from_numpy
        return ((tensor(buckets), tensor(np.cumsum(lengths) - lengths)), tensor(numbers), tensor(index), tensor(gold),
                tensor(mask))


def tagging(torch: Any) -> Any:
    """The class of networks that tag: heads with a linear-chain CRF each.  Its children have ``body``."""
    nn = torch.nn

    class Tagging(nn.Module):  # type: ignore[misc,name-defined]
        def add_heads(self, heads: int, width: int) -> None:
            self.width = width
            self.heads = nn.ModuleList([nn.Linear(width, len(TAGS)) for _ in range(heads)])
            self.moves = nn.Parameter(torch.zeros(heads, len(TAGS), len(TAGS)))
            self.start = nn.Parameter(torch.zeros(heads, len(TAGS)))
            inside = [tag[0] == "I" for tag in TAGS]
            wrong = [[tag[0] == "I" and before[1:] != tag[1:] and before != "B" + tag[1:] for tag in TAGS]
                     for before in TAGS]
            self.register_buffer("forbidden", torch.tensor(wrong) * NEVER)
            self.register_buffer("forbidden_start", torch.tensor(inside) * NEVER)

        def steps(self, head: int) -> tuple[Any, Any]:
            return self.moves[head] + self.forbidden, self.start[head] + self.forbidden_start

        def loss(self, scores: Any, gold: Any, mask: Any, head: int) -> Any:
            """The mean loss of a token under a linear-chain CRF."""
            moves, start = self.steps(head)
            own = (scores.gather(2, gold[..., None]).squeeze(2) * mask).sum(1)
            taken = (moves[gold[:, :-1], gold[:, 1:]] * mask[:, 1:]).sum(1)
            every = partition(torch, scores, mask, moves, start)
            return (every - own - taken - start[gold[:, 0]]).sum() / mask.sum()

    return Tagging


def make(torch: Any, heads: int, words: int, spread: float) -> Any:
    """A fresh network with that many heads and known words; ``spread`` is that of its first embeddings."""
    nn = torch.nn

    class Drop(nn.Module):  # type: ignore[misc,name-defined]
        """Dropout of a quarter, of one random byte for each value: torch's own takes twice as long on a CPU."""

        def forward(self, values: Any) -> Any:
            if not self.training:
                return values
            kept = torch.empty(values.shape, dtype=torch.uint8, device=values.device).random_(4) != 0
            return values * kept.to(values.dtype).mul_(4 / 3)

    class Network(tagging(torch)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.EmbeddingBag(BUCKETS, GRAMS, mode="mean")
            nn.init.normal_(self.table.weight, std=spread)
            self.words = nn.Embedding(words + 1, WORDS)
            nn.init.normal_(self.words.weight, std=spread / 3)
            self.into = nn.Linear(GRAMS + WORDS, WIDTH)
            self.convs = nn.ModuleList([nn.Linear(3 * WIDTH, 2 * WIDTH) for _ in range(LAYERS)])
            self.add_heads(heads, WIDTH)
            self.drop = Drop()

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

    return Network()


def partition(torch: Any, scores: Any, mask: Any, moves: Any, start: Any, over: Any = None) -> Any:
    """The log of the sum over all paths of each sentence; ``moves`` and ``start`` are those of all sentences, or of
    each.  With ``over`` (torch.amax) the best path's score instead of the sum, whose gradient is the best path.

    A CPU takes one token after the other; other devices, which wait longer for a step than it lasts, join what is
    known of neighbours, so that twice the tokens are one step more.
    """
    over = over or torch.logsumexp
    first = scores[:, 0] + start
    if scores.shape[1] == 1 or scores.device.type == "cpu":
        return _one_by_one(torch, first, scores, mask, moves, over)
    return _by_halves(torch, first, scores, mask, moves, over)


def _one_by_one(torch: Any, best: Any, scores: Any, mask: Any, moves: Any, over: Any) -> Any:
    for t in range(1, scores.shape[1]):
        step = over(best[:, :, None] + moves, 1) + scores[:, t]
        best = torch.where(mask[:, t, None], step, best)
    return over(best, 1)


def _by_halves(torch: Any, first: Any, scores: Any, mask: Any, moves: Any, over: Any) -> Any:
    tags = scores.shape[2]
    same = torch.full((tags, tags), NEVER, device=scores.device).fill_diagonal_(0.0)  # where a sentence has ended
    steps = (moves if moves.dim() == 2 else moves[:, None]) + scores[:, 1:, None, :]
    steps = torch.where(mask[:, 1:, None, None], steps, same)
    while steps.shape[1] > 1:
        if steps.shape[1] % 2:
            steps = torch.cat([steps, same.expand(len(steps), 1, tags, tags)], 1)
        steps = over(steps[:, 0::2, :, :, None] + steps[:, 1::2, None, :, :], -2)
    return over(over(first[:, :, None] + steps[:, 0], 1), 1)
