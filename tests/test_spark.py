"""The engine on Spark: the same bytes as on this process, and workers that are killed.

Skipped only where there is no Spark or no Java; CI installs both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import deadly
import pytest
from test_batch import a_job, articles, files, table

from hindi_diplo import batch, spark
from hindi_diplo.batch.pool import Control
from hindi_diplo.errors import HindiDiploError, UnfinishedError
from hindi_diplo.pipeline import Pipeline

ROOT = Path(__file__).parents[1]


def test_without_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HindiDiploError, match="apt-get install openjdk-17-jre-headless"):
        spark._check_java()
    old = tmp_path / "java"
    old.write_text('#!/bin/sh\necho \'openjdk version "1.8.0_292"\' >&2\n')
    old.chmod(0o755)
    with pytest.raises(HindiDiploError, match=r"is of version .1\.8\.0_292"):
        spark._check_java()
    old.write_text('#!/bin/sh\necho \'openjdk version "21-ea" 2023-09-19\' >&2\n')
    spark._check_java()


def test_without_pyspark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(HindiDiploError, match=r"pip install 'hindi-diplo\[spark\]'"):
        batch.run([articles(tmp_path / "a.jsonl", 2)], tmp_path / "out", engine="spark", tagger="none")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """One session on two cores for all tests, whose workers find the modules of the tests."""
    pytest.importorskip("pyspark")
    try:
        spark._check_java()
    except HindiDiploError as error:
        pytest.skip(str(error))
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), str(ROOT)])
    made = spark.session(workers=2)
    yield made
    made.stop()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.mark.slow
def test_spark_gives_the_same_bytes(session: Any, tmp_path: Path) -> None:
    source = articles(tmp_path / "a.jsonl", 30)
    options: dict[str, Any] = {"tagger": "none", "rows_per_part": 4}
    batch.run([source], tmp_path / "one", engine="local", **options)
    summary = batch.run([source], tmp_path / "two", engine="spark", **options)
    assert files(tmp_path / "two") == files(tmp_path / "one") and summary.errors == 4


@pytest.mark.slow
def test_workers_of_spark_that_die(session: Any, tmp_path: Path) -> None:
    """A Python worker killed in the middle costs time and nothing else; a row that kills two is an error."""
    ids = ["a", f"{deadly.KILLS_ONCE}@{tmp_path / 'mark'}", "b", deadly.KILLS, "c", "d"]
    commits = list(spark.in_spark(*a_job(tmp_path, ids), Control(), workers=2, do=deadly.do))
    assert len(commits) == 2 and (tmp_path / "mark").exists()
    assert [row["doc"] for row in table(tmp_path / "out", "documents")] == [ids[0], ids[1], "b", "c", "d"]
    (error,) = table(tmp_path / "out", "errors")
    assert error["row"] == 4 and "twice the worker" in error["reason"]


@pytest.mark.slow
def test_a_job_of_spark_that_fails(session: Any, tmp_path: Path) -> None:
    job, parts = a_job(tmp_path, ["a"])
    Path(job.sources[0].path).write_text("other", encoding="utf-8")
    with pytest.raises(UnfinishedError, match=r"job failed: /.* had \d+ when the batch began"):
        list(spark.in_spark(job, parts, Control(), workers=2, do=deadly.do))


@pytest.mark.slow
def test_a_frame_of_articles(session: Any, nlp: Pipeline) -> None:
    rows = [{"id": f"r{n}", "text": f"{who} ने पुतिन से मुलाकात की।", "published": "2024-07-09"}
            for n, who in enumerate(["मोदी", "शी जिनपिंग", "मैक्रों"] * 5)]
    rows[4]["text"] = None  # type: ignore[assignment]
    frame = session.createDataFrame(rows, "id string, text string, published string").coalesce(1)
    got = spark.extract(frame, tagger="none").collect()
    assert [row["error"] is None for row in got] == [n != 4 for n in range(15)]
    large = session.createDataFrame([{"text": "x" * 3000}], "text string")
    assert "--largest-row" in spark.extract(large, tagger="none", largest_row=0.002).collect()[0]["error"]
    for row, given in zip(got, rows, strict=True):
        if given["text"] is not None:
            expected = nlp(given)
            assert json.loads(row["record"]) == expected.record()
            assert [event["event"] for event in row["events"]] == [event.id for event in expected.events]
    with pytest.raises(ValueError, match="column 'text'"):
        spark.extract(frame.drop("text"))


@pytest.mark.slow
def test_the_command_on_a_session_of_its_own(session: Any, tmp_path: Path) -> None:
    source = articles(tmp_path / "a.jsonl", 6)
    done = subprocess.run(
        [sys.executable, "-m", "hindi_diplo", "batch", str(source), "--out", str(tmp_path / "out"), "--engine", "spark",
         "--tagger", "none", "--workers", "1"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "6 documents" in done.stdout, done.stderr
