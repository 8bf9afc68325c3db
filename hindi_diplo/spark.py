"""The pipeline on Apache Spark, through ``mapInArrow``: one batch of rows in, one out, in Python workers.

:func:`extract` is for data that Spark itself reads and writes (S3, HDFS, a table): a DataFrame of articles in,
a DataFrame of documents and events out.  :func:`in_spark` is the engine of a batch: it hands the parts of the
plan to Spark's workers, which read and write a file system that all of them see.  The pipeline is loaded once
in each Python worker.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any, Final

from . import reader
from .batch import LARGEST_ROW, tables
from .batch.inputs import Item, Part, Slice
from .batch.lines import too_large
from .batch.parquet import pyarrow
from .batch.pool import Control, Do, Faults, cores
from .batch.work import BETWEEN, ONE_THREAD, WORK, Commit, Job, commit_path, do_part, shared_pipeline
from .errors import HindiDiploError, InputError, UnfinishedError
from .pipeline import TOGETHER, TOGETHER_LONG

__all__ = ["extract", "in_spark", "session"]

JAVA: Final = 17
TRIES: Final = 8  # attempts at one task in local mode, where Spark by itself makes but one
POLL: Final = 0.5
NESTED: Final = ("events", "participants", "mentions")


# ---------------------------------------------------------------- Spark and Java


def session(*, master: str | None = None, workers: int | None = None) -> Any:
    """The SparkSession to work in: the active one, else a new one.

    ``master`` is the address of a cluster; without it what spark-submit or the configuration says holds, and
    without that ``workers`` cores of this machine.  Raises HindiDiploError with the command to run where
    pyspark or Java are not there."""
    if (active := _active()) is not None:
        return active
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    _check_java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    configured = SparkConf().get("spark.master", None)
    builder = SparkSession.builder.appName("hindi-diplo")
    for name, value in ONE_THREAD.items():
        builder = builder.config(f"spark.executorEnv.{name}", value)
    if master is None and configured is None:
        os.environ.update({name: value for name, value in ONE_THREAD.items() if name not in os.environ})
        builder = (builder.master(f"local[{workers or cores()},{TRIES}]").config("spark.ui.enabled", "false")
                   .config("spark.ui.showConsoleProgress", "false")
                   .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1"))
    elif master is not None:
        builder = builder.master(master)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def _active() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise HindiDiploError("pyspark is not installed. Run: pip install 'hindi-diplo[spark]'") from None
    return SparkSession.getActiveSession()


def _check_java() -> None:
    """Raise HindiDiploError unless a Java is there that Spark can run on."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    advice = (f"Spark needs Java {JAVA} or newer. Run: sudo apt-get install openjdk-{JAVA}-jre-headless (or set "
              "JAVA_HOME to where one is)")
    if java is None or not Path(java).exists():
        raise HindiDiploError(f"no Java was found. {advice}")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = said.partition('"')[2].partition('"')[0]
    major = version.removeprefix("1.").partition(".")[0].partition("-")[0]
    if not major.isdecimal() or int(major) < JAVA:
        raise HindiDiploError(f"{java} is of version {version or said.strip()!r}. {advice}")


# ---------------------------------------------------------------- a DataFrame of articles


def schema() -> Any:
    """The Arrow schema of the rows that :func:`extract` gives."""
    pa = pyarrow()
    own = [field for field in tables.schema("documents") if field.name not in ("file", "row", *NESTED)]
    lists = []
    for table in NESTED:
        inner = [field for field in tables.schema(table) if field.name not in ("file", "row", "doc")]
        lists.append(pa.field(table, pa.list_(pa.struct(inner))))
    return pa.schema([*own, *lists, pa.field("error", pa.string())])


def extract(
    frame: Any, *, tagger: str = "compact", kb: str | None = None, largest_row: float = LARGEST_ROW,
) -> Any:
    """A Spark DataFrame with one row for each row of ``frame``, in its order.

    ``frame`` has a column ``text`` and may have ``id``, ``title``, ``published`` and ``url``.  The result has
    ``doc`` (the id), ``published``, ``title``, ``url``, ``dateline``, ``characters``, ``record`` (the output
    record as JSON), the nested ``events``, ``participants`` and ``mentions``, and ``error``: the reason why a
    row could not be read (a text above ``largest_row`` MB among them), else null.

    Raises ValueError where ``frame`` has no column ``text``."""
    from pyspark.sql.pandas.types import from_arrow_schema

    if "text" not in frame.columns:
        raise ValueError(f"expected a DataFrame with a column 'text', got {', '.join(frame.columns)}")
    largest = int(largest_row * 2**20)
    names = [name for name in ("text", "id", "title", "published", "url") if name in frame.columns]

    def read(batches: Iterator[Any]) -> Iterator[Any]:
        nlp = shared_pipeline(tagger, kb)
        pa, wanted = pyarrow(), schema()
        items: list[Item] = []
        held = 0
        for batch in batches:
            for index in range(batch.num_rows):
                row = {name: batch.column(name)[index].as_py() for name in names}
                size = len((row["text"] or "").encode("utf-8", "surrogatepass"))
                got = (reader.from_row(row, "row", index + 1) if size <= largest
                       else InputError(too_large(size, largest), file="row", line=index + 1))
                items.append(Item("", None, got))
                held += size
                if len(items) == TOGETHER or held > TOGETHER_LONG:
                    yield pa.RecordBatch.from_pylist([*map(_nested, tables.together(nlp, items))], schema=wanted)
                    items, held = [], 0
        if items:
            yield pa.RecordBatch.from_pylist([*map(_nested, tables.together(nlp, items))], schema=wanted)

    return frame.select(*names).mapInArrow(read, from_arrow_schema(schema()))


def _nested(made: tables.Rows) -> dict[str, Any]:
    if "errors" in made:
        return {"doc": made["errors"][0]["doc"], "error": made["errors"][0]["reason"]}
    return {**made["documents"][0], **{table: made[table] for table in NESTED}}


# ---------------------------------------------------------------- the engine of a batch


def in_spark(
    job: Job, parts: Sequence[Part], control: Control, *, workers: int, master: str | None = None, do: Do = do_part,
) -> Iterator[Commit]:
    """Do the parts as tasks of one Spark job; commits come as they are made.

    A task whose worker died is tried again by Spark; a row at which two workers died goes into the errors.
    Raises UnfinishedError where the job fails or a stop is asked for."""
    theirs = _active()
    spark = session(master=master, workers=workers)
    folder = Path(job.out) / WORK / "temporary" / f"spark-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    rows = [(json.dumps([part.number, [astuple(piece) for piece in part.slices]]),) for part in parts]
    absolute = Job(os.path.abspath(job.out), job.tagger, job.kb and os.path.abspath(job.kb), job.data, job.largest,
                   job.sources)
    marks, here = os.path.abspath(folder), os.getcwd()

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        pa = pyarrow()
        with suppress(OSError):  # where it is not there, relative paths are named as missing
            os.chdir(here)
        for batch in batches:
            for text in batch.column("part").to_pylist():
                commit = _attempt(absolute, text, marks, do)
                yield pa.RecordBatch.from_pylist([{"commit": commit.to_json()}])

    context = spark.sparkContext
    frame = spark.createDataFrame(context.parallelize(rows, len(rows)), "part string").mapInArrow(work, "commit string")
    failures: list[BaseException] = []

    def collect() -> None:
        try:
            frame.collect()
        except BaseException as error:  # the main thread raises it
            failures.append(error)

    thread = threading.Thread(target=collect, daemon=True)
    thread.start()
    waiting = {part.number for part in parts}
    try:
        while waiting:
            over = not thread.is_alive()
            there = {int(path.stem) for path in commit_path(job.out, 0).parent.glob("[0-9]*.json")}
            for number in sorted(waiting & there):
                waiting.discard(number)
                yield Commit.from_json(commit_path(job.out, number).read_text(encoding="utf-8"))
            if over and waiting:
                raise UnfinishedError(f"Spark's job failed: {_reason(failures)} What is done stays done; run the same "
                                      "command again")
            control.check()
            control.moved(0)
            time.sleep(POLL)
        thread.join()
    finally:
        context.cancelAllJobs()
        if not theirs:
            spark.stop()


def _attempt(job: Job, text: str, marks: str, do: Do) -> Commit:
    """One attempt at a part in a Spark worker.  The row it is at stands in a file, which the next attempt reads:
    a worker that dies can tell no other way."""
    number, pieces = json.loads(text)
    part = Part(number, tuple(Slice(*piece) for piece in pieces))
    mark, deaths = Path(marks) / f"{number:06}.row", Path(marks) / f"{number:06}.deaths"
    if mark.exists():
        with deaths.open("a", encoding="ascii") as file:
            file.write(f"{int(mark.read_text(encoding='ascii') or BETWEEN)}\n")
    faults = Faults()
    for row in deaths.read_text(encoding="ascii").split() if deaths.exists() else ():
        faults.strike(int(row), "died")
    handle = os.open(mark, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        return do(job, part, avoid=faults.avoid, lost=faults.lost, together=not faults.strikes,
                  at=lambda row: os.pwrite(handle, b"%019d" % row, 0))
    finally:  # reached by whatever ends this attempt but the death of the process
        os.close(handle)
        with suppress(OSError):
            mark.unlink()


def _reason(failures: Sequence[BaseException]) -> str:
    """What went wrong, without the Java stack: the last error of ours, else the first lines."""
    if not failures:
        return "it ended and parts are missing."
    lines = [line.strip() for line in str(failures[0]).splitlines() if line.strip()]
    ours = [line for line in lines if "hindi_diplo" in line and "Error:" in line]
    if ours:
        return ours[-1].partition("Error: ")[2].rstrip(".") + "."
    return (lines or [type(failures[0]).__name__])[0] + "."
