"""The JSON Schemas of the output record and of the gold format, and what a schema cannot say.

Checked on every load with fastjsonschema (it compiles a schema to plain Python: 30 times as quick as
jsonschema, and without its compiled dependencies)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..errors import DataError
from ..files import data_path, read_text
from ..merging import days

__all__ = ["GOLD", "OUTPUT", "check", "gold_schema", "output_schema"]

OUTPUT: Final = "hindi-diplo/1"
GOLD: Final = "hindi-diplo-gold/1"


def _schema(name: str) -> str:
    return read_text(data_path() / "schema" / f"{name.replace('/', '-')}.json")


def output_schema() -> str:
    """The JSON Schema (draft 7) of the output record, as text."""
    return _schema(OUTPUT).rstrip()


def gold_schema() -> str:
    """The JSON Schema (draft 7) of the gold format, as text."""
    return _schema(GOLD).rstrip()


@lru_cache(maxsize=2)
def _validator(name: str) -> Callable[[Any], Any]:
    import fastjsonschema

    made: Callable[[Any], Any] = fastjsonschema.compile(json.loads(_schema(name)))
    return made


def check(
    record: Any, *, schema: str | None = None, file: str | Path = "record", line: int | None = None
) -> None:
    """Raise DataError where a record breaks its schema (by default that which it names), where a span
    lies outside the text or does not cover the words given for it, or where a date is none."""
    import fastjsonschema

    if not isinstance(record, Mapping):
        raise DataError(f"expected a JSON object, got {type(record).__name__}", file=file, line=line)
    name = schema or record.get("schema")
    if name not in (OUTPUT, GOLD):
        raise DataError(
            f"expected {OUTPUT!r} or {GOLD!r}, got {name!r}", file=file, line=line, field="schema"
        )
    try:
        _validator(name)(record)
    except fastjsonschema.JsonSchemaValueException as error:
        field = ".".join(str(p) for p in error.path[1:]) or "record"
        reason = error.message.removeprefix(error.name or "").strip()
        raise DataError(
            f"{reason}, got {_short(error.value)}",
            file=file,
            line=line,
            field=f"{record.get('id', '?')}: {field}",
        ) from None
    text = record.get("text")
    for field, start, stop, words in _spans(record):
        where = f"{record['id']}: {field}"
        if (start is None) != (stop is None):
            raise DataError(
                "start and stop must both be there or both be null", file=file, line=line, field=where
            )
        if start is None or stop is None:
            continue
        if not start < stop or (text is not None and stop > len(text)):
            size = "" if text is None else f" within a text of {len(text)} characters"
            raise DataError(
                f"expected 0 <= start < stop{size}, got [{start}, {stop})", file=file, line=line, field=where
            )
        if text is not None and words is not None and text[start:stop] != words:
            raise DataError(
                f"text[{start}:{stop}] is {text[start:stop]!r}, not {words!r}",
                file=file,
                line=line,
                field=where,
            )
    for number, event in enumerate(record["events"]):
        if event["time"]:
            try:
                days(event["time"]["value"])
            except ValueError as error:
                raise DataError(
                    f"no date: {event['time']['value']!r} ({error})",
                    file=file,
                    line=line,
                    field=f"{record['id']}: events.{number}.time.value",
                ) from None


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) < 80 else shown[:77] + "..."


def _spans(record: Mapping[str, Any]) -> Iterator[tuple[str, int | None, int | None, str | None]]:
    for name in ("entities", "relations"):
        for number, row in enumerate(record.get(name, ())):
            yield f"{name}.{number}", row["start"], row["stop"], row.get("text")
    for number, event in enumerate(record["events"]):
        where = f"events.{number}"
        for name in ("participants", "topics"):
            for n, row in enumerate(event[name]):
                yield f"{where}.{name}.{n}", row["start"], row["stop"], row["text"]
        for name in ("place", "time", "trigger"):
            if event[name]:
                yield f"{where}.{name}", event[name]["start"], event[name]["stop"], event[name]["text"]
        if event["occasion"]:
            yield f"{where}.occasion", event["occasion"].get("start"), event["occasion"].get("stop"), None
        for n, (start, stop) in enumerate(event["mentions"]):
            yield f"{where}.mentions.{n}", start, stop, None
