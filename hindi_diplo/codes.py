"""CAMEO and PLOVER codes of an event, derived from our own fields by the table ``lexicon/codes.tsv``."""

from __future__ import annotations

from functools import lru_cache

from .files import read_table

__all__ = ["codes", "setting"]


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str, str], tuple[str | None, str | None]]:
    return {
        (row["kind"], row["status"], row["setting"]): (row["cameo"] or None, row["plover"] or None)
        for _, row in read_table("lexicon/codes.tsv")
    }


def codes(kind: str, status: str, where: str = "") -> tuple[str | None, str | None]:
    """The CAMEO code and the PLOVER code of an event, each None where there is none.

    ``where`` is the :func:`setting`; one that has no row of its own takes the row without a setting.
    """
    table = _table()
    return table.get((kind, status, where)) or table.get((kind, status, ""), (None, None))


def setting(roles: list[tuple[str, str | None]], place: str | None) -> str:
    """Where an event stood towards its parties: ``mediated``, ``visit``, ``third`` (country) or ``""``.

    ``roles`` are the role and country of each participant, ``place`` the country of the place.
    """
    if any(role == "mediator" for role, _ in roles):
        return "mediated"
    lands = {country for _, country in roles if country}
    named = {role for role, _ in roles}
    if {"host", "visitor"} <= named:
        return "visit"
    if place is None or len(lands) < 2:
        return ""
    return "visit" if place in lands else "third"
