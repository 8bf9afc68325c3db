"""Reads Hindi diplomatic news: who met whom, where, when, about what."""

from ._version import __version__

__all__ = ["__version__"]
