"""The only module that opens packaged files: tables (TSV) and rule files (TOML), checked as they load.

A table is UTF-8, tab-separated, with a header line; lines that begin with ``#`` and blank lines are
comments.  ``SCHEMAS`` names the columns of every table, the pattern of each field and what it refers to.
A field that takes several values separates them with ``|``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from .errors import DataError

__all__ = ["SCHEMAS", "Column", "data_path", "packaged", "read_rules", "read_table", "read_text", "read_toml"]

TRIMMED: Final = r"\S(.*\S)?"  # the pattern of most fields, checked without the engine
DATE: Final = r"\d{4}(-\d\d(-\d\d)?)?"
ID: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
ISO2: Final = r"[A-Z]{2}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the pattern that each value must match whole, whether it may be empty,
    whether it takes several values (``|``), and ``file:column`` that it must point into."""

    name: str
    pattern: str = TRIMMED
    optional: bool = False
    many: bool = False
    refers: str | None = None


SCHEMAS: Final[Mapping[str, tuple[Column, ...]]] = {
    "kb/countries.tsv": (
        Column("iso2", ISO2), Column("iso3", r"[A-Z]{3}"), Column("name_hi"), Column("name_latin"),
        Column("aliases", optional=True, many=True), Column("adjectives", optional=True, many=True),
        Column("capital", ID, optional=True), Column("source"), Column("name_order", "surname-first", optional=True),
    ),
    "kb/offices.tsv": (
        Column("id", ID), Column("forms", many=True), Column("latin"), Column("like", ID, optional=True, many=True),
        Column("abroad", ID, optional=True, many=True),
    ),
    "kb/organisations.tsv": (
        Column("id", ID), Column("name_hi"), Column("name_latin"), Column("aliases", optional=True, many=True),
        Column("type", ID), Column("country", ISO2, optional=True), Column("source"),
    ),
    "kb/members.tsv": (
        Column("org", ID), Column("country", ISO2), Column("from", DATE), Column("to", DATE, optional=True),
        Column("source"),
    ),
    "kb/places.tsv": (
        Column("id", ID), Column("name_hi"), Column("name_latin"),
        Column("aliases", optional=True, many=True), Column("country", ISO2, optional=True),
        Column("lat", r"-?\d+(\.\d+)?", optional=True), Column("lon", r"-?\d+(\.\d+)?", optional=True),
        Column("kind", r"city|venue|region|ambiguous"), Column("city", ID, optional=True), Column("source"),
    ),
    "kb/people.tsv": (
        Column("id", ID), Column("name_hi"), Column("name_latin"), Column("aliases", optional=True, many=True),
        Column("gender", r"male|female|other", optional=True), Column("country", ISO2, optional=True),
        Column("wikidata", r"Q\d+", optional=True), Column("source"),
    ),
    "kb/terms.tsv": (
        Column("person", ID), Column("office", ID), Column("country", rf"{ISO2}|{ID}"),
        Column("from", DATE, optional=True), Column("to", DATE, optional=True), Column("source"),
    ),
    "kb/traps.tsv": (Column("forms", many=True), Column("why")),
    "lexicon/abbreviations.tsv": (Column("form"), Column("dot", "abbreviation|end"), Column("note")),
    "lexicon/codes.tsv": (
        Column("kind", "meeting|call|multilateral|visit"),
        Column("status", "held|planned|cancelled|postponed|refused|not_held"),
        Column("setting", "mediated|visit|third", optional=True),
        Column("cameo", r"\d{3}", optional=True), Column("plover", r"[A-Z]+(-[a-z]+)*", optional=True),
    ),
    "lexicon/common.tsv": (Column("word"),),
    "lexicon/confidence.tsv": (Column("feature"), Column("weight", r"-?\d+(\.\d+)?")),
    "lexicon/contexts.tsv": (
        Column("forms", many=True),
        Column("context", "military|economic|resource|territory|terrorism|cyber|health|disaster|migration|environment|"
               "culture|education|legal|crime|human_rights|election|diplomatic|peacekeeping"),
        Column("note", optional=True)),
    "lexicon/datelines.tsv": (Column("form"), Column("kind", "agency|desk|place|particle")),
    "lexicon/furniture.tsv": (
        Column("form"), Column("where", "start|whole|inline|label|pattern"),
        Column("what", "published|updated|more|section|byline|credit|share|legal|ad|nav")),
    "lexicon/calendar.tsv": (Column("form"), Column("class", r"[a-z_]+"), Column("value", r"-?\d+")),
    "train/tags.tsv": (Column("tag"), Column("label", "PER|LOC|ORG"), Column("set")),
    "train/frames.tsv": (Column("frame"),),
    "lexicon/latin.tsv": (Column("letter"), Column("latin", optional=True),
                          Column("kind", "vowel|sign|consonant|mark|virama")),
    "lexicon/triggers.tsv": (Column("forms", many=True), Column("class", r"[A-Z]+(_[A-Z]+)*"),
                             Column("note", optional=True)),
}


def data_path() -> Path:
    """The folder of the packaged data files."""
    return Path(str(resources.files("hindi_diplo") / "data"))


def packaged(name: str) -> Path:
    """The folder ``models`` or ``seeds``: inside the installed package, or beside it in a checkout."""
    inside = Path(str(resources.files("hindi_diplo") / name))
    return inside if inside.is_dir() else inside.parents[1] / name


def read_text(path: Path) -> str:
    """The UTF-8 text of a data file; raises DataError where it is missing or not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError("no such file; is the installation whole?", file=path) from None
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 at byte {error.start}; save it as UTF-8", file=path) from None


def read_table(
    name: str, *, folder: Path | None = None, path: Path | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield ``(line number, {column: value})`` of the table ``name`` (``kb/people.tsv``), checked.

    ``folder`` is read in place of the packaged data, ``path`` is the very file.
    Raises DataError with file, line and field.
    """
    columns = SCHEMAS[name]
    path = path or (folder or data_path()) / name
    names = [column.name for column in columns]
    rows: list[tuple[int, list[str]]] = []
    header = True
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if header:
            needed = max(n for n, column in enumerate(columns, 1) if not column.optional)
            if len(fields) < needed or fields != names[: len(fields)]:  # optional columns at the end may be left out
                raise DataError(f"the header must be {names}, got {fields}", file=path, line=number)
            header = False
            continue
        if len(fields) < len(names):
            fields += [""] * (len(names) - len(fields))
        if len(fields) > len(names):
            raise DataError(f"expected {len(names)} fields, got {len(fields)}", file=path, line=number)
        rows.append((number, fields))
    for at, column in enumerate(columns):
        values = {fields[at] for _, fields in rows}  # many repeat
        if _good(values, column):
            continue
        number, wrong = next((n, fields[at]) for n, fields in rows if not _good({fields[at]}, column))
        reason = f"{wrong!r} does not match {column.pattern}" if wrong else "must not be empty"
        raise DataError(reason, file=path, line=number, field=column.name)
    for number, fields in rows:
        yield number, dict(zip(names, fields, strict=True))


def _good(values: set[str], column: Column) -> bool:
    """Whether all these values are such as a column takes."""
    if "" in values:
        if not column.optional:
            return False
        values = values - {""}
    if column.many:
        values = {part for value in values for part in value.split("|")}
    if column.pattern == TRIMMED:
        return all(value and not value[0].isspace() and not value[-1].isspace() for value in values)
    return all(map(re.compile(column.pattern).fullmatch, values))  # plain patterns: ``re`` is the faster engine


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML data file; raises DataError where it is missing or does not parse."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"not TOML: {error}", file=path) from None


def read_rules(loaded: Mapping[str, Any], path: Path) -> list[dict[str, Any]]:
    """The ``[[rule]]`` tables of a loaded rule file; raises DataError where they are none."""
    rules = loaded.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise DataError("expected [[rule]] tables", file=path)
    return rules
