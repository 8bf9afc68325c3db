"""Parts on this process, or spread over processes of this machine.

The pool is our own because it must know which row a process was reading when it died: the standard library's
pool only says that some process did, and is broken from then on.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from typing import Any, Final

from ..errors import HindiDiploError, UnfinishedError
from .inputs import Part
from .work import BETWEEN, ONE_THREAD, Commit, Job, do_part, row_at

__all__ = ["Control", "Do", "Faults", "cores", "in_pool", "in_process"]

STRIKES: Final = 2  # deaths on one row, after which the row goes into the errors
UNREADABLE: Final = 3  # deaths on one row, the last while it was only read, after which it is not read either
TRIES: Final = 5  # deaths in one place that no row explains, after which the batch stops
PAUSE: Final = 0.25  # seconds between two looks at the workers' counters


@dataclass(slots=True)
class Control:
    """How a run is watched and stopped: ``signal`` is the number of a signal that asked for a stop;
    ``moved`` is called now and then with the rows read of the parts under way."""

    signal: int = 0
    moved: Callable[[int], object] = lambda rows: None

    def check(self) -> None:
        """Raise UnfinishedError where a stop was asked for."""
        if self.signal:
            name = signal.Signals(self.signal).name
            raise UnfinishedError(f"stopped by {name}. What is done stays done; the same command goes on with the rest",
                                  exit_code=128 + self.signal)


Do = Callable[..., Commit]


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_process(job: Job, parts: Sequence[Part], control: Control, *, do: Do = do_part) -> Iterator[Commit]:
    """Do the parts one after the other in this process."""
    for part in parts:
        def at(row: int) -> None:
            control.check()
            control.moved(row_at(row))

        yield do(job, part, at=at)


@dataclass(slots=True)
class _Worker:
    """A process, the pipe to it, the row it is at, and the part it does."""

    process: Any
    pipe: Any
    row: Any
    part: Part | None = None
    seen: int = BETWEEN
    since: float = 0.0
    slow: bool = False


@dataclass(slots=True)
class Faults:
    """Which rows of a part killed a worker, how often, and which of them are kept from the pipeline (``avoid``) or
    not even read (``lost``) by now, with the reason."""

    strikes: dict[int, int] = field(default_factory=dict)
    avoid: dict[int, str] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)

    def strike(self, row: int, cause: str) -> int:
        """Note a death at a row; returns how many there were."""
        count = self.strikes[row] = self.strikes.get(row, 0) + 1
        if count >= STRIKES and row >= 0:
            self.avoid[row] = f"twice the worker that read this row {cause}"
        if count >= UNREADABLE and row >= 0:
            self.lost[row] = f"every worker that came to row {row} of this part {cause}: it cannot be read from here on"
        return count


def in_pool(
    job: Job, parts: Sequence[Part], control: Control, *, workers: int, row_timeout: float = 600.0,
    do: Do = do_part,
) -> Iterator[Commit]:
    """Do the parts on ``workers`` processes, each of which loads the pipeline once; commits come as they are made.

    A part whose process dies, or takes longer than ``row_timeout`` seconds for the rows that it reads together, is done
    again by a new one, row by row.  A row that then kills two, or takes longer than that twice, goes into the errors.
    Raises UnfinishedError where processes die and no row explains it, or a stop is asked for."""
    pool = _Pool(job, parts, do)
    try:
        for _ in range(min(workers, len(parts))):
            pool.start()
        while pool.busy or pool.waiting:
            control.check()
            control.moved(sum(row_at(w.row.value) for w in pool.workers if w.part))
            pool.give()
            yield from pool.take(row_timeout)
    finally:
        pool.end()


class _Pool:
    def __init__(self, job: Job, parts: Sequence[Part], do: Do) -> None:
        self.job, self.do = job, do
        self.waiting = deque(parts)
        self.workers: list[_Worker] = []
        self.faults: dict[int, Faults] = {}
        # "spawn": the parent has threads (pyarrow), and a fork of a process with threads may hang
        self.context = multiprocessing.get_context("spawn")

    @property
    def busy(self) -> bool:
        return any(worker.part for worker in self.workers)

    def start(self) -> None:
        ours, theirs = self.context.Pipe()
        row = self.context.RawValue(ctypes.c_longlong, BETWEEN)
        process = self.context.Process(target=_work, args=(theirs, row, self.job, self.do, os.getpid()), daemon=True)
        with _one_thread():
            process.start()
        theirs.close()
        self.workers.append(_Worker(process, ours, row))

    def give(self) -> None:
        for worker in self.workers:
            if worker.part is None and self.waiting:
                part = self.waiting.popleft()
                worker.part, worker.seen, worker.since, worker.slow = part, BETWEEN, time.monotonic(), False
                worker.row.value = BETWEEN
                with suppress(OSError):  # it died: its pipe ends, which take() sees
                    known = self.faults.get(part.number, Faults())
                    worker.pipe.send((part, known.avoid, known.lost, not known.strikes))

    def take(self, row_timeout: float) -> Iterator[Commit]:
        """What workers have finished; replaces those that died."""
        connection.wait([worker.pipe for worker in self.workers], timeout=PAUSE)
        for worker in list(self.workers):
            if worker.pipe.poll():
                try:
                    kind, value = worker.pipe.recv()
                except (EOFError, OSError):
                    self.bury(worker)
                    continue
                if kind != "done":
                    raise UnfinishedError(value, exit_code=kind)
                worker.part = None
                yield value
            elif worker.part and worker.row.value != worker.seen:
                worker.seen, worker.since = worker.row.value, time.monotonic()
            elif worker.part and worker.seen != BETWEEN and time.monotonic() - worker.since > row_timeout:
                worker.slow = True
                worker.process.kill()

    def bury(self, worker: _Worker) -> None:
        """Note the row at which a worker died, queue its part again, and start another worker."""
        self.workers.remove(worker)
        worker.process.join()
        worker.pipe.close()
        if part := worker.part:
            row = worker.row.value
            cause = _cause(worker.process.exitcode, worker.slow)
            if self.faults.setdefault(part.number, Faults()).strike(row, cause) >= TRIES:
                raise UnfinishedError(f"part {part.number}: the workers {cause}, and not for one row. Make room in "
                                      "memory or use fewer --workers, and run the same command again")
            self.waiting.appendleft(part)
        self.start()

    def end(self) -> None:
        for worker in self.workers:
            worker.process.terminate() if worker.part else worker.pipe.close()
        for worker in self.workers:
            worker.process.join(5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes that start here compute on one thread each, unless the user says otherwise: there are as many
    processes as cores, and threads that wait for one another cost more than they bring."""
    set_here = {name: value for name, value in ONE_THREAD.items() if name not in os.environ}
    os.environ.update(set_here)
    try:
        yield
    finally:
        for name in set_here:
            del os.environ[name]


def _cause(code: int | None, slow: bool) -> str:
    if slow:
        return "took longer than --row-timeout allows"
    if code is not None and code < 0:
        hint = " (the system sends it when memory runs out)" if -code == signal.SIGKILL else ""
        return f"died of {signal.Signals(-code).name}{hint}"
    return f"ended with exit code {code}"


def _work(pipe: Any, row: Any, job: Job, do: Do, parent: int) -> None:
    """The life of a worker: parts come through the pipe, commits go back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    gc.set_threshold(50_000)  # reading leaves no cycles: the collector need not look at every document

    def at(number: int) -> None:
        row.value = number
        if os.getppid() != parent:
            os._exit(1)  # the parent was killed: nobody waits for this part

    while True:
        try:
            part, avoid, lost, together = pipe.recv()
        except EOFError:
            return
        try:
            answer: tuple[Any, Any] = ("done", do(job, part, avoid=avoid, lost=lost, at=at, together=together))
        except HindiDiploError as error:
            answer = (error.exit_code, str(error))
        except Exception:  # a fault of ours: the parent shows it
            answer = (3, f"part {part.number}: {traceback.format_exc()}")
        pipe.send(answer)
