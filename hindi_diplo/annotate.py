"""Labelling by hand: out to a tool, in again as gold, agreement of two labellers, adjudication.

export_folder(records, "to-label", "brat")      output (or gold) as pre-annotation
import_folder("labelled", "brat")               -> gold records
agreement(anna, binod)                          kappa and F1 between two labellers
adjudicate(anna, binod).save("decide")           what they do not agree on, to be decided
    resolve_folder("decide")                        -> gold records
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import regex

from .errors import InputError
from .evaluation import EvaluationReport, Judge, evaluate, read_records
from .evaluation.browser import table_html
from .evaluation.match import assign
from .evaluation.scores import LABELS, pair_events
from .exchange import (
    brat_config,
    from_brat,
    from_conll,
    from_doccano,
    from_label_studio,
    label_studio_config,
    to_brat,
    to_conll,
    to_doccano,
    to_label_studio,
)
from .exchange.schema import GOLD, check
from .text import tokens

__all__ = [
    "FORMS",
    "Adjudication",
    "Agreement",
    "Conflict",
    "adjudicate",
    "agreement",
    "export_folder",
    "import_folder",
    "kappa",
    "resolve_folder",
    "to_gold",
    "write_gold",
]

FORMS: Final = ("brat", "label-studio", "doccano", "conll")
Record = Mapping[str, Any]

_RECORD_KEYS: Final = (
    "schema",
    "id",
    "title",
    "published",
    "dateline",
    "url",
    "text",
    "sha256",
    "phenomena",
    "annotator",
    "entities",
    "relations",
    "events",
)
_MADE: Final = frozenset({"rule", "via", "codes", "confidence", "lat", "lon", "made_by", "layers"})


def to_gold(record: Record, *, annotator: str | None = None) -> dict[str, Any]:
    """A record in the gold format: without what only a machine says (rules, codes, confidence,
    coordinates); the event ids are e1, e2 … and an assumed place is left out."""

    def clean(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {k: clean(v) for k, v in value.items() if k not in _MADE}
        return [clean(v) for v in value] if isinstance(value, list | tuple) else value

    made = {"dateline": None, "phenomena": [], **clean(record), "schema": GOLD}
    if annotator is not None:
        made["annotator"] = annotator
    made["events"] = [
        {**e, "id": f"e{n}", "place": None if (e["place"] or {}).get("basis") == "assumed" else e["place"]}
        for n, e in enumerate(made["events"], 1)
    ]
    return {k: made[k] for k in _RECORD_KEYS if k in made}


def _file_name(ident: str) -> str:
    name = regex.sub(r"[^\w.-]+", "_", ident) or "document"
    if len(name.encode()) <= 120:
        return name
    # File systems take 255 bytes; a cut name keeps its own checksum, so that two long ids stay two files.
    return name.encode()[:100].decode("utf-8", "ignore") + "-" + hashlib.sha256(ident.encode()).hexdigest()[:12]


def export_folder(records: Iterable[Record], folder: str | Path, form: str) -> list[Path]:
    """Write records for a labelling tool and return the files: brat (.txt, .ann, annotation.conf), conll
    (.conll), label-studio (tasks.json with predictions, config.xml) or doccano (tasks.jsonl).

    Raises InputError where a file is already there: labels are never written over."""
    folder = Path(folder)
    files: dict[str, str] = {}
    tasks = []
    for record in records:
        name = _file_name(record["id"])
        if form == "brat":
            new = dict(zip((f"{name}.txt", f"{name}.ann"), to_brat(record), strict=True))
        elif form == "conll":
            new = {f"{name}.conll": to_conll(record)}
        elif form in ("label-studio", "doccano"):
            tasks.append(
                to_label_studio(record, as_prediction=True) if form == "label-studio" else to_doccano(record)
            )
            continue
        else:
            raise InputError(f"expected one of {', '.join(FORMS)}, got {form!r}")
        if files.keys() & new.keys():
            raise InputError(f"two documents would be the file {min(new)}: their ids are too much alike")
        files |= new
    if form == "brat":
        files["annotation.conf"] = brat_config()
    elif form == "label-studio":
        files["tasks.json"] = json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"
        files["config.xml"] = label_studio_config() + "\n"
    elif form == "doccano":
        files["tasks.jsonl"] = "".join(json.dumps(t, ensure_ascii=False) + "\n" for t in tasks)
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        if (folder / name).exists():
            raise InputError("is already there; choose an empty folder", file=folder / name)
    for name, content in files.items():
        # As bytes: a text with \r must come back as it was.
        (folder / name).write_bytes(content.encode("utf-8"))
    return [folder / name for name in files]


def import_folder(path: str | Path, form: str, *, annotator: str | None = None) -> list[dict[str, Any]]:
    """The gold records of a labelled folder (or of a tool's export file), checked against the schema."""
    path = Path(path)
    if not path.exists():
        raise InputError("no such file or folder", file=path)
    found = []
    for file, made in _labelled(path, form):
        try:
            gold = to_gold(made(), annotator=annotator)
            gold["id"] = gold["id"] or file.stem
        except InputError as error:
            raise InputError(str(error), file=file) from None
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
            raise InputError(f"no export of {form}: {type(error).__name__}: {error}", file=file) from error
        check(gold, file=file)
        found.append(gold)
    if not found:
        raise InputError(f"nothing of the form {form} there", file=path)
    return found


def _labelled(path: Path, form: str) -> Iterator[tuple[Path, Callable[[], dict[str, Any]]]]:
    def read(file: Path) -> str:
        try:
            return file.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=file) from None
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8 at byte {error.start}", file=file) from None

    if form == "brat":
        for file in sorted(path.glob("*.ann")) if path.is_dir() else [path]:
            yield file, lambda f=file: from_brat(read(f.with_suffix(".txt")), read(f))  # type: ignore[misc]
    elif form == "conll":
        for file in sorted(path.glob("*.conll")) if path.is_dir() else [path]:
            yield file, lambda f=file: from_conll(read(f))  # type: ignore[misc]
    elif form == "label-studio":
        file = path / "tasks.json" if path.is_dir() else path
        try:
            tasks = json.loads(read(file))
        except (ValueError, RecursionError) as error:
            raise InputError(f"no JSON: {error}", file=file) from None
        for task in tasks if isinstance(tasks, list) else [tasks]:
            yield file, lambda t=task: from_label_studio(t)  # type: ignore[misc]
    elif form == "doccano":
        file = path / "tasks.jsonl" if path.is_dir() else path
        for line in read(file).split("\n"):
            if line.strip():
                yield file, lambda x=line: from_doccano(json.loads(x))  # type: ignore[misc]
    else:
        raise InputError(f"expected one of {', '.join(FORMS)}, got {form!r}")


# -- agreement --------------------------------------------------------------------------------------


def kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Cohen's kappa of pairs of labels; None where there are no pairs or only one label is in use."""
    counts = Counter(pairs)
    total = counts.total()
    if not total:
        return None
    agreed = sum(n for (a, b), n in counts.items() if a == b) / total
    one, other = Counter[str](), Counter[str]()
    for (a, b), n in counts.items():
        one[a] += n
        other[b] += n
    chance = sum(n * other[label] for label, n in one.items()) / total**2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two labellers agree.  ``kappas`` maps what was labelled to (kappa, number of items);
    ``report`` holds F1 between them, the first taken as gold: F1 is the same the other way round."""

    kappas: Mapping[str, tuple[float | None, int]]
    report: EvaluationReport

    @property
    def f1(self) -> dict[str, float | None]:
        """F1 between the two labellers for each measure."""
        return {m: r.f1 for m, r in self.report.scores.items() if "[" not in m}

    def to_dict(self) -> dict[str, Any]:
        """JSON types only."""
        return {"kappa": {k: {"value": v, "items": n} for k, (v, n) in self.kappas.items()}, "f1": self.f1}

    def __repr__(self) -> str:
        return f"Agreement({len(self.report.documents)} documents, events F1 {_shown(self.f1.get('events'))})"

    def __str__(self) -> str:
        lines = [f"{len(self.report.documents)} documents labelled by both", "", "Cohen's kappa"]
        lines += [
            f"  {name:<42} {'-' if v is None else f'{v:.3f}':>6}   {n} items"
            for name, (v, n) in self.kappas.items()
        ]
        lines += ["", "F1 between the two"]
        lines += [f"  {LABELS[m]:<42} {'-' if v is None else f'{v:.3f}':>6}" for m, v in self.f1.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        kappas = ([name, _shown(v), str(n)] for name, (v, n) in self.kappas.items())
        return table_html(
            ("Cohen's kappa", "kappa", "items"), kappas, f"{len(self.report.documents)} documents labelled by both"
        ) + table_html(("F1 between the two", "F1"), ([LABELS[m], _shown(v)] for m, v in self.f1.items()), "")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _paired(
    one: Iterable[Record] | str | Path, other: Iterable[Record] | str | Path
) -> list[tuple[Record, Record]]:
    sides = []
    for source in (one, other):
        records = [r for _, r in read_records(source)] if isinstance(source, str | Path) else list(source)
        sides.append({r["id"]: r for r in records})
    shared = [i for i in sides[0] if i in sides[1]]
    if not shared:
        raise InputError("the two labellers have no document in common")
    for ident in shared:
        if sides[0][ident].get("text") != sides[1][ident].get("text"):
            raise InputError(f"{ident!r}: the two labellers had different texts")
        if "text" not in sides[0][ident]:
            raise InputError(f"{ident!r} has no text: agreement needs it")
    return [(sides[0][i], sides[1][i]) for i in shared]


def agreement(one: Iterable[Record] | str | Path, other: Iterable[Record] | str | Path) -> Agreement:
    """Cohen's kappa and F1 between two labellers, over the documents that both have.

    Kappa over tokens: the entity label of each (or none); over sentences: whether it tells an event;
    over the events that both have: kind and status; over the topics that both have: their label."""
    pairs = _paired(one, other)
    labels: dict[str, list[tuple[str, str]]] = {
        "entity label of tokens": [],
        "entity label, tokens that either labels": [],
        "sentences that tell an event": [],
        "kind of events both have": [],
        "status of events both have": [],
    }
    judge = Judge()
    for a, b in pairs:
        found = list(zip(_token_labels(a), _token_labels(b), strict=True))
        labels["entity label of tokens"] += found
        labels["entity label, tokens that either labels"] += [p for p in found if p != ("", "")]
        labels["sentences that tell an event"] += zip(_telling(a), _telling(b), strict=True)
        for x, y in pair_events(a, b, judge):
            for slot in ("kind", "status"):
                labels[f"{slot} of events both have"].append((a["events"][x][slot], b["events"][y][slot]))
    report = evaluate([b for _, b in pairs], [a for a, _ in pairs])
    return Agreement({name: (kappa(found), len(found)) for name, found in labels.items()}, report)


def _token_labels(record: Record) -> list[str]:
    spans = sorted((e["start"], e["stop"], e["label"]) for e in record.get("entities", ()))
    found = []
    for token in tokens(record["text"]):
        label = next(
            (label for start, stop, label in spans if start < token.span.stop and token.span.start < stop), ""
        )
        found.append(label)
    return found


def _telling(record: Record) -> list[str]:
    told = [tuple(m) for e in record["events"] for m in e["mentions"]]
    found = []
    for match in regex.finditer(r"[^।॥?!\n]*\w[^।॥?!\n]*[।॥?!]*", record["text"]):
        found.append(str(any(start < match.end() and match.start() < stop for start, stop in told)))
    return found


# -- adjudication -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that two labellers have differently; None where one has nothing."""

    doc: str
    layer: str
    one: Record | None
    other: Record | None

    def to_dict(self) -> dict[str, Any]:
        """A row to decide on: set ``take`` to ``one``, ``other``, ``both`` or ``none``."""
        return {"doc": self.doc, "layer": self.layer, "take": None, "one": self.one, "other": self.other}


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What two labellers agree on (``agreed``, gold records) and what not (``conflicts``, in order)."""

    agreed: Sequence[Record]
    conflicts: Sequence[Conflict] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Adjudication({len(self.agreed)} documents, {len(self.conflicts)} conflicts)"

    def resolve(self, take: Callable[[Conflict], str] | Sequence[str]) -> list[dict[str, Any]]:
        """Gold records with each conflict decided: ``take`` says ``one``, ``other``, ``both`` or ``none``
        for a conflict, or is the list of such words in the order of ``conflicts``."""
        words = list(map(take, self.conflicts)) if callable(take) else list(take)
        if len(words) != len(self.conflicts):
            raise InputError(f"expected {len(self.conflicts)} decisions, got {len(words)}")
        made: dict[str, dict[str, Any]] = {
            r["id"]: {**r, **{k: list(r[k]) for k in ("entities", "relations", "events") if k in r}}
            for r in self.agreed
        }
        for conflict, word in zip(self.conflicts, words, strict=True):
            if word not in ("one", "other", "both", "none"):
                raise InputError(f"expected one, other, both or none, got {word!r}")
            chosen = [conflict.one] * (word in ("one", "both")) + [conflict.other] * (
                word in ("other", "both")
            )
            made[conflict.doc][conflict.layer] += [c for c in chosen if c is not None]
        return [_tidy(record) for record in made.values()]

    def save(self, folder: str | Path) -> None:
        """Write ``agreed.jsonl`` and ``conflicts.jsonl``; decide by setting each ``take`` in the latter,
        then :func:`resolve_folder`."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        write_gold(self.agreed, folder / "agreed.jsonl")
        rows = [{"number": n, **c.to_dict()} for n, c in enumerate(self.conflicts, 1)]
        _write_lines(rows, folder / "conflicts.jsonl")


def resolve_folder(folder: str | Path) -> list[dict[str, Any]]:
    """The gold records of a folder that :meth:`Adjudication.save` wrote, once every ``take`` is set."""
    folder = Path(folder)
    agreed = [record for _, record in read_records(folder / "agreed.jsonl", schema=GOLD)]
    conflicts, words = [], []
    try:
        lines = (folder / "conflicts.jsonl").read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=folder / "conflicts.jsonl") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            conflicts.append(Conflict(row["doc"], row["layer"], row["one"], row["other"]))
            words.append(row["take"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"no conflict: {error}", file=folder / "conflicts.jsonl", line=number) from None
        if words[-1] not in ("one", "other", "both", "none"):
            raise InputError(
                f"take: expected one, other, both or none, got {words[-1]!r}",
                file=folder / "conflicts.jsonl",
                line=number,
            )
    return Adjudication(agreed, conflicts).resolve(words)


def write_gold(records: Iterable[Record], path: str | Path) -> None:
    """Write records as JSON Lines, each checked first."""
    rows = list(records)
    for row in rows:
        check(row, schema=GOLD, file=path)
    _write_lines(rows, Path(path))


def _write_lines(rows: Iterable[Record], path: Path) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(lines.encode("utf-8"))


def _tidy(record: dict[str, Any]) -> dict[str, Any]:
    for layer in ("entities", "relations"):
        if layer in record:
            record[layer] = sorted(record[layer], key=lambda r: (r["start"], r["stop"]))
    events = sorted(record["events"], key=lambda e: (e["trigger"]["start"], e["trigger"]["stop"]))
    record["events"] = [{**e, "id": f"e{n}"} for n, e in enumerate(events, 1)]
    check(record, file="adjudication")
    return record


def adjudicate(one: Iterable[Record] | str | Path, other: Iterable[Record] | str | Path) -> Adjudication:
    """Part what two labellers agree on from what they do not.

    An entity, relation or event is agreed on if both have it word for word (an event but for its id).
    Of events that are the same encounter (as in evaluation) but differ, and of entities that overlap,
    the two versions make one conflict."""
    agreed, conflicts = [], []
    judge = Judge()
    for a, b in _paired(one, other):
        record = {k: v for k, v in a.items() if k != "annotator"}
        for layer in ("entities", "relations", "events"):
            if layer not in a and layer not in b:
                continue
            rows = list(a.get(layer, ())), list(b.get(layer, ()))
            same = assign([[float(_bare(x, layer) == _bare(y, layer)) for y in rows[1]] for x in rows[0]])
            record[layer] = [rows[0][x] for x, _ in same]
            left = (
                [x for n, x in enumerate(rows[0]) if n not in {x for x, _ in same}],
                [y for n, y in enumerate(rows[1]) if n not in {y for _, y in same}],
            )
            if layer == "events":
                pairs = pair_events({**a, "events": left[0]}, {**b, "events": left[1]}, judge)
            else:
                pairs = assign([[_near(x, y) for y in left[1]] for x in left[0]])
            conflicts += [Conflict(a["id"], layer, left[0][x], left[1][y]) for x, y in pairs]
            conflicts += [
                Conflict(a["id"], layer, x, None)
                for n, x in enumerate(left[0])
                if n not in {x for x, _ in pairs}
            ]
            conflicts += [
                Conflict(a["id"], layer, None, y)
                for n, y in enumerate(left[1])
                if n not in {y for _, y in pairs}
            ]
        agreed.append(record)
    return Adjudication(agreed, conflicts)


def _bare(row: Record, layer: str) -> Record:
    return {k: v for k, v in row.items() if k != "id"} if layer == "events" else row


def _near(a: Record, b: Record) -> float:
    shared = min(a["stop"], b["stop"]) - max(a["start"], b["start"])
    return float(max(shared, 0))
