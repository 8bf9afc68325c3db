"""Pictures of many documents, as plotly figures: timeline, who met whom, country by country, places.

The browser draws them, so Devanagari is shaped as it should be.  What comes back is a plotly ``Figure``:
restyle it with ``update_layout`` and ``update_traces``, keep it with ``write_html``, or make a still picture of
it with :func:`to_svg`, some kilobytes that open anywhere.  plotly and networkx are imported when a picture is
made.  Texts are escaped: plotly reads a little HTML in its labels.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from .errors import HindiDiploError
from .files import data_path, read_text
from .frames import days, to_networkx
from .svg import to_svg
from .types import Doc, Event

__all__ = ["matrix", "network", "places", "timeline", "to_svg"]

FONT: Final = "Noto Sans, Noto Sans Devanagari, Nirmala UI, Kohinoor Devanagari, Mangal, sans-serif"
COLOURS: Final = {"held": "#2b7a3d", "planned": "#3575c4", "other": "#b8434f"}
BINS: Final = ("day", "month", "year")


def _go() -> Any:
    try:
        import plotly.graph_objects as go
    except ImportError:
        raise HindiDiploError("plotly is not installed; run: pip install 'hindi-diplo[plots]'") from None
    return go


def _figure(traces: list[Any], title: str, **layout: Any) -> Any:
    shared = {"template": "plotly_white", "font": {"family": FONT, "size": 13}, "title": {"text": title},
              "margin": {"l": 50, "r": 20, "t": 50, "b": 40}}
    return _go().Figure(traces, layout={**shared, **layout})


def _safe(text: str) -> str:
    return html.escape(text, quote=False)


def _events(docs: Doc | Iterable[Doc]) -> Iterator[Event]:
    for doc in (docs,) if isinstance(docs, Doc) else docs:
        yield from doc.events


def _who(event: Event) -> str:
    return _safe(" – ".join(p.name for p in event.participants)) or "?"


def _bin(day: date, size: str) -> date:
    if size == "day":
        return day
    return day.replace(day=1) if size == "month" else day.replace(month=1, day=1)


def timeline(docs: Doc | Iterable[Doc], *, by: str | None = None) -> Any:
    """Events per ``by`` ("day", "month" or "year"; by default what suits the time spanned), by status.

    An event stands at the first day of its time; events without a time are left out, and the title says
    how many.  Hovering a bar tells the first events in it."""
    if by not in (None, *BINS):
        raise ValueError(f"by: expected one of {', '.join(BINS)}, got {by!r}")
    events = list(_events(docs))
    dated = [(days(event.time.value)[0], event) for event in events if event.time]
    if by is None:
        spanned = max(d for d, _ in dated) - min(d for d, _ in dated) if dated else timedelta()
        by = "day" if spanned <= timedelta(62) else "month" if spanned <= timedelta(2200) else "year"
    bins: dict[str, dict[date, list[Event]]] = {status: {} for status in COLOURS}
    for day, event in sorted(dated, key=lambda pair: pair[0]):
        status = event.status if event.status in COLOURS else "other"
        bins[status].setdefault(_bin(day, by), []).append(event)
    go, traces = _go(), []
    for status, found in bins.items():
        if found:
            told = ["<br>".join([*map(_who, e[:8]), *(["…"] if len(e) > 8 else [])]) for e in found.values()]
            name = status if status != "other" else "cancelled, postponed, refused, not held"
            traces.append(go.Bar(x=list(found), y=list(map(len, found.values())), name=name, hovertext=told,
                                 marker_color=COLOURS[status]))
    without = len(events) - len(dated)
    note = f" ({without} without a date)" if without else ""
    ticks = {"day": "%d %b %Y", "month": "%b %Y", "year": "%Y"}[by]
    return _figure(traces, f"Events per {by}{note}", barmode="stack", hovermode="closest",
                   xaxis={"tickformat": ticks}, yaxis={"rangemode": "tozero", "tickformat": "d"},
                   height=400, legend={"orientation": "h", "y": -0.15, "traceorder": "normal"})


def network(
    docs: Doc | Iterable[Doc], *, nodes: str = "people", top: int = 40, latin: bool = False, seed: int = 1,
) -> Any:
    """Who met whom: the ``top`` "people" or "countries" with most meetings and calls that were held.

    ``latin`` writes names in Latin letters; ``seed`` lays the picture out anew."""
    graph = to_networkx(docs, nodes=nodes)
    weight = dict(graph.degree(weight="weight"))
    kept = sorted(weight, key=lambda n: (-weight[n], n))[:top]
    part = graph.subgraph(kept).copy()
    part.remove_nodes_from([node for node in kept if not part.degree(node)])
    import networkx as nx

    apart = 2.2 / max(1, len(part)) ** 0.5
    spot = _spread(nx.spring_layout(part, weight="weight", seed=seed, k=apart, iterations=120))
    go, traces = _go(), []
    for a, b, met in sorted(part.edges(data="weight")):
        xs, ys = zip(spot[a], spot[b], strict=True)
        traces.append(go.Scatter(x=xs, y=ys, mode="lines", hoverinfo="skip", showlegend=False,
                                 line={"width": 1 + min(6.0, met**0.5), "color": "rgba(110,119,129,.45)"}))
    names = {n: str(part.nodes[n].get("name_latin" if latin else "name") or n) for n in part}
    told = [f"{_safe(names[n])}<br>{weight[n]} meetings" for n in part]
    most = max(weight.values(), default=1)
    traces.append(go.Scatter(
        x=[spot[n][0] for n in part], y=[spot[n][1] for n in part], mode="markers+text", name="",
        text=[_safe(names[n]) for n in part], textposition="bottom center", hovertext=told, hoverinfo="text",
        showlegend=False, marker={"color": "#3575c4", "line": {"width": 1, "color": "white"},
                                  "size": [9 + 22 * (weight[n] / most) ** 0.5 for n in part]}))
    bare = {"visible": False}
    title = "Who met whom" + (f": {len(part)} of {len(graph)} {nodes}" if len(part) < len(graph) else "")
    return _figure(traces, title, xaxis=bare, yaxis=bare, height=620, hovermode="closest")


def _spread(spot: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Half the position, half its rank: a crowded middle spreads out, the shape stays."""
    axes = []
    for axis in (0, 1):
        order = sorted(spot, key=lambda node: (spot[node][axis], node))
        low, high = (float(spot[order[end]][axis]) for end in (0, -1)) if order else (0.0, 0.0)
        reach, last = high - low or 1.0, max(1, len(order) - 1)
        axes.append({n: (float(spot[n][axis]) - low) / reach + at / last for at, n in enumerate(order)})
    return {node: (axes[0][node], axes[1][node]) for node in spot}


def matrix(docs: Doc | Iterable[Doc], *, top: int = 20) -> Any:
    """Country by country: the meetings and calls that were held between two, for the ``top`` countries."""
    graph = to_networkx(docs, nodes="countries")
    weight = dict(graph.degree(weight="weight"))
    kept = sorted(weight, key=lambda c: (-weight[c], c))[:top]
    cells = [[graph[a][b]["weight"] if graph.has_edge(a, b) else None for b in kept] for a in kept]
    cell = "%{y} – %{x}: %{z}<extra></extra>"
    trace = _go().Heatmap(z=cells, x=kept, y=kept, texttemplate="%{z}", hovertemplate=cell, showscale=False,
                          colorscale=[[0, "#dce9fb"], [1, "#0a58ca"]], xgap=2, ygap=2)
    title = "Country by country"
    if len(kept) < len(weight):
        title += f": {len(kept)} of {len(weight)} countries"
    return _figure([trace], title, height=620, xaxis={"side": "top", "type": "category", "showgrid": False},
                   yaxis={"autorange": "reversed", "type": "category", "showgrid": False})


def places(docs: Doc | Iterable[Doc]) -> Any:
    """Where: a disc for each place whose position is known, on coast lines without borders.

    Nothing is fetched: the coast lines ship with the package."""
    counts: Counter[tuple[str, float, float]] = Counter()
    total = without = 0
    for event in _events(docs):
        total += 1
        place = event.place
        if place is None or place.lat is None or place.lon is None:
            without += 1
        else:
            counts[place.name, place.lat, place.lon] += 1
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in json.loads(read_text(data_path() / "templates" / "land.json"))["rings"]:
        xs += [*(x for x, _ in ring), None]
        ys += [*(y for _, y in ring), None]
    go, ranked = _go(), counts.most_common()
    most = ranked[0][1] if ranked else 1
    named: list[tuple[float, float]] = []  # a name is written where none stands yet
    names = []
    for (name, lat, lon), _ in ranked:
        free = len(named) < 20 and all(abs(lat - y) > 5 or abs(lon - x) > 16 for y, x in named)
        names.append(_safe(name) if free else "")
        named += [(lat, lon)] if free else []
    land = go.Scatter(x=xs, y=ys, mode="lines", fill="toself", fillcolor="#e3e8ec", hoverinfo="skip",
                      line={"width": 0.5, "color": "#c9d1d9"}, showlegend=False, name="land")
    discs = go.Scatter(
        x=[lon for (_, _, lon), _ in ranked], y=[lat for (_, lat, _), _ in ranked], mode="markers+text",
        text=names, name="places", textposition="top center",
        hovertext=[f"{_safe(name)}: {n}" for (name, _, _), n in ranked],
        hoverinfo="text", showlegend=False,
        marker={"size": [8 + 26 * (n / most) ** 0.5 for _, n in ranked], "color": "#b8434f", "opacity": 0.7})
    title = f"Places of {total - without} events ({without} without a known place)"
    bare = {"showgrid": False, "zeroline": False, "showticklabels": False}
    return _figure([land, discs], title, height=480, hovermode="closest",
                   xaxis={**bare, "range": [-170, 180]}, yaxis={**bare, "range": [-58, 82]})
