"""Reads Hindi diplomatic news: who met whom, where, when, about what.

    import hindi_diplo as hd
    nlp = hd.load()
    doc = nlp("…", published="2020-09-09")
    doc.events
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import display, frames  # noqa: F401 - they enter how a Doc and an Event are shown
from ._version import __version__
from .errors import DataError, HindiDiploError, InputError, MissingModelError, UnfinishedError, UsageError
from .types import Article, Doc, Entity, Event

if TYPE_CHECKING:
    from . import batch, corpus
    from .evaluation import evaluate, labelled
    from .files import packaged
    from .frames import entities_frame, events_frame, participants_frame, relations_frame, to_networkx
    from .pipeline import Pipeline, load
    from .reader import articles, read

__all__ = [
    "Article", "DataError", "Doc", "Entity", "Event", "HindiDiploError", "InputError", "MissingModelError",
    "Pipeline", "UnfinishedError", "UsageError", "__version__", "articles", "batch", "corpus", "entities_frame",
    "evaluate", "events_frame", "labelled", "load", "packaged", "participants_frame", "read", "relations_frame",
    "to_networkx",
]

# Where the public names live that are imported when they are first used, so that the package loads quickly.
_LAZY = {
    "load": "pipeline", "Pipeline": "pipeline", "read": "reader", "articles": "reader",
    "evaluate": "evaluation", "labelled": "evaluation", "packaged": "files",
    "events_frame": "frames", "entities_frame": "frames",
    "participants_frame": "frames", "relations_frame": "frames", "to_networkx": "frames",
}
_MODULES = ("batch", "corpus")


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_MODULES})
