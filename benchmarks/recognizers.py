"""How many of the Hindi date specs of microsoft/Recognizers-Text (MIT) are read the same.

    git clone --depth 1 https://github.com/microsoft/Recognizers-Text
    python benchmarks/recognizers.py Recognizers-Text [--errors]

Reads Specs/DateTime/Hindi/{DateParser,DatePeriodParser,DateTimeModel}.json of a checkout (nothing of it is kept
here).  In scope are dates and stretches of days, weeks, months and years that a news text counts from its day
of publication.  Out of scope, and counted apart by kind: hours, durations, sets, holidays, seasons, quarters,
decades, parts of months and years, weekends, business days, and stretches open at one end.  The specs give a
past and a future reading where the words leave it open: either counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import regex

from hindi_diplo import times
from hindi_diplo.merging import days
from hindi_diplo.text import tokens
from hindi_diplo.types import Doc, Sentence, Span

FILES = ("DateParser", "DatePeriodParser", "DateTimeModel")
Reading = tuple[date, date]  # first and last day


def readings(result: dict[str, Any]) -> tuple[str, str, set[Reading]]:
    """Kind, timex and the readings (first and last day) of one expected result."""
    kind = (result.get("Type") or result.get("TypeName") or "unnamed").removeprefix("datetimeV2.")
    found: set[Reading] = set()
    value = result.get("Value") or {}
    for part in ("FutureResolution", "PastResolution"):
        said = value.get(part) or {}
        found |= _reading(said.get("date"), said.get("startDate"), said.get("endDate"))
    timex = value.get("Timex", "")
    for said in (result.get("Resolution") or {}).get("values", ()):
        timex = timex or said.get("timex", "")
        found |= _reading(said.get("value"), said.get("start"), said.get("end"))
    return kind, timex, found


def _reading(day: str | None, start: str | None, end: str | None) -> set[Reading]:
    if day and regex.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return {(date.fromisoformat(day), date.fromisoformat(day))}
    if start and end and all(regex.fullmatch(r"\d{4}-\d\d-\d\d", d) for d in (start, end)):
        first, after = date.fromisoformat(start), date.fromisoformat(end)
        return {(first, after), (first, after - timedelta(days=1))}  # the specs count the end in or out
    return set()


def scope(kind: str, timex: str, expected: set[Reading]) -> str:
    """"" for what is in scope, else the kind that it is."""
    if kind not in ("date", "daterange"):
        return kind
    if not expected:
        return "open at one end"
    for name, pattern in (("season", r"(SP|SU|FA|WI)\b"), ("weekend", r"-WE\b"), ("business days", r"BD\b"),
                          ("quarter or half", r"-[QH]\d"), ("part of a month or year", r"W\d\d-\d|-W0\d|\bW\d|P\d+W\)"),
                          ("decade or century", r"P10Y|P100Y|XX\d\d-"), ("length", r"^P\d")):
        if regex.search(pattern, timex) and not regex.fullmatch(r"\d{4}-W\d\d", timex):
            return name
    return ""


def read(text: str, published: str) -> set[Reading]:
    """The days of every time expression that the program reads in a text."""
    row = tuple(tokens(text + " ।"))
    whole = Span(0, len(text) + 2)
    doc = Doc(text=text + " ।", published=published, tokens=row, sentences=(Sentence(whole, 0, len(row)),))
    return {days(t.value) for t in times.find(doc) if t.value is not None}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", type=Path, help="the folder of a checkout of microsoft/Recognizers-Text")
    parser.add_argument("--errors", action="store_true", help="print the specs in scope that are read otherwise")
    arguments = parser.parse_args()
    folder = arguments.checkout / "Specs" / "DateTime" / "Hindi"
    if not folder.is_dir():
        parser.error(f"{folder} is no folder: give a checkout of microsoft/Recognizers-Text")
    outside: Counter[str] = Counter()
    same = every = 0
    for name in FILES:
        right = count = 0
        for spec in json.loads((folder / f"{name}.json").read_text(encoding="utf-8-sig")):
            published = spec.get("Context", {}).get("ReferenceDateTime", "")[:10]
            if not published:
                continue
            got: set[Reading] | None = None
            for result in spec["Results"]:
                kind, timex, expected = readings(result)
                if reason := scope(kind, timex, expected):
                    outside[reason] += 1
                    continue
                got = read(spec["Input"], published) if got is None else got
                count += 1
                right += bool(got & expected)
                if arguments.errors and not got & expected:
                    said = ", ".join(f"{a}/{b}" for a, b in sorted(expected))
                    print(f"{result['Text']!r} in {spec['Input']!r} at {published}: {said}; "
                          f"read as {', '.join(f'{a}/{b}' for a, b in sorted(got)) or 'nothing'}")
        print(f"{name}: {right} of {count} read the same")
        same, every = same + right, every + count
    print(f"all: {same} of {every} ({same / every:.3f})" if every else "no specs in scope")
    print("out of scope: " + "; ".join(f"{kind} {n}" for kind, n in outside.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
