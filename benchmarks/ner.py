"""F1 per class, speed, load time, peak memory and size of every tagger, in one run.

    python benchmarks/ner.py FOLDER [--only compact,stanza] [--dev]

FOLDER holds {ilner,hiner}-{train,dev,test}.tsv; ``--dev`` scores the dev files instead of the test files.
The rows: gazetteer only; a linear CRF (python-crfsuite), trained in this run on both train files; Stanza;
compact; compact + rules, which is the tagging step of the pipeline.  Each runs in a process of its own, so
that load time and peak memory are its own.  One thread each; set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import subjects

from hindi_diplo import reader, taggers, text
from hindi_diplo.evaluation.gold import load_gold
from hindi_diplo.files import packaged
from hindi_diplo.knowledge import KnowledgeBase
from hindi_diplo.patterns import Lexicon
from hindi_diplo.taggers.compact import CompactTagger
from hindi_diplo.tagging import MentionTagger
from hindi_diplo.train import read_tsv
from hindi_diplo.train.data import LABELS, spans_of
from hindi_diplo.types import Doc, Sentence, Span, Token

HERE = Path(__file__).parent
SYSTEMS = ("gazetteer", "crf", "stanza", "compact", "compact+rules")
SEEDS = ("seed.jsonl", "dev.jsonl", "passages-dev.jsonl", "test/docs.jsonl", "test/passages.jsonl")
KINDS = {"PERSON": "PER", "COUNTRY": "LOC", "PLACE": "LOC", "ORG": "ORG"}
Found = set[tuple[int, int, str]]


@dataclass(frozen=True)
class Case:
    """A document with tokens and sentences, and its gold spans in characters."""

    doc: Doc
    gold: Found


def tokenised(words: Sequence[str]) -> Doc:
    """One sentence of given tokens, joined by spaces."""
    row, at = [], 0
    for word in words:
        row.append(Token(Span(at, at + len(word)), word, text.fold(word) or word))
        at += len(word) + 1
    return Doc(" ".join(words), sentences=(Sentence(Span(0, at - 1), 0, len(row)),), tokens=tuple(row))


def corpus(path: Path) -> list[Case]:
    """The sentences of a labelled file."""
    out = []
    for words, tags in read_tsv(path):
        doc = tokenised(words)
        row = doc.tokens
        out.append(Case(doc, {(row[a].span.start, row[b - 1].span.stop, label) for a, b, label in spans_of(tags)}))
    return out


def unseen(part: str) -> list[Case]:
    """The sentences of one part of ``unseen.txt``, whose persons stand in braces."""
    out, here = [], ""
    for line in (HERE / "unseen.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            here = line.split()[2] if line.startswith("# part") else here
            continue
        if not line.strip() or here != part:
            continue
        plain, gold = "", set()
        for piece in re.split(r"(\{PER [^}]*\})", line):
            name = piece[5:-1] if piece.startswith("{PER ") else piece
            if name is not piece:
                gold.add((len(plain), len(plain) + len(name), "PER"))
            plain += name
        out.append(Case(whole(plain), gold))
    return out


def whole(source: str) -> Doc:
    """A text as the pipeline cuts it."""
    article = reader.from_text(source)
    sentences, tokens = text.tokenized(article.text, article.zones)
    return Doc(article.text, sentences=sentences, tokens=tokens)


def seeds() -> list[Case]:
    """All seed documents that ship."""
    out = []
    for name in SEEDS:
        for document in load_gold(packaged("seeds") / name):
            gold = {(e["start"], e["stop"], KINDS[e["label"]]) for e in document.record["entities"]
                    if e["label"] in KINDS}
            if document.text is not None:
                out.append(Case(whole(document.text), gold))
    return out


class Plain:
    """A tagger alone."""

    def __init__(self, tagger: taggers.Tagger) -> None:
        self.tagger = tagger

    def __call__(self, docs: Sequence[Doc]) -> list[Found]:
        rows = [(n, doc.tokens[s.first : s.last]) for n, doc in enumerate(docs) for s in doc.sentences]
        out: list[Found] = [set() for _ in docs]
        for (n, row), spans in zip(rows, self.tagger.tag([[t.text for t in row] for _, row in rows]), strict=True):
            out[n] |= {(row[a].span.start, row[b - 1].span.stop, label) for a, b, label, _ in spans}
        return out


class Rules:
    """The pipeline's tagging step, with a tagger or with the gazetteer alone."""

    def __init__(self, tagger: taggers.Tagger, sources: str = "") -> None:
        self.step, self.sources = MentionTagger(KnowledgeBase.load(), Lexicon.load(), tagger), sources

    def __call__(self, docs: Sequence[Doc]) -> list[Found]:
        return [{(m.span.start, m.span.stop, KINDS[m.kind]) for m in self.step.tag(doc)
                 if m.kind in KINDS and m.source.startswith(self.sources) and not m.source.endswith("/adj")}
                for doc in docs]


class Crf:
    """A linear-chain CRF over words, affixes, shapes and a window of two words."""

    name = "crf"

    def __init__(self, paths: Sequence[Path]) -> None:
        import pycrfsuite

        self.made_by: dict[str, str] = {}
        trainer = pycrfsuite.Trainer(verbose=False)
        for path in paths:
            for words, tags in read_tsv(path):
                trainer.append(list(self._features(words)), tags)
        trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 100, "feature.possible_transitions": True})
        self.file = str(Path(tempfile.mkdtemp()) / "crf.bin")
        trainer.train(self.file)
        self.model = pycrfsuite.Tagger()
        self.model.open(self.file)

    @staticmethod
    def _features(words: Sequence[str]) -> Iterator[list[str]]:
        for at, word in enumerate(words):
            near = [f"{k}={words[at + k]}" for k in (-2, -1, 1, 2) if 0 <= at + k < len(words)]
            ends = [f"p{n}={word[:n]}" for n in range(1, 5)] + [f"s{n}={word[-n:]}" for n in range(1, 5)]
            yield ["w=" + word, *ends, *near, f"digit={word[:1].isdigit()}", f"mark={not word[:1].isalpha()}"]

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[int, int, str, float]]]:
        return [[(a, b, label, 1.0) for a, b, label in spans_of(self.model.tag(list(self._features(s))))]
                if s else [] for s in sentences]


def f1(system: Callable[[Sequence[Doc]], list[Found]], cases: Sequence[Case]) -> dict[str, float]:
    """Strict F1 (span and label), micro and of each label, in percent."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for case, found in zip(cases, system([c.doc for c in cases]), strict=True):
        right.update(label for *_, label in case.gold & found)
        total.update(label for *_, label in [*case.gold, *found])
    scores = {label: 200 * right[label] / max(1, total[label]) for label in LABELS}
    return {"micro": 200 * sum(right[k] for k in LABELS) / max(1, sum(total[k] for k in LABELS)), **scores}


def measure(name: str, folder: Path, part: str) -> dict[str, Any]:
    """All figures of one system."""
    train = [folder / f"{corpus_name}-train.tsv" for corpus_name in ("ilner", "hiner")]
    began = time.perf_counter()
    size = 0.0
    if name == "gazetteer":
        system: Any = Rules(taggers.load("none"), "gazetteer")
    elif name == "crf":
        system = Plain(Crf(train))
        size = Path(system.tagger.file).stat().st_size / 1e6
    elif name == "compact+rules":
        system = Rules(taggers.load("compact"))
    else:
        system = Plain(taggers.load(name))
    load = time.perf_counter() - began
    if name in ("compact", "stanza", "compact+rules"):
        file = "stanza.npz" if name == "stanza" else "compact.npz"
        size = (packaged("models") / file).stat().st_size / 1e6
    sets = {"ilner": corpus(folder / f"ilner-{part}.tsv"), "hiner": corpus(folder / f"hiner-{part}.tsv")}
    docs = [c.doc for cases in sets.values() for c in cases]
    began = time.process_time()
    system(docs)  # the first pass: no word has been met before
    speed = sum(len(doc.tokens) for doc in docs) / (time.process_time() - began)
    scores = {key: f1(system, cases) for key, cases in sets.items()}
    scores["seeds"] = f1(system, seeds())
    if name == "compact":
        for key, cases in sets.items():
            scores[f"{key}, own head"] = f1(Plain(CompactTagger.load(head=f"{key}-train")), cases)
    for half in ("1", "2"):
        scores[f"unseen {half}"] = f1(system, unseen(half))
    return {"scores": scores, "load": load, "speed": speed, "peak": subjects.peak(), "size": size}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(SYSTEMS))
    parser.add_argument("--dev", action="store_true")
    arguments = parser.parse_args()
    part = "dev" if arguments.dev else "test"
    print(f"{'F1, ' + part:16}{'':20}" + "".join(f"{k:>8}" for k in ("micro", *LABELS)))
    for name in arguments.only.split(","):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            got = pool.apply(measure, (name, arguments.folder, part))
        for key, scores in got["scores"].items():
            wanted = ("PER",) if key.startswith("unseen") else ("micro", *LABELS)
            print(f"{name:16}{key:20}" + "".join(f"{scores[k]:8.2f}" if k in wanted else f"{'':8}"
                                                 for k in ("micro", *LABELS)))
        print(f"{name:16}{got['speed']:,.0f} tokens/s (CPU time, empty cache), loads in {got['load']:.2f} s, "
              f"peak {got['peak']:.0f} MB, {got['size']:.1f} MB on disk", flush=True)


if __name__ == "__main__":
    main()
