"""Every rule carries its own examples, and they are its tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import hindi_diplo
from hindi_diplo import checks, times
from hindi_diplo.errors import DataError
from hindi_diplo.files import SCHEMAS, data_path, read_table, read_toml
from hindi_diplo.patterns import Grammar, Item, Lexicon
from hindi_diplo.pipeline import Pipeline, load
from hindi_diplo.types import Span

RULES = [
    (name, rule["id"])
    for name in ("mentions", "references", "events", "topics")
    for rule in read_toml(data_path() / "rules" / f"{name}.toml")["rule"]
]


@pytest.mark.parametrize("name, ident", RULES, ids=[f"{n}/{i}" for n, i in RULES])
def test_examples_of(nlp: Pipeline, name: str, ident: str) -> None:
    rule = next(r for r in checks.rules(nlp) if r.id == f"{name}/{ident}")
    assert checks.failures(nlp, rule) == []


def test_rule_ids_are_unique() -> None:
    assert len(RULES) == len(set(RULES))


@pytest.mark.parametrize("rule", times.rules(), ids=lambda r: r.id)
def test_examples_of_time_rules(rule: times.TimeRule) -> None:
    assert len(rule.examples) >= 2 and rule.rejects
    for example in rule.examples:
        text, _, expected = example.partition("=>")
        found = times.parse(text.strip(), "2020-09-09")
        assert found is not None and " ".join(map(str, found)) == expected.strip(), example


@pytest.mark.parametrize("name", SCHEMAS)
def test_tables_keep_their_schema(name: str) -> None:
    assert sum(1 for _ in read_table(name)) > 0


def test_classes_that_code_names_are_listed(nlp: Pipeline) -> None:
    """``has`` and ``within`` take names of classes, and find nothing where nobody lists the class."""
    wrong = []
    for path in sorted(Path(hindi_diplo.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tuples = {node.targets[0].id: node.value for node in tree.body  # NAMES = ("A", "B")
                  if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}
        tuples |= {node.target.id: node.value for node in tree.body
                   if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value}
        for call in ast.walk(tree):
            asked = getattr(getattr(call, "func", None), "attr", getattr(getattr(call, "func", None), "id", ""))
            if not isinstance(call, ast.Call) or asked not in ("has", "_has", "within", "_within"):
                continue
            for given in call.args[1:]:
                starred = given.value if isinstance(given, ast.Starred) else given
                value = tuples.get(starred.id, starred) if isinstance(starred, ast.Name) else starred
                wrong += [f"{path.name}:{call.lineno}: {one.value}" for one in ast.walk(value)
                          if isinstance(one, ast.Constant) and isinstance(one.value, str)
                          and one.value not in nlp.lexicon.classes]
    assert not wrong


# ---------------------------------------------------------------- the pattern language

LEXICON = Lexicon({"MEET": ["met", "saw each other"], "STOP": ["but"], "JOIN": ["and", ","], "SOON": ["*ill"]})
KINDS = ("PERSON", "PLACE")


def row(text: str) -> list[Item]:
    """A row from a picture: P is a person, L a place, all else words."""
    items, at = [], 0
    for n, word in enumerate(text.split()):
        kind = {"P": "PERSON", "L": "PLACE"}.get(word, "")
        items.append(Item(kind, "" if kind else word, Span(at, at + len(word)), n, n + 1, n))
        at += len(word) + 1
    return LEXICON.fold_phrases(items)


def slots(pattern: str, text: str, **fields: object) -> list[dict[str, tuple[int, int]]]:
    source = {"macros": {"LIST": "<JOIN>"}, "stops": {"default": "<STOP>"},
              "rule": [{"id": "r", "pattern": pattern, **fields}]}
    grammar = Grammar("test", LEXICON, KINDS, source=source)
    return [dict(m.slots) for m in grammar.matches(row(text))]


@pytest.mark.parametrize("pattern, text, expected", [
    ("{A:PERSON} <MEET> {B:PERSON}", "P met P", [{"A": (0, 1), "B": (2, 3)}]),
    ("{A:PERSON} <MEET> {B:PERSON}", "P left P", []),
    ("{A:PERSON} ... <MEET>", "P came and met", [{"A": (0, 1)}]),
    ("{A:PERSON} ... <MEET>", "P came but met", []),
    ("{A:PERSON+} <MEET>", "P , P and P met", [{"A": (0, 5)}, {"A": (2, 5)}, {"A": (4, 5)}]),
    ("{A:PERSON} !<STOP> <MEET>", "P met", [{"A": (0, 1)}]),
    ("{A:PERSON} &<MEET>", "P met", [{"A": (0, 1)}]),
    ("^ {A:PERSON}", "x P", []),
    ("{A:PERSON} (in {L:PLACE} | at {L:PLACE})", "P at L", [{"A": (0, 1), "L": (2, 3)}]),
    ("{A:PERSON} saw_each_other", "P saw each other", [{"A": (0, 1)}]),
    ("{A:PERSON} <SOON>", "P will", [{"A": (0, 1)}]),
    ("{A:PERSON} _ {B:PERSON}", "P x P", [{"A": (0, 1), "B": (2, 3)}]),
    ("{A:PERSON} x? {B:PERSON}", "P P", [{"A": (0, 1), "B": (1, 2)}]),
    ("{X:*} in {L:PLACE}", "a b in L", [{"X": (0, 2), "L": (3, 4)}]),
    ("{X:*} in", "a but b c in", [{"X": (2, 4)}]),
    ("{X:*} in", "a in b in", [{"X": (0, 1)}, {"X": (1, 3)}]),
    ("{X:*} !x in", "in", []),
])
def test_pattern_language(pattern: str, text: str, expected: list[dict[str, tuple[int, int]]]) -> None:
    assert slots(pattern, text) == expected


def test_what_is_rare_changes_nothing() -> None:
    """Before and after it is learnt which words are rare, the same patterns are tried, in the order of the file."""
    source = {"macros": {"LIST": "<JOIN>"}, "stops": {"default": "<STOP>"}, "rule": [
        {"id": "c", "pattern": "{A:PERSON} ... <MEET>"}, {"id": "a", "pattern": "{B:PERSON} (met | <STOP>)"},
        {"id": "b", "pattern": "{L:PLACE} and"}, {"id": "d", "patterns": ["<SOON> {A:PERSON}", "{A:PERSON} met"]}]}
    grammar = Grammar("test", LEXICON, KINDS, source=source)
    rows = [row(text) for text in ("P met", "L and P met", "will P but", "x", "P will P met L and", "L met P")]
    found = [grammar.matches(one) for one in rows]
    assert [len(one) for one in found] == [3, 4, 2, 0, 6, 0]
    for _ in range(100):
        assert [grammar.matches(one) for one in rows] == found
    assert [m.rule.id for m in found[0]] == ["test/c", "test/a", "test/d"]


@pytest.mark.parametrize("here, may", [(("PERSON", "met"), True), (("PERSON", "saw", "other"), True),
                                       (("PERSON", "x"), False), (("PLACE", "met"), False)])
def test_whether_a_rule_may_match(here: tuple[str, ...], may: bool) -> None:
    grammar = Grammar("test", LEXICON, KINDS, source={
        "stops": {"default": "<STOP>"}, "rule": [{"id": "r", "pattern": "{A:PERSON} <MEET>"}]})
    assert grammar.may_match(here) is may and not grammar.may_match(here, stage=2)


def test_gap_is_bounded() -> None:
    assert slots("{A:PERSON} ...2 <MEET>", "P a b met") and not slots("{A:PERSON} ...2 <MEET>", "P a b c met")


@pytest.mark.parametrize("pattern, reason", [
    ("{A:NOBODY}", "no kind or macro"), ("<NOCLASS>", "no word class"), ("{A:PERSON", "cannot read"),
    ("{A:PERSON} !(...2 PERSON) <MEET>", "PERSON is a kind, and stands for items only in a slot"),
])
def test_a_broken_rule_is_named(pattern: str, reason: str) -> None:
    with pytest.raises(DataError, match=f"test/r.*{reason}"):
        slots(pattern, "P")


# ---------------------------------------------------------------- a folder laid over the packaged data

WORD = "forms\tclass\tnote\nचाय पर बैठे\tTEA\ttwo who sit down to tea\n"
RULE = """
[[rule]]
id = "chai-par"
priority = 85
gap = 30
min = 2
note = "A और B चाय पर बैठे."
patterns = ["{A:P+} {T:<TEA>}"]
examples = [
  "मोदी और पुतिन चाय पर बैठे। => meeting/held ind-narendra-modi rus-vladimir-putin",
  "जयशंकर और लावरोव चाय पर बैठे। => meeting/held ind-s-jaishankar rus-sergey-lavrov",
]
rejects = ["मोदी और पुतिन ने चाय पी।"]
"""


def laid(folder: Path, rule: str = RULE, word: str = WORD) -> Path:
    for name, content in (("rules/events.toml", rule), ("lexicon/triggers.tsv", word)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_a_word_and_a_rule_laid_over(nlp: Pipeline, tmp_path: Path) -> None:
    text = "मोदी और पुतिन चाय पर बैठे।"
    mine = load("none", kb=laid(tmp_path))
    assert [e.rule for e in mine(text).events] == ["events/chai-par"] and nlp(text).events == ()
    rule = next(r for r in checks.rules(mine) if r.id == "events/chai-par")
    assert rule.file == tmp_path / "rules" / "events.toml" and checks.failures(mine, rule) == []


def test_a_rule_laid_over_is_checked(tmp_path: Path) -> None:
    mine = load("none", kb=laid(tmp_path, RULE.replace("rejects", "notes")))
    (problem,) = checks.failures(mine, next(r for r in checks.rules(mine) if r.id == "events/chai-par"))
    assert problem.startswith(str(tmp_path / "rules")) and "one reject" in problem
    with pytest.raises(DataError, match=r"rules/events.toml.*no word class 'TEA'"):
        load("none", kb=laid(tmp_path, word=WORD.replace("TEA", "OTHER")))
    with pytest.raises(DataError, match=r"rules/events.toml.*stands twice"):
        load("none", kb=laid(tmp_path, RULE + RULE))


def test_a_rule_laid_over_replaces_the_one_of_its_id(nlp: Pipeline, tmp_path: Path) -> None:
    mine = load("none", kb=laid(tmp_path, RULE.replace("chai-par", "ne-se")))
    (rule,) = [r for r in checks.rules(mine) if r.id == "events/ne-se"]
    assert rule.file.parent == tmp_path / "rules" and len(list(checks.rules(mine))) == len(list(checks.rules(nlp)))
    assert [e.rule for e in mine("मोदी और पुतिन चाय पर बैठे।").events] == ["events/ne-se"]
