"""The errors this package raises, all of them :class:`HindiDiploError`."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DataError", "HindiDiploError", "InputError", "MissingModelError", "UnfinishedError", "UsageError"]


class HindiDiploError(Exception):
    """Base of every error that the package raises on purpose; ``exit_code`` is what a command ends with."""

    exit_code = 1


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


class UsageError(HindiDiploError):
    """A command that was asked for what it cannot do; nothing was started."""

    exit_code = 2


class UnfinishedError(HindiDiploError):
    """Work that stopped before its end (a full disk, a signal); the same command goes on with it."""

    def __init__(self, reason: str, *, exit_code: int = 3) -> None:
        self.exit_code = exit_code
        super().__init__(reason)
