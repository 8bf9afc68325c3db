"""Time expressions -> ISO value and grain, relative to the day of publication or to a day of the story.

The patterns stand in ``rules/times.toml``, the words in ``lexicon/calendar.tsv``; a pattern is read over
the folded tokens of a sentence, joined by single spaces.  ``timevalues.py`` makes the values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

import regex

from .dates import calendar
from .errors import DataError
from .files import data_path, read_rules, read_toml
from .text import Memo, tokens
from .timevalues import MAKERS, Context, words
from .types import Doc, Sentence, Span, TimeExpression

__all__ = ["TimeRule", "find", "parse", "rules"]

_LONG: Final = 1_000  # characters of a line that is read under a timeout


@dataclass(frozen=True, slots=True)
class TimeRule:
    """A rule of ``rules/times.toml`` with its pattern compiled; a sentence without a word of each set in ``needs``, or
    without two of a set in ``twice``, need not be searched, and only where a word of ``begins`` stands (None: any).
    A number in digits stands in sets as its kind (:func:`_kind`)."""

    id: str
    make: str
    pattern: Any
    examples: tuple[str, ...]
    rejects: tuple[str, ...]
    needs: tuple[frozenset[str], ...] = ()
    twice: tuple[frozenset[str], ...] = ()
    begins: frozenset[str] | None = None


@lru_cache(maxsize=1)
def rules() -> tuple[TimeRule, ...]:
    """The rules in the order of their file."""
    file = data_path() / "rules" / "times.toml"
    out = []
    for raw in read_rules(read_toml(file), file):
        pattern = raw["pattern"]
        for name in dict.fromkeys(regex.findall(r"\{(\w+)\}", pattern)):
            pattern = pattern.replace("{" + name + "}", _class(name, str(raw.get("id"))))
        if raw["make"] not in MAKERS:
            raise DataError(f"rule {raw['id']!r}: nothing makes {raw['make']!r}", file=file, field="make")
        needs = _needs(raw["pattern"])
        out.append(TimeRule(f"times/{raw['id']}", raw["make"], regex.compile(rf"(?<= )(?:{pattern})(?= )"),
                            tuple(raw.get("examples", ())), tuple(raw.get("rejects", ())), tuple(dict.fromkeys(needs)),
                            tuple(one for one, count in Counter(needs).items() if count > 1), _begins(raw["pattern"])))
    return tuple(out)


def _needs(pattern: str) -> list[frozenset[str]]:
    """The sets of words of which whatever a pattern matches has one: of each class outside optional groups; one that
    stands twice, two.

    A pattern that is put together in another way than the rules' has no needs, and is always tried."""
    pattern = regex.sub(r"\(\?[!=](?:[^()]|(\((?:[^()]|(?1))*\)))*\)", "", pattern)  # what must (not) follow
    optional = r"\(\?:(?:[^()]|\([^()]*\))*\)\?"
    while regex.search(optional, pattern):
        pattern = regex.sub(optional, "", pattern)
    outside = regex.sub(r"\([^()]*\)", "", pattern)
    if any(mark in outside for mark in "(|)?*"):
        return []
    found = [_first(name) for name in regex.findall(r"\{(\w+)\}", outside)]
    for group in regex.findall(r"\(\?:([^()]*)\)", pattern):
        names = [regex.findall(r"\{(\w+)\}", alternative) for alternative in group.split("|")]
        if all(names):
            found.append(frozenset[str]().union(*(_first(alternative[0]) for alternative in names)))
    return found


def _begins(pattern: str) -> frozenset[str] | None:
    """The words with which whatever a pattern matches begins; None where that is not seen."""
    if pattern.startswith("{"):
        name, _, rest = pattern[1:].partition("}")
        return None if rest[:1] in ("?", "*", "{") else _first(name)
    if not pattern.startswith("(?"):
        word = regex.match(r"\p{Devanagari}+(?= )", pattern)
        return frozenset((word[0],)) if word else None
    inside, rest = _group(pattern)
    if not pattern.startswith("(?:"):
        return _begins(rest)  # what must (not) stand before or behind
    found = [_begins(one) for one in inside] + ([_begins(rest.removeprefix("?"))] if rest.startswith("?") else [])
    return None if None in found or rest[:1] in ("*", "{") else frozenset[str]().union(*filter(None, found))


def _group(pattern: str) -> tuple[list[str], str]:
    """The alternatives of the group that begins a pattern, and what stands behind it."""
    depth, parts, at = 0, [""], 0
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if not depth:
            break
        if char == "|" and depth == 1:
            parts.append("")
        elif at > 2:
            parts[-1] += char
    return parts, pattern[at + 1 :]


#: Kinds of numbers in digits, none of them a word: of one or two, of three, of four, others, those with a mark within.
_KINDS: Final = ("0", "000", "0000", "0+", "0/0")


def _kind(norm: str) -> str:
    """A folded word; of a number in digits its kind."""
    if not norm[0].isdigit():
        return norm
    if not norm.isdecimal():
        return "0/0"
    return {1: "0", 2: "0", 3: "000", 4: "0000"}.get(len(norm), "0+")


_KIND_OF: Final = Memo(_kind)
_DIGITS: Final = {"dmy": ("0/0",), "d": ("0",), "d1": ("0",), "d2": ("0",), "y": ("0000",), "n": ("0", "000"),
                  "n1": ("0",), "n2": ("0",), "hh": ("0", "0/0")}
_ALSO: Final = {"month2": "month", "weekday2": "weekday", "to0": "to", "n": "number", "n1": "number", "n2": "number",
                "hh": "number"}  # classes with the words of another


_GLUED: Final = ("weekday", "month")  # classes whose words may have a case marker written onto them


def _glued(name: str) -> list[str]:
    """The forms of a class with a case marker written onto them."""
    return [form + case for form in calendar()[name] for case in calendar()["glued"]]


def _first(name: str) -> frozenset[str]:
    """The first words of the forms of a class, and the kinds of its numbers in digits."""
    forms = [*calendar()[_ALSO.get(name, name)]] if name in _ALSO or name not in _DIGITS else []
    if name in _GLUED:
        forms += _glued(name)
    return frozenset(tokens(form)[0].norm for form in forms) | frozenset(_DIGITS.get(name, ()))


def _class(name: str, rule: str) -> str:
    fixed = {
        "d": r"(?P<d>[0-3]?\d)", "d1": r"(?P<d1>[0-3]?\d)", "d2": r"(?P<d2>[0-3]?\d)",
        "y": r"(?P<y>(?:19|20)\d\d)", "dmy": r"(?P<dmy>[0-3]?\d[/.][01]?\d[/.](?:19|20)?\d\d)",
        "n": rf"(?P<n>\d{{1,3}}|{words('number')})", "n1": rf"(?P<d1>[0-3]?\d|{words('number')})",
        "n2": rf"(?P<d2>[0-3]?\d|{words('number')})", "month2": rf"(?P<month2>{words('month')})",
        "weekday2": rf"(?P<weekday2>{words('weekday')})", "to0": words("to"),
        "hh": rf"(?P<hh>[0-2]?\d(?:[.:]\d\d)?|{words('number')})",
    }
    if name in fixed:
        return fixed[name]
    if name not in calendar():
        raise DataError(f"rule {rule!r}: no class {name!r}", file=data_path() / "rules" / "times.toml")
    return f"(?P<{name}>{words(name)})" + (f"(?:{words('glued')})?" if name in _GLUED else "")


@lru_cache(maxsize=1)
def _hints() -> frozenset[str]:
    """Words, and kinds of numbers, without one of which a sentence has no time expression."""
    classes = calendar()
    names = ("month", "weekday", "week", "months", "years", "today", "adjacent", "day", "part", "hours", "hour",
             "moment")
    return frozenset(tokens(word)[0].norm for name in names for word in classes[name]) | frozenset(
        (*(word for name in _GLUED for word in _glued(name)), *_KINDS))


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, int], tuple[tuple[int, TimeRule], ...]]:
    """For each word the bits of the sets that hold it, and for each rule those of the sets that it needs."""
    numbers: dict[frozenset[str], int] = {}
    of_rules = tuple((sum(numbers.setdefault(needed, 1 << len(numbers)) for needed in rule.needs), rule)
                     for rule in rules())
    of_words: dict[str, int] = {}
    for known, bit in numbers.items():
        for word in known:
            of_words[word] = of_words.get(word, 0) | bit
    return of_words, of_rules


def _matches(rule: TimeRule, line: str, kinds: Sequence[str], places: Sequence[int]) -> Iterator[Any]:
    """What a rule matches in a line whose words, of these kinds, begin at these places; nothing that overlaps."""
    if any(sum(map(words_.__contains__, kinds)) < 2 for words_ in rule.twice):
        return
    begins, match, end = rule.begins, rule.pattern.match, 0
    timeout = 0.5 if len(line) > _LONG else None  # which costs as much as most of the matching
    for at, kind in zip(places, kinds, strict=False):
        if (begins is None or kind in begins) and at >= end and (found := match(line, at, timeout=timeout)):
            yield found
            end = found.end()


def find(doc: Doc) -> tuple[TimeExpression, ...]:
    """The time expressions of a document with tokens and sentences, in order, none overlapping another."""
    published = date.fromisoformat(doc.published) if doc.published else None
    story: date | None = None
    year = _only_year(doc) if published is None else None
    told: str | None = None
    out: list[TimeExpression] = []
    for sentence in doc.sentences:
        found = _sentence(doc, sentence, published, story, year, told)
        for time in found:
            told = time.value or told
            if time.value is not None and time.grain == "day":
                story = date.fromisoformat(time.value)
        out.extend(found)
    return tuple(out)


def _only_year(doc: Doc) -> int | None:
    """The year that a text names, if it names one only."""
    years = {t.norm for t in doc.tokens if len(t.norm) == 4 and t.norm.isdecimal() and t.norm.startswith(("19", "20"))}
    return int(years.pop()) if len(years) == 1 else None


def _sentence(doc: Doc, sentence: Sentence, published: date | None, story: date | None,
              year: int | None, told: str | None) -> list[TimeExpression]:
    row = doc.tokens[sentence.first : sentence.last]
    norms = [t.norm for t in row]
    kinds = [*map(_KIND_OF.__getitem__, norms)]
    if _hints().isdisjoint(kinds):
        return []
    of_words, of_rules = _index()
    bits = 0
    for word in of_words.keys() & set(kinds):
        bits |= of_words[word]
    lacking = ~bits
    possible = [rule for needed, rule in of_rules if not needed & lacking]
    if not possible:
        return []
    line = " " + " ".join(norms) + "  "
    places = [*accumulate([len(norm) + 1 for norm in norms], initial=1)]  # where each word begins, and the end
    matches = [(rule, m) for rule in possible for m in _matches(rule, line, kinds, places)]
    if not matches:
        return []
    starts = {at: token.span.start for at, token in zip(places, row, strict=False)}
    stops = {at - 1: token.span.stop for at, token in zip(places[1:], row, strict=True)}
    found = [(m.start(), m.end(), rule, m) for rule, m in matches if m.end() in stops]
    found.sort(key=lambda f: (f[0] - f[1], f[0]))
    taken: list[tuple[int, int, TimeRule, Any]] = []
    for one in found:
        if not any(one[0] < t[1] and t[0] < one[1] for t in taken):
            taken.append(one)
    out = []
    for start, stop, rule, m in sorted(taken, key=lambda f: f[:2]):
        made = MAKERS[rule.make](m, Context(published, story, line, stop, year, told))
        if made is not None:
            value, grain, anchored = made
            out.append(TimeExpression(Span(starts[start], stops[stop]), value, grain, rule.id, anchored))
            told = value or told
            if value is not None and grain == "day":
                story = date.fromisoformat(value)
    return out


def parse(phrase: str, published: str | date | None = None) -> tuple[str | None, str] | None:
    """Value and grain of the last time expression in a phrase; None where there is none."""
    text = phrase if phrase.endswith((" ", "।")) else phrase + " "
    row = tuple(tokens(text))
    if not row:
        return None
    whole = Span(0, len(text))
    day = published.isoformat() if isinstance(published, date) else published
    found = find(Doc(text=text, published=day, tokens=row, sentences=(Sentence(whole, 0, len(row)),)))
    return (found[-1].value, found[-1].grain) if found else None
