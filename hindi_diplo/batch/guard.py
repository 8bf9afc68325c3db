"""Checks of files in a process of their own: a library in C that meets a file made to break it may end its process."""

from __future__ import annotations

import multiprocessing
from typing import Any

from ..errors import InputError
from . import parquet

__all__ = ["Guard"]


class Guard:
    """Runs :func:`parquet.check <hindi_diplo.batch.parquet.check>` in another process, started when it is needed."""

    def __init__(self) -> None:
        self._process: Any = None
        self._pipe: Any = None

    def check(self, path: str, largest: int) -> int:
        """What ``parquet.check`` gives or raises; InputError also where the check ended its process."""
        if self._process is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_work, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        try:
            self._pipe.send((path, largest))
            rows, reason = self._pipe.recv()
        except (EOFError, OSError):
            code = self._end()
            raise InputError(f"no Parquet that can be read: opening it ended a process (exit code {code})",
                             file=path) from None
        if reason is not None:
            raise InputError(reason, file=path)
        return int(rows)

    def _end(self) -> int | None:
        self._pipe.close()
        self._process.join()
        code: int | None = self._process.exitcode
        self._process = None
        return code

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *error: object) -> None:
        if self._process is not None:
            self._end()


def _work(pipe: Any) -> None:
    while True:
        try:
            path, largest = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((parquet.check(path, largest), None))
        except InputError as error:
            pipe.send((None, error.reason))
