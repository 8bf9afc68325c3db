"""Two runs on the same documents: what got better, what got worse, and whether that may be chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..errors import InputError
from .scores import LABELS

if TYPE_CHECKING:
    from .report import DocumentScore, EvaluationReport

__all__ = ["Change", "Comparison", "compare"]

_HEAD: Final = ("before", "after", "change", "95% interval", "p", "better", "worse")
_CHANCE: Final = "* p < 0.05 for that measure alone; with many measures some will be there by chance"


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in both runs: F1 before and after, the chance that runs no different would differ as
    much (approximate randomisation over documents), a 95 % interval of the difference (paired
    bootstrap), and the documents whose own F1 rose and fell."""

    measure: str
    before: float | None
    after: float | None
    p: float
    interval: tuple[float, float] | None
    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def difference(self) -> float | None:
        """After less before."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side; ``mended`` and ``new`` are the errors that only the first or the second has."""

    changes: tuple[Change, ...]
    mended: tuple[Mapping[str, Any], ...]
    new: tuple[Mapping[str, Any], ...]
    documents: int

    def __getitem__(self, measure: str) -> Change:
        return next(c for c in self.changes if c.measure == measure)

    def to_dict(self) -> dict[str, Any]:
        """JSON types only."""
        return {
            "documents": self.documents,
            "changes": [
                {
                    "measure": c.measure,
                    "before": c.before,
                    "after": c.after,
                    "difference": c.difference,
                    "p": c.p,
                    "interval": c.interval,
                    "better": list(c.better),
                    "worse": list(c.worse),
                }
                for c in self.changes
            ],
            "mended": [dict(e) for e in self.mended],
            "new": [dict(e) for e in self.new],
        }

    def __repr__(self) -> str:
        return f"Comparison({self._heading()})"

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        from .report import table

        yield self._heading()
        yield ""
        yield from table([["", *_HEAD], *self._rows()])
        yield ""
        yield _CHANCE

    def _heading(self) -> str:
        return f"{self.documents} documents in both runs; {len(self.mended)} errors mended, {len(self.new)} new"

    def _rows(self) -> Iterator[list[str]]:
        for c in self.changes:
            if "[" in c.measure or c.difference is None:
                continue
            yield [
                LABELS.get(c.measure, c.measure), f"{c.before:.3f}", f"{c.after:.3f}", f"{c.difference:+.3f}",
                f"{c.interval[0]:+.3f} {c.interval[1]:+.3f}" if c.interval else "",
                f"{c.p:.3f}{'*' if c.p < 0.05 else ' '}", str(len(c.better)), str(len(c.worse)),
            ]

    def _repr_html_(self) -> str:
        from .browser import table_html

        rows = ([cell.strip() for cell in row] for row in self._rows())
        return table_html(("measure", *_HEAD), rows, self._heading()) + f"<p>{_CHANCE}</p>"


def compare(before: EvaluationReport, after: EvaluationReport) -> Comparison:
    """Compare two runs over the documents that both scored; raises InputError where they share none."""
    old = {d.id: d for d in before.documents}
    new = {d.id: d for d in after.documents}
    shared = [i for i in old if i in new]
    if not shared:
        raise InputError("the two runs share no document")
    measures = [m for m in after.measures if m in before.measures]
    changes = tuple(
        _change(m, [old[i] for i in shared], [new[i] for i in shared], after.resamples, after.seed)
        for m in measures
    )
    mended: list[Mapping[str, Any]] = []
    made: list[Mapping[str, Any]] = []
    for ident in shared:
        had, has = (Counter(map(_key, d[ident].errors)) for d in (old, new))
        mended += _only(old[ident].errors, had - has)
        made += _only(new[ident].errors, has - had)
    return Comparison(changes, tuple(mended), tuple(made), len(shared))


def _key(error: Mapping[str, Any]) -> tuple[Any, ...]:
    return error["layer"], error["kind"], error["start"], error["stop"], error["gold"], error["got"]


def _only(
    errors: tuple[Mapping[str, Any], ...], left: Counter[tuple[Any, ...]]
) -> Iterator[Mapping[str, Any]]:
    for error in errors:
        if left[_key(error)] > 0:
            left[_key(error)] -= 1
            yield error


def _f1(counts: Any) -> Any:
    """F1 over the last axis (right, gold, got); 0 where there is nothing to find and nothing found."""
    below = counts[..., 1] + counts[..., 2]
    return np.divide(2 * counts[..., 0], below, out=np.zeros_like(below), where=below > 0)


def _change(
    measure: str, old: list[DocumentScore], new: list[DocumentScore], resamples: int, seed: int
) -> Change:
    nothing = (0.0, 0.0, 0.0)
    a = np.array([d.counts.get(measure, nothing) for d in old])
    b = np.array([d.counts.get(measure, nothing) for d in new])
    one, other = _f1(a.sum(0)), _f1(b.sum(0))
    rng = np.random.default_rng(seed)
    # Were the runs alike, each document's two results could be swapped: how often does that differ as much?
    swap = rng.integers(0, 2, size=(resamples, len(a))).astype(float)
    left, right = swap @ b + (1 - swap) @ a, swap @ a + (1 - swap) @ b
    observed = abs(other - one)
    p = (1 + int((np.abs(_f1(right) - _f1(left)) >= observed - 1e-12).sum())) / (1 + resamples)
    interval = None
    if len(a) > 1:
        draws = rng.multinomial(len(a), np.full(len(a), 1 / len(a)), size=resamples).astype(float)
        low, high = np.quantile(_f1(draws @ b) - _f1(draws @ a), [0.025, 0.975])
        interval = (float(low), float(high))
    rates = _f1(a), _f1(b)
    better = tuple(d.id for d, x, y in zip(old, *rates, strict=True) if y > x + 1e-12)
    worse = tuple(d.id for d, x, y in zip(old, *rates, strict=True) if y < x - 1e-12)
    there = a.sum(0)[1:].any(), b.sum(0)[1:].any()
    return Change(
        measure,
        float(one) if there[0] else None,
        float(other) if there[1] else None,
        p,
        interval,
        better,
        worse,
    )
