"""Scores gold files of real news (which stay outside the repository) and prints the table of bars.

    python benchmarks/news_rounds.py round1.jsonl round2.jsonl [--errors] [--layers events,time] [--last 3]

The output comes from the installed pipeline, or from saved records (--records FILE, one per gold file).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from hindi_diplo import pipeline
from hindi_diplo.evaluation import EvaluationReport, evaluate
from hindi_diplo.knowledge import KnowledgeBase

LAYERS = "events,kind,status,place,time,topics"


def pooled(reports: list[EvaluationReport]) -> EvaluationReport:
    """All documents of several reports in one."""
    documents = tuple(d for report in reports for d in report.documents)
    return replace(reports[0], documents=documents, skipped=tuple(s for r in reports for s in r.skipped))


def table(report: EvaluationReport, name: str) -> str:
    """The bars as a Markdown table."""
    rows = [
        f"### {name}: {len(report.documents)} texts, {report.rate('events').gold:g} events",
        "",
        "| | value | 95 % interval | right / gold / got | must | aim | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for bar in report.bars():
        value = "-" if bar["value"] is None else f"{bar['value']:.3f}"
        span = "-" if bar["interval"] is None else f"{bar['interval'][0]:.2f}–{bar['interval'][1]:.2f}"
        rows.append(
            f"| {bar['row']} | {value} | {span} | {bar['right']:g} / {bar['gold']:g} / {bar['got']:g} "
            f"| {bar['must']:.2f} | {bar['aim']:.2f} | {bar['met'] or '-'} |"
        )
    every = report.rate("topics.all")
    if every.gold:
        rows += [
            "",
            f"Gold topics found, those of missed events counted as missed: {every.right / every.gold:.3f}",
        ]
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--records", nargs="+", type=Path, help="output records in place of the pipeline")
    parser.add_argument("--tagger", default="compact")
    parser.add_argument("--texts", type=Path, help="folder with the texts of gold that stores a sha256")
    parser.add_argument("--errors", action="store_true", help="list every error")
    parser.add_argument(
        "--layers", default=LAYERS, help=f"layers whose errors are listed, or all (default {LAYERS})"
    )
    parser.add_argument("--last", type=int, default=3, help="pool the last N files as well (default 3)")
    parser.add_argument("--html", type=Path, help="write the error browser of the pool of all files here")
    arguments = parser.parse_args()
    if arguments.records and len(arguments.records) != len(arguments.gold):
        parser.error("--records needs one file for each gold file")
    sources = arguments.records or [pipeline.load(arguments.tagger)] * len(arguments.gold)
    kb = KnowledgeBase.load()
    reports = []
    for source, path in zip(sources, arguments.gold, strict=True):
        reports.append(evaluate(source, path, texts=arguments.texts, kb=kb))
        print(table(reports[-1], path.stem), end="\n\n")
        if arguments.errors:
            layers = None if arguments.layers == "all" else arguments.layers.split(",")
            print("\n".join(reports[-1].error_lines(layers)), end="\n\n")
    if len(reports) > 1:
        print(table(pooled(reports), "all files"), end="\n\n")
    if len(reports) > arguments.last > 1:
        print(table(pooled(reports[-arguments.last :]), f"last {arguments.last} files"), end="\n\n")
    if arguments.html:
        arguments.html.write_text(pooled(reports).to_html(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
