"""What a pool does in the tests of faults: parts as they are, read by something that some texts kill."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hindi_diplo.batch import parquet
from hindi_diplo.batch.inputs import Part
from hindi_diplo.batch.work import Commit, Job, do_part
from hindi_diplo.types import Article, Doc

KILLS, KILLS_ONCE, HANGS, FULL, BROKEN = "kills", "kills-once", "hangs", "full", "broken"


def nlp(article: Article) -> Doc:
    """A Doc without events; the id says what befalls the process."""
    kind, _, mark = article.id.partition("@")
    if kind == KILLS or (kind == KILLS_ONCE and not Path(mark).exists()):
        if mark:
            Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == HANGS:
        time.sleep(600)
    if kind == FULL:
        raise MemoryError
    if kind == BROKEN:
        raise ZeroDivisionError("a fault of the pipeline")
    return Doc(text=article.text, id=article.id, published=article.published)


class Together:
    """The same as a pipeline that reads some rows together; ``reads`` counts how many at a time."""

    def __init__(self) -> None:
        self.reads: list[int] = []

    def __call__(self, article: Article) -> Doc:
        self.reads.append(1)
        return nlp(article)

    def pipe(self, articles: Sequence[Article]) -> Iterator[Doc]:
        """Documents in order; what befalls one befalls them all."""
        self.reads.append(len(articles))
        return iter([nlp(article) for article in articles])


def do_together(job: Job, part: Part, **options: Any) -> Commit:
    """``do_part`` with that reader."""
    return do_part(job, part, nlp=Together(), **options)


def do(job: Job, part: Part, **options: Any) -> Commit:
    """``do_part`` with that reader."""
    return do_part(job, part, nlp=nlp, **options)


def do_and_die_loading(job: Job, part: Part, **options: Any) -> Commit:
    """A worker that has no memory for the model."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def do_and_die_reading(job: Job, part: Part, **options: Any) -> Commit:
    """A reader of Parquet that dies of a row before anybody sees it."""
    read = parquet._row

    def dying(batch: Any, index: int, *rest: Any) -> Any:
        if batch.column("id")[index].as_py() == KILLS:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(batch, index, *rest)

    parquet._row = dying  # type: ignore[assignment]
    return do_part(job, part, nlp=nlp, **options)
