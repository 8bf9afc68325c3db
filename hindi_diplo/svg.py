"""The figures of :mod:`hindi_diplo.plots` as still pictures: SVG that opens anywhere, without a script.

Text stays text in an SVG, so the browser shapes Devanagari; a picture weighs some kilobytes where a plotly
page weighs megabytes.  Drawn are bars, lines, discs with names and heat maps, with the title, colours, font
and ranges that the figure has; hovering shows what the figure's hover text says.
"""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from .errors import InputError

__all__ = ["to_svg"]

INK: Final = "#1b1f24"
SOFT: Final = "#57606a"
EDGE: Final = "#d0d7de"
PAPER: Final = "#fff"
Scale = Callable[[Any], float]
Box = tuple[float, float, float, float]


def to_svg(figure: Any, *, width: int = 900, height: int | None = None) -> str:
    """A figure of :mod:`hindi_diplo.plots` as an SVG element, ``width`` by ``height`` pixels (default: the
    figure's height).

    Raises InputError for a figure with a trace of another type than bar, scatter and heatmap."""
    made = figure.to_plotly_json()
    layout, traces = made["layout"], made["data"]
    known = {"bar": _bars, "scatter": _scatter, "heatmap": _heatmap}
    types = [trace.get("type", "scatter") for trace in traces]
    for kind in types:
        if kind not in known:
            raise InputError(f"expected a figure of bars, lines, discs or a heat map, got a trace of type {kind!r}")
    height = height or int(layout.get("height") or 450)
    title = str((layout.get("title") or {}).get("text") or "")
    font = str((layout.get("font") or {}).get("family") or "sans-serif")
    drawn = known[types[0] if types else "scatter"]
    body = "".join(drawn(traces, layout, width, height))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-label="{_quoted(title)}" font-family="{_quoted(font)}" '
            f'font-size="12" fill="{INK}" style="max-width:100%;height:auto">'
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
            f'<text x="16" y="26" font-size="16" font-weight="600">{title}</text>{body}</svg>')


def _quoted(text: str) -> str:
    """Text of a figure (already escaped for plotly) for an attribute."""
    return html.escape(html.unescape(text), quote=True)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _hover(text: Any) -> str:
    if not text:
        return ""
    return f"<title>{_plain(str(text))}</title>"


def _plain(text: str) -> str:
    return text.replace("<br>", "\n")


def _scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    reach = (high - low) or 1.0
    return lambda value: start + (value - low) / reach * (stop - start)


def _ticks(top: float) -> list[int]:
    """Some whole numbers from 0 up to ``top``, at round steps."""
    rough = max(1.0, top / 5)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(power * f) for f in (1, 2, 5, 10) if power * f >= rough)
    return list(range(0, int(top) + 1, step))


# Bars -----------------------------------------------------------------------------------------------


def _bars(traces: Sequence[Any], layout: Any, width: int, height: int) -> Iterator[str]:
    """Stacked bars over time."""
    days = sorted({_day(x) for trace in traces for x in trace["x"]})
    if not days:
        return
    sums = dict.fromkeys(days, 0.0)
    for trace in traces:
        for x, y in zip(trace["x"], trace["y"], strict=True):
            sums[_day(x)] += float(y)
    left, right, top, bottom = 46, width - 16, 46, height - 66
    gaps = [(b - a).days for a, b in pairwise(days)]
    across = _scale(days[0].toordinal(), days[-1].toordinal() + min(gaps, default=1), left, right - 6)
    thick = max(2.0, min(60.0, (across(days[0].toordinal() + min(gaps, default=1)) - left) * 0.8))
    up = _scale(0, max(sums.values()), bottom, top)
    for tick in _ticks(max(sums.values())):
        yield f'<path d="M{left} {_number(up(tick))}H{right}" stroke="{EDGE}"/>'
        yield f'<text x="{left - 6}" y="{_number(up(tick) + 4)}" text-anchor="end" fill="{SOFT}">{tick}</text>'
    form = str((layout.get("xaxis") or {}).get("tickformat") or "%Y-%m-%d")
    free = -1e9
    for day in days:
        middle = across(day.toordinal()) + thick / 2
        if middle - free > 74:
            yield (f'<text x="{_number(middle)}" y="{bottom + 18}" text-anchor="middle" fill="{SOFT}">'
                   f"{day.strftime(form)}</text>")
            free = middle
    below = dict.fromkeys(days, 0.0)
    at = left
    for trace in traces:
        colour, name = trace["marker"]["color"], str(trace.get("name") or "")
        hovers = trace.get("hovertext") or [None] * len(trace["x"])
        for x, y, text in zip(trace["x"], trace["y"], hovers, strict=True):
            day = _day(x)
            low, high = below[day], below[day] + float(y)
            below[day] = high
            yield (f'<rect x="{_number(across(day.toordinal()))}" y="{_number(up(high))}" width="{_number(thick)}" '
                   f'height="{_number(up(low) - up(high))}" fill="{_quoted(str(colour))}">{_hover(text)}</rect>')
        yield f'<rect x="{at}" y="{height - 26}" width="12" height="12" fill="{_quoted(str(colour))}"/>'
        yield f'<text x="{at + 18}" y="{height - 16}">{name}</text>'
        at += 40 + 7 * len(name)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


# Lines and discs ------------------------------------------------------------------------------------


def _scatter(traces: Sequence[Any], layout: Any, width: int, height: int) -> Iterator[str]:
    """Lines, areas and discs with names, in the axes' ranges or around what there is."""
    left, right, top, bottom = 60, width - 60, 60, height - 44
    across, up = (_axis([t[name] for t in traces], layout.get(f"{name}axis") or {}, start, stop)
                  for name, start, stop in (("x", left, right), ("y", bottom, top)))
    for trace in traces:
        if "lines" in trace.get("mode", ""):
            yield _path(trace, across, up)
    for trace in traces:
        if "markers" in trace.get("mode", ""):
            yield from _discs(trace, across, up)


def _axis(columns: Iterable[Iterable[float | None]], axis: Any, start: float, stop: float) -> Scale:
    values = [float(v) for column in columns for v in column if v is not None]
    low, high = axis.get("range") or (min(values, default=0.0), max(values, default=1.0))
    return _scale(float(low), float(high), start, stop)


def _path(trace: Any, across: Scale, up: Scale) -> str:
    steps, pen = [], "M"
    for x, y in zip(trace["x"], trace["y"], strict=True):
        if x is None or y is None:
            pen = "M"
            continue
        steps.append(f"{pen}{_number(across(x))} {_number(up(y))}")
        pen = "L"
    line = trace.get("line") or {}
    fill = trace.get("fillcolor") if trace.get("fill") else "none"
    return (f'<path d="{"".join(steps)}" fill="{_quoted(str(fill))}" stroke="{_quoted(str(line.get("color", SOFT)))}" '
            f'stroke-width="{_number(float(line.get("width", 1)))}"/>')


def _discs(trace: Any, across: Scale, up: Scale) -> Iterator[str]:
    count = len(trace["x"])
    marker = trace.get("marker") or {}
    sizes = marker.get("size", 8)
    sizes = [float(sizes)] * count if isinstance(sizes, int | float) else [float(s) for s in sizes]
    hovers, names = (trace.get(key) or [None] * count for key in ("hovertext", "text"))
    colour, opacity = _quoted(str(marker.get("color", SOFT))), float(marker.get("opacity", 1))
    words = []
    taken = [(across(x) - s / 2, up(y) - s / 2, across(x) + s / 2, up(y) + s / 2)
             for x, y, s in zip(trace["x"], trace["y"], sizes, strict=True)]
    # the greatest first: the later names give way to theirs
    for n in sorted(range(count), key=lambda n: (-sizes[n], n)):
        cx, cy, size = across(trace["x"][n]), up(trace["y"][n]), sizes[n]
        yield (f'<circle cx="{_number(cx)}" cy="{_number(cy)}" r="{_number(size / 2)}" fill="{colour}" '
               f'fill-opacity="{opacity:g}" stroke="{PAPER}">{_hover(hovers[n])}</circle>')
        if names[n]:
            box, x, y, anchor = _spot(names[n], cx, cy, size / 2, taken)
            taken.append(box)
            words.append(f'<text x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}" stroke="{PAPER}" '
                         f'stroke-width="3" paint-order="stroke">{names[n]}</text>')
    yield from words


def _spot(name: str, cx: float, cy: float, radius: float, taken: Sequence[Box]) -> tuple[Box, float, float, str]:
    """Where a name stands: below its disc, above, to the right or to the left, wherever it covers least."""
    wide = 7.5 * sum(unicodedata.category(c)[0] != "M" for c in html.unescape(name))
    spots = []
    for x, y, anchor, shift in ((cx, cy + radius + 13, "middle", 0.5), (cx, cy - radius - 5, "middle", 0.5),
                                (cx + radius + 4, cy + 4, "start", 0.0), (cx - radius - 4, cy + 4, "end", 1.0)):
        box = (x - shift * wide, y - 11, x + (1 - shift) * wide, y + 4)
        covered = sum(max(0.0, min(box[2], b[2]) - max(box[0], b[0])) * max(0.0, min(box[3], b[3]) - max(box[1], b[1]))
                      for b in taken)
        spots.append((covered, box, x, y, anchor))
    _, box, x, y, anchor = min(spots, key=lambda spot: spot[0])
    return box, x, y, anchor


# Heat maps ------------------------------------------------------------------------------------------


def _heatmap(traces: Sequence[Any], layout: Any, width: int, height: int) -> Iterator[str]:
    """Cells with their figures, columns named above, rows to the left."""
    trace = traces[0]
    columns, rows, cells = list(trace["x"]), list(trace["y"]), trace["z"]
    if not rows:
        return
    left, top = 60, 66
    side = min((width - left - 16) / len(columns), (height - top - 16) / len(rows))
    most = max((v for row in cells for v in row if v is not None), default=1)
    for n, name in enumerate(columns):
        yield f'<text x="{_number(left + (n + 0.5) * side)}" y="{top - 8}" text-anchor="middle">{_name(name)}</text>'
    for r, (name, row) in enumerate(zip(rows, cells, strict=True)):
        middle = top + (r + 0.5) * side + 4
        yield f'<text x="{left - 8}" y="{_number(middle)}" text-anchor="end">{_name(name)}</text>'
        for c, value in enumerate(row):
            box = f'x="{_number(left + c * side + 1)}" y="{_number(top + r * side + 1)}" width="{_number(side - 2)}"'
            share = 0.0 if value is None else 0.2 + 0.8 * value / most
            fill = f'fill="#0a58ca" fill-opacity="{share:.2f}"' if value is not None else 'fill="#f6f8fa"'
            yield f'<rect {box} height="{_number(side - 2)}" {fill}/>'
            if value is not None:
                ink = PAPER if share > 0.6 else INK
                yield (f'<text x="{_number(left + (c + 0.5) * side)}" y="{_number(middle)}" text-anchor="middle" '
                       f'fill="{ink}">{value:g}<title>{_name(name)} – {_name(columns[c])}: {value:g}</title></text>')


def _name(value: Any) -> str:
    return html.escape(html.unescape(str(value)), quote=False)
