"""The errors this package raises, all of them :class:`HindiDiploError`."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DataError", "HindiDiploError", "InputError", "MissingModelError"]


class HindiDiploError(Exception):
    """Base of every error that the package raises on purpose."""


class DataError(HindiDiploError):
    """A data file (lexicon, knowledge base, rule, gold) that breaks its schema."""

    def __init__(
        self, reason: str, *, file: str | Path, line: int | None = None, field: str | None = None
    ) -> None:
        self.file, self.line, self.field, self.reason = str(file), line, field, reason
        where = self.file if line is None else f"{self.file}:{line}"
        super().__init__(f"{where}: {field}: {reason}" if field else f"{where}: {reason}")


class InputError(HindiDiploError):
    """Input that cannot be read: a missing file, a wrong encoding, a broken row, a date that is none."""

    def __init__(self, reason: str, *, file: str | Path | None = None, line: int | None = None) -> None:
        self.file, self.line, self.reason = (None if file is None else str(file)), line, reason
        where = "" if self.file is None else (f"{self.file}: " if line is None else f"{self.file}:{line}: ")
        super().__init__(where + reason)


class MissingModelError(HindiDiploError):
    """A tagger whose package or weights are not there; ``command`` is what to run to get them."""

    def __init__(self, name: str, reason: str, command: str) -> None:
        self.name, self.command = name, command
        super().__init__(f"tagger {name!r}: {reason}. Run: {command}")

    def __reduce__(self) -> tuple[object, ...]:
        return (HindiDiploError, (str(self),))
