"""How sure an event is: the share of events like it that were right on labelled documents.

An event has features (its rule, its kind and status, how its participants were found, what else the text
says of it); ``lexicon/confidence.tsv`` gives each a weight in log-odds, fitted and checked by
``benchmarks/calibration.py``.  Right means: there is such an encounter, of that kind and status.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp

from .files import read_table
from .records import is_local
from .types import Event

__all__ = ["confidence", "features"]


def features(event: Event) -> tuple[str, ...]:
    """The features of an event, as ``lexicon/confidence.tsv`` names them."""
    found = sum(p.via is not None for p in event.participants)
    unknown = sum(is_local(p.entity) for p in event.participants)
    lands = all(p.entity == p.country for p in event.participants)
    return tuple(name for name, holds in (
        ("base", True),
        (f"rule {event.rule}", True),
        (f"kind {event.kind}", True),
        (f"status {event.status}", True),
        ("one participant found by reference", found == 1),
        ("more participants found by reference", found > 1),
        ("participant in no list", unknown > 0),
        ("countries as participants", lands),
        ("three participants or more", len(event.participants) > 2),
        ("told more than once", len(event.mentions) > 1),
        ("no time", event.time is None),
        ("time stated", event.time is not None and event.time.basis == "stated"),
        ("no place", event.place is None),
        ("topics", bool(event.topics)),
    ) if holds)


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for _, row in read_table("lexicon/confidence.tsv")}


def confidence(event: Event) -> float:
    """How likely the event is right, from 0.01 to 0.99; a feature without a weight says nothing."""
    weights = _weights()
    score = sum(weights.get(name, 0.0) for name in features(event))
    return round(min(0.99, max(0.01, 1 / (1 + exp(-score)))), 2)
