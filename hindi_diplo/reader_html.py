"""A news page in HTML -> title, day of publication and story text, with the standard library alone.

The page is read as a stream of blocks in one linear pass: no tree, no recursion, so that neither deep
nesting nor unclosed tags cost more than their length.  The story is the element whose paragraphs hold
most text outside links, as Readability finds it, without what its tag or class marks as furniture.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final, NamedTuple

import regex

from .dates import parse_date_line
from .errors import InputError

__all__ = ["Page", "page"]

LARGEST_PAGE: Final = 32 * 2**20  # characters; the largest news pages have two million
DEEPEST: Final = 400  # open elements that are kept track of
LONGEST_TAG: Final = 1 << 16
LARGEST_FURNITURE: Final = 0.35  # of the text of a page


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_VOID: Final = _names("area base br col embed hr img input link meta param source track wbr")
_INLINE: Final = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small "
    "span strike strong sub sup time tt u var")
_RAW: Final = _names("script style noscript template textarea iframe svg math title xmp object noembed "
                     "noframes")
_SKIPPED: Final = _names("nav aside footer form button select figure figcaption menu dialog video audio "
                         "canvas head")
_HEADINGS: Final = _names("h1 h2 h3 h4 h5 h6")
_WHOLE: Final = _names("html body main article")
_CONTAINERS: Final = _names("div section article main td body blockquote html")
_CLOSED_BY_ITSELF: Final = _names("li td tr dd dt option")
_SKIPPED_CLASS: Final = regex.compile(
    r"(?<![a-z])(?:nav|navbar|menu|sidebar|footer|breadcrumbs?|related|also-?read|read-?also|read-?more|"
    r"share|sharing|social|comments?|promo|advert\w*|ads?|sponsor\w*|newsletter|subscribe|trending|popular|"
    r"recommend\w*|tags?|tag-?list|widget|cookie|caption|byline|author|popup|modal|signup|hidden|toolbar|"
    r"next-?story|more-?news|most-?read)(?![a-z])")
_KEPT_CLASS: Final = regex.compile(r"article|story|content|body|main|post")
_MARKUP: Final = regex.compile(r"<(?=/?[a-zA-Z]|[!?])")
_OPEN: Final = regex.compile(r"<(?P<end>/)?(?P<name>[a-zA-Z][a-zA-Z0-9:-]*)(?P<rest>(?:[^>\"']++|\"[^\"]*+\""
                             r"|'[^']*+')*+)>")
_ATTRIBUTE: Final = regex.compile(r"([^\s=>\"'/]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"']++)))?")
_ENTITY: Final = regex.compile(r"&#?\w{1,40}+;?")
_SPACE: Final = regex.compile(r"[ \t\r\n\f\v\u00a0]+")
_TAGS: Final = regex.compile(r"<[^<>]{0,2000}>")
_DAY: Final = regex.compile(r"\s*(\d{4}-\d\d-\d\d)(?!\d)")
_ARTICLE: Final = regex.compile(r"Article|Posting|Report")
_META_DATES: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published",
    "og:published_time", "publish-date", "publish_date", "publishdate", "published_time", "published-date",
    "pubdate", "dc.date.issued", "dcterms.issued", "dc.date", "parsely-pub-date", "sailthru.date", "date",
)


class Page(NamedTuple):
    """What a page tells: the story with its headline as first line, title, ISO day, address."""

    text: str
    title: str | None
    published: str | None
    url: str | None


@dataclass(slots=True, eq=False)
class _Element:
    tag: str
    outer: _Element | None
    first: int  # blocks[first:last] are inside it
    marked: bool  # its tag or class is one of furniture
    story: bool  # the page says that this is the article's body
    last: int = -1
    score: float = 0.0
    out: bool = False


@dataclass(slots=True, eq=False)
class _Block:
    text: str
    linked: int  # characters inside links
    inside: _Element | None

    @property
    def tag(self) -> str:
        return self.inside.tag if self.inside else ""

    @property
    def tells(self) -> bool:
        """Whether it reads like a paragraph of a story."""
        size = len(self.text)
        return size >= 40 and self.linked < size * 0.4 and self.tag not in _HEADINGS


def page(source: str) -> Page:
    """The story of an HTML page; raises InputError where it is too large or holds no text."""
    if len(source) > LARGEST_PAGE:
        raise InputError(f"a page of more than {LARGEST_PAGE >> 20} million characters is no article")
    scan = _Scan()
    scan.run(source)
    facts = scan.facts
    title = _clean(facts.get("headline") or facts.get("og:title") or scan.heading or facts.get("title") or "")
    story = _story(scan)
    text = "\n\n".join(story)
    said = facts.get("articlebody", "")
    if len(said) > 200 and len(text) < len(said) / 2:
        lines = (_clean(line) for line in _TAGS.sub("\n", said).split("\n"))
        text = "\n\n".join(line for line in lines if line)
    if not text and not title:
        raise InputError("no story found in the page; give its text as .txt")
    if title and not text.startswith(title):
        text = f"{title}\n\n{text}"
    return Page(text, title or None, _published(facts), facts.get("canonical") or facts.get("og:url"))


def _published(facts: dict[str, str]) -> str | None:
    for name in ("ld:datepublished", *_META_DATES, "time"):
        if value := facts.get(name):
            match = _DAY.match(value)
            try:
                return date.fromisoformat(match[1]).isoformat() if match else parse_date_line(value[:200])
            except ValueError:
                continue
    return None


def _clean(text: str) -> str:
    return _SPACE.sub(" ", _unescaped(text)).strip()


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda m: html.unescape(m[0]), text) if "&" in text else text


def _attributes(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest):
        value = next((v for v in match.groups()[1:] if v is not None), "")
        found.setdefault(match[1].lower(), _unescaped(value))
    return found


class _Scan:
    """One pass over a page: its blocks of text, its elements, and what its head says."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.elements: list[_Element] = []
        self.stack: list[_Element] = []
        self.facts: dict[str, str] = {}
        self.heading = ""
        self.parts: list[str] = []
        self.linked = 0
        self.links = 0

    def run(self, source: str) -> None:
        at, size = 0, len(source)
        while at < size:
            opened = _MARKUP.search(source, at)
            if opened is None:
                self.say(source[at:])
                break
            if opened.start() > at:
                self.say(source[at : opened.start()])
            at = self.markup(source, opened.start())
        self.flush()
        while self.stack:
            self.pop()

    def markup(self, source: str, at: int) -> int:
        """Read the tag or comment at ``at``; where the next text begins."""
        if source.startswith("<!--", at):
            end = source.find("-->", at + 4)
            return len(source) if end < 0 else end + 3
        if source.startswith(("<!", "<?"), at):
            end = source.find(">", at)
            return len(source) if end < 0 else end + 1
        match = _OPEN.match(source, at)
        if match is None:
            end = source.find(">", at)
            return len(source) if end < 0 else end + 1
        name, rest = match["name"].lower(), match["rest"]
        if match["end"]:
            self.close(name)
            return match.end()
        if name in _RAW:
            if rest.endswith("/") and name in ("svg", "math"):
                return match.end()
            close = regex.compile(rf"</{regex.escape(name)}\b[^>]{{0,200}}>", regex.IGNORECASE).search(
                source, match.end())
            inside = source[match.end() : close.start() if close else len(source)]
            self.raw(name, rest, inside)
            return close.end() if close else len(source)
        self.open(name, rest[:LONGEST_TAG])
        return match.end()

    def raw(self, name: str, rest: str, inside: str) -> None:
        if name == "title" and "title" not in self.facts:
            self.facts["title"] = _clean(inside)
        elif name == "script" and "ld+json" in rest.lower():
            for fact, value in _linked_data(inside):
                self.facts.setdefault(fact, value)

    def open(self, name: str, rest: str) -> None:
        if name in ("meta", "link", "time"):
            self.fact(name, _attributes(rest))
        if name == "br":
            self.parts.append("\n")
            return
        if name == "a":
            self.links += 1
            return
        if name in _INLINE or name in _VOID:
            return
        self.flush()
        last = self.stack[-1].tag if self.stack else ""
        if last == "p" or (last == name and name in _CLOSED_BY_ITSELF):
            self.pop()
        if name == "body":
            while self.stack and self.stack[-1].tag != "html":
                self.pop()
        if len(self.stack) >= DEEPEST:
            return
        marked, story = name in _SKIPPED, False
        if not marked and ("class" in rest or "id" in rest or "itemprop" in rest or "style" in rest):
            told = _attributes(rest)
            marks = f"{told.get('class', '')} {told.get('id', '')}".lower()
            story = told.get("itemprop", "").lower() == "articlebody"
            hidden = regex.search(r"display\s*:\s*none", told.get("style", ""))
            marked = bool(hidden) or (
                name not in _WHOLE and not story and bool(_SKIPPED_CLASS.search(marks))
                and not _KEPT_CLASS.search(marks))
        element = _Element(name, self.stack[-1] if self.stack else None, len(self.blocks), marked, story)
        self.elements.append(element)
        self.stack.append(element)

    def close(self, name: str) -> None:
        if name == "a":
            self.links = max(0, self.links - 1)
            return
        if name in _INLINE or name in _VOID:
            return
        self.flush()
        for back in range(1, min(len(self.stack), 64) + 1):
            if self.stack[-back].tag == name:
                for _ in range(back):
                    self.pop()
                return

    def pop(self) -> None:
        self.stack.pop().last = len(self.blocks)

    def say(self, text: str) -> None:
        self.parts.append(_SPACE.sub(" ", text))
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        """End the block: its text goes to the blocks and counts for the elements that hold it."""
        raw, linked = "".join(self.parts), self.linked
        self.parts, self.linked = [], 0
        lines = (" ".join(_unescaped(part).split()) for part in raw.split("\n"))
        text = "\n".join(line for line in lines if line)
        if not text:
            return
        block = _Block(text, linked, self.stack[-1] if self.stack else None)
        if block.tag == "h1" and not self.heading:
            self.heading = text.replace("\n", " ")
        self.blocks.append(block)

    def fact(self, name: str, told: dict[str, str]) -> None:
        if name == "meta":
            key = (told.get("property") or told.get("name") or told.get("itemprop") or "").strip().lower()
            if key and told.get("content"):
                self.facts.setdefault(key, told["content"])
        elif name == "link" and told.get("rel", "").lower() == "canonical" and told.get("href"):
            self.facts.setdefault("canonical", told["href"])
        elif name == "time" and told.get("datetime"):
            published = told.get("itemprop", "").lower() == "datepublished" or "pubdate" in told
            self.facts.setdefault("datepublished" if published else "time", told["datetime"])


def _story(scan: _Scan) -> list[str]:
    """The paragraphs of the story."""
    told = list(accumulate((len(b.text) if b.tells else 0 for b in scan.blocks), initial=0))

    def tells(element: _Element) -> int:
        return told[element.last] - told[element.first]

    for element in scan.elements:
        # What holds a good part of the page's text is no furniture, whatever it is called.
        small = tells(element) < told[-1] * LARGEST_FURNITURE
        element.out = (element.marked and small) or bool(element.outer and element.outer.out)
    for block in scan.blocks:
        outer, share = block.inside, 1.0
        if not block.tells or (outer and outer.out):
            continue
        for _ in range(12):
            if outer is None or share < 0.05:
                break
            if outer.tag in _CONTAINERS:
                outer.score += share * len(block.text)
                share *= 0.5 if share == 1.0 else 0.2
            outer = outer.outer
    within = [e for e in scan.elements if not e.out]
    chosen = max((e for e in within if e.story and tells(e) >= 200), key=tells, default=None)
    chosen = chosen or max(within, key=lambda e: e.score, default=None)
    # Stories are cut by advertisements into several elements: then the one that holds them all.
    while chosen and chosen.score and chosen.outer and tells(chosen.outer) > 1.4 * tells(chosen):
        chosen = chosen.outer
    blocks = scan.blocks[chosen.first : chosen.last] if chosen and chosen.score else scan.blocks
    return [b.text for b in blocks
            if b.linked <= len(b.text) * 0.6 and b.tag != "h1" and not (b.inside and b.inside.out)]


def _linked_data(source: str) -> Iterator[tuple[str, str]]:
    """Headline, date and body of the article that a JSON-LD script describes."""
    try:
        waiting: list[Any] = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):  # broken scripts are common, and the page tells it elsewhere
        return
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting.extend(value[:1000])
        elif isinstance(value, dict):
            if _ARTICLE.search(str(value.get("@type", ""))[:200]):
                for key, fact in (("headline", "headline"), ("datePublished", "ld:datepublished"),
                                  ("articleBody", "articlebody")):
                    if isinstance(value.get(key), str):
                        yield fact, value[key]
            waiting.extend(v for k, v in value.items() if k in ("@graph", "mainEntity", "mainEntityOfPage"))
