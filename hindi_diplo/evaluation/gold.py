"""Gold documents: read, checked against the schema, and given their texts where only a hash is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..exchange.schema import GOLD, OUTPUT, check
from ..types import Doc

__all__ = ["GoldDocument", "labelled", "load_gold", "read_records"]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A gold record with its text (None where only its hash is stored and no text has that hash)."""

    record: Mapping[str, Any]
    text: str | None
    file: str

    @property
    def id(self) -> str:
        """The document's id."""
        return str(self.record["id"])

    def doc(self) -> Doc:
        """The labels as a Doc, to be shown, tabulated and drawn as output is; the rule of each is ``gold``.

        Raises InputError where the text is not there."""
        if self.text is None:
            raise InputError(f"{self.id!r} stores only the sha256 of its text; give the folder with it as texts")
        record, text = self.record, self.text
        made = {"url": None, "title": None, "made_by": {"tagger": str(record.get("annotator") or "hand")}, **record}
        for layer in ("entities", "relations"):
            made[layer] = [{"rule": "gold", "country": None, "office": None, **row} for row in record.get(layer, ())]
        made["events"] = [{"rule": "gold", **e, "occasion": _placed(e, text)} for e in record["events"]]
        return Doc.from_dict({**made, "schema": OUTPUT, "text": text})


def labelled(
    source: str | Path | Iterable[Mapping[str, Any]], *, texts: str | Path | None = None
) -> list[Doc]:
    """The hand-labelled documents of a .jsonl file, a folder or gold records, as Docs.

    Those that store only a sha256 are left out where ``texts`` holds no such text.  Raises InputError or
    DataError with file, line and field."""
    return [gold.doc() for gold in load_gold(source, texts=texts) if gold.text is not None]


def _placed(event: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    """The occasion with its place in the text, which gold may leave out: where the event is told, else the
    first place with these words; the trigger's where the words stand nowhere."""
    occasion = event.get("occasion")
    if occasion is None or "start" in occasion:
        return dict(occasion) if occasion else None
    words, trigger = occasion["text"], event["trigger"]
    for start, stop in [*event["mentions"], (0, len(text))]:
        at = text.find(words, start, stop)
        if at >= 0:
            return {**occasion, "start": at, "stop": at + len(words)}
    return {**occasion, "start": trigger["start"], "stop": trigger["stop"]}


def read_records(path: str | Path, *, schema: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records of a JSON Lines file with their line numbers, each checked against its schema."""
    try:
        lines = Path(path).read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}; save it as UTF-8", file=path) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(
                f"not JSON: {error.msg} at column {error.colno}", file=path, line=number
            ) from None
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, a bomb of brackets
            raise InputError(f"no JSON that can be read: {error}", file=path, line=number) from None
        check(record, schema=schema, file=path, line=number)
        yield number, record


def load_gold(
    source: str | Path | Iterable[Mapping[str, Any]], *, texts: str | Path | None = None
) -> list[GoldDocument]:
    """The gold documents of a .jsonl file, of all .jsonl files under a folder, or of records given.

    ``texts`` is a folder with the texts of records that store a sha256; the folder of the gold file is
    looked through as well.  Raises InputError or DataError with file, line and field.
    """
    found: list[tuple[str, int | None, Mapping[str, Any]]] = []
    folders = [Path(texts)] if texts is not None else []
    if texts is not None and not Path(texts).is_dir():
        raise InputError("no such folder of texts", file=texts)
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.exists():
            raise InputError("no such file or folder of gold documents", file=path)
        files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
        folders.append(path if path.is_dir() else path.parent)
        for file in files:
            name = str(file.relative_to(path)) if path.is_dir() else file.name
            found += [(name, number, record) for number, record in read_records(file, schema=GOLD)]
    else:
        for record in source:
            check(record, schema=GOLD, file="gold")
            found.append(("", None, record))
    if not found:
        raise InputError(
            "no gold documents there: expected .jsonl files of hindi-diplo-gold/1",
            file=source if isinstance(source, str | Path) else None,
        )
    hashes = _hashes(folders) if any("sha256" in record for _, _, record in found) else {}
    seen: dict[str, str] = {}
    docs = []
    for name, number, record in found:
        if record["id"] in seen:
            raise InputError(
                f"the id {record['id']!r} stands twice (also in {seen[record['id']]})",
                file=name or "gold",
                line=number,
            )
        seen[record["id"]] = name or "gold"
        text = record.get("text", hashes.get(record.get("sha256", "")))
        if text is not None and "text" not in record:
            full = {**record, "text": text}
            check(
                {k: v for k, v in full.items() if k != "sha256"},
                schema=GOLD,
                file=name or "gold",
                line=number,
            )
            docs.append(GoldDocument(full, text, name))
        else:
            docs.append(GoldDocument(record, text, name))
    return docs


def _hashes(folders: Iterable[Path]) -> dict[str, str]:
    """sha256 -> text of the .txt files in the folders."""
    found = {}
    for folder in folders:
        for path in sorted(folder.glob("*.txt")):
            raw = path.read_bytes()
            try:
                found[hashlib.sha256(raw).hexdigest()] = raw.decode("utf-8")
            except UnicodeDecodeError:
                continue  # a text in another encoding cannot be the one: gold hashes are of UTF-8
    return found
