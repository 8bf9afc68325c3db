"""A batch of generated articles from end to end: rate, memory over time, and a restart after a kill.

    python benchmarks/batch.py --articles 100000 --workers 2 --folder /tmp/batch-100000

Articles are the labelled development documents with persons and dates exchanged, written as JSON Lines and
Parquet.  The batch is killed (SIGKILL, workers too) in its middle and started again; at the end every article
must be there exactly once.  CPU time is counted besides wall time, since other work on the machine slows the
latter only.  ``--merge-events`` measures merging instead: how its time grows with the number of events.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import subjects

from hindi_diplo.corpus import merge

ROOT = Path(__file__).parents[1]
FIRST_YEAR, LAST_YEAR = 2015, 2024
MB = 2**20


# ---------------------------------------------------------------- articles


def seeds() -> list[dict[str, Any]]:
    lines = (ROOT / "seeds" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def varied(document: dict[str, Any], names: list[str], draw: random.Random, number: int) -> dict[str, Any]:
    """The document with its persons replaced by others and its years by one other year."""
    year = str(draw.randint(FIRST_YEAR, LAST_YEAR))
    swap: dict[str, str] = {}
    pieces, at, text = [], 0, document["text"]
    for entity in sorted(document["entities"], key=lambda e: e["start"]):
        if entity["label"] == "PERSON" and entity["start"] >= at:
            new = swap.setdefault(entity["id"], draw.choice(names))
            pieces += [text[at : entity["start"]], new]
            at = entity["stop"]
    pieces.append(text[at:])
    month, day = draw.randint(1, 12), draw.randint(1, 28)
    return {"id": f"a{number:07}", "title": None, "published": f"{year}-{month:02}-{day:02}",
            "text": re.sub(r"(?<!\d)(19|20)\d\d(?!\d)", year, "".join(pieces))}


def generate(folder: Path, count: int) -> list[Path]:
    """Half of the articles as JSON Lines, half as Parquet, the same for the same count."""
    documents, draw = seeds(), random.Random(count)
    names = sorted({e["text"] for d in documents for e in d["entities"] if e["label"] == "PERSON"})
    folder.mkdir(parents=True, exist_ok=True)
    half, lines, table = count // 2, folder / "a.jsonl", folder / "b.parquet"
    with lines.open("w", encoding="utf-8") as file:
        for n in range(half):
            file.write(json.dumps(varied(draw.choice(documents), names, draw, n), ensure_ascii=False) + "\n")
    schema = pa.schema([(name, pa.string()) for name in ("id", "title", "published", "text")])
    with pq.ParquetWriter(table, schema, compression="zstd") as writer:
        for start in range(half, count, 5000):
            rows = [varied(draw.choice(documents), names, draw, n) for n in range(start, min(start + 5000, count))]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    return [lines, table]


# ---------------------------------------------------------------- the run


def family(root: int) -> list[int]:
    """The process and all that it started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def memory(pids: list[int]) -> int:
    """Bytes that the processes hold, what they share counted once (PSS)."""
    total = 0
    for pid in pids:
        try:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) * 1024
    return total


def watch(command: list[str], out: Path, parts: int, kill_at: int | None) -> tuple[float, list[tuple[float, int, int]]]:
    """Run the command, kill it once ``kill_at`` parts are done; wall seconds, and (seconds, parts, bytes) over time."""
    began, curve = time.monotonic(), []
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, text=True)
    while process.poll() is None:
        done = len(list(out.glob("_work/commits/*.json")))
        curve.append((time.monotonic() - began, done, memory(family(process.pid))))
        if kill_at is not None and done >= kill_at:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            break
        time.sleep(1)
    said = process.communicate()[0]
    if kill_at is None:
        if process.returncode != 0:
            raise SystemExit(f"the batch ended with {process.returncode}: {said}")
        print(said.strip())
    return time.monotonic() - began, curve


def shown(curve: list[tuple[float, int, int]], lines: int = 12) -> None:
    top = max(size for _, _, size in curve)
    for seconds, done, size in curve[:: max(1, len(curve) // lines)]:
        print(f"  {seconds:8.0f} s {done:5} parts {size / MB:8.0f} MB {'#' * round(40 * size / top)}")
    print(f"  peak {top / MB:.0f} MB over all processes")


def check(out: Path, count: int) -> None:
    """Raise unless every article is there exactly once and no row is an error."""
    ids: list[str] = []
    for path in sorted((out / "documents").glob("*.parquet")):
        ids += pq.read_table(path, columns=["doc"]).column("doc").to_pylist()
    if ids != [f"a{n:07}" for n in range(count)]:
        raise SystemExit(f"{len(ids)} documents of {count}, {len(set(ids))} different: rows are lost, doubled or moved")


def batch(given: argparse.Namespace) -> None:
    folder = Path(given.folder)
    began = time.monotonic()
    files = generate(folder / "in", given.articles)
    size = sum(path.stat().st_size for path in files)
    print(f"{given.articles:,} articles generated in {time.monotonic() - began:.0f} s, {size / MB:.0f} MB")
    out = folder / "out"
    parts = -(-given.articles // given.rows_per_part)
    command = [sys.executable, "-m", "hindi_diplo", "batch", *map(str, files), "--out", str(out),
               "--engine", given.engine, "--workers", str(given.workers),
               "--rows-per-part", str(given.rows_per_part), "--tagger", given.tagger]
    first, curve = watch(command, out, parts, parts // 2)
    done = len(list(out.glob("_work/commits/*.json")))
    print(f"killed after {first:.0f} s with {done} of {parts} parts done: "
          f"{done * given.rows_per_part / first:.1f} articles a second on {given.workers} workers")
    shown(curve)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    second, curve = watch(command, out, parts, None)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown(curve)
    check(out, given.articles)
    rows = given.articles - done * given.rows_per_part
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    wrote = sum(path.stat().st_size for path in out.rglob("*.parquet"))
    late = [size for _, _, size in curve[len(curve) // 2 :]]
    early = [size for _, _, size in curve[len(curve) // 4 : len(curve) // 2]] or late
    print(f"memory, mean of the last half and of the quarter before: {sum(late) / len(late) / MB:.0f} and "
          f"{sum(early) / len(early) / MB:.0f} MB")
    print(f"restart: {rows:,} articles in {second:.0f} s = {rows / second:.1f} a second on {given.workers} workers; "
          f"{rows / cpu:.1f} a second of CPU time; output {wrote / given.articles:.0f} bytes an article")
    print(f"all {given.articles:,} articles are there, each once and in order")


# ---------------------------------------------------------------- merging


def told(count: int) -> list[dict[str, Any]]:
    """Output records with ``count`` events: each encounter told by one to forty articles, sharply and vaguely."""
    draw, records = random.Random(count), []
    at = {"start": 0, "stop": 1}
    while len(records) < count:
        people = draw.sample(range(400), draw.choice((2, 2, 2, 3)))
        year, month, day = draw.randint(2005, 2024), draw.randint(1, 12), draw.randint(1, 28)
        for _ in range(min(draw.randint(1, 40), count - len(records))):
            time_ = draw.choice((f"{year}-{month:02}-{day:02}",) * 3 + (f"{year}-{month:02}", None))
            event = {
                "id": str(len(records)), "kind": "meeting", "status": "held", "participants": [
                    {"id": f"person-{p}", "name": f"person {p}", "name_latin": f"person {p}", "text": "x",
                     "role": "party", "office": None, "country": "IN", "side": None, **at, "via": None}
                    for p in people],
                "place": None, "topics": [], "occasion": None, "trigger": {"text": "x", **at}, "mentions": [[0, 1]],
                "time": time_ and {"value": time_, "grain": "day" if len(time_) == 10 else "month", "text": "x", **at,
                                   "basis": "stated"},
                "codes": {"cameo": None, "plover": None}, "rule": "events/x", "confidence": 0.9}
            records.append({"id": f"d{len(records)}", "published": f"{year}-{month:02}-{day:02}", "events": [event]})
    return records


def merging(most: int) -> None:
    for count in (most // 8, most // 4, most // 2, most):
        records = told(count)
        began = time.process_time()
        merged = merge(records)
        seconds = time.process_time() - began
        kept = sum(len(event.sources) for event in merged.events)
        print(f"{count:>9,} events -> {len(merged.events):>8,} in {seconds:7.2f} s of CPU, "
              f"{1e6 * seconds / count:6.1f} µs an event; {kept:,} sources kept; {subjects.peak():,.0f} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows-per-part", type=int, default=1000)
    parser.add_argument("--engine", default="pool", choices=("local", "pool", "spark"))
    parser.add_argument("--tagger", default="compact")
    parser.add_argument("--folder", help="a new folder for input and output")
    parser.add_argument("--merge-events", type=int, metavar="N", help="measure merging at N/8, N/4, N/2 and N events")
    given = parser.parse_args()
    if given.merge_events:
        merging(given.merge_events)
    elif given.folder:
        batch(given)
    else:
        parser.error("--folder or --merge-events is needed")


if __name__ == "__main__":
    main()
