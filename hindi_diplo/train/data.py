"""What the taggers are trained on: labelled files, varied by name replacement, and our own frames."""

from __future__ import annotations

import random
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import regex

from ..errors import DataError, InputError
from ..files import read_table
from ..knowledge import KnowledgeBase
from ..text import fold, tokens

__all__ = ["Names", "Sentence", "f1", "frames", "read_arrays", "read_tsv", "score", "spans_of", "split_dots",
           "varied"]

Sentence = tuple[list[str], list[str]]
LABELS: Final = ("PER", "LOC", "ORG")
_KINDS: Final = {"PERSON": "PER", "PLACE": "LOC", "COUNTRY": "LOC", "ORG": "ORG"}
_MARKS: Final = ("-", "-", "-", "'", "’")
_CHOICE: Final = regex.compile(r"\[([^\[\]]*)\]")


def read_arrays(path: Path, what: str, needs: Sequence[str]) -> dict[str, Any]:
    """The arrays of a .npz; ``what`` says which kind of file is expected, which has the arrays ``needs``.

    Raises InputError where it cannot be read, DataError where it is no such file.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=path) from None
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"expected {what}: {error}", file=path) from None
    if any(name not in arrays for name in needs):
        raise DataError(f"expected {what}, with {' and '.join(needs)}", file=path)
    return arrays


def read_tsv(path: str | Path) -> list[Sentence]:
    """Sentences of a file with ``token TAB tag`` lines and blank lines between sentences, BIO tags.

    Tags other than persons, places and organisations become O; damaged ones too.  Raises InputError where
    the file cannot be read or a line has no tab.
    """
    path, names = Path(path), {row["tag"]: row["label"] for _, row in read_table("train/tags.tsv")}
    out: list[Sentence] = []
    words: list[str] = []
    tags: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}; save it as UTF-8", file=path) from None
    for number, line in enumerate([*lines, ""], 1):
        if not line.strip():
            if words:
                out.append((words, tags))
            words, tags = [], []
            continue
        word, tab, tag = line.rstrip("\r").partition("\t")
        if not tab and " " in line.strip():  # a lone token is one whose tag was lost
            raise InputError("expected 'token TAB tag'", file=path, line=number)
        if not word.strip():  # a mark that some tool turned into white space: no token
            continue
        label = names.get(tag.partition("-")[2] if tag[:2] in ("B-", "I-") else tag, "O")
        before = tags[-1] if tags else "O"
        begins = tag.startswith("B-") or before[2:] != label
        words.append(word)
        tags.append("O" if label == "O" else ("B-" if begins else "I-") + label)
    return out


def spans_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """The (first, last, label) spans of BIO tags."""
    out: list[tuple[int, int, str]] = []
    start = None
    for at, tag in enumerate([*tags, "O"]):
        if start is not None and (tag[:1] != "I" or tag[2:] != tags[start][2:]):
            out.append((start, at, tags[start][2:]))
            start = None
        if tag[:1] == "B":
            start = at
    return out


def f1(tagger: Any, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Strict F1 (span and label) of a tagger, micro and for each label, in percent."""
    return score(tagger.tag([words for words, _ in sentences]), sentences)


def score(found: Sequence[Sequence[tuple[Any, ...]]], sentences: Sequence[Sentence]) -> dict[str, float]:
    """The same of the spans ``found`` in each sentence: (first, last, label), what follows is not looked at."""
    right, total = dict.fromkeys(LABELS, 0), dict.fromkeys(LABELS, 0)
    for (_, tags), spans in zip(sentences, found, strict=True):
        gold, got = set(spans_of(tags)), {span[:3] for span in spans}
        for label in LABELS:
            g, p = {s for s in gold if s[2] == label}, {s for s in got if s[2] == label}
            right[label] += len(g & p)
            total[label] += len(g) + len(p)
    scores = {label: 200 * right[label] / max(1, total[label]) for label in LABELS}
    return {"micro": 200 * sum(right.values()) / max(1, sum(total.values())), **scores}


class _Invented:
    """Makes up words in the manner of the given ones: a chain over their letters, two before each."""

    def __init__(self, words: Sequence[str]) -> None:
        self._next: dict[str, list[str]] = defaultdict(list)
        for word in words:
            marked = f"^^{word}$"
            for at in range(2, len(marked)):
                self._next[marked[at - 2 : at]].append(marked[at])

    def word(self, rng: random.Random) -> str:
        made = "^^"
        while len(made) < 14:
            letter = rng.choice(self._next[made[-2:]])
            if letter == "$":
                if len(made) > 4:
                    break
                continue
            made += letter
        return made[2:].rstrip("\u094d")


class Names:
    """Names to swap in: from the knowledge base, from the training files, and made-up ones."""

    def __init__(self, kb: KnowledgeBase, sentences: Sequence[Sentence]) -> None:
        known: dict[str, list[list[str]]] = {label: [] for label in LABELS}
        for entry in kb.entries.values():
            for form in entry.forms:
                known[_KINDS[entry.kind]].append([t.text for t in tokens(form)])
        seen: dict[str, list[list[str]]] = {label: [] for label in LABELS}
        for words, tags in sentences:
            for first, last, label in spans_of(tags):
                seen[label].append(words[first:last])
        self._pools = {label: [pool for pool in (known[label], seen[label]) if pool] for label in LABELS}
        parts = [name for pool in self._pools["PER"] for name in pool if len(name) == 2]
        self._first, self._last = [n[0] for n in parts], [n[1] for n in parts]
        self._invented = {
            label: _Invented([w for pool in self._pools[label] for n in pool for w in n if len(w) > 2])
            for label in ("PER", "LOC")}
        #: Folded word -> bits of the lists that hold it: of the knowledge base (1 person, 2 place, 4 organisation),
        #: of names that occur at least twice in training (8, 16, 32).  Were all training names in, every name seen
        #: in training would stand in a list, and the model would take a name in no list for no name.
        self.lists: dict[str, int] = {}
        for bit, label in enumerate(LABELS):
            twice = Counter(fold(word) for name in seen[label] for word in name)
            for word in {fold(word) for name in known[label] for word in name}:
                self.lists[word] = self.lists.get(word, 0) | 1 << bit
            for word in [word for word, count in twice.items() if count > 1]:
                self.lists[word] = self.lists.get(word, 0) | 8 << bit

    def pick(self, label: str, rng: random.Random) -> list[str]:
        """A random name; of persons, a third are first and family names of two people, a fifth made up, and
        some have a double family name (a mark between the words, as :func:`hindi_diplo.text.tokens` cuts it)."""
        if label == "PER" and self._first and rng.random() < 0.06:
            mark = rng.choice(_MARKS)
            return [rng.choice(self._first), rng.choice(self._last), mark, rng.choice(self._last)]
        chance = rng.random()
        if label == "PER" and chance < 0.3 and self._first:
            return [rng.choice(self._first), rng.choice(self._last)]
        if (label == "PER" and chance < 0.5) or (label == "LOC" and chance < 0.1):
            count = rng.choice((1, 2, 2, 3)) if label == "PER" else 1
            return [self._invented[label].word(rng) for _ in range(count)]
        return rng.choice(rng.choice(self._pools[label]))


def varied(sentence: Sentence, names: Names, rng: random.Random, share: float) -> Sentence:
    """The sentence with some of its names swapped for others of the same label."""
    words, tags = sentence
    out_words: list[str] = []
    out_tags: list[str] = []
    at = 0
    for first, last, label in spans_of(tags):
        out_words += words[at:first]
        out_tags += tags[at:first]
        name = names.pick(label, rng) if rng.random() < (share if label != "ORG" else share / 2) else words[first:last]
        out_words += name
        out_tags += ["B-" + label] + ["I-" + label] * (len(name) - 1)
        at = last
    return out_words + words[at:], out_tags + tags[at:]


def split_dots(sentence: Sentence) -> Sentence:
    """The sentence as :func:`hindi_diplo.text.tokens` would cut it: the dot of an initial stands alone."""
    words: list[str] = []
    tags: list[str] = []
    for word, tag in zip(*sentence, strict=True):
        if len(word) > 1 and word[-1] == "." and word[-2] != ".":
            words += [word[:-1], "."]
            tags += [tag, "O" if tag == "O" else "I-" + tag[2:]]
        else:
            words.append(word)
            tags.append(tag)
    return words, tags


def frames(names: Names, rng: random.Random, count: int) -> Iterator[Sentence]:
    """Sentences made from the frames: {PER}, {LOC} and {ORG} filled, [a/b/c] chosen from, all else outside."""
    rows = [row["frame"] for _, row in read_table("train/frames.tsv")]
    for _ in range(count if names.lists else 0):
        words: list[str] = []
        tags: list[str] = []
        frame = _CHOICE.sub(lambda m: rng.choice(m[1].split("/")), rng.choice(rows))
        for piece in regex.split(r"(\{[A-Z]+\})", frame):
            if piece[:1] == "{":
                name = names.pick(piece[1:-1], rng)
                words += name
                tags += ["B-" + piece[1:-1]] + ["I-" + piece[1:-1]] * (len(name) - 1)
            else:
                made = [t.text for t in tokens(piece)]
                words += made
                tags += ["O"] * len(made)
        yield words, tags
