"""Turns a reader's notes (YAML, see BLIND.md) into a gold file, and says what in them cannot be placed in the text.

    python benchmarks/notes.py notes-b94.yaml b94.jsonl [--before folder-of-earlier-gold] [--mark]

Spans are found from the words that a note quotes; "words @2" is their second occurrence in the text. People get the
id that the knowledge base has for their name and country, whatever the base would make of the text itself.  Pages that
stand in ``read.txt`` (hashes of addresses, which ``--mark`` adds once a round is scored) have been read before: fresh
texts come from others.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hindi_diplo.evaluation import load_gold
from hindi_diplo.exchange.schema import GOLD, check
from hindi_diplo.knowledge import KnowledgeBase

READ = Path(__file__).with_name("read.txt")
SENTENCE = re.compile(r"\S[^।?!\n]*[।?!]*[\"'”’]?")
LETTERS = r"\w\u0900-\u0963"
GRAINS = {4: "year", 7: "month", 8: "week", 10: "day"}


class Bad(ValueError):
    """A note that cannot be turned into gold."""


def place_words(quoted: str, text: str) -> dict[str, Any]:
    """The span of quoted words in the text: of the occurrence with the number given, counting those inside longer words
    too, or else of the first as whole words, if there is one."""
    words, _, which = str(quoted).partition(" @")
    found = [m.start() for m in re.finditer(re.escape(words), text)]
    if not which:
        whole = re.search(rf"(?<![{LETTERS}]){re.escape(words)}(?![{LETTERS}])", text)
        found = [whole.start()] if whole else found
    if not 0 < int(which or 1) <= len(found):
        raise Bad(f"{quoted!r} is not in the text as it stands there")
    at = found[int(which or 1) - 1]
    return {"text": words, "start": at, "stop": at + len(words)}


def person(note: Mapping[str, Any], text: str, kb: KnowledgeBase, local: dict[str, str]) -> dict[str, Any]:
    """A participant of a note: span, name, country, office, role and id."""
    span = place_words(note["text"], text)
    name, land = note.get("name") or span["text"], note.get("country")
    ident = note.get("id")
    if ident is None:
        for given in (name, note.get("latin")):
            owners = {i for k, i in kb.lookup(given or "") if k == "PERSON" and kb.entry(i).country in (land, None)}
            if len(owners) == 1:
                ident = owners.pop()
                break
    return {
        **span,
        "id": ident or local.setdefault(name, f"local:{len(local) + 1}"),
        "name": name,
        "name_latin": note.get("latin"),
        "role": note.get("role", "party"),
        "office": note.get("office"),
        "country": land,
        "side": note.get("side"),
    }


def event(note: Mapping[str, Any], number: int, text: str, kb: KnowledgeBase, local: dict[str, str]) -> dict[str, Any]:
    """An event of the notes."""
    mentions = set()
    for quoted in [note["trigger"], *(note.get("mentions") or ())]:
        at = place_words(quoted, text)["start"]
        mentions |= {m.span() for m in SENTENCE.finditer(text) if m.start() <= at < m.end()}
    where, when, at = note.get("place"), note.get("time"), note.get("occasion")
    empty = {"text": None, "start": None, "stop": None}
    if when is not None:
        value = str(when["value"])
        when = {
            **(place_words(when["text"], text) if when.get("text") else empty),
            "value": value,
            "grain": "range" if "/" in value else GRAINS[len(value)],
            "basis": when.get("basis", "stated" if when.get("text") else "published"),
        }
    if where is not None:
        where = {
            **(place_words(where["text"], text) if where.get("text") else empty),
            "name": where["name"],
            "country": where["country"],
            "basis": where.get("basis", "stated" if where.get("text") else "dateline"),
        }
    return {
        "id": f"e{number}",
        "kind": note["kind"],
        "status": note["status"],
        "participants": [person(p, text, kb, local) for p in note["participants"]],
        "place": where,
        "time": when,
        "topics": [{**place_words(t, text), "label": None} for t in note.get("topics") or ()],
        "occasion": {"text": place_words(at, text)["text"], "id": None} if at else None,
        "trigger": place_words(note["trigger"], text),
        "mentions": [list(m) for m in sorted(mentions)],
    }


def record(note: Mapping[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
    """The gold record of a text's notes; raises Bad or DataError with the event that is wrong."""
    text, local = note["text"].rstrip("\n"), {}
    made: list[dict[str, Any]] = []
    for number, one in enumerate(note.get("events") or (), 1):
        try:
            made.append(event(one, number, text, kb, local))
        except (Bad, KeyError, TypeError) as error:
            said = error if isinstance(error, Bad) else f"{error!r} is missing or malformed"
            raise Bad(f"event {number}: {said}") from None
    gold = {
        "schema": GOLD,
        "id": note["id"],
        "url": note.get("url"),
        "title": None,
        "published": note.get("published") and str(note["published"]),
        "dateline": note.get("dateline"),
        "text": text,
        "events": made,
    }
    check(gold, schema=GOLD)
    return gold


def shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    """The runs of words by which a text is known again."""
    words = text.split()
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def page(url: str) -> str:
    """The hash by which ``read.txt`` knows a page."""
    bare = re.sub(r"^https?://(www\.|m\.)?|/+$", "", url.strip().casefold())
    return hashlib.sha256(bare.encode()).hexdigest()[:16]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notes", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--before", type=Path, help="folder of earlier gold: texts that stand there are named")
    parser.add_argument("--mark", action="store_true", help="add the pages to read.txt: the round is scored")
    arguments = parser.parse_args()
    import yaml

    kb, bad, made = KnowledgeBase.load(), 0, []
    for note in yaml.safe_load(arguments.notes.read_text(encoding="utf-8")):
        try:
            made.append(record(note, kb))
        except ValueError as error:
            bad += 1
            print(f"{note.get('id')}: {error}")
    seen: dict[tuple[str, ...], str] = {}
    if arguments.before:
        for file in sorted(arguments.before.glob("*.jsonl")):
            if file.resolve() != arguments.gold.resolve():
                for gold in load_gold(file):
                    seen |= dict.fromkeys(shingles(gold.text or ""), f"{file.name}:{gold.id}")
    read = set(READ.read_text(encoding="utf-8").split()) if READ.exists() else set()
    for one in made:
        if one["url"] and page(one["url"]) in read and not arguments.mark:
            print(f"{one['id']}: this page was read in an earlier round; take another text")
        runs = shingles(one["text"])
        twins = {seen[run] for run in runs if run in seen}
        if runs and sum(run in seen for run in runs) > 0.2 * len(runs):
            print(f"{one['id']}: much of it stands in {', '.join(sorted(twins))} too; take another text")
        seen |= dict.fromkeys(runs, one["id"])
    if arguments.mark:
        read |= {page(r["url"]) for r in made if r["url"]}
        READ.write_text("".join(f"{code}\n" for code in sorted(read)), encoding="utf-8")
    arguments.gold.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in made), encoding="utf-8")
    empty = sum(not r["events"] for r in made)
    print(f"{len(made)} texts, {sum(len(r['events']) for r in made)} events, {empty} without; {bad} not placed")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
