"""Taggers: trained models that find names, behind one interface.

A tagger gets sentences as lists of token texts and gives spans of token numbers, half-open, each with a
label (PER, LOC or ORG) and a score from 0 to 1.  Nothing else in the package imports stanza or torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from ..errors import UsageError

__all__ = ["NullTagger", "Tagger", "load"]

TaggedSpan = tuple[int, int, str, float]


@runtime_checkable
class Tagger(Protocol):
    """What the pipeline asks of a tagger."""

    name: str
    made_by: Mapping[str, str]

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TaggedSpan]]:
        """For each sentence its spans (first token, last token exclusive, label, score), in order."""
        ...


class NullTagger:
    """Finds nothing: for reading with the gazetteer and the mention rules alone."""

    name = "none"
    made_by: Mapping[str, str] = {}

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[TaggedSpan]]:
        """An empty list for every sentence."""
        return [[] for _ in sentences]


def load(name: str) -> Tagger:
    """The tagger of that name: ``compact``, ``stanza``, ``stanza:PATH``, ``stanza:hub`` or ``none``.

    Raises MissingModelError where its weights or packages are not there, HindiDiploError for an unknown name.
    """
    if name == "none":
        return NullTagger()
    if name == "compact":
        from .compact import CompactTagger

        return CompactTagger.load()
    if name == "stanza" or name.startswith("stanza:"):
        from .stanza import StanzaTagger

        return StanzaTagger.load(name.partition(":")[2] or None)
    raise UsageError(f"no tagger {name!r}: expected compact, stanza, stanza:PATH, stanza:hub or none")
