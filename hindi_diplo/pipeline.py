"""The ordered table of steps, from text to events.

Every step says which layers it needs and which one it adds; that is checked when the pipeline is built.
A step is a function ``Doc -> tuple of records``; only the pipeline attaches a layer to a new ``Doc``.
"""

from __future__ import annotations

import gc
import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from . import linking, reader, relations, taggers, text, times
from ._version import __version__
from .errors import InputError
from .events import Extractor, Trace
from .knowledge import KnowledgeBase
from .patterns import Lexicon
from .records import VIEWS, Article
from .references import TOGETHER, Resolver
from .tagging import MentionTagger
from .types import Doc, with_layer

__all__ = ["TOGETHER", "TOGETHER_LONG", "Pipeline", "Step", "load"]

TOGETHER_LONG = 100_000  # characters after which ``pipe`` takes no further row to those it reads together
FOREIGN = 0.3  # below this share of Devanagari among the letters a text is taken to be in another script


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, the layers of the Doc that it needs, the layer it adds, and its function; and one
    for several documents at once, where it has such a one."""

    name: str
    needs: tuple[str, ...]
    adds: str
    run: Callable[[Doc], tuple[Any, ...]]
    together: Callable[[Sequence[Doc]], Iterable[tuple[Any, ...]]] | None = None


def check_steps(steps: Iterable[Step], given: Iterable[str] = ("zones", "sentences", "tokens")) -> None:
    """Raise ValueError unless every step finds what it needs and writes a layer that nobody wrote."""
    there = set(given)
    for step in steps:
        missing = [layer for layer in step.needs if layer not in there]
        if missing:
            raise ValueError(f"step {step.name!r} needs {', '.join(missing)}, which no step before it adds")
        if step.adds in there:
            raise ValueError(f"step {step.name!r} adds {step.adds!r}, which is already written")
        there.add(step.adds)


class Pipeline:
    """Reads articles: ``nlp(text, published=...)`` gives a :class:`Doc` with all layers.

    ``tagger`` is the name of a tagger (``compact``, ``stanza``, ``none``), ``kb`` a folder
    laid over the packaged data: ``kb/*.tsv``, ``lexicon/triggers.tsv`` and ``rules/*.toml``, all optional.
    """

    def __init__(self, *, tagger: str = "compact", kb: str | Path | None = None) -> None:
        with _uncollected():
            self._load(tagger, Path(kb) if kb is not None else None)
        self._settings = (tagger, kb)
        self._warned = False

    def _load(self, tagger: str, kb: Path | None) -> None:
        self.kb = KnowledgeBase.load(overlay=kb)
        self.tagger = taggers.load(tagger)
        self.lexicon = Lexicon.load(overlay=kb)
        self.resolver = resolver = Resolver(self.kb, self.lexicon)
        self.mention_tagger = mentions = MentionTagger(self.kb, self.lexicon, self.tagger)
        self.extractor = Extractor(self.kb, self.lexicon, resolver)
        self.steps = (
            Step("tagging", ("tokens", "sentences"), "mentions", mentions.tag, mentions.tag_all),
            Step("times", ("tokens", "sentences"), "times", times.find),
            Step("linking", ("mentions",), "entities", lambda doc: linking.link(doc, self.kb)),
            Step("references", ("entities", "times"), "references", resolver.resolve),
            Step("events", ("references", "times"), "events", self.extractor.extract),
            Step("relations", ("entities", "events"), "relations", self._relations),
        )
        check_steps(self.steps)

    @cached_property
    def made_by(self) -> tuple[tuple[str, str], ...]:
        """What made a record: the version, the tagger and a checksum over its weights."""
        made = {"version": __version__, "tagger": self.tagger.name, **self.tagger.made_by}
        made.setdefault("sha256", hashlib.sha256(self.tagger.name.encode()).hexdigest())
        return tuple((k, str(made[k])) for k in ("version", "tagger", "sha256"))

    def _relations(self, doc: Doc) -> tuple[Any, ...]:
        return relations.relations(doc, self.kb)

    def __call__(
        self, source: str | Article | Mapping[str, Any], *, published: str | date | None = None,
    ) -> Doc:
        """Read one text, Article or row ``{"text", "id"?, "title"?, "published"?, "url"?}``.

        ``published`` (ISO string or date) goes before what the article says.  Raises InputError for a
        date that is none and for a text of more than ``reader.LONGEST`` characters (see :meth:`parts`), TypeError for
        a source of another type.
        """
        return self._read((source,), published)[0]

    def _read(self, sources: Sequence[Any], published: str | date | None = None) -> list[Doc]:
        """The documents of some sources, each step done for all before the next one: the network and the tables of
        one step then stay near the core, where they would drive out each other with every document."""
        with _uncollected():
            begun = [self._begun(source, published) for source in sources]
            docs = [doc for doc, more in begun if more]
            for step in self.steps if docs else ():
                layers = step.together(docs) if step.together else map(step.run, docs)
                docs = [with_layer(doc, step.adds, layer) for doc, layer in zip(docs, layers, strict=True)]
        done = iter(docs)
        return [next(done) if more else doc for doc, more in begun]

    def _begun(self, source: str | Article | Mapping[str, Any], published: str | date | None) -> tuple[Doc, bool]:
        """A document with its tokens, and whether there is more in it to read."""
        article = _article(source, published)
        if len(article.text) > reader.LONGEST:
            raise InputError(f"a text of {len(article.text):,} characters: expected one article of at most "
                             f"{reader.LONGEST:,}; split it into its articles, or read it with nlp.parts()")
        if not article.text.strip():
            return self._doc(article), False
        if text.hardly_devanagari(article.text, FOREIGN):
            if not self._warned:
                name = f"the text {article.id!r}" if article.id else "the text"
                warnings.warn(f"{name} is hardly in Devanagari: no events are looked for in it, nor in others like it",
                              stacklevel=5)  # from here by way of the list and _read to who called the pipeline
                self._warned = True
            return self._doc(article), False
        return self._doc(article), True

    def _doc(self, article: Article) -> Doc:
        sentences, tokens = text.tokenized(article.text, article.zones)
        return Doc(
            text=article.text, id=article.id, published=article.published, title=article.title,
            dateline=article.dateline, url=article.url, zones=article.zones, sentences=sentences,
            tokens=tokens, made_by=self.made_by,
        )

    def parts(self, source: str | Article | Mapping[str, Any], *, published: str | date | None = None,
              size: int = reader.PART) -> Iterator[Doc]:
        """Read a text however long: as documents of at most ``size`` characters, one in memory at a time.

        It is cut at blank lines where it has them.  A text that fits is one document, as by calling the pipeline; of a
        longer one each part is read for itself, with the id ``ID@N``, where ``text[N:]`` of the whole is where it
        begins: a span of a part lies N characters further on in the whole.  Raises what calling it raises."""
        given: dict[str, Any] = {"published": reader.check_date(published)}
        if isinstance(source, Article):
            whole = source.text
            given = {"id": source.id, "title": source.title, "url": source.url,
                     "published": given["published"] or source.published}
        elif isinstance(source, str):
            whole = source
        else:
            whole, given = _fields(source, given["published"])
        if len(whole) <= size:
            yield self(source, published=published)
        else:
            yield from map(self, reader.parts(whole, size=size, **given))

    def pipe(self, rows: Iterable[str | Article | Mapping[str, Any]], *, workers: int = 1) -> Iterator[Doc]:
        """Read many, lazily and in order; ``workers`` > 1 spreads them over processes.

        It reads ahead, ``TOGETHER`` rows at most, since reading some together takes less time than one by one (an
        eighth less); they are the same documents.  An error in a row is raised after the documents before it.
        A Doc that comes from another process unpacks each of its layers when that is first asked for.  Where numpy's
        BLAS uses several threads, set ``OMP_NUM_THREADS=1`` before the start: the processes share the cores.
        """
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, got {workers}")
        if workers == 1:
            for some in _some(rows):
                yield from self._in_turn(some)
            return
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        context = get_context()
        # A process that is forked off has this pipeline already; another one loads it anew.
        given = (self,) if context.get_start_method() == "fork" else self._settings
        with ProcessPoolExecutor(workers, context, _start, given) as pool:
            for docs in _windowed(pool, rows, workers):
                for packed in docs:
                    yield Doc.unpack(*packed)

    def _in_turn(self, rows: Sequence[Any]) -> Iterator[Doc]:
        try:
            docs = self._read(rows)
        except Exception:  # one by one, so that it is raised again where its turn is
            yield from map(self, rows)
        else:
            yield from docs

    def explain(self, source: str | Article | Mapping[str, Any], *, published: str | date | None = None) -> str:
        """How the rules see each sentence: its row, what fired, what lost and to what, and the events."""
        doc = self(source, published=published)
        return "\n".join(_explained(doc, self.extractor.trace(doc)))

    def _repr_html_(self) -> str:
        return str(VIEWS["pipeline_html"](self))

    def __repr__(self) -> str:
        steps = "\n".join(f"  {s.name:<12} needs {', '.join(s.needs):<20} adds {s.adds}" for s in self.steps)
        return f"hindi_diplo pipeline {__version__}, tagger {self.tagger.name}\n{steps}"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector of cycles wait: reading and loading make thousands of records, and none of them in a cycle."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _article(source: str | Article | Mapping[str, Any], published: str | date | None) -> Article:
    when = reader.check_date(published)
    if isinstance(source, Article):
        return replace(source, published=when or source.published)
    if isinstance(source, str):
        return reader.from_text(source, published=when)
    row, given = _fields(source, when)
    return reader.from_text(row, **given)


def _some(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Rows to be read together; what comes before an error of their source is given before it."""
    some: list[Any] = []
    size = 0
    try:
        for row in rows:
            some.append(row)
            text_ = row.text if isinstance(row, Article) else row.get("text") if isinstance(row, Mapping) else row
            size += len(text_) if isinstance(text_, str) else 0
            if len(some) == TOGETHER or size > TOGETHER_LONG:
                yield some
                some, size = [], 0
    except Exception:
        if some:
            yield some
        raise
    if some:
        yield some


def _fields(source: Any, when: str | None) -> tuple[str, dict[str, Any]]:
    """The text of a row and what else it tells."""
    if not isinstance(source, Mapping):
        raise TypeError(f"expected a str, an Article or a row with 'text', got {type(source).__name__}")
    if not isinstance(source.get("text"), str):
        raise InputError("a row needs a field 'text' that is a string")
    return source["text"], {
        "id": str(source.get("id") or ""), "title": source.get("title"), "url": source.get("url"),
        "published": when or reader.check_date(source.get("published"))}


_worker: Pipeline | None = None
_Packed = tuple[tuple[Any, ...], dict[str, tuple[Any, ...]]]


def _start(pipeline: Pipeline | str, kb: str | Path | None = None) -> None:
    global _worker  # noqa: PLW0603 - the one pipeline of a worker process
    _worker = pipeline if isinstance(pipeline, Pipeline) else Pipeline(tagger=pipeline, kb=kb)
    gc.freeze()  # what was loaded stays: the collector need not look at it each time
    gc.set_threshold(50_000)


def _chunk(rows: list[str | Article | Mapping[str, Any]]) -> list[_Packed]:
    assert _worker is not None
    return [doc.pack() for doc in _worker._read(rows)]


def _windowed(pool: Any, rows: Iterable[str | Article | Mapping[str, Any]], workers: int) -> Iterator[list[_Packed]]:
    """Results in order with a bounded number of chunks under way, so that endless input streams."""
    from collections import deque

    chunks, under_way = _some(rows), deque[Any]()
    while True:
        while len(under_way) < 2 * workers and (chunk := next(chunks, None)):
            under_way.append(pool.submit(_chunk, chunk))
        if not under_way:
            return
        yield under_way.popleft().result()


def _explained(doc: Doc, traces: Iterable[Trace]) -> Iterator[str]:
    for trace in traces:
        yield trace.span.of(doc.text).replace("\n", " ")
        yield f"  row   {trace.line}"
        yield from (f"  fired {rule:<28} {words}" for rule, words in trace.fired)
        yield from (f"  lost  {rule:<28} {words}  (to {winner})" for rule, words, winner in trace.lost)
        for reference in doc.references:
            if trace.span.covers(reference.span):
                who = " ".join(reference.entities) or "nobody"
                yield f"  ref   {reference.rule:<28} {reference.span.of(doc.text)} = {who} ({reference.why})"
        for mention in doc.mentions:
            if trace.span.covers(mention.span):
                yield f"  name  {mention.source:<28} {mention.span.of(doc.text)} [{mention.kind}]"
        for time in doc.times:
            if trace.span.covers(time.span):
                yield f"  time  {time.rule:<28} {time.span.of(doc.text)} = {time.value} ({time.grain}, {time.anchored})"
    for event in doc.events:
        who = " – ".join(p.name for p in event.participants)
        where = event.place.name if event.place else "?"
        when = event.time.value if event.time else "?"
        yield f"event {event.rule}: {event.kind}, {event.status}: {who}; {where}; {when}"
        yield from (f"  topic {topic.rule:<28} {topic.text}" for topic in event.topics)


def load(tagger: str = "compact", *, kb: str | Path | None = None) -> Pipeline:
    """The pipeline with the named tagger: ``compact`` (ships with the package), ``stanza``,
    ``stanza:PATH``, ``stanza:hub`` or ``none``.

    Raises MissingModelError with the command to run where a model or a package is not there, DataError
    where a data file breaks its schema.
    """
    return Pipeline(tagger=tagger, kb=kb)
