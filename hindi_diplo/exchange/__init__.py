"""Exchange with brat, Label Studio, doccano and CoNLL, and dyads in CAMEO and PLOVER codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import InputError
from .brat import brat_config, from_brat, to_brat
from .conll import from_conll, to_conll
from .dyads import DYAD_COLUMNS, dyads_text, to_dyads
from .schema import check, gold_schema, output_schema
from .standoff import Arc, Marked, Standoff, from_standoff, to_standoff
from .tools import from_doccano, from_label_studio, label_studio_config, to_doccano, to_label_studio

__all__ = [
    "DYAD_COLUMNS",
    "Arc",
    "Marked",
    "Standoff",
    "brat_config",
    "check",
    "dyads_text",
    "export",
    "from_brat",
    "from_conll",
    "from_doccano",
    "from_label_studio",
    "from_standoff",
    "gold_schema",
    "label_studio_config",
    "output_schema",
    "to_brat",
    "to_conll",
    "to_doccano",
    "to_dyads",
    "to_label_studio",
    "to_standoff",
]


def export(record: Mapping[str, Any], form: str) -> str:
    """A record as text in one of the forms brat (the .ann file), conll, label-studio, doccano or plover
    (JSON Lines: one task, row or dyad a line)."""
    if form == "brat":
        return to_brat(record)[1]
    if form == "conll":
        return to_conll(record)
    if form == "label-studio":
        return _line(to_label_studio(record, as_prediction=True))
    if form == "doccano":
        return _line(to_doccano(record))
    if form == "plover":
        return "".join(_line(row) for row in to_dyads(record))
    raise InputError(f"expected brat, conll, label-studio, doccano or plover, got {form!r}")


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
