"""The command ``hindi-diplo``: each subcommand reads its arguments here and does its work elsewhere."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TextIO

from . import annotate, checks, corpus_files, display, exchange, kbtools, pipeline, reader, train
from ._version import __version__
from .batch import command as batch_command
from .errors import HindiDiploError, InputError, UsageError
from .evaluation import evaluate
from .exchange import schema
from .files import packaged
from .knowledge import KnowledgeBase
from .report import read_records, write_report
from .types import Article, Doc

__all__ = ["main"]

PUBLISHED = "publication date (YYYY-MM-DD), where the page gives none"
OVERLAY = "a folder laid over the packaged data: kb/*.tsv, lexicon/triggers.tsv, rules/*.toml"
FORMATS = ("table", "json", "jsonl", "html", "brat", "conll", "plover")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 done, 1 some input could not be read, 2 wrong use,
    3 (of a batch) not finished."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            code: int = arguments.run(arguments)
        sys.stdout.flush()
    except HindiDiploError as error:
        print(f"hindi-diplo: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("hindi-diplo: stopped", file=sys.stderr)
        return 130
    return code


def _warn(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning as one line of ours, without a line of source code."""
    print(f"hindi-diplo: warning: {message}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hindi-diplo",
        description="Reads Hindi diplomatic news and answers: who met whom, where, when, about what.",
    )
    parser.add_argument("--version", action="version", version=f"hindi-diplo {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        return sub

    sub = command("extract", _extract, "extract events from articles")
    sub.add_argument("paths", nargs="+", metavar="PATH", help=".txt, .html, .jsonl, .csv, .parquet or - for stdin")
    sub.add_argument("--published", metavar="DATE", type=_day, help=PUBLISHED)
    sub.add_argument("--format", choices=FORMATS, help="default: a table on a terminal, JSON Lines into a pipe")
    sub.add_argument("--out", metavar="FILE", help="write to FILE instead of standard output")
    sub.add_argument("--min-confidence", type=_share, default=0.0, metavar="P", help="leave out events below P (0..1)")
    _model(sub)

    sub = command("batch", batch_command.batch, "read many articles into Parquet tables, resumable, on many cores")
    batch_command.arguments(sub)
    _model(sub)

    sub = command("merge", corpus_files.command, "merge the events of many articles: the same meeting becomes one")
    corpus_files.arguments(sub)

    sub = command("explain", _explain, "show how the rules see a text and which of them fired")
    sub.add_argument("text", help="the text, or @FILE to read a file, or - for stdin")
    sub.add_argument("--published", metavar="DATE", type=_day, help="publication date (YYYY-MM-DD)")
    _model(sub)

    sub = command("check", _check, "check every rule, word list and fact, with the rules' own examples")
    sub.add_argument("--kb", metavar="DIR", help=OVERLAY)

    sub = command("evaluate", _evaluate, "score the pipeline on hand-labelled documents")
    sub.add_argument("gold", nargs="?", help="a .jsonl file or a folder; default: the seeds that ship")
    sub.add_argument("--texts", metavar="DIR", help="folder with the texts of gold that holds only a checksum")
    sub.add_argument("--output", metavar="FILE", help="score these output records instead of running the pipeline")
    sub.add_argument("--errors", action="store_true", help="list every difference with document, sentence and rule")
    sub.add_argument("--html", metavar="FILE", help="write an error browser: gold and output side by side")
    sub.add_argument("--save", metavar="FILE", help="write the report as JSON, to compare a later run with")
    sub.add_argument("--compare", metavar="FILE", help="compare with a saved report: better, worse, significant?")
    sub.add_argument("--fail-under", action="append", default=[], metavar="MEASURE=VALUE",
                     help="exit with 1 where a measure is lower (events=0.8); may be given more than once")
    _model(sub)

    sub = command("report", _report, "write one offline HTML page: filters, events with evidence, pictures")
    sub.add_argument("paths", nargs="+", metavar="PATH", help="articles as for extract, or output records (.jsonl)")
    sub.add_argument("--out", required=True, metavar="FILE", help="the .html file to write")
    sub.add_argument("--title", default="Who met whom", help="the heading of the page")
    sub.add_argument("--published", metavar="DATE", type=_day, help=PUBLISHED)
    sub.add_argument("--min-confidence", type=_share, default=0.0, metavar="P", help="leave out events below P (0..1)")
    _model(sub)

    sub = command("kb", _kb, "look into the knowledge base: one entry, a name, counts, terms that look old")
    sub.add_argument("what", choices=("show", "find", "stats", "stale"))
    sub.add_argument("key", nargs="?", help="show: an id; find: a name; stale: the day to count from (YYYY-MM-DD)")
    sub.add_argument("--kb", metavar="DIR", help=OVERLAY)

    sub = command("annotate", _annotate, "labels in and out of annotation tools, and agreement between labellers")
    sub.add_argument("what", choices=("export", "import", "agreement", "adjudicate", "resolve"))
    sub.add_argument("paths", nargs="+", metavar="PATH",
                     help="export: articles, output or gold; import: a labelled folder; agreement, adjudicate: two "
                          "gold files; resolve: a folder of decisions")
    sub.add_argument("--format", choices=annotate.FORMS, default="brat")
    sub.add_argument("--out", metavar="PATH", help="export, adjudicate: a folder; import, resolve: a .jsonl file")
    sub.add_argument("--annotator", metavar="NAME", help="import: who labelled")
    _model(sub)

    sub = command("train", _train, "train a tagger from CoNLL / TSV files and write it with manifest and card")
    sub.add_argument("tagger", choices=("compact", "stanza"))
    sub.add_argument("--train", nargs="+", required=True, metavar="FILE", help="token TAB tag, a file for each tag set")
    sub.add_argument("--dev", nargs="+", required=True, metavar="FILE")
    sub.add_argument("--extra", nargs="+", default=[], metavar="FILE",
                     help="compact: labelled files without a dev file, which only teach what all heads share")
    sub.add_argument("--pretrain", nargs="+", default=[], metavar="TEXT",
                     help="compact: plain text, a sentence a line, whose hidden words the network guesses before it "
                          "sees a label; DIR/pretrained.npz keeps what was learnt")
    sub.add_argument("--passes", type=int, metavar="N", help="compact: how often --pretrain is read (1)")
    sub.add_argument("--begin", metavar="NPZ", help="compact: a pretrained.npz to begin with, instead of --pretrain")
    sub.add_argument("--teachers", type=int, metavar="N",
                     help="compact: networks that are trained first, from whose scores the members then learn; "
                          "DIR/teachers.npz keeps them")
    sub.add_argument("--teach", nargs="+", default=[], metavar="NPZ",
                     help="compact: a teachers.npz or compact.npz to learn from, instead of --teachers")
    sub.add_argument("--large", type=int, metavar="N",
                     help="compact: transformers that are trained first, from --pretrain on, and then teach; a CPU "
                          "would need days, see --device")
    sub.add_argument("--unlabelled", nargs="+", default=[], metavar="TEXT",
                     help="compact: plain text, a sentence a line, that the teachers label")
    sub.add_argument("--device", choices=("cpu", "cuda"), help="compact: what trains (cpu); cuda is an NVIDIA card")
    sub.add_argument("--join", nargs="+", default=[], metavar="NPZ",
                     help="compact: train nothing, but make one tagger of these, whose scores are averaged")
    sub.add_argument("--epochs", type=int, metavar="N", help="compact: how often the labelled files are read (7)")
    sub.add_argument("--members", type=int, metavar="N", help="compact: networks, whose scores are averaged (1)")
    sub.add_argument("--rate", type=float, metavar="R",
                     help="compact: the highest learning rate (0.0022; with --large or on cuda, where batches are "
                          "larger, 0.002)")
    sub.add_argument("--half", action="store_true", help="compact: compute in bfloat16, quick on newer processors")
    sub.add_argument("--out", required=True, metavar="DIR")
    sub.add_argument("--seed", type=int, default=1)

    sub = command("schema", _schema, "print the JSON Schema of the output record or of the gold format")
    sub.add_argument("which", nargs="?", choices=("output", "gold"), default="output")
    return parser


def _model(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--tagger", default="compact", help="compact (default), stanza, stanza:PATH, stanza:hub or none")
    sub.add_argument("--kb", metavar="DIR", help=OVERLAY)


def _day(value: str) -> str | None:
    try:
        return reader.check_date(value)
    except InputError as error:
        raise argparse.ArgumentTypeError(error.reason.removeprefix("published: ")) from None


def _share(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1, got {value}")
    return number


def _extract(arguments: argparse.Namespace) -> int:
    out_is_terminal = arguments.out is None and sys.stdout.isatty()
    form = arguments.format or ("table" if out_is_terminal else "jsonl")
    nlp = pipeline.load(arguments.tagger, kb=arguments.kb)
    failures: list[InputError] = []
    docs = (_above(doc, arguments.min_confidence) for article in _articles(arguments.paths, failures)
            for doc in _read(nlp, article, arguments.published))
    if arguments.out is None:
        _write(docs, form, sys.stdout)
    else:
        target = Path(arguments.out)
        try:
            with target.open("w", encoding="utf-8", newline="\n") as file:
                _write(docs, form, file)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", file=target) from None
    for failure in failures:
        print(f"hindi-diplo: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _articles(paths: Sequence[str], failures: list[InputError]) -> Iterator[Article]:
    """The articles of all paths; what cannot be read is noted and the rest goes on."""
    for path in paths:
        try:
            for article in reader.articles(path):
                if isinstance(article, InputError):
                    failures.append(article)
                else:
                    yield article
        except InputError as error:
            failures.append(error)


def _read(nlp: pipeline.Pipeline, article: Article, published: str | None) -> Iterator[Doc]:
    """The document of an article, or those of its parts where it is too long to be one."""
    if len(article.text) > reader.LONGEST:
        return nlp.parts(article, published=published)
    return iter((nlp(article, published=published),))


def _above(doc: Doc, least: float) -> Doc:
    from dataclasses import replace

    return replace(doc, events=tuple(e for e in doc.events if e.confidence >= least)) if least else doc


def _write(docs: Iterator[Doc], form: str, out: IO[str]) -> None:
    if form == "jsonl":
        for doc in docs:
            out.write(json.dumps(doc.record(), ensure_ascii=False) + "\n")
            out.flush()
    elif form == "json":
        records = [doc.record() for doc in docs]
        whole: Any = records[0] if len(records) == 1 else records
        out.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    elif form == "table":
        for number, doc in enumerate(docs):
            out.write(("\n" if number else "") + display.table(doc) + "\n")
    elif form == "html":
        out.write(display.page(list(docs)))
    else:
        for doc in docs:
            out.write(exchange.export(doc.record(), form))


def _report(arguments: argparse.Namespace) -> int:
    failures: list[InputError] = []
    docs = (_above(doc, arguments.min_confidence) for doc in _docs(arguments, arguments.published, failures))
    count = write_report(docs, arguments.out, title=arguments.title)
    print(f"{arguments.out}: {count} events", file=sys.stderr)
    for failure in failures:
        print(f"hindi-diplo: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _docs(arguments: argparse.Namespace, published: str | None, failures: list[InputError]) -> Iterator[Doc]:
    """The documents of all paths: output records as they are, everything else read by the pipeline."""
    nlp = None
    for path in arguments.paths:
        records = read_records(path) if path.endswith(".jsonl") else None
        if records is not None:
            yield from records
            continue
        nlp = nlp or pipeline.load(arguments.tagger, kb=arguments.kb)
        for article in _articles([path], failures):
            yield from _read(nlp, article, published)


def _text(given: str) -> Article | str:
    if given == "-":
        return sys.stdin.read()
    if given.startswith("@"):
        return reader.read(given[1:])
    return given


def _explain(arguments: argparse.Namespace) -> int:
    nlp = pipeline.load(arguments.tagger, kb=arguments.kb)
    print(nlp.explain(_text(arguments.text), published=arguments.published))
    return 0


def _kb(arguments: argparse.Namespace) -> int:
    kb = KnowledgeBase.load(overlay=Path(arguments.kb) if arguments.kb else None)
    if arguments.what == "stats":
        lines = kbtools.stats(kb)
    elif arguments.key is None:
        raise UsageError(f"'kb {arguments.what}' needs {'a day' if arguments.what == 'stale' else 'an id or a name'}")
    elif arguments.what == "stale":
        day = reader.check_date(arguments.key)
        lines = kbtools.stale(kb, day or "")
    else:
        lines = (kbtools.show if arguments.what == "show" else kbtools.find)(kb, arguments.key)
    print("\n".join(lines))
    return 0


def _annotate(arguments: argparse.Namespace) -> int:
    two = arguments.what in ("agreement", "adjudicate")
    if two and len(arguments.paths) != 2:
        raise UsageError(f"'annotate {arguments.what}' compares two gold files, got {len(arguments.paths)}")
    if arguments.what == "agreement":
        print(annotate.agreement(*arguments.paths))
        return 0
    if not arguments.out:
        raise UsageError(f"'annotate {arguments.what}' needs --out")
    if arguments.what == "adjudicate":
        made = annotate.adjudicate(*arguments.paths)
        made.save(arguments.out)
        print(f"{arguments.out}: {len(made.agreed)} documents, {len(made.conflicts)} conflicts; set each 'take' in "
              "conflicts.jsonl, then: hindi-diplo annotate resolve", file=sys.stderr)
        return 0
    if arguments.what == "resolve":
        gold = [record for path in arguments.paths for record in annotate.resolve_folder(path)]
        annotate.write_gold(gold, arguments.out)
        print(f"{arguments.out}: {len(gold)} documents", file=sys.stderr)
        return 0
    if arguments.what == "import":
        gold = [r for p in arguments.paths
                for r in annotate.import_folder(p, arguments.format, annotator=arguments.annotator)]
        annotate.write_gold(gold, arguments.out)
        print(f"{arguments.out}: {len(gold)} documents", file=sys.stderr)
        return 0
    failures: list[InputError] = []
    docs = _docs(arguments, None, failures)
    files = annotate.export_folder((doc.record() for doc in docs), arguments.out, arguments.format)
    print(f"{arguments.out}: {len(files)} files", file=sys.stderr)
    for failure in failures:
        print(f"hindi-diplo: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _train(arguments: argparse.Namespace) -> int:
    if arguments.extra and arguments.tagger != "compact":
        raise InputError("--extra goes with compact: stanza has one head, name the file under --train")
    names = ("extra", "pretrain", "passes", "begin", "teachers", "teach", "unlabelled", "join", "epochs", "members",
             "rate", "half", "large", "device")
    options = {name: getattr(arguments, name) for name in names if getattr(arguments, name)}
    if options and arguments.tagger != "compact":
        raise InputError(f"--{next(iter(options))} goes with compact")
    if arguments.passes and not arguments.pretrain:
        raise InputError("--passes goes with --pretrain")
    train.run(arguments.tagger, [Path(p) for p in arguments.train], [Path(p) for p in arguments.dev],
              Path(arguments.out), seed=arguments.seed, **options)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    problems = checks.run(kb=arguments.kb, report=print)
    for problem in problems:
        print(f"hindi-diplo: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _schema(arguments: argparse.Namespace) -> int:
    print(schema.gold_schema() if arguments.which == "gold" else schema.output_schema())
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    gold = Path(arguments.gold) if arguments.gold else packaged("seeds")
    source: Any = arguments.output or pipeline.load(arguments.tagger, kb=arguments.kb)
    kb = KnowledgeBase.load() if arguments.output else None
    report = evaluate(source, gold, texts=arguments.texts, kb=kb)
    print(report)
    if arguments.errors:
        for line in report.error_lines():
            print(line)
    if arguments.html:
        Path(arguments.html).write_text(report.to_html(), encoding="utf-8")
    if arguments.compare:
        print(type(report).load(arguments.compare).compare(report))
    if arguments.save:
        report.save(arguments.save)
    low = report.below(arguments.fail_under)
    for line in low:
        print(f"hindi-diplo: {line}", file=sys.stderr)
    return 1 if low else 0
