"""Items of rows, and the classes of words that rules and code ask for (``lexicon/triggers.tsv``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import count, pairwise, repeat
from pathlib import Path
from sys import intern
from typing import NamedTuple

from .files import read_table
from .text import Memo, fold, phrase
from .types import Span

__all__ = ["Item", "Lexicon", "items"]

_item = tuple.__new__  # an Item by way of its own function takes twice as long, and a document has hundreds


class Item(NamedTuple):
    """One piece of the row: a word (kind "") or a folded mention, time or reference.

    ``first`` and ``last`` are token numbers (half-open), ``index`` the place in its own layer."""

    kind: str
    norm: str
    span: Span
    first: int
    last: int
    index: int = -1  # type: ignore[assignment]  # nobody asks a row for the place of an item

    def __str__(self) -> str:
        return f"[{self.kind}#{self.index}]" if self.kind else self.norm


def items(kinds: Iterable[str], norms: Iterable[str], spans: Iterable[Span]) -> list[Item]:
    """An item for each token, the tokens numbered from 0; in less time than one by one."""
    return [*map(_item, repeat(Item), zip(kinds, norms, spans, count(), count(1), repeat(-1), strict=False))]


class Lexicon:
    """Word classes: class name -> folded forms; a form that begins with ``*`` is an ending of words."""

    def __init__(self, classes: Mapping[str, Iterable[str]], *, overlay: Path | None = None) -> None:
        self.overlay = overlay
        self._words: dict[tuple[str, ...], frozenset[str]] = {}  # what words() was asked for
        self._told: tuple[Iterable[Item], frozenset[str]] = (), frozenset()  # a row and the classes of its words
        forms_of = {name: tuple(forms) for name, forms in classes.items()}
        self.classes = {name: frozenset(phrase(f) for f in forms if not f.startswith("*"))
                        for name, forms in forms_of.items()}
        self.endings = {name: tuple(fold(f[1:]) for f in forms if f.startswith("*"))
                        for name, forms in forms_of.items() if any(f.startswith("*") for f in forms)}
        self.phrases: dict[str, dict[str, list[tuple[str, ...]]]] = {}  # first word -> second -> the phrases
        for forms in self.classes.values():
            for form in forms:
                self.add_phrase(form)

    @classmethod
    def load(cls, *, overlay: Path | None = None) -> Lexicon:
        """The classes of ``lexicon/triggers.tsv``, and the forms that the same table of ``overlay`` adds.

        Rules that use the lexicon are laid over from the same folder (see :class:`Grammar`)."""
        name = "lexicon/triggers.tsv"
        rows = [row for _, row in read_table(name)]
        if overlay is not None and (overlay / name).exists():
            rows += (row for _, row in read_table(name, folder=overlay))
        classes: dict[str, set[str]] = {}
        for row in rows:
            classes.setdefault(row["class"], set()).update(row["forms"].split("|"))
        return cls(classes, overlay=overlay)

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """All forms, those of a class side by side."""
        return tuple(dict.fromkeys(form for forms in self.classes.values() for form in sorted(forms)))

    def words(self, *names: str) -> frozenset[str]:
        """The words of several classes, endings left out."""
        known = self._words.get(names)
        if known is None:
            known = self._words[names] = frozenset[str]().union(*(self.classes[name] for name in names))
        return known

    @cached_property
    def _classes_of(self) -> Memo[frozenset[str]]:
        """The names of the classes of every word."""
        found: dict[str, set[str]] = {}
        for name, forms in self.classes.items():
            for form in forms:
                found.setdefault(form, set()).add(name)
        alike: dict[frozenset[str], frozenset[str]] = {}  # many words are of the same classes
        listed = {form: frozenset(names) | self._by_ending(form) for form, names in found.items()}
        return Memo(self._by_ending, {form: alike.setdefault(names, names) for form, names in listed.items()})

    def _by_ending(self, word: str) -> frozenset[str]:
        return frozenset(name for name, endings in self.endings.items() if word.endswith(endings))

    def has(self, item: Item, *names: str) -> bool:
        """Whether an item is a word of one of these classes."""
        return not (item[0] or self._classes_of[item[1]].isdisjoint(names))  # of no kind; by its norm

    def look(self, row: Sequence[Item]) -> None:
        """Remember of a row, the last one looked at, the classes of all its words: much is asked of it that it has
        not.  Nobody changes a row."""
        of = self._classes_of
        self._told = row, frozenset().union(*[of[item[1]] for item in row if not item[0]])

    def within(self, row: Iterable[Item], *names: str) -> bool:
        """Whether a row has a word of one of these classes."""
        last, told = self._told
        if row is last:
            return not told.isdisjoint(names)
        of = self._classes_of
        for item in row:  # noqa: SIM110 - a generator takes twice as long
            if not (item[0] or of[item[1]].isdisjoint(names)):
                return True
        return False

    def first(self, row: Iterable[Item], *names: str) -> int | None:
        """The place of the first word in a row that is of one of these classes, None where there is none."""
        last, told = self._told
        if row is last and told.isdisjoint(names):
            return None
        of = self._classes_of
        for at, item in enumerate(row):
            if not (item[0] or of[item[1]].isdisjoint(names)):
                return at
        return None

    def add_phrase(self, form: str) -> None:
        """Let a form of several words be folded into one item."""
        words = tuple(map(intern, form.split()))  # found without comparing
        if len(words) > 1:
            known = self.phrases.setdefault(words[0], {}).setdefault(words[1], [])
            if words not in known:
                known.append(words)
                known.sort(key=len, reverse=True)

    def begun(self, norms: Iterable[str]) -> list[int]:
        """Where two words stand with which a listed phrase begins."""
        phrases = self.phrases
        return [at for at, (norm, after) in enumerate(pairwise(norms)) if norm in phrases and after in phrases[norm]]

    def fold_phrases(self, items: list[Item], begun: Sequence[int] | None = None) -> list[Item]:
        """The row with every listed phrase of several words as one item; a row without any is given back.  ``begun``
        are the places of the plain words that :meth:`begun` gives, where they are known."""
        phrases = self.phrases
        if begun is None:  # nothing for what is no plain word: no phrase has it
            begun = self.begun("" if item[0] else item[1] for item in items)
        if not begun:
            return items
        out: list[Item] = []
        done = 0
        for at in begun:
            if at < done:
                continue
            for words in phrases[items[at][1]][items[at + 1][1]]:
                stop = at + len(words)
                if len(words) == 2 or tuple(["" if item[0] else item[1] for item in items[at:stop]]) == words:
                    out += items[done:at]
                    one, other = items[at], items[stop - 1]
                    span = Span(one.span.start, other.span.stop)
                    out.append(Item("", " ".join(words), span, one.first, other.last))
                    done = stop
                    break
        return out + items[done:]
