"""One subject of ``throughput.py``, measured in this process: python subjects.py WHAT ARTICLES TOKENS SECONDS MODEL."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

CHUNK = 32  # articles that Stanza reads at once, which is quicker for it than one by one


def clock() -> float:
    """Seconds that this process has had of the processor."""
    return time.process_time()


def peak() -> float:
    """Peak resident memory in MB of this program; ``ru_maxrss`` would count the parent's at the fork."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # no Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def pinned() -> None:
    """Keep to one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def pipeline(articles: int, tokens: int, seconds: float, model: str, *, tagger: str = "compact") -> dict[str, Any]:
    """The whole pipeline over a stream of articles (``nlp.pipe``), and what each of its steps takes of that."""
    began = clock()
    import hindi_diplo
    from hindi_diplo import pipeline as module

    imported = clock() - began
    began = clock()
    nlp = hindi_diplo.load(tagger)
    load = clock() - began
    from made import articles as made

    spent: Counter[str] = Counter()

    def timed(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*given: Any) -> Any:
            began = clock()
            out = run(*given)
            spent[name] += clock() - began
            return out
        return inner

    module._article = timed("reading", module._article)
    nlp._doc = timed("tokens", nlp._doc)  # type: ignore[method-assign]
    nlp.steps = tuple(replace(step, run=timed(step.name, step.run),
                              together=step.together and timed(step.name, step.together)) for step in nlp.steps)
    count = words = events = 0
    whole = 0.0
    source = made(articles, tokens)
    while rows := list(islice(source, 256)):
        began = clock()
        for doc in nlp.pipe(rows):
            count, words, events = count + 1, words + len(doc.tokens), events + len(doc.events)
        whole += clock() - began
    spent["the rest"] = whole - sum(spent.values())
    return {"articles": count, "tokens": words, "events": events, "cpu": whole, "steps": dict(spent),
            "import": imported, "load": load, "peak_mb": peak()}


def untrained(articles: int, tokens: int, seconds: float, model: str) -> dict[str, Any]:
    """The whole pipeline with rules and facts alone."""
    return pipeline(articles, tokens, seconds, model, tagger="none")


def workers(articles: int, tokens: int, seconds: float, model: str) -> dict[str, Any]:
    """Articles in a second, by the clock, of one process and of two; started and warm."""
    from made import articles as made

    import hindi_diplo

    nlp = hindi_diplo.load()
    rates = {}
    for name, count in (("alone", 1), ("two", 2), ("alone again", 1), ("two again", 2)):
        stream = nlp.pipe(made(articles + 64, tokens), workers=count)
        for _ in islice(stream, 64):  # the workers have loaded
            pass
        began = time.perf_counter()
        done = sum(1 for _ in stream)
        rates[name] = done / (time.perf_counter() - began)
    return {"alone": max(rates["alone"], rates["alone again"]), "two": max(rates["two"], rates["two again"]),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()}


def _tokenized(articles: int, tokens: int) -> Iterator[list[list[str]]]:
    """The tokens of each sentence of each article: what peers are given for nothing."""
    from made import articles as made

    from hindi_diplo.reader import from_text
    from hindi_diplo.text import tokenized

    for row in made(articles, tokens):
        article = from_text(row["text"])
        sentences, found = tokenized(article.text, article.zones)
        yield [[t.text for t in found[s.first : s.last]] for s in sentences]


def _timed(read: Callable[[list[list[list[str]]]], object], articles: int, tokens: int, seconds: float,
           chunk: int) -> dict[str, Any]:
    source = _tokenized(articles, tokens)
    read(list(islice(source, min(chunk, 8))))  # warm
    spent = count = words = 0.0
    while spent < seconds and (some := list(islice(source, chunk))):
        began = clock()
        read(some)
        spent += clock() - began
        count += len(some)
        words += sum(len(s) for article in some for s in article)
    return {"articles": int(count), "tokens": int(words), "cpu": spent, "peak_mb": peak()}


def stanza(articles: int, tokens: int, seconds: float, model: str, *, size: str = "standard") -> dict[str, Any]:
    """Stanza's named entities alone, over our tokens: with a model file, or one of the folder that
    ``throughput.train_stanza`` made."""
    began = clock()
    import torch

    torch.set_num_threads(1)
    from hindi_diplo.taggers.stanza import StanzaTagger

    folder = Path(model)
    if size == "standard" and folder.is_dir():
        import stanza as library

        (folder / "resources.json").write_text("{}", encoding="utf-8")
        tagger = StanzaTagger(library.Pipeline(
            lang="hi", processors="tokenize,ner", tokenize_pretokenized=True, download_method=None, verbose=False,
            dir=str(folder), ner_model_path=str(folder / "standard.pt"), allow_unknown_language=True,
            ner_forward_charlm_path=str(folder / "forward.pt"), ner_backward_charlm_path=str(folder / "backward.pt"),
        ), "stanza", "")
    else:
        tagger = StanzaTagger.load(str(folder / "small.pt" if folder.is_dir() else folder))
    load = clock() - began

    def read(some: list[list[list[str]]]) -> object:
        return tagger.tag([sentence for article in some for sentence in article])

    does = "names alone" if size == "standard" else "names alone, our small size"
    return {**_timed(read, articles, tokens, seconds, CHUNK), "load": load, "does": does}


def small(articles: int, tokens: int, seconds: float, model: str) -> dict[str, Any]:
    """Stanza's named entities alone with a model as small as ours."""
    return stanza(articles, tokens, seconds, model, size="small")


def spacy(articles: int, tokens: int, seconds: float, model: str) -> dict[str, Any]:
    """spaCy's blank Hindi with our gazetteer in an EntityRuler and our triggers in a Matcher."""
    began = clock()
    import spacy as library
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

    from hindi_diplo.knowledge import KnowledgeBase
    from hindi_diplo.patterns import Lexicon

    nlp = library.blank("hi")
    ruler: Any = nlp.add_pipe("entity_ruler")
    # Phrases as strings are its quick way: patterns over attributes would be some ten times slower here.
    ruler.add_patterns([{"label": kind, "pattern": form} for form, kind, _ in KnowledgeBase.load().names()])
    matcher = Matcher(nlp.vocab)
    for name, forms in Lexicon.load().classes.items():
        if forms:
            matcher.add(name, [[{"TEXT": word} for word in form.split()] for form in sorted(forms)])
    load = clock() - began

    def read(some: list[list[list[str]]]) -> object:
        found = 0
        for article in some:
            doc = ruler(Doc(nlp.vocab, [word for sentence in article for word in sentence]))
            found += len(doc.ents) + len(matcher(doc))
        return found

    return {**_timed(read, articles, tokens, seconds, CHUNK), "load": load, "does": "lists and triggers"}


def dateparser(articles: int, tokens: int, seconds: float, model: str) -> dict[str, Any]:
    """dateparser's search for dates in the same sentences."""
    began = clock()
    from dateparser.search import search_dates

    search_dates("9 सितंबर 2020", languages=["hi"])
    load = clock() - began

    def read(some: list[list[list[str]]]) -> object:
        return [search_dates(" ".join(sentence), languages=["hi"]) for article in some for sentence in article]

    return {**_timed(read, articles, tokens, seconds, 1), "load": load, "does": "dates alone"}


if __name__ == "__main__":
    what, *numbers, given = sys.argv[1:]
    if what != "workers":
        pinned()
    subject = {f.__name__: f for f in (pipeline, untrained, workers, stanza, small, spacy, dateparser)}[what]
    print(json.dumps(subject(int(numbers[0]), int(numbers[1]), float(numbers[2]), given)))
