"""The error browser: one HTML page that needs no network, gold and output of each document side by side.

Every text that comes from a document is escaped, and the script only hides and shows what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from .scores import ACCURACIES, LABELS

if TYPE_CHECKING:
    from .report import DocumentScore, EvaluationReport

__all__ = ["page", "summary", "table_html"]

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; --bad: #b3261e; --good: #1b6e3a; --soft: #8881; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #7fd89b; } }
body { font: 16px/1.5 system-ui, "Noto Sans Devanagari", sans-serif; margin: 1rem auto; max-width: 78rem;
  padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .15rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.filters { position: sticky; top: 0; background: Canvas; padding: .5rem 0; display: flex; gap: 1rem;
  flex-wrap: wrap; z-index: 1; }
section.doc { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
@media (max-width: 50rem) { .sides { grid-template-columns: 1fr; } }
.text { white-space: pre-wrap; background: var(--soft); padding: .5rem; border-radius: .3rem;
  overflow-wrap: anywhere; }
.text mark { background: #7aa7ff44; color: inherit; border-radius: .2rem; padding: 0 .1rem; }
.text mark.bad { background: #ff5a4a55; text-decoration: underline wavy var(--bad); }
.event, .error { border-left: .25rem solid var(--good); margin: .5rem 0; padding: .1rem .6rem; }
.event.bad, .error { border-color: var(--bad); }
.error q { opacity: .85; } .rule { opacity: .7; font-size: .85em; }
details > summary { cursor: pointer; } :focus-visible { outline: 3px solid #4a7dff; }
"""
_SCRIPT: Final = """
const pick = id => document.getElementById(id).value;
function apply() {
  const layer = pick('layer'), kind = pick('kind'), tag = pick('tag');
  const only = document.getElementById('only').checked;
  let shown = 0;
  for (const doc of document.querySelectorAll('section.doc')) {
    let errors = 0;
    for (const e of doc.querySelectorAll('.error')) {
      const ok = (!layer || e.dataset.layer === layer) && (!kind || e.dataset.kind === kind);
      e.hidden = !ok; errors += ok;
    }
    const ok = (!tag || JSON.parse(doc.dataset.tags).includes(tag)) && (errors || !(only || layer || kind));
    doc.hidden = !ok; shown += ok ? errors : 0;
  }
  document.getElementById('count').textContent = shown + ' errors shown';
}
for (const id of ['layer', 'kind', 'tag', 'only'])
  document.getElementById(id).addEventListener('change', apply);
apply();
"""


def summary(report: EvaluationReport) -> str:
    """The table of scores as HTML."""
    rows = []
    for measure in (m for m in report.measures if "[" not in m):
        rate, span = report.rate(measure), report.interval(measure)
        # where gold and output count the same things there is one rate only
        apart = ("", "") if measure in ACCURACIES else (_figure(rate.precision), _figure(rate.recall))
        rows.append((
            LABELS.get(measure, measure), *apart, _figure(rate.f1),
            f"{span[0]:.3f}–{span[1]:.3f}" if span else "", *(f"{n:g}" for n in (rate.right, rate.gold, rate.got)),
        ))
    head = ("measure", "precision", "recall", "F1", "95 % interval", "right", "gold", "got")
    skipped = f"; {len(report.skipped)} without their text were skipped" if report.skipped else ""
    return table_html(head, rows, f"{len(report.documents)} documents, {len(report.errors)} errors{skipped}")


def table_html(head: Iterable[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table with a caption, the first cell of a row its heading; all text is escaped.  It has no colours
    of its own, so it follows the theme of the page or notebook that shows it."""
    top = "".join(f"<th scope='col'>{escape(h)}</th>" for h in head)
    body = "".join(
        f"<tr><th scope='row' style='text-align:left;font-weight:normal'>{escape(first)}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        "<table style='font-variant-numeric:tabular-nums'>"
        f"<caption style='text-align:left;font-weight:600;padding:.3em 0;color:inherit'>{escape(caption)}</caption>"
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )


def page(report: EvaluationReport) -> str:
    """The whole page."""
    layers = sorted({e["layer"] for d in report.documents for e in d.errors})
    kinds = sorted({e["kind"] for d in report.documents for e in d.errors})
    tags = sorted({t for d in report.documents for t in d.phenomena})
    return "".join(
        [
            "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>hindi-diplo: errors</title>",
            "<meta name='viewport' content='width=device-width'>",
            f"<style>{_STYLE}</style></head><body><h1>Evaluation</h1>",
            summary(report),
            "<div class='filters' role='search'>",
            _select("layer", "Layer", layers),
            _select("kind", "Kind", kinds),
            _select("tag", "Phenomenon", tags),
            "<label><input type='checkbox' id='only'> only documents with errors</label>",
            "<output id='count' aria-live='polite'></output></div><main>",
            *(_document(d) for d in report.documents),
            f"</main><script>{_SCRIPT}</script></body></html>",
        ]
    )


def _select(name: str, label: str, values: Iterable[str]) -> str:
    options = "".join(f"<option>{escape(v)}</option>" for v in values)
    return f"<label>{label} <select id='{name}'><option value=''>all</option>{options}</select></label>"


def _document(d: DocumentScore) -> str:
    import json

    tags = escape(json.dumps(list(d.phenomena), ensure_ascii=False))
    title = escape(f"{d.file}: {d.id}" if d.file else d.id)
    sides = ""
    if d.gold is not None and d.got is not None:
        text = str(d.gold.get("text") or d.got.get("text") or "")
        wrong = {(e["start"], e["stop"]) for e in d.errors if e["layer"] in ("entities", "linked")}
        missed = {e["gold"] for e in d.errors if e["layer"] == "events" and e["kind"] != "spurious"}
        extra = {e["got"] for e in d.errors if e["layer"] == "events" and e["kind"] != "missed"}
        sides = (
            "<details><summary>gold and output side by side</summary><div class='sides'>"
            + _side("gold", text, d.gold, wrong, missed)
            + _side("output", text, d.got, wrong, extra)
            + "</div></details>"
        )
    errors = "".join(_error(e) for e in d.errors) or "<p>no errors</p>"
    return (
        f"<section class='doc' data-tags=\"{tags}\"><h2>{title}</h2>"
        f"<p class='rule'>{escape(', '.join(d.phenomena))}"
        f"</p>{errors}{sides}</section>"
    )


def _error(e: Mapping[str, Any]) -> str:
    sentence = escape(" ".join(e["sentence"].split()))
    rule = f" <span class='rule'>{escape(e['rule'])}</span>" if e["rule"] else ""
    return (
        f"<div class='error' data-layer='{escape(e['layer'])}' data-kind='{escape(e['kind'])}'>"
        f"<strong>{escape(e['layer'])}, {escape(e['kind'])}</strong>{rule}<br><q lang='hi'>{sentence}</q><br>"
        f"gold: <b lang='hi'>{escape(e['gold'] or '–')}</b><br>"
        f"got: <b lang='hi'>{escape(e['got'] or '–')}</b></div>"
    )


def _side(name: str, text: str, record: Mapping[str, Any], wrong: set[tuple[Any, Any]], bad: set[str]) -> str:
    from .scores import describe

    cards = []
    for event in record["events"]:
        told = describe(event)
        names = " – ".join(sorted(p["name"] for p in event["participants"]))
        topics = "; ".join(t["text"] for t in event["topics"]) or "–"
        mark = " bad" if told in bad or names in bad else ""
        cards.append(
            f"<div class='event{mark}' lang='hi'>{escape(told)}<br>topics: {escape(topics)}"
            f"<br><span class='rule'>{escape(str(event.get('rule') or ''))}</span></div>"
        )
    marked = "".join(_marked(text, record["entities"], wrong))
    return (
        f"<div><h3>{name}</h3>{''.join(cards) or '<p>no events</p>'}<div class='text' lang='hi' tabindex='0' "
        f"aria-label='text with the entities of {name}'>{marked}</div></div>"
    )


def _marked(text: str, entities: Iterable[Mapping[str, Any]], wrong: set[tuple[Any, Any]]) -> Iterator[str]:
    at = 0
    for e in sorted(entities, key=lambda e: (e["start"], -e["stop"])):
        if e["start"] < at:
            continue
        bad = " class='bad'" if (e["start"], e["stop"]) in wrong else ""
        yield escape(text[at : e["start"]])
        title = escape(e["label"] + " " + e["id"])
        yield f'<mark{bad} title="{title}">{escape(text[e["start"] : e["stop"]])}</mark>'
        at = e["stop"]
    yield escape(text[at:])


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
