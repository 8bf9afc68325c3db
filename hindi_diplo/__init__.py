"""Reads Hindi diplomatic news: who met whom, where, when, about what."""

from . import display  # noqa: F401 - enters how a Doc and an Event are shown
from ._version import __version__

__all__ = ["__version__"]
