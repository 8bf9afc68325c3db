"""The worst case of every rule and of every regular expression: 100 kB of its most hostile line.

No clock is read here.  The engine is given a second of the processor for all of it (its ``timeout=``, which counts
what this process uses, so other work on the machine does not matter) and raises TimeoutError where it needs more.
Rules see pieces of at most ``text.LONGEST`` items, about twenty of which make 100 kB: each piece gets a twentieth of
the second.  An expression that the code only ever gives a shorter string to stands in ``SHORTER`` with that length.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
import regex

import hindi_diplo
from hindi_diplo import reader_zones, text, times, timevalues
from hindi_diplo.matching import Match
from hindi_diplo.patterns import _LONG, OTHER, Grammar
from hindi_diplo.pipeline import Pipeline

SIZE = 100_000  # bytes
PIECES = 20


# -- rules ------------------------------------------------------------------------------------------------------


def grammars(nlp: Pipeline) -> list[Grammar]:
    """The grammars of all rule files that read rows."""
    return [nlp.mention_tagger.grammar, nlp.resolver.grammar, nlp.extractor.grammar,
            nlp.extractor.arguments.grammar]


def hostile_rows(compiled: Any) -> Iterator[str]:
    """Rows of ``LONGEST`` items that a pattern can begin on everywhere and end on nowhere, or only at the end."""
    firsts = [s[0] for s in compiled_sets(compiled)] or [OTHER]
    for spread in (0, 2):
        for missing in (-1, len(firsts) - 1):
            parts = [c for n, c in enumerate(firsts) if n != missing] or [OTHER]
            unit = "".join(c + OTHER * spread for c in parts)
            row = "".join(islice(cycle(unit), text.LONGEST - 1))
            yield row + OTHER
            yield row + firsts[-1]
    for c in firsts:
        yield c * text.LONGEST
    yield from (a + "".join(islice(cycle(b + OTHER), text.LONGEST - 1)) for a in firsts[:3] for b in firsts[-3:])


def compiled_sets(compiled: Any) -> list[str]:
    """The sets of characters that an expression names, in order."""
    return [s for s in regex.findall(r"\[([^\^\]][^\]]*)\]", compiled.pattern) if s]


@pytest.mark.parametrize("number", range(4), ids=["mentions", "references", "events", "topics"])
def test_every_rule_on_its_most_hostile_rows(number: int, nlp: Pipeline) -> None:
    grammar = grammars(nlp)[number]
    tried = 0
    for stage in grammar._stages.values():
        for _, pattern in stage.patterns:
            rule, compiled = pattern.rule, pattern.expression()
            for row in hostile_rows(compiled):
                tried += 1
                try:
                    sum(1 for _ in compiled.finditer(row, overlapped=True, timeout=1 / PIECES))
                except TimeoutError:
                    pytest.fail(f"{rule.id}: {compiled.pattern[:80]!r}")
    assert tried > 100


@pytest.mark.parametrize("number", range(4), ids=["mentions", "references", "events", "topics"])
def test_both_engines_find_the_same_in_hostile_rows(number: int, nlp: Pipeline) -> None:
    """Short rows are searched by an engine that nothing stops: that it ends is shown by its ending here."""
    found = 0
    for stage in grammars(nlp)[number]._stages.values():
        for _, pattern in stage.patterns:
            for row in {row[:_LONG] for row in hostile_rows(pattern.expression())}:
                for overlapped in (True, False):
                    guarded: list[Match] = []
                    plain: list[Match] = []
                    pattern.match(row, overlapped, 60.0, guarded)
                    pattern.match(row, overlapped, None, plain)
                    assert plain == guarded, pattern.rule.id
                    found += len(plain)
    assert found > 100


# -- regular expressions ----------------------------------------------------------------------------------------

#: What fills the lines: letters, joiners, marks, numbers, quotes, brackets, tags, and what expressions begin with.
UNITS = (
    "क", "कि", "क ", "क\u200d", "क्", "़", "a", "a ", "a.", "A'", "1", "1,", "1/", "1-", "09/",
    "9 सितंबर ", "९", " ", "  \t", "\n", "\n\n", "\u00a0", "।", "|", ".", "..", ". ", "?!", "’",
    "”", "\"", "'", "(", ")", "[", "(क", "(भाषा", "नई दिल्ली, ", "नई दिल्ली/", "क-", "एस. ",
    "-", "–", "<", "<a ", "<a href='", "</", "<!--", "&", "&#", "&amp", "=\"", "#", "#क", "@a",
    "पढ़ें ", "यह भी पढ़ें", "Published ", "2020-", "2020-09-0", "jan 1 ", "क\r", "{", "}", "_",
    "\\", "\ud800", "\U0001f91d", "e\u0301", "रूस के ", "local:", "T1 ", "http://", "//", "%",
)
#: Expressions that never see a whole line, and the longest string that the code gives them (see where they are used).
SHORTER = {
    "text._LAST_WORD": 40, "reader_zones._DATELINE": 200, "reader_zones._ONE_WORD": 200, "dates._DAY_FIRST": 600,
    "dates._MONTH_FIRST": 600, "dates._NUMBERS": 600, "dates._ISO": 600, "furniture.label": 160, "furniture.start": 600,
    "furniture.pattern": 600,
}
#: Expressions that the code only ever matches at one place, from which it goes on behind the match (or gives up).
ANCHORED = {"patterns._ELEMENT", "reader_html._OPEN", "furniture.start", "furniture.pattern", "reader_zones._DATELINE"}


def expressions() -> dict[str, Any]:
    """Every compiled expression of the package: those of the modules and those made from data files."""
    found: dict[str, Any] = {}
    for info in pkgutil.walk_packages(hindi_diplo.__path__, "hindi_diplo."):
        if info.name.rpartition(".")[2] in ("__main__", "spark") or ".train" in info.name:
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, regex.Pattern) and isinstance(value.pattern, str):
                found.setdefault(f"{info.name.removeprefix('hindi_diplo.')}.{name}", value)
    for name, value in reader_zones._furniture()._asdict().items():
        if isinstance(value, regex.Pattern):
            found[f"furniture.{name}"] = value
    found |= {rule.id: rule.pattern for rule in times.rules()}
    return found | {"times.clause": timevalues._clause(), "times.future": timevalues._future_words()}


EXPRESSIONS = expressions()


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_expression_on_hostile_lines(name: str) -> None:
    pattern = EXPRESSIONS[name]
    size = SHORTER.get(name, SIZE)
    if name.startswith("times"):  # they read the folded tokens of one sentence, joined by spaces
        size = text.LONGEST * 12
    for unit in UNITS:
        line = unit * (size // len(unit.encode("utf-8", "surrogatepass"))) + " x"
        try:
            if name in ANCHORED:
                pattern.match(line, timeout=1.0)
            else:
                sum(1 for _ in pattern.finditer(line, timeout=1.0))
        except TimeoutError:
            pytest.fail(f"{name} on {unit!r}: {pattern.pattern[:100]!r}")


def test_the_table_is_of_this_package() -> None:
    assert len(EXPRESSIONS) > 40 and EXPRESSIONS.keys() >= SHORTER.keys() | ANCHORED


# -- the whole ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["एस जयशंकर, ", "भारत और ", "रूस के विदेश मंत्री ", "जयशंकर ने लावरोव से ", "9 सितंबर ",
                                  "मुलाकात ", "(", "“", "दोनों नेताओं ने ", "के साथ ", "पर चर्चा ", "क" * 20, "|", "."])
def test_one_line_of_100_kb_through_the_pipeline(unit: str, nlp: Pipeline) -> None:
    line = unit * (SIZE // len(unit.encode()))
    doc = nlp({"text": "मॉस्को। जयशंकर ने कहा " + line, "published": "2020-09-09"})  # a rule that gave up would raise
    assert all(s.last - s.first <= text.LONGEST for s in doc.sentences)
    assert sum(s.last - s.first for s in doc.sentences) == len(doc.tokens)
