"""F1 per class, speed, load time and size of the taggers, in one run.

    python benchmarks/ner.py ../shared/data/ner [stanza:PATH …]
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from hindi_diplo import taggers
from hindi_diplo.files import packaged
from hindi_diplo.taggers.compact import CompactTagger
from hindi_diplo.text import tokens
from hindi_diplo.train import f1, read_tsv
from hindi_diplo.train.data import Sentence


def unseen() -> list[Sentence]:
    """The sentences of ``unseen.txt``, persons in braces."""
    out = []
    for line in (Path(__file__).parent / "unseen.txt").read_text(encoding="utf-8").splitlines():
        words: list[str] = []
        tags: list[str] = []
        for piece in re.split(r"(\{PER [^}]*\})", line):
            name = piece.startswith("{PER ")
            found = [t.text for t in tokens(piece[5:-1] if name else piece)]
            words += found
            tags += ["B-PER"] + ["I-PER"] * (len(found) - 1) if name else ["O"] * len(found)
        out.append((words, tags))
    return out


def row(name: str, scores: dict[str, float]) -> None:
    print(f"{name:34}" + "".join(f"{scores[k]:8.2f}" for k in ("micro", "PER", "LOC", "ORG")))


def main(folder: Path, others: list[str]) -> None:
    began = time.perf_counter()
    compact = CompactTagger.load()
    load = time.perf_counter() - began
    print(f"{'':34}{'micro':>8}{'PER':>8}{'LOC':>8}{'ORG':>8}")
    tests = {name: read_tsv(folder / f"{name}-test.tsv") for name in ("ilner", "hiner")}
    for name, sentences in tests.items():
        row(f"compact, {name} test, its own head", f1(CompactTagger.load(head=f"{name}-train"), sentences))
        row(f"compact, {name} test, as shipped", f1(compact, sentences))
        for other in others:
            row(f"{other}, {name} test", f1(taggers.load(other), sentences))
    print(f"compact, persons of unseen.txt: {f1(compact, unseen())['PER']:.2f}")
    sentences = [words for words, _ in tests["ilner"] + tests["hiner"]]
    fresh = CompactTagger.load()
    began = time.perf_counter()
    fresh.tag(sentences)
    speed = sum(map(len, sentences)) / (time.perf_counter() - began)
    size = (packaged("models") / "compact.npz").stat().st_size / 1e6
    print(f"compact: {speed:,.0f} tokens/s with an empty cache, loads in {load:.2f} s, {size:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
