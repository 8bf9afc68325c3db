"""Articles of realistic length, made from the labelled documents: their sentences, with other people's names.

Names are swapped so that word types go on coming as they do in news; the labels say where the names stand."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from hindi_diplo.files import packaged, read_table


@lru_cache(maxsize=1)
def labelled() -> list[dict[str, Any]]:
    """The labelled documents for development; never those for the test."""
    files = [Path(packaged("seeds")) / name for name in ("dev.jsonl", "passages-dev.jsonl")]
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@lru_cache(maxsize=1)
def _names() -> list[str]:
    return [row["name_hi"] for _, row in read_table("kb/people.tsv")]


def _swapped(document: dict[str, Any], chance: random.Random) -> str:
    """The text with each person's name of several words exchanged for another's."""
    text, out, at = str(document["text"]), [], 0
    people = [e for e in document["entities"] if e["label"] == "PERSON" and " " in e["text"]]
    other: dict[str, str] = {}
    for entity in sorted(people, key=lambda e: int(e["start"])):
        if entity["start"] >= at:
            out += [text[at : entity["start"]], other.setdefault(entity["text"], chance.choice(_names()))]
            at = entity["stop"]
    return "".join([*out, text[at:]])


def articles(count: int, tokens: int, *, seed: int = 1) -> Iterator[dict[str, str]]:
    """``count`` rows; the lengths vary about a mean of ``tokens`` as those of news do (log-normal)."""
    chance = random.Random(seed)
    documents = labelled()
    for number in range(count):
        wanted = tokens if count < 20 else chance.lognormvariate(0, 0.5) * tokens / 1.133
        parts: list[str] = []
        have = 0.0
        while have < wanted * 0.85:
            text = _swapped(chance.choice(documents), chance)
            parts.append(text.strip())
            have += len(text.split()) * 1.15  # tokens for a word: marks are tokens too
        yield {"id": f"a{number}", "text": "\n".join(parts), "published": f"20{chance.randint(10, 25)}-06-15"}
