"""The command ``hindi-diplo batch``: its arguments, and what it says at the end."""

from __future__ import annotations

import argparse

from . import ENGINES, LARGEST_ROW, ROWS_PER_PART, run, to_terminal

__all__ = ["arguments", "batch"]


def arguments(sub: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    sub.add_argument("paths", nargs="+", metavar="IN", help=".jsonl, .csv, .parquet (.jsonl.gz, .csv.gz): files, "
                     "folders, or globs in quotation marks")
    sub.add_argument("--out", required=True, metavar="DIR", help="the folder to write; run again, it goes on there")
    sub.add_argument("--engine", choices=ENGINES, default="pool", help="this process, processes here (default), Spark")
    sub.add_argument("--workers", type=int, metavar="N", help="processes; default: one for each core")
    sub.add_argument("--rows-per-part", type=int, default=ROWS_PER_PART, metavar="N", help="default: %(default)s")
    sub.add_argument("--largest-row", type=float, default=LARGEST_ROW, metavar="MB",
                     help="a row above it goes into the errors; default: %(default)s")
    sub.add_argument("--row-timeout", type=float, default=600.0, metavar="S",
                     help="a row that takes longer twice goes into the errors (pool only); default: %(default)s")
    sub.add_argument("--master", metavar="URL", help="Spark: the cluster; default: what spark-submit says, else here")


def batch(given: argparse.Namespace) -> int:
    """Run the batch; returns 0, or 1 where some rows are in the errors."""
    summary = run(
        given.paths, given.out, engine=given.engine, workers=given.workers, rows_per_part=given.rows_per_part,
        largest_row=given.largest_row, row_timeout=given.row_timeout, tagger=given.tagger, kb=given.kb,
        master=given.master, told=to_terminal(),
    )
    print(summary)
    if summary.errors:
        print(f"{given.out}/errors says which rows could not be read, and why")
    return 1 if summary.errors else 0
