"""A sentence as a row of items: its tokens, with mentions, times and references folded in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

from .lexicon import items as items_of
from .patterns import Item, Lexicon
from .records import by_place
from .types import Doc, Sentence, Span

__all__ = ["KINDS", "View", "line"]

KINDS = (
    "PERSON", "ROLE", "GROUP", "LANDS", "BOTH", "BOTHLANDS", "COUNTRY", "ADJ", "ORG", "PLACE",
    "OFFICE", "OFFICES", "TIME", "PRON_NE", "PRON_SE", "PRON_GEN", "PRON_NOM",
)


class Fold(NamedTuple):
    """A span to be folded into one item of a kind; ``index`` is its place in its own layer."""

    span: Span
    kind: str
    index: int  # type: ignore[assignment]  # nobody asks a fold for the place of an item


class View:
    """Rows of a document's sentences.  ``plural`` is the ending that marks an office in the plural."""

    def __init__(self, doc: Doc, lexicon: Lexicon, plural: str) -> None:
        self.doc = doc
        self.lexicon = lexicon
        norms, spans = [t.norm for t in doc.tokens], [t.span for t in doc.tokens]
        self._starts = [span.start for span in spans]
        self._words = items_of(repeat(""), norms, spans)
        self._begun = lexicon.begun(norms)  # where phrases can begin
        self._rows: dict[int, list[Item]] = {}
        self._brackets = "(" in norms
        folds = []
        for index, mention in enumerate(doc.mentions):
            kind = mention.kind
            if mention.source.endswith("/adj"):
                kind = "ADJ"
            elif kind == "OFFICE" and mention.norm.endswith(plural):
                kind = "OFFICES"
            folds.append(Fold(mention.span, kind, index))
        named = {at for fold in folds for at in self._covered(fold.span)}
        for index, time in enumerate(doc.times):
            if named.isdisjoint(self._covered(time.span)):
                folds.append(Fold(time.span, "TIME", index))
        self.base = _bynames(sorted(folds, key=by_place), doc)
        self._fold_starts = [f.span.start for f in self.base]

    def _covered(self, span: Span) -> range:
        return range(bisect_left(self._starts, span.start), bisect_left(self._starts, span.stop))

    def row(self, sentence: Sentence, extra: Sequence[Fold] = ()) -> list[Item]:
        """The row of a sentence; ``extra`` folds replace the base folds that they overlap.

        Rows without extra folds are made once; nobody changes a row."""
        if not extra and sentence.first in self._rows:
            return self._rows[sentence.first]
        begin = bisect_left(self._fold_starts, sentence.span.start)
        folds = self.base[begin : bisect_left(self._fold_starts, sentence.span.stop)]
        if extra:
            folds = [f for f in folds if not any(f.span.overlaps(e.span) for e in extra)]
            folds = sorted([*folds, *extra], key=by_place)
        items: list[Item] = []
        plain: list[int] = []  # the places of words that begin a phrase, with a plain word behind them
        here, ahead = bisect_left(self._begun, sentence.first), bisect_left(self._begun, sentence.last)
        begun = self._begun[here:ahead]
        at = sentence.first
        for fold in folds:
            first = bisect_left(self._starts, fold.span.start)
            last = bisect_left(self._starts, fold.span.stop)
            if at < first:
                if begun:
                    plain += [len(items) + word - at for word in begun if at <= word < first - 1]
                items += self._words[at:first]
                at = first
            if at < last:
                items.append(Item(fold.kind, "", fold.span, first, last, fold.index))
                at = last
        plain += [len(items) + word - at for word in begun if at <= word < sentence.last - 1]
        items += self._words[at : sentence.last]
        if self._brackets:
            made = self.lexicon.fold_phrases(_without_glosses(items, self.doc))
        else:
            made = self.lexicon.fold_phrases(items, plain)
        if not extra:
            self._rows[sentence.first] = made
        return made

    def is_of(self, doc: Doc) -> bool:
        """Whether the rows are those of ``doc``: of the very same layers."""
        return self.doc.tokens is doc.tokens and self.doc.mentions is doc.mentions and self.doc.times is doc.times


def _bynames(folds: list[Fold], doc: Doc) -> list[Fold]:
    """The folds, with a person's name and the byname of the same person right behind it as one."""
    who = {m: e.id for e in doc.entities if e.kind == "PERSON" and len(e.mentions) > 1 for m in e.mentions}
    if not who:
        return folds
    out: list[Fold] = []
    for fold in folds:
        last = out[-1] if out else None
        people = last is not None and last.kind == fold.kind == "PERSON"
        if last is not None and people and who.get(last.index) == who.get(fold.index, "") and not (
                doc.text[last.span.stop : fold.span.start].strip()):
            out[-1] = last._replace(span=Span(last.span.start, fold.span.stop))
        else:
            out.append(fold)
    return out


def _without_glosses(items: list[Item], doc: Doc) -> list[Item]:
    """The row without brackets that repeat what was said: in Latin script, or a country's or an
    organisation's other name."""
    if all(i.norm != "(" for i in items):
        return items
    out: list[Item] = []
    at = 0
    while at < len(items):
        if items[at].norm == "(":
            close = next((n for n in range(at + 1, min(len(items), at + 12)) if items[n].norm == ")"), None)
            if close is not None and (all(doc.text[i.span.start : i.span.stop].isascii() for i in items[at:close]) or (
                    close == at + 2 and out and out[-1].kind == items[at + 1].kind in ("ORG", "COUNTRY"))):
                at = close + 1
                continue
        out.append(items[at])
        at += 1
    return out


def line(row: Sequence[Item]) -> str:
    """The row as people read it: ``[PERSON#0] ने [PERSON#2] से मुलाकात की ।``"""
    return " ".join(map(str, row))
