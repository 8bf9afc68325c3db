"""Evaluation of output against hand-labelled gold: ``evaluate(nlp, "seeds/")``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..exchange.schema import OUTPUT, check
from ..files import packaged
from ..knowledge import KnowledgeBase
from .compare import Comparison, compare
from .gold import GoldDocument, labelled, load_gold, read_records
from .match import Judge
from .report import BARS, DocumentScore, EvaluationReport, Rate
from .scores import LABELS, score

__all__ = [
    "BARS",
    "LABELS",
    "Comparison",
    "DocumentScore",
    "EvaluationReport",
    "GoldDocument",
    "Judge",
    "Rate",
    "compare",
    "evaluate",
    "labelled",
    "load_gold",
    "read_records",
    "score",
]

Pipe = Callable[[Mapping[str, Any]], Any]


def evaluate(
    source: Pipe | str | Path | Iterable[Mapping[str, Any] | Any],
    gold: str | Path | Iterable[Mapping[str, Any]] | None = None,
    *,
    texts: str | Path | None = None,
    kb: KnowledgeBase | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> EvaluationReport:
    """Score a pipeline, or records that one made, against gold documents.

    ``source`` is a pipeline, a .jsonl file of output records, or records or Docs; records go to gold
    documents by id.  ``gold`` is a .jsonl file, a folder of them or gold records (by default
    the labelled documents that install with the package); ``texts`` a folder with
    the texts of gold documents that store only a sha256 (those whose text is not found are skipped and
    named in the report).  ``kb`` says which ids are ids (by default the pipeline's own knowledge base).
    A layer that a gold document leaves out (``entities``, ``relations``) is not scored on it.

    Raises InputError where a gold document has no output, DataError where a record breaks its schema.
    """
    documents = load_gold(packaged("seeds") if gold is None else gold, texts=texts)
    if kb is None:
        kb = getattr(source, "kb", None)
    judge = Judge(kb)
    found: list[DocumentScore] = []
    made_by: dict[str, str] = {}
    with_text = [d for d in documents if d.text is not None]
    for document, record in _outputs(source, with_text):
        made_by = made_by or dict(record.get("made_by") or {})
        found.append(_scored(document, record, judge))
    skipped = tuple(d.id for d in documents if d.text is None)
    return EvaluationReport(tuple(found), skipped, made_by, resamples, seed)


def _scored(document: GoldDocument, record: Mapping[str, Any], judge: Judge) -> DocumentScore:
    gold = dict(document.record)
    output = dict(record)
    for layer in ("entities", "relations"):
        if layer not in gold:
            gold[layer] = output[layer] = []
    made = score(gold, output, judge)
    return DocumentScore(
        document.id,
        document.file,
        tuple(gold.get("phenomena", ())),
        {m: (c[0], c[1], c[2]) for m, c in made.counts.items()},
        dict(made.confusions),
        tuple(made.errors),
        gold,
        output,
    )


def _outputs(source: Any, documents: list[GoldDocument]) -> Iterator[tuple[GoldDocument, Mapping[str, Any]]]:
    if callable(source):
        for document in documents:
            # Not the title: it stands in the text, where the reader must find it.
            row = {"id": document.id, "text": document.text, "published": document.record["published"]}
            yield document, _record(source(row))
        return
    if isinstance(source, str | Path):
        records: Iterable[Any] = [record for _, record in read_records(source)]
    else:
        records = source
    by_id = {str(r["id"]): r for r in map(_record, records)}
    missing = [d.id for d in documents if d.id not in by_id]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise InputError(f"no output for the gold documents {', '.join(missing[:5])}{more}: ids must agree")
    for document in documents:
        record = by_id[document.id]
        if "text" in record and record["text"] != document.text:
            raise InputError(f"the output for {document.id!r} is of another text than the gold")
        yield document, record


def _record(made: Any) -> Mapping[str, Any]:
    """The record of a Doc, or the record given, checked."""
    if isinstance(made, Mapping):
        record: Mapping[str, Any] = made
        if record.get("schema") == OUTPUT:
            check(record, file="output")
        elif not {"id", "entities", "relations", "events"} <= record.keys():
            raise InputError("an output record needs id, entities, relations and events")
        return record
    return dict(made.record())
