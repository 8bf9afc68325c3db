"""Trains the taggers that ship from CoNLL / TSV files: ``hindi-diplo train compact|stanza``.

The files' tag sets are mapped by ``data/train/tags.tsv``.  Sentences are varied as they are read (name
replacement, Dai & Adel 2020), and frames of our own (``data/train/frames.tsv``) bring the style of
diplomatic news.  Training needs torch; the compact model itself runs without.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import HindiDiploError
from .data import f1, read_tsv

__all__ = ["f1", "read_tsv", "run"]


def run(
    kind: str, train: Sequence[str | Path], dev: Sequence[str | Path], out: str | Path, *, seed: int = 1,
    **options: Any,
) -> dict[str, Any]:
    """Train the tagger ``compact`` or ``stanza``; write weights, manifest and card to ``out``.

    Returns the manifest entry.  ``options`` go to :func:`compact.train_compact` (epochs, members, jobs …)
    or :func:`stanza.train_stanza` (steps …).
    """
    if kind == "compact":
        from .compact import train_compact

        return train_compact(train, dev, out, seed=seed, **options)
    if kind == "stanza":
        from .stanza import train_stanza

        return train_stanza(train, dev, out, seed=seed, **options)
    raise HindiDiploError(f"no tagger {kind!r} to train: expected compact or stanza")
