"""Teachers that are too slow to ship: transformers over whole sentences, with the same words in and tags out.

They know words as the compact network does (n-grams, known words), and are pretrained on the same texts by guessing
hidden words.  Words beside each other meet in self-attention with rotary positions (Su et al. 2021).
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..taggers.compact import BUCKETS, TAGS
from . import distil, network, pretrain
from .corpora import Corpora
from .data import Sentence, score, spans_of
from .fixed import Course, Epoch, Laid, Reader
from .loop import FRESH, Pace, State, tune

__all__ = ["EPOCHS", "HEAD", "WIDE", "Teachers", "make", "read", "teachers"]

WIDE: Final = (512, 8)  # dimensions and layers
HEAD: Final = 64  # dimensions of a head of attention
EPOCHS: Final = 8  # of labels
TOKENS: Final = 4000  # of a batch of labels
SCORED: Final = 6000  # of a batch that is only tagged
_READING: Final = Pace(7e-4, decay=0.01, betas=(0.9, 0.98), clip=1.0, warm=500)
_TAGGING: Final = Pace(2e-4, decay=0.01, clip=1.0, fresh=2e-3)
_READ: Final = 16_000  # tokens of a batch of text
_DROP: Final = (0.1, 0.2)  # dropout when text is read, and labels


def make(torch: Any, heads: int, words: int, drop: float, wide: tuple[int, int] = WIDE) -> Any:
    """A fresh transformer with that many heads and known words, dropout ``drop``, and ``wide`` dimensions (a multiple
    of 64) and layers."""
    nn = torch.nn
    width, depth = wide
    known = width // 2  # dimensions of a word's n-grams together, and of the word itself

    class Layer(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
            self.three, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
            self.drop = nn.Dropout(drop)
            for linear in (self.out, self.down):  # what each layer adds is small at first
                nn.init.normal_(linear.weight, std=0.02 / math.sqrt(2 * depth))

        def forward(self, h: Any, seen: Any, turn: tuple[Any, Any]) -> Any:
            size, longest, _ = h.shape
            three = self.three(self.before(h)).view(size, longest, 3, width // HEAD, HEAD).permute(2, 0, 3, 1, 4)
            asking, asked, value = _turned(torch, three[0], *turn), _turned(torch, three[1], *turn), three[2]
            told = nn.functional.scaled_dot_product_attention(asking, asked, value, attn_mask=seen)
            h = h + self.drop(self.out(told.transpose(1, 2).reshape(size, longest, width)))
            return h + self.drop(self.down(nn.functional.gelu(self.up(self.between(h)))))

    class Transformer(network.tagging(torch)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.EmbeddingBag(BUCKETS, known, mode="mean")
            nn.init.normal_(self.table.weight, std=0.1)
            self.words = nn.Embedding(words + 1, known)
            nn.init.normal_(self.words.weight, std=0.03)
            self.into = nn.Linear(2 * known, width)
            self.masked = nn.Parameter(torch.randn(width) * 0.02)
            self.layers = nn.ModuleList([Layer() for _ in range(depth)])
            self.last = nn.LayerNorm(width)
            self.drop = nn.Dropout(drop)
            self.add_heads(heads, width)

        def body(self, bag: tuple[Any, Any], numbers: Any, index: Any, mask: Any, hidden: Any = None) -> Any:
            h = torch.cat([self.drop(self.table(*bag)), self.drop(self.words(numbers))], 1)
            h = self.into(h)[index]
            if hidden is not None:
                h = torch.where(hidden[..., None], self.masked.to(h.dtype), h)
            longest = h.shape[1]
            speed = 10_000 ** (-torch.arange(0, HEAD, 2, device=h.device) / HEAD)
            angle = (torch.arange(longest, device=h.device)[:, None] * speed).repeat(1, 2)
            seen = mask[:, None, None, :].expand(-1, 1, longest, longest)
            for layer in self.layers:
                h = layer(h, seen, (angle.cos(), angle.sin()))
            return self.last(h)

    return Transformer()


def _turned(torch: Any, values: Any, cos: Any, sin: Any) -> Any:
    """The values turned by an angle that grows with their place in the sentence."""
    a, b = values.chunk(2, -1)
    return (values * cos + torch.cat([-b, a], -1) * sin).to(values.dtype)


class Teachers:
    """Transformers whose scores are averaged."""

    def __init__(self, torch: Any, bodies: Sequence[Any], heads: int, reader: Reader, half: bool) -> None:
        """``heads`` is how many of their heads ship."""
        self._torch, self._bodies, self._heads, self._reader, self._half = torch, bodies, heads, reader, half
        rows = [[body.steps(head) for head in range(heads)] for body in bodies]
        self._steps = [torch.stack([torch.stack([step[k] for step in own]) for own in rows]).mean(0).detach()
                       for k in (0, 1)]

    def expected(self, batch: Laid) -> tuple[Any, Any, Any]:
        """What they expect of a batch, see :func:`distil.expected`; of tags in 16 bits."""
        often, moves, start = distil.expected(self._torch, self._scores(batch), self._steps, batch.mask)
        return often.to(self._torch.bfloat16), moves, start

    def _scores(self, batch: Laid) -> Any:
        torch = self._torch
        bag, numbers, index, _, mask = self._reader.batch(torch, batch, thinned=False)
        total: Any = 0.0
        with torch.no_grad(), torch.autocast(mask.device.type, torch.bfloat16, enabled=self._half):
            for body in self._bodies:
                body.eval()
                states = body.body(bag, numbers, index, mask)
                total = total + torch.cat([body.heads[head](states) for head in range(self._heads)]).float()
        return total / len(self._bodies)

    def dev(self, sets: Sequence[Sequence[Laid]]) -> list[float]:
        """The micro F1 of each head on its batches."""
        found = []
        for head, batches in enumerate(sets):
            spans = [spans_of(tags) for batch in batches for tags in self._paths(batch, head)]
            found.append(score(spans, [s for batch in batches for s in batch.sentences])["micro"])
        return found

    def _paths(self, batch: Laid, head: int) -> Iterator[list[str]]:
        """The best tags of each sentence."""
        torch = self._torch
        scores = self._scores(batch).chunk(self._heads)[head].requires_grad_()
        best = network.partition(torch, scores, batch.mask, self._steps[0][head], self._steps[1][head], torch.amax)
        taken = torch.autograd.grad(best.sum(), scores)[0].argmax(2).tolist()
        for (words, _), tags in zip(batch.sentences, taken, strict=True):
            yield [TAGS[tag] for tag in tags[: len(words)]]


def read(
    torch: Any, reader: Reader, text: Sequence[Sentence], known: Mapping[str, int], *, heads: int, passes: int,
    seed: int, half: bool, wide: tuple[int, int] = WIDE,
) -> State:
    """What a transformer learns from guessing hidden words of ``text``: its state without heads."""
    torch.manual_seed(seed)
    body = make(torch, heads, len(known), _DROP[0], wide).to(reader.place)
    pretrain.pretrain(torch, body, reader, text, known, passes=passes, seed=seed, pace=_READING, half=half, size=_READ,
                      name="pretraining the transformer")
    return {name: value for name, value in body.state_dict().items() if not name.startswith((*FRESH, "forbidden"))}


def teachers(
    torch: Any, reader: Reader, corpora: Corpora, epochs: Sequence[Epoch], state: State, *, count: int, seed: int,
    half: bool, wide: tuple[int, int] = WIDE,
) -> tuple[Teachers, dict[str, Any]]:
    """``count`` transformers that begin with ``state`` and learn the labels of ``epochs``; and what the manifest says
    of them."""
    course = Course.of(reader, epochs, TOKENS, random.Random(seed))
    dev = [reader.lay(sentences, head, random.Random(seed), SCORED) for head, sentences in enumerate(corpora.dev)]
    bodies, told = [], []

    def together(some: Sequence[Any]) -> Teachers:
        return Teachers(torch, some, corpora.main, reader, half)

    for n in range(count):
        torch.manual_seed(seed + n)
        body = make(torch, len(corpora.heads), len(corpora.vocabulary), _DROP[1], wide).to(reader.place)
        body.load_state_dict(state, strict=False)
        best, history = tune(
            torch, body, reader, course.turns(EPOCHS, random.Random(seed + n)), steps=course.steps(EPOCHS),
            pace=_TAGGING, name=f"transformer {n + 1} of {count}", half=half,
            check=lambda body: together([body]).dev(dev))
        body.load_state_dict(best)
        bodies.append(body)
        told.append(history)
    found = together(bodies)
    scores = [round(s, 2) for s in found.dev(dev)]
    print(f"{count} transformers together: dev {scores}", file=sys.stderr, flush=True)
    return found, {"networks": count, "width": wide[0], "layers": wide[1], "epochs": EPOCHS, "dev": scores,
                   "history": told}
