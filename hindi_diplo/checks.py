"""Everything that ``hindi-diplo check`` verifies: data files against their schemas, rules by their examples.

An example is ``text => what comes out``; a reject is a text in which the rule must not speak.  Both are
read with the gazetteer and the mention rules alone, so that no trained model can hide a rule's fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from . import pipeline
from .errors import DataError, HindiDiploError
from .files import SCHEMAS, read_table
from .patterns import Grammar, Rule
from .pipeline import Pipeline
from .types import Doc

__all__ = ["failures", "rules", "run"]

PUBLISHED = "2020-09-09"  # the day on which all examples are taken to be published


def run(*, kb: str | Path | None = None, report: Callable[[str], object] | None = None) -> list[str]:
    """Check every table and every rule; returns the problems, and reports what was checked."""
    say = report or (lambda text: None)
    problems: list[str] = []
    for name in SCHEMAS:
        try:
            count = sum(1 for _ in read_table(name))
            say(f"{name}: {count} rows")
        except DataError as error:
            problems.append(str(error))
    if problems:
        return problems
    try:
        nlp = pipeline.load("none", kb=kb)
    except HindiDiploError as error:
        return [str(error)]
    for grammar in grammars(nlp):
        found = [f for rule in grammar.rules for f in failures(nlp, rule)]
        examples = sum(len(r.examples) + len(r.rejects) for r in grammar.rules)
        say(f"rules/{grammar.name}.toml: {len(grammar.rules)} rules, {examples} examples, {len(found)} failures")
        problems += found
    return problems


def grammars(nlp: Pipeline) -> tuple[Grammar, ...]:
    """The rule files of a pipeline."""
    return (nlp.mention_tagger.grammar, nlp.resolver.grammar, nlp.extractor.grammar,
            nlp.extractor.arguments.grammar)


def rules(nlp: Pipeline) -> Iterator[Rule]:
    """Every rule of every rule file."""
    for grammar in grammars(nlp):
        yield from grammar.rules


def failures(nlp: Pipeline, rule: Rule) -> list[str]:
    """What is wrong with a rule's examples: too few, or not what comes out."""
    file, out = rule.file, []
    if not rule.options.get("cut") and (len(rule.examples) < 2 or not rule.rejects):
        out.append(f"{file}: rule {rule.id!r} needs two examples and one reject")
    for example in rule.examples:
        text, _, expected = str(example).partition("=>")
        doc = nlp(text.strip(), published=PUBLISHED)
        got = _output(nlp, rule, doc)
        if expected.strip() not in got:
            shown = " or ".join(got) if got else "nothing"
            out.append(f"{file}: rule {rule.id!r}: {text.strip()!r} should give {expected.strip()!r}, gives {shown!r}")
    for text in rule.rejects:
        doc = nlp(str(text), published=PUBLISHED)
        got = [g for g in _spoke(nlp, rule, doc) if g]
        if got:
            out.append(f"{file}: rule {rule.id!r} must not speak in {text!r}, gives {got[0]!r}")
    return out


def _output(nlp: Pipeline, rule: Rule, doc: Doc) -> list[str]:
    """What may stand on the right of an example: one string for each thing that came out."""
    layer = rule.id.split("/")[0]
    if layer == "mentions":
        return [" ".join(m.span.of(doc.text) for m in doc.mentions if m.source == rule.id)]
    if layer == "references":
        spans = {r.span for r in doc.references if r.rule == rule.id}
        return [" ".join(i for r in doc.references if r.span == span for i in r.entities) for span in spans]
    if layer == "topics":
        return [" | ".join(t.text for t in nlp.extractor.topics(doc))]
    fired = _spoke(nlp, rule, doc)
    if not fired:
        return []
    if rule.block:
        return [_event(e) for e in doc.events] or [""]
    return [_event(e) for e in doc.events]


def _event(event: object) -> str:
    people = " ".join(p.entity for p in event.participants)  # type: ignore[attr-defined]
    return f"{event.kind}/{event.status} {people}"  # type: ignore[attr-defined]


def _spoke(nlp: Pipeline, rule: Rule, doc: Doc) -> list[str]:
    """The words in which the rule had the last word."""
    layer = rule.id.split("/")[0]
    if layer == "mentions":
        return [m.span.of(doc.text) for m in doc.mentions if m.source == rule.id]
    if layer == "references":
        return [r.span.of(doc.text) for r in doc.references if r.rule == rule.id and r.entities]
    if layer == "topics":
        return [t.text for t in nlp.extractor.topics(doc) if t.rule == rule.id]
    fired = [words for t in nlp.extractor.trace(doc) for r, words in t.fired if r == rule.id]
    lends = rule.block or "status" in rule.options or rule.options.get("joins")
    return fired if lends or any(e.rule == rule.id for e in doc.events) else []
