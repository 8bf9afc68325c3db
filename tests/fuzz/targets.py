"""What may be done with hostile input, and what must hold of it: each target takes bytes and raises AssertionError,
or anything that is no error of ours, where it does not hold.  The fuzzer and the property tests use the same."""

from __future__ import annotations

import contextlib
import copy
import json
import random
import tempfile
import warnings
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hindi_diplo import load
from hindi_diplo.annotate import FORMS, export_folder, import_folder, to_gold
from hindi_diplo.errors import DataError, HindiDiploError, InputError
from hindi_diplo.evaluation import load_gold
from hindi_diplo.exchange import check, from_conll, from_doccano, from_label_studio
from hindi_diplo.exchange.brat import from_brat
from hindi_diplo.pipeline import Pipeline
from hindi_diplo.reader import articles
from hindi_diplo.report import read_records, report_html
from hindi_diplo.types import Doc

STORY = (
    "विदेश मंत्री वार्ता के लिए मॉस्को में\n\n"
    "मॉस्को, 9 सितंबर 2020 (भाषा)। विदेश मंत्री एस. जयशंकर ने बुधवार को अपने रूसी समकक्ष सर्गेई लावरोव से मुलाकात की। "
    "दोनों नेताओं ने द्विपक्षीय संबंधों पर चर्चा की। वह 10 सितंबर को एससीओ (शंघाई सहयोग संगठन) की बैठक में भाग लेंगे।\n"
)


@lru_cache(maxsize=2)
def pipeline(tagger: str = "none") -> Pipeline:
    """One pipeline for all runs."""
    return load(tagger)


def sound(doc: Doc) -> None:
    """What holds of every document: the record is valid, spans cover what they say, in order where layers are."""
    record = json.loads(json.dumps(doc.record(), ensure_ascii=False).encode("utf-8"))
    check(record)
    for layer in (doc.zones, doc.sentences, doc.tokens, doc.mentions, doc.times, doc.references):
        assert all(0 <= r.span.start < r.span.stop <= len(doc.text) for r in layer)
    for layer in (doc.zones, doc.sentences, doc.tokens, doc.mentions, doc.times):
        assert all(a.span.stop <= b.span.start for a, b in pairwise(layer)), layer
    assert all(t.text == t.span.of(doc.text) for t in doc.tokens)
    for row in record["entities"]:
        assert doc.text[row["start"] : row["stop"]] == row["text"]
    assert Doc.from_dict(json.loads(json.dumps(doc.to_dict()))) == doc


def text(data: bytes) -> None:
    """Any text through the whole pipeline, twice the same."""
    said = data.decode("utf-8", "replace" if len(data) % 2 else "surrogateescape")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            doc = pipeline()(said, published="2020-09-09")
        except InputError:
            assert any("\ud800" <= c <= "\udfff" for c in said)
            return
        sound(doc)
        assert pipeline()(said, published="2020-09-09") == doc


@lru_cache(maxsize=1)
def _pieces() -> list[str]:
    """A piece of text for each byte: the words of a story, one form of each word class, marks, odd characters."""
    found = [*dict.fromkeys(STORY.replace(".", " . ").split()), " ", "\n", "\n\n", "\r\n", "\u2028", "|", "।", "(", ")"]
    found += [*",-'\"?!.:;", "\u2013", "\u201c", "\u201d", "\u200d", "\u200b", "\u093c", "\u094d", "\x00"]
    found += ["\u202e", "\ufeff", "2020", "31/02/2020", "99", "१०", "9" * 40, "AP", "Lavrov", "रूस-चीन"]
    found += ["e\u0301", "\U0001f91d"]
    chance = random.Random(7)
    for forms in sorted(pipeline().lexicon.classes.items()):
        found.append(chance.choice(sorted(forms[1]) or [""]))
    for kind in ("PERSON", "COUNTRY", "ADJ", "ORG", "PLACE", "OFFICE", "BLOCK"):
        found += chance.sample([form for form, k, _ in pipeline().kb.names() if k == kind], 8)
    return [found[n % len(found)] for n in range(max(256, len(found)))]


def soup(data: bytes) -> None:
    """Words that mean something, in any order: each byte is one."""
    pieces = _pieces()
    said = " ".join(pieces[(byte + 256 * (n % 2)) % len(pieces)] for n, byte in enumerate(data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        doc = pipeline()({"text": said, "published": "2020-09-09" if len(data) % 2 else None})
        sound(doc)
        assert pipeline()(said, published=doc.published) == doc


def _file(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            for article in articles(path):
                if not isinstance(article, InputError):
                    sound(pipeline()(article))
        except InputError:
            return


def html(data: bytes) -> None:
    """A page."""
    _file("a.html", data)


def txt(data: bytes) -> None:
    """A text file, of whatever encoding."""
    _file("a.txt", data)


def jsonl(data: bytes) -> None:
    """A table of JSON Lines."""
    _file("a.jsonl", data)


def csv(data: bytes) -> None:
    """A table of comma-separated values."""
    _file("a.csv", data)


@lru_cache(maxsize=1)
def _record() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(pipeline()(STORY, published="2020-09-09").to_dict()))
    return made


ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 10**9, 10**30, 1.5, float("nan"), "", "x", "\ud800", "\x00", "=1+1", "../../etc/passwd",
    [], [[]], {}, [None], {"start": 0, "stop": 10**9}, "local:", "local:x", "T1", "2020-13-45", "2020-W99", "0000",
    "//", "held:x", "a" * 5000,
)


def spoilt(value: Any, data: bytes) -> Any:
    """The value with some of its parts taken out, doubled or replaced, as the bytes say."""
    chance = random.Random(data)
    value = copy.deepcopy(value)
    for _ in range(chance.randint(1, 4)):
        at: Any = value
        while True:
            inside = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not inside:
                break
            key = chance.choice(inside)
            if isinstance(at[key], dict | list) and at[key] and chance.random() < 0.85:
                at = at[key]
                continue
            what = chance.random()
            if what < 0.25:
                del at[key]
            elif what < 0.4 and isinstance(at, list):
                at.insert(key, copy.deepcopy(at[key]))
            else:
                at[key] = copy.deepcopy(chance.choice(ODD))
            break
    return value


def record(data: bytes) -> None:
    """A spoilt output record through the loader of records and the report."""
    row = _record() if len(data) % 2 else {k: v for k, v in _record().items() if k != "layers"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        made = spoilt(row, data)
        path.write_bytes(json.dumps(made).encode() + (b"\n" + data if len(data) % 7 == 0 else b""))
        with contextlib.suppress(ValueError):
            Doc.from_dict(made)
        try:
            docs = read_records(path)
        except InputError:
            return
        for doc in docs or ():
            doc.record()
            str(doc)
        if docs:
            report_html(docs)


def gold(data: bytes) -> None:
    """A spoilt gold document through the loader of gold."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        row = to_gold(_record())
        path.write_bytes(json.dumps(spoilt(row, data)).encode() if len(data) % 3 else data)
        try:
            load_gold(path)
        except (InputError, DataError):
            return


@lru_cache(maxsize=1)
def _exports() -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            files = export_folder([_record()], Path(folder) / form, form)
            found[form] = {f.name: f.read_bytes() for f in files if f.suffix not in (".conf", ".xml")}
    return found


def _bent(content: bytes, data: bytes) -> bytes:
    """Bytes with pieces of others spliced in, dropped and doubled."""
    chance = random.Random(data)
    made = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        at, size = chance.randrange(len(made) + 1), chance.randrange(1, 12)
        what = chance.random()
        if what < 0.4:
            del made[at : at + size]
        elif what < 0.6:
            made[at:at] = made[at : at + size]
        else:
            made[at : at + (size if what < 0.8 else 0)] = data[:size] or b"9"
    return bytes(made)


def importer(data: bytes) -> None:
    """What labelling tools export, spoilt, through every importer, as files and as objects."""
    form = FORMS[len(data) % len(FORMS)]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in _exports()[form].items():
            if name.endswith((".json", ".jsonl")) and len(data) % 3:
                made = json.dumps(spoilt(json.loads(content), data)).encode()
            else:
                bend = name.endswith(".ann") or form != "brat" or len(data) % 5 == 0
                made = _bent(content, data) if bend else content
            (Path(folder) / name).write_bytes(made)
        try:
            for made_record in import_folder(folder, form):
                check(made_record)
        except (InputError, DataError):
            pass
    _object(form, data)


def _object(form: str, data: bytes) -> None:
    files = _exports()[form]
    try:
        if form == "brat":
            said, marks = (files[n].decode() for n in sorted(files, reverse=True))
            from_brat(said, _bent(marks.encode(), data).decode("utf-8", "replace"))
        elif form == "conll":
            from_conll(_bent(next(iter(files.values())), data).decode("utf-8", "replace"))
        elif form == "label-studio":
            from_label_studio(spoilt(json.loads(files["tasks.json"])[0], data))
        else:
            from_doccano(spoilt(json.loads(files["tasks.jsonl"]), data))
    except HindiDiploError:
        return


TARGETS: tuple[Callable[[bytes], None], ...] = (text, soup, html, txt, jsonl, csv, record, gold, importer)


def run(data: bytes) -> None:
    """The first byte chooses the target, the rest is what it gets."""
    if data:
        TARGETS[data[0] % len(TARGETS)](data[1:])
