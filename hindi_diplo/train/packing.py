"""From the state of trained networks to the arrays that ship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..taggers.compact import CompactTagger
from . import network
from .corpora import Corpora
from .data import f1, read_tsv

__all__ = ["Weights", "arrays", "scored", "together"]

Weights = dict[str, Any]


def arrays(state: Mapping[str, Any], heads: int) -> Weights:
    """One network's weights as they ship: tables in 8 bits, the rest in 16; the first ``heads`` heads."""
    state = {name: value.float().cpu().numpy() for name, value in state.items()}
    out: Weights = {
        "into": state["into.weight"].T, "into_bias": state["into.bias"],
        "out": np.stack([state[f"heads.{h}.weight"].T for h in range(heads)]),
        "out_bias": np.stack([state[f"heads.{h}.bias"] for h in range(heads)]),
        "moves": (state["moves"] + state["forbidden"])[:heads],
        "start": (state["start"] + state["forbidden_start"])[:heads],
    }
    for n in range(network.LAYERS):
        out[f"conv{n}"], out[f"conv{n}_bias"] = state[f"convs.{n}.weight"].T, state[f"convs.{n}.bias"]
    out = {k: v.astype(np.float16) for k, v in out.items()}
    for name in ("table", "words"):
        table = state[f"{name}.weight"]
        scale = np.float32(np.abs(table).max() / 127)
        out[name], out[f"{name}_scale"] = np.rint(table / scale).astype(np.int8), scale
    return out


def together(members: Sequence[Weights], corpora: Corpora) -> Weights:
    """The tagger whose members these are."""
    def text(lines: Sequence[str]) -> Any:
        return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)

    lists = corpora.names.lists
    words = sorted(lists) or [""]
    out: Weights = {
        "members": np.int64(len(members)), "layers": np.int64(network.LAYERS),
        "heads": text(corpora.heads[: corpora.main]), "vocabulary": text(list(corpora.vocabulary)),
        "words": text(words), "bits": np.array([lists.get(w, 0) for w in words], dtype=np.uint8),
    }
    for n, member in enumerate(members):
        out.update({f"{n}/{name}": value for name, value in member.items()})
    return out


def scored(weights: Weights, heads: Sequence[str], dev: Sequence[str | Path]) -> dict[str, dict[str, float]]:
    """The F1 scores of each head on its dev file."""
    scores = {}
    for head, path in zip(heads, dev, strict=True):
        tagger = CompactTagger(weights, sha256="", head=head)
        scores[Path(path).stem] = {k: round(v, 2) for k, v in f1(tagger, read_tsv(path)).items()}
    return scores
