"""Joins trained compact taggers to one, whose members' scores are averaged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from .data import read_arrays

__all__ = ["joined", "read_weights"]

_ALIKE = ("layers", "heads", "words", "bits")  # what all members share beside the known words


def read_weights(path: Path) -> dict[str, Any]:
    """The arrays of a ``compact.npz``.

    Raises InputError where it cannot be read, DataError where it is no such file.
    """
    return read_arrays(path, "the .npz of a compact tagger", ("heads", "members"))


def joined(paths: Sequence[str | Path]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The members of several ``compact.npz`` files as one tagger, and what is known of each file: its sha256, and
    what the manifest beside it says.  A word that one of them does not know is to that one an unknown word.

    Raises InputError where they have other heads, layers or name lists.
    """
    files = [read_weights(Path(path)) for path in paths]
    for path, weights in zip(paths, files, strict=True):
        other = [name for name in _ALIKE if not np.array_equal(weights[name], files[0][name])]
        if other:
            raise InputError(f"differs from {paths[0]} in {', '.join(other)}: join what was trained on the same files "
                             "with the same version", file=Path(path))
    known = [bytes(weights["vocabulary"]).decode().split("\n") for weights in files]
    every = list(dict.fromkeys(word for words in known for word in words))
    out = {name: files[0][name] for name in _ALIKE}
    out["vocabulary"] = np.frombuffer("\n".join(every).encode(), dtype=np.uint8)
    count = 0
    for weights, words in zip(files, known, strict=True):
        numbers = {word: n for n, word in enumerate(words, 1)}
        rows = np.array([0, *(numbers.get(word, 0) for word in every)])
        for n in range(int(weights["members"])):
            member = {k.partition("/")[2]: v for k, v in weights.items() if k.startswith(f"{n}/")}
            member["words"] = member["words"][rows]
            out.update({f"{count}/{name}": value for name, value in member.items()})
            count += 1
    out["members"] = np.int64(count)
    return out, [_facts(Path(path)) for path in paths]


def _facts(path: Path) -> dict[str, Any]:
    beside = path.with_name("manifest.json")
    told = json.loads(beside.read_text(encoding="utf-8")).get("compact", {}) if beside.exists() else {}
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    same = told if told.get("sha256") == found else {}
    return {"sha256": found} | {k: v for k, v in same.items() if k in ("dev", "history", "seed", "spreads", "begin",
                                                                       "teach", "unlabelled", "read", "epochs")}
