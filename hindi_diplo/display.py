"""How documents and events look: tables and cards of plain text, HTML for Jupyter, a page of its own.

Every text is escaped, for the browser and for the terminal alike.  The HTML needs no script: hovering
a slot of a card marks its words by a ``:has()`` rule under a class of the document's own.
"""

from __future__ import annotations

import hashlib
import html
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from typing import Any, Final

import regex

from .files import data_path, read_text
from .records import VIEWS, Event, Participant, Span
from .types import Doc

__all__ = ["card", "doc_html", "event_html", "marked", "page", "parties", "pipeline_html", "plain", "table", "width"]

COLUMNS: Final = ("who", "with whom", "where", "when", "about what", "status")
NARROWEST: Final = 10  # columns of a cell; an ISO date needs them
TOLD: Final = 3  # sentences that a card shows before "more"
KEPT: Final = {0x200C, 0x200D}  # ZWNJ and ZWJ shape Devanagari; all other format characters may deceive


# Plain text -----------------------------------------------------------------------------------------


def width(text: str) -> int:
    """Columns that ``text`` takes in a terminal: the sums of the C library's ``wcwidth``, by which xterm,
    VTE, tmux and the Linux console move on.  Signs above and below take none, signs beside take one."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def plain(text: str) -> str:
    """``text`` in one line that a terminal can show: no control characters, no bidi overrides."""
    kept = (" " if c.isspace() else c if _harmless(c) else "\ufffd" for c in text)
    return " ".join("".join(kept).split())


def _harmless(char: str) -> bool:
    category = unicodedata.category(char)
    return category not in ("Cc", "Cf", "Cs") or ord(char) in KEPT


def _pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _wrap(text: str, columns: int) -> list[str]:
    """Lines of at most ``columns``, broken between words, else between whole letters."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += " " + word
            continue
        if lines[-1]:
            lines.append("")
        for letter in regex.findall(r"\X", word):
            if lines[-1] and width(lines[-1]) + width(letter) > columns:
                lines.append("")
            lines[-1] += letter
    return lines


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> str:
    """Rows in aligned columns, the widest column made narrower until all fit."""
    widths = [max(width(row[i]) for row in [header, *rows]) for i in range(len(header))]
    while sum(widths) + 3 * (len(widths) - 1) > columns and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    lines = [" │ ".join(_pad(h, w) for h, w in zip(header, widths, strict=True)).rstrip()]
    lines.append("─┼─".join("─" * w for w in widths))
    several = any(len(_wrap(cell, w)) > 1 for row in rows for cell, w in zip(row, widths, strict=True))
    for number, row in enumerate(rows):
        if several and number:
            lines.append("─┼─".join("┄" * w for w in widths))
        cells = [_wrap(cell, w) for cell, w in zip(row, widths, strict=True)]
        for at in range(max(map(len, cells))):
            parts = (_pad(c[at] if at < len(c) else "", w) for c, w in zip(cells, widths, strict=True))
            lines.append(" │ ".join(parts).rstrip())
    return "\n".join(lines)


def parties(event: Event) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """The participants as (who, with whom): by their sides, else the first and the rest."""
    second = tuple(p for p in event.participants if p.side == 2)
    first = tuple(p for p in event.participants if p.side != 2)
    if not second and event.kind in ("meeting", "call") and all(p.side is None for p in first):
        return first[:1], first[1:]
    return first, second


def _who(participant: Participant) -> str:
    land = participant.country
    return participant.name if land in (None, participant.entity) else f"{participant.name} ({land})"


def _names(participants: Iterable[Participant]) -> str:
    return plain(", ".join(map(_who, participants)))


def _place(event: Event) -> str:
    if event.place is None:
        return ""
    land = event.place.country
    return plain(event.place.name + (f" ({land})" if land else ""))


def _topics(event: Event) -> str:
    about = "; ".join(topic.text for topic in event.topics)
    if event.occasion is not None:
        about += f" [at: {event.occasion.text}]"
    return plain(about)


def table(doc: Doc, *, columns: int | None = None) -> str:
    """The events of a document as a table of plain text, ``columns`` wide (default: the terminal).

    Where there is no room for a table, the events stand below each other as cards."""
    columns = columns or shutil.get_terminal_size((120, 24)).columns
    heading = " · ".join(plain(part) for part in (doc.id, doc.title, doc.published) if part)
    lines = [heading] if heading else []
    if not doc.events:
        return "\n".join([*lines, "no meeting events"])
    if columns < len(COLUMNS) * (NARROWEST + 3):
        return "\n".join([*lines, *(card(event, columns=columns) for event in doc.events)])
    rows = []
    for event in doc.events:
        first, second = parties(event)
        rows.append((
            _names(first), _names(second), _place(event), event.time.value if event.time else "",
            _topics(event), f"{event.kind}, {event.status.replace('_', ' ')}",
        ))
    return "\n".join([*lines, _grid(COLUMNS, rows, columns)])


def card(event: Event, doc: Doc | None = None, *, columns: int = 100) -> str:
    """One event as a card of plain text; with its document also the sentences that tell it."""
    first, second = parties(event)
    rows = [("who", _names(first)), ("with whom", _names(second)), ("where", _place(event)), ("when", "")]
    if event.place is not None:
        rows[2] = ("where", f"{_place(event)}, {event.place.basis}")
    if event.time is not None:
        rows[3] = ("when", f"{event.time.value} ({event.time.grain}, {event.time.basis})")
    rows += [("about what", plain(topic.text)) for topic in event.topics]
    if event.occasion is not None:
        rows.append(("occasion", plain(event.occasion.text)))
    rows.append(("told by", plain(event.trigger_text)))
    if doc is not None:
        rows += [("sentence", plain(span.of(doc.text))) for span in event.mentions]
    codes = ", ".join(code for code in (event.cameo, event.plover) if code)
    made = f"{event.rule}, confidence {event.confidence:.2f}"
    rows.append(("rule", f"{made}, {codes}" if codes else made))
    lines = [f"{event.kind}, {event.status.replace('_', ' ')}"]
    said = ""
    for name, value in rows:
        if value:
            labels = chain(["" if name == said else name], repeat(""))
            values = _wrap(value, max(NARROWEST, columns - 13))
            lines += [f"  {label:<11}{line}" for label, line in zip(labels, values, strict=False)]
            said = name
    return "\n".join(lines)


def marked(doc: Doc, *, columns: int | None = None) -> str:
    """The text in plain lines, ``columns`` wide (default: the terminal), with the label of each entity and
    time drawn under its words: columns are counted, not characters, so it stands under Devanagari too."""
    columns = columns or shutil.get_terminal_size((100, 24)).columns
    boxes = _boxes(doc)
    lines = []
    for line in regex.finditer(r"[^\n]+", doc.text):
        for start, stop in _rows(doc.text, line.start(), line.end(), columns):
            shown = "".join(map(_cell, doc.text[start:stop])).rstrip()
            lines.append(shown)
            under, at = "", 0
            for box in boxes:
                begin, end = max(start, box.span.start), min(stop, box.span.stop)
                if begin < end:
                    before, wide = _shown_width(doc.text, start, begin), _shown_width(doc.text, begin, end)
                    label = (box.label if begin == box.span.start else "").ljust(wide, "─")[:wide]
                    under += " " * (before - at) + label
                    at = before + wide
            if under:
                lines.append(under)
    return "\n".join(lines)


def _cell(char: str) -> str:
    return " " if char.isspace() else char if _harmless(char) else "\ufffd"


def _shown_width(text: str, start: int, stop: int) -> int:
    return width("".join(map(_cell, text[start:stop])))


def _rows(text: str, start: int, stop: int, columns: int) -> Iterator[tuple[int, int]]:
    """The ends of the pieces of a line that fit into ``columns``, cut at spaces, else between whole letters."""
    at, space, used = start, start, 0
    for letter in regex.finditer(r"\X", text, pos=start, endpos=stop):
        wide = width("".join(map(_cell, letter[0])))
        if used + wide > columns:
            cut = space if space > at else letter.start()
            yield at, cut
            used -= _shown_width(text, at, cut)
            at = cut
        used += wide
        if letter[0].isspace():
            space = letter.end()
    if at < stop:
        yield at, stop


# HTML -----------------------------------------------------------------------------------------------


def _safe(text: str) -> str:
    """``text`` for an HTML body or a quoted attribute; what no HTML may hold becomes U+FFFD."""
    shown = "".join(c if c in "\n\t" or _harmless(c) else "\ufffd" for c in text.replace("\r\n", "\n"))
    return html.escape(shown, quote=True)


@dataclass(frozen=True, slots=True)
class _Box:
    """An entity or a time to be marked in the text."""

    span: Span
    label: str
    note: str


def _boxes(doc: Doc) -> list[_Box]:
    """What is marked in the text, in order and without overlap: of two that overlap, the longer."""
    found = []
    for entity in doc.entities:
        known = (entity.name, entity.name_latin, entity.id, entity.country)
        note = " · ".join(part for part in known if part)
        for index in entity.mentions:
            mention = doc.mentions[index]
            if not mention.source.endswith("/adj"):
                found.append(_Box(mention.span, entity.kind, f"{note} · {mention.source}"))
    found += [_Box(t.span, "TIME", f"{t.value} · {t.grain} · {t.rule}") for t in doc.times if t.value]
    kept: list[_Box] = []
    taken: set[int] = set()
    for box in sorted(found, key=lambda b: (b.span.start - b.span.stop, b.span.start)):
        covered = range(box.span.start, box.span.stop)
        if taken.isdisjoint(covered):
            taken.update(covered)
            kept.append(box)
    return sorted(kept, key=lambda b: b.span)


def _slots(events: Sequence[Event]) -> Iterator[tuple[str, Span]]:
    """The class of each slot of each event and the words it marks."""
    for n, event in enumerate(events):
        for i, participant in enumerate(event.participants):
            yield f"e{n}p{i}", participant.span
        for i, topic in enumerate(event.topics):
            yield f"e{n}k{i}", topic.span
        if event.place is not None and event.place.span is not None:
            yield f"e{n}w", event.place.span
        if event.time is not None and event.time.span is not None:
            yield f"e{n}t", event.time.span
        if event.occasion is not None:
            yield f"e{n}o", event.occasion.span
        yield f"e{n}g", event.trigger
        for span in event.mentions:
            yield f"e{n}s", span


def _marked_text(doc: Doc) -> str:
    """The text in flat pieces: a ``mark`` for each entity, in it a ``span`` for each change of slots."""
    boxes = _boxes(doc)
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    spans = list(_slots(doc.events))
    spans += [("furniture", zone.span) for zone in doc.zones if zone.kind == "furniture"]
    spans += [("headline", zone.span) for zone in doc.zones if zone.kind == "title"]
    for name, span in spans:
        opens.setdefault(span.start, []).append(name)
        closes.setdefault(span.stop, []).append(name)
    begins = {box.span.start: box for box in boxes}
    ends = {box.span.stop: box for box in boxes}
    cuts = sorted({0, len(doc.text), *opens, *closes, *begins, *ends})
    active: list[str] = []
    out: list[str] = []
    for start, stop in pairwise(cuts):
        for name in closes.get(start, ()):
            active.remove(name)
        active += opens.get(start, ())
        if start in begins:
            box = begins[start]
            out.append(f'<mark class="b {box.label}" title="{_safe(box.note)}">')
        names = _classes(active)
        words = _safe(doc.text[start:stop])
        out.append(f'<span class="{names}">{words}</span>' if names else words)
        if stop in ends:
            out.append(f"<small>{ends[stop].label}</small></mark>")
    return "".join(out)


def _classes(active: Iterable[str]) -> str:
    """The classes of a piece of text: a slot is underlined, a trigger is heavy, a sentence is plain."""
    names = dict.fromkeys(active)
    zones = [name for name in names if name in ("furniture", "headline")]
    slots = [name for name in names if name not in zones]
    looks = ["w"] if any(not name.endswith("s") for name in slots) else []
    looks += ["g"] if any(name.endswith("g") for name in slots) else []
    return " ".join(zones + looks + [f"m-{name}" for name in slots])


def _hover_rules(scope: str, names: Iterable[str]) -> str:
    """Hovering or focusing a slot of a card marks its words, hovering the words marks the slot."""
    rules = []
    for name in dict.fromkeys(names):
        root = f".{scope}"
        if name.endswith("s"):
            rules.append(f"{root}:has(.s-{name}:is(:hover,:focus)) .m-{name}{{background:var(--hd-line)}}")
            continue
        rules.append(f"{root}:has(.s-{name}:is(:hover,:focus)) .m-{name}{{background:var(--hd-hot);"
                     f"color:var(--hd-hot-ink)}}"
                     f"{root}:has(.m-{name}:hover) .s-{name}{{outline:2px solid var(--hd-accent)}}")
    return "".join(rules)


def _slot(name: str, shown: str, note: str = "") -> str:
    said = f" <small>{_safe(note)}</small>" if note else ""
    return f'<span class="slot s-{name}" tabindex="0"><span lang="hi">{_safe(shown)}</span>{said}</span>'


def _person(n: int, event: Event, participant: Participant) -> str:
    at = event.participants.index(participant)
    notes = [participant.office]
    if participant.name_latin != participant.name:
        notes.append(participant.name_latin)
    if participant.role != "party":
        notes.append(participant.role)
    if participant.via:
        notes.append(f"read from “{participant.text}” by {participant.via}")
    return _slot(f"e{n}p{at}", _who(participant), " · ".join(note for note in notes if note))


def _event_card(n: int, event: Event, text: str | None) -> str:
    first, second = parties(event)
    rows = [("who", [_person(n, event, p) for p in first]),
            ("with whom", [_person(n, event, p) for p in second])]
    if event.place is not None:
        rows.append(("where", [_slot(f"e{n}w", _place(event), event.place.basis)]))
    if event.time is not None:
        note = " · ".join(x for x in (event.time.grain, event.time.basis, event.time.text) if x)
        rows.append(("when", [_slot(f"e{n}t", event.time.value, note)]))
    about = [_slot(f"e{n}k{i}", topic.text, topic.label or "") for i, topic in enumerate(event.topics)]
    rows.append(("about what", about))
    if event.occasion is not None:
        rows.append(("occasion", [_slot(f"e{n}o", event.occasion.text, event.occasion.id or "")]))
    rows.append(("told by", [_slot(f"e{n}g", event.trigger_text)]))
    if text is not None:
        told = [f'<q class="slot s-e{n}s" tabindex="0" lang="hi">{_safe(m.of(text).strip())}</q>'
                for m in event.mentions]
        rest = told[TOLD:]
        more = [f"<details><summary>{len(rest)} more</summary>{'<br>'.join(rest)}</details>"] if rest else []
        rows.append(("sentence" if len(told) == 1 else "sentences", told[:TOLD] + more))
    codes = "".join(f" · {_safe(code)}" for code in (event.cameo, event.plover) if code)
    rows.append(("rule", [f"<code>{_safe(event.rule)}</code> · confidence {event.confidence:.2f}{codes}"]))
    body = "".join(f"<dt>{name}</dt><dd>{'<br>'.join(cells)}</dd>" for name, cells in rows if cells)
    kind, status = event.kind, event.status.replace("_", " ")  # both are of a closed list: nothing to escape
    return (f'<section class="card" aria-label="{kind}, {status}"><h4>{kind} '
            f'<span class="status {event.status}">{status}</span></h4><dl>{body}</dl></section>')


def _style() -> str:
    return read_text(data_path() / "templates" / "doc.css")


def _scope(made: str) -> str:
    return "hd-" + hashlib.sha256(made.encode("utf-8", "replace")).hexdigest()[:10]


def doc_html(doc: Doc, *, style: bool = True) -> str:
    """A document as an HTML fragment: the marked text and one card per event.

    ``style=False`` leaves the shared style sheet out, for a page that has it once."""
    text, cards = _marked_text(doc), [_event_card(n, e, doc.text) for n, e in enumerate(doc.events)]
    heading = " · ".join(_safe(part) for part in (doc.id, doc.title, doc.published) if part)
    found = "".join(cards) or '<p class="none">No meeting events.</p>'
    body = (f'<header lang="hi">{heading}</header>' if heading else "") + (
        f'<div class="text" lang="hi" tabindex="0" role="region" aria-label="text">{text}</div>'
        f'<div class="cards">{found}</div>')
    scope = _scope(body)
    rules = _hover_rules(scope, (name for name, _ in _slots(doc.events)))
    sheet = f"<style>{_style() if style else ''}{rules}</style>"
    return f'<div class="hd {scope}">{sheet}{body}</div>'


def event_html(event: Event) -> str:
    """An event as an HTML card (without its sentence: that stands in the document)."""
    shown = _event_card(0, event, None)
    return f'<div class="hd"><style>{_style()}</style><div class="cards">{shown}</div></div>'


def pipeline_html(pipeline: Any) -> str:
    """The steps of a pipeline as an HTML table."""
    rows = "".join(
        f"<tr><th scope=row>{_safe(step.name)}</th><td>{_safe(', '.join(step.needs))}</td>"
        f"<td>{_safe(step.adds)}</td></tr>" for step in pipeline.steps)
    made = dict(pipeline.made_by)
    return (f'<div class="hd"><style>{_style()}</style><header>hindi_diplo {_safe(made["version"])} · tagger '
            f'{_safe(made["tagger"])} · <code>{_safe(made["sha256"][:12])}</code></header>'
            "<table><thead><tr><th scope=col>step</th><th scope=col>needs</th><th scope=col>adds</th></tr>"
            f"</thead><tbody>{rows}</tbody></table></div>")


def page(docs: Sequence[Doc], *, title: str = "hindi_diplo") -> str:
    """A whole HTML page of documents: one file, no script, opens offline."""
    body = "\n".join(f"<article>{doc_html(doc, style=False)}</article>" for doc in docs)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_safe(title)}</title><style>body{{margin:1rem auto;max-width:80rem;padding:0 1rem;"
        f"background:Canvas;color-scheme:light dark}}article{{margin-bottom:2.5rem}}{_style()}</style></head>"
        f"<body><main>\n{body}\n</main></body></html>\n")


VIEWS.update(
    doc_text=table, doc_html=doc_html, event_text=card, event_html=event_html, pipeline_html=pipeline_html,
)
