"""Batches from end to end: the same result on every engine, after every stop and every fault."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import deadly
import pytest

from hindi_diplo import batch
from hindi_diplo.batch import pool, tables, work
from hindi_diplo.batch.inputs import Part, fingerprint, plan
from hindi_diplo.batch.manifest import State
from hindi_diplo.batch.tables import TABLES, schema
from hindi_diplo.cli import main
from hindi_diplo.errors import UnfinishedError, UsageError
from hindi_diplo.types import Doc

pyarrow = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
ROOT = Path(__file__).parents[1]
TEXT = "{} ने {} से {} को मुलाकात की।"
NAMES = ("मोदी", "पुतिन", "जयशंकर", "लावरोव", "शी जिनपिंग", "मैक्रों")


def articles(path: Path, count: int, *, seed: int = 1) -> Path:
    """JSON Lines of made-up articles; every seventh is broken."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for n in range(count):
            text = TEXT.format(*draw.sample(NAMES, 2), draw.choice(["बुधवार", "सोमवार", "8 जुलाई"]))
            row = json.dumps({"id": f"r{n}", "text": text, "published": "2024-07-09"}, ensure_ascii=False)
            file.write(("{broken" if n % 7 == 6 else row) + "\n")
    return path


def files(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def table(out: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for path in sorted((out / name).glob("*.parquet")):
        rows += pq.read_table(path).to_pylist()
    return rows


def run(source: Path, out: Path, **options: Any) -> batch.Summary:
    return batch.run([source], out, **{"engine": "local", "tagger": "none", "rows_per_part": 4, **options})


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return articles(tmp_path_factory.mktemp("in") / "a.jsonl", 30)


@pytest.fixture(scope="module")
def whole(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run that nothing stopped."""
    out = tmp_path_factory.mktemp("whole") / "out"
    run(source, out)
    return out


# ---------------------------------------------------------------- what comes out


def test_the_tables(whole: Path, source: Path) -> None:
    documents, events = table(whole, "documents"), table(whole, "events")
    assert [row["doc"] for row in documents] == [f"r{n}" for n in range(30) if n % 7 != 6]
    assert all(row["file"] == str(source) and row["row"] == int(row["doc"][1:]) + 1 for row in documents)
    docs = [Doc.from_dict(json.loads(row["record"])) for row in documents]
    assert [(doc.id, event.id) for doc in docs for event in doc.events] == [(e["doc"], e["event"]) for e in events]
    assert len(table(whole, "participants")) == sum(len(e.participants) for doc in docs for e in doc.events)
    assert len(table(whole, "mentions")) == sum(row["mentions"] for row in documents)
    errors = table(whole, "errors")
    assert [row["row"] for row in errors] == [7, 14, 21, 28]
    assert all(row["step"] == "read" and "no JSON" in row["reason"] for row in errors)
    for name in TABLES:
        assert all(pq.read_schema(path).equals(schema(name)) for path in (whole / name).glob("*"))
        assert len(list((whole / name).glob("*.parquet"))) == 8


def test_the_manifest(whole: Path, source: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["finished"] and manifest["totals"]["documents"] == 26 and len(manifest["parts"]) == 8
    assert manifest["input"][0]["sha256"] == fingerprint(str(source)).sha256
    assert sorted(path.name for path in whole.iterdir()) == ["documents", "errors", "events", "manifest.json",
                                                             "mentions", "participants"]


def test_a_pool_gives_the_same_bytes(whole: Path, source: Path, tmp_path: Path) -> None:
    summary = run(source, tmp_path / "out", engine="pool", workers=2)
    assert files(tmp_path / "out") == files(whole)
    assert summary.totals["documents"] == 26 and summary.errors == 4 and summary.read == 30


def test_the_command(whole: Path, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["batch", str(source), "--out", str(tmp_path / "out"), "--engine", "local", "--tagger", "none",
               "--rows-per-part", "4"]
    assert main(command) == 1
    said = capsys.readouterr()
    assert "26 documents" in said.out and "4 errors" in said.out and "errors says" in said.out and said.err == ""
    assert files(tmp_path / "out") == files(whole)
    assert main([*command[:-1], "5"]) == 2 and "rows_per_part was 4, is 5" in capsys.readouterr().err
    assert main(["batch", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "new")]) == 2
    assert not (tmp_path / "new").exists()


def test_ids_are_no_file_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "../../../evil", "text": "x"}) + "\n" + '{"id": "\\ud800", "text": "x"}\n',
                    encoding="utf-8")
    run(path, tmp_path / "deep" / "out")
    assert [row["doc"] for row in table(tmp_path / "deep" / "out", "documents")] == ["../../../evil"]
    assert [row["row"] for row in table(tmp_path / "deep" / "out", "errors")] == [2]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "deep"]


# ---------------------------------------------------------------- stopped and gone on with


class _Stop(Exception):
    pass


@pytest.mark.parametrize("rows", [0, 1, 4, 13, 29])
def test_stopped_after_some_rows(whole: Path, source: Path, tmp_path: Path, rows: int,
                                 monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    real = tables.rows

    def counted(*given: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen > rows:
            raise _Stop
        return real(*given)

    monkeypatch.setattr(tables, "rows", counted)
    with pytest.raises(_Stop):
        run(source, tmp_path / "out")
    monkeypatch.undo()
    again = run(source, tmp_path / "out")
    assert files(tmp_path / "out") == files(whole)
    assert again.done_before == rows // 4


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_stopped_at_every_step_of_a_commit(tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run dies at its first step that touches the disk, the next at its second, and so on."""
    real, source, whole = getattr(os, call), articles(tmp_path / "a.jsonl", 8), tmp_path / "whole"
    run(source, whole)
    for step in range(1, 200):
        left = step

        def dying(*given: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                raise _Stop
            return real(*given, **named)

        monkeypatch.setattr(os, call, dying)
        try:
            run(source, tmp_path / "out")
            break
        except _Stop:
            continue
        finally:
            monkeypatch.undo()
    else:
        raise AssertionError("it never came to its end")
    assert step > 5 and files(tmp_path / "out") == files(whole)


def test_a_finished_batch_is_not_done_again(whole: Path, source: Path) -> None:
    before = files(whole)
    summary = run(source, whole)
    assert summary.read == 0 and summary.done_before == 8 and files(whole) == before


def test_a_part_that_is_lost_is_done_again(whole: Path, source: Path, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(State, "finish", lambda *given: (_ for _ in ()).throw(_Stop))
    with pytest.raises(_Stop):
        run(source, tmp_path / "out")
    monkeypatch.undo()
    (tmp_path / "out" / "events" / "part-000002.parquet").unlink()
    (tmp_path / "out" / "events" / "part-000005.parquet").write_bytes(b"cut")
    assert run(source, tmp_path / "out").done_before == 6
    assert files(tmp_path / "out") == files(whole)


def test_other_input_or_settings(source: Path, tmp_path: Path) -> None:
    path = articles(tmp_path / "a.jsonl", 9)
    out = tmp_path / "out"
    run(path, out)
    os.utime(path)  # a newer time and the same bytes are the same file
    run(path, out)
    articles(path, 9, seed=2)
    with pytest.raises(UsageError, match="no longer the file"):
        run(path, out)
    with pytest.raises(UsageError, match="other input files"):
        run(source, out)
    articles(path, 9)
    with pytest.raises(UsageError, match="tagger was 'none', is 'compact'"):
        run(path, out, tagger="compact")
    with pytest.raises(UsageError, match="above 0"):
        run(path, out, workers=0)
    with pytest.raises(UsageError, match="expected one of"):
        run(path, out, engine="ray")


def test_a_folder_that_holds_something_else(source: Path, tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "mine.parquet").touch()
    with pytest.raises(UsageError, match=r"mine\.parquet"):
        run(source, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events"]
    (tmp_path / "manifest.json").write_text('{"format": "of something else"}', encoding="utf-8")
    with pytest.raises(UsageError, match="expected the manifest of a batch"):
        run(source, tmp_path)


def test_output_beside_the_input_is_no_input(tmp_path: Path) -> None:
    articles(tmp_path / "a.jsonl", 3)
    for _ in range(2):
        assert run(tmp_path, tmp_path / "out").totals["documents"] == 3
    with pytest.raises(UsageError, match="holds all of the input"):
        run(tmp_path / "out", tmp_path / "out")


def test_no_rows(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    summary = run(tmp_path / "a.jsonl", tmp_path / "out")
    assert summary.parts == 0 and set(summary.totals.values()) == {0} and "0 documents" in str(summary)


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert batch.to_terminal() is None
    monkeypatch.setattr(sys, "stderr", Terminal())
    told = batch.to_terminal()
    assert told is not None
    for rows in (0, 10, 2000):
        told(rows, 2000, 3)
    said = sys.stderr.getvalue()
    assert "2,000 of 2,000 rows" in said and "a second" in said and "3 errors" in said and said.endswith("\n")


def test_two_runs_never_write_to_one_folder(source: Path, tmp_path: Path) -> None:
    with State(tmp_path / "out").locked(), pytest.raises(UsageError, match="another batch"):
        run(source, tmp_path / "out")


# ---------------------------------------------------------------- faults


def a_job(tmp_path: Path, ids: list[str]) -> tuple[work.Job, list[Part]]:
    """Rows with these ids, three to a part."""
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": i, "text": "x"}) + "\n" for i in ids), encoding="utf-8")
    out = tmp_path / "out"
    for name in TABLES:
        (out / name).mkdir(parents=True)
    work.commit_path(out, 0).parent.mkdir(parents=True)
    sources = (fingerprint(str(path)),)
    job = work.Job(str(out), "none", None, "", 2**20, sources)
    return job, plan(sources, 3, 2**20)


def in_pool(tmp_path: Path, ids: list[str], **options: Any) -> list[work.Commit]:
    return list(pool.in_pool(*a_job(tmp_path, ids), pool.Control(), workers=1, **{"do": deadly.do, **options}))


@pytest.mark.parametrize("do", [deadly.do, deadly.do_together])
def test_workers_that_die(do: Any, tmp_path: Path) -> None:
    """Killed once: nothing is lost.  Killed twice at one row: that row goes into the errors, the rest is done."""
    ids = ["a", f"{deadly.KILLS_ONCE}@{tmp_path / 'mark'}", "b", deadly.KILLS, "c", deadly.FULL, deadly.BROKEN]
    assert len(in_pool(tmp_path, ids, do=do)) == 3
    assert [row["doc"] for row in table(tmp_path / "out", "documents")] == [ids[0], ids[1], "b", "c"]
    killed, full, broken = table(tmp_path / "out", "errors")
    assert killed["row"] == 4 and killed["step"] == "worker" and "died of SIGKILL" in killed["reason"]
    assert full["row"] == 6 and "out of memory" in full["reason"]
    assert broken["row"] == 7 and broken["reason"] == "ZeroDivisionError: a fault of the pipeline"


def test_rows_that_kill_whoever_reads_them(tmp_path: Path) -> None:
    """A page of Parquet that pyarrow dies of: its rows and those behind it in the part are errors, no others."""
    path = tmp_path / "a.parquet"
    ids = ["a", "b", "c", deadly.KILLS, "e", "f", "g"]
    pq.write_table(pyarrow.table({"id": ids, "text": ["x"] * 7}), path)
    job, _ = a_job(tmp_path, ["a"])
    sources = (fingerprint(str(path)),)
    parts = plan(sources, 3, 2**20)
    list(pool.in_pool(replace(job, sources=sources), parts, pool.Control(), workers=1, do=deadly.do_and_die_reading))
    assert [row["doc"] for row in table(tmp_path / "out", "documents")] == ["a", "b", "c", "g"]
    errors = table(tmp_path / "out", "errors")
    assert [row["row"] for row in errors] == [4, 5, 6]
    assert all("cannot be read from here" in row["reason"] for row in errors)


@pytest.mark.slow
def test_files_with_bytes_changed(tmp_path: Path) -> None:
    """Whatever pyarrow makes of them, the batch comes to its end, and the good file is read whole."""
    draw, folder = random.Random(5), tmp_path / "in"
    folder.mkdir()
    pq.write_table(pyarrow.table({"id": ["a", "b", "c", "d"], "text": ["x", "y", "z", "x"]}), folder / "good.parquet")
    raw = (folder / "good.parquet").read_bytes()
    for n in range(150):
        broken = bytearray(raw)
        for _ in range(draw.randint(1, 3)):
            broken[draw.randrange(4, len(raw) - 8)] = draw.randrange(256)
        (folder / f"bad{n:03}.parquet").write_bytes(broken)
    summary = run(folder, tmp_path / "out", engine="pool", workers=1, rows_per_part=40)
    good = [row["doc"] for row in table(tmp_path / "out", "documents") if row["file"].endswith("good.parquet")]
    assert good == ["a", "b", "c", "d"] and summary.errors > 50


def test_rows_are_read_together_until_one_fails(tmp_path: Path) -> None:
    """Rows read together are then read one by one, and only what is wrong with its own row is told of a row."""
    job, parts = a_job(tmp_path, ["a", "b", "c", "d", deadly.BROKEN, "e"])
    reader, told = deadly.Together(), list[int]()
    for part in parts:
        work.do_part(job, part, nlp=reader, at=told.append)
    assert reader.reads == [3, 3, 1, 1, 1]
    assert [row["doc"] for row in table(tmp_path / "out", "documents")] == ["a", "b", "c", "d", "e"]
    (broken,) = table(tmp_path / "out", "errors")
    assert broken["row"] == 5 and broken["step"] == "pipeline" and "ZeroDivisionError" in broken["reason"]
    assert told[:6] == [0, 1, 2, 3, -2, work.BETWEEN] and [work.row_at(n) for n in (-2, -7, 4, -1)] == [0, 5, 4, 0]
    reader.reads.clear()
    work.do_part(job, parts[0], nlp=reader, together=False)
    assert reader.reads == [1, 1, 1]


@pytest.mark.parametrize("do", [deadly.do, deadly.do_together])
def test_a_row_that_takes_too_long(do: Any, tmp_path: Path) -> None:
    in_pool(tmp_path, ["a", deadly.HANGS, "b"], row_timeout=1, do=do)
    assert [row["doc"] for row in table(tmp_path / "out", "documents")] == ["a", "b"]
    (slow,) = table(tmp_path / "out", "errors")
    assert slow["row"] == 2 and "--row-timeout" in slow["reason"]


def test_workers_that_die_before_any_row(tmp_path: Path) -> None:
    with pytest.raises(UnfinishedError, match="fewer --workers"):
        in_pool(tmp_path, ["a"], do=deadly.do_and_die_loading)


def command(source: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "hindi_diplo", "batch", str(source), "--out", str(out), "--tagger", "none",
            "--rows-per-part", "4", *more]


def test_a_full_disk(whole: Path, source: Path, tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    done = subprocess.run(command(source, tmp_path / "out", "--engine", "local"), cwd=ROOT, capture_output=True,
                          text=True, preexec_fn=small, check=False)
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert "cannot be written: File too large" in done.stderr and "run the same command again" in done.stderr
    run(source, tmp_path / "out")
    assert files(tmp_path / "out") == files(whole)


def test_a_folder_that_may_not_be_written(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnfinishedError, match="cannot be written: Not a directory"):
        run(source, tmp_path / "file" / "out")
    with tempfile.TemporaryDirectory() as locked:
        os.chmod(locked, 0o555)
        root = os.geteuid() == 0
        if root:  # who may write everywhere: be nobody
            os.seteuid(65534)
        try:
            with pytest.raises(UnfinishedError, match="cannot be written: Permission denied"), State(locked).locked():
                raise AssertionError
        finally:
            if root:
                os.seteuid(0)


def started(arguments: list[str], out: Path, parts: int) -> subprocess.Popen[str]:
    """A batch that has committed some parts and goes on."""
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and len(list(out.glob("_work/commits/*.json"))) < parts:
        time.sleep(0.005)
    return process


@pytest.mark.parametrize("engine", ["local", "pool"])
def test_sigterm_stops_cleanly(tmp_path: Path, engine: str) -> None:
    source, out = articles(tmp_path / "a.jsonl", 800), tmp_path / "out"
    process = started(command(source, out, "--engine", engine, "--workers", "1"), out, 2)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + signal.SIGTERM and "stopped by SIGTERM" in said and "Traceback" not in said
    assert not list(out.glob("_work/temporary/*"))
    assert not json.loads((out / "manifest.json").read_text(encoding="utf-8"))["finished"]
    summary = run(source, out)
    assert summary.done_before >= 2 and summary.totals["documents"] + summary.errors == 800
    assert [row["row"] for row in table(out, "documents")] == [n + 1 for n in range(800) if n % 7 != 6]


@pytest.mark.slow
def test_killed_at_thirty_moments(tmp_path: Path) -> None:
    """SIGKILL to the run and its workers at random moments, in every phase; the result is that of an unbroken run."""
    source = articles(tmp_path / "a.jsonl", 1500)
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(source, whole)
    draw, killed = random.Random(7), 0
    arguments = command(source, out, "--engine", "pool", "--workers", "2")
    for _ in range(200):
        process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        began = len(list(out.glob("_work/commits/*.json")))
        deadline = time.monotonic() + draw.uniform(0.05, 3) if draw.random() < 0.5 else None
        wanted = began + draw.randint(1, 10)
        while process.poll() is None:
            if deadline and time.monotonic() > deadline:
                break
            if deadline is None and len(list(out.glob("_work/commits/*.json"))) >= wanted:
                break
            time.sleep(0.001)
        if process.poll() is not None:
            assert process.returncode == 1, process.communicate()[1]
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        killed += 1
        if killed == 30:
            assert subprocess.run(arguments, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode == 1
            break
    assert files(out) == files(whole)
    assert killed >= 20, "it finished too soon for the test to mean anything"
