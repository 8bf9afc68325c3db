"""An event in the making: one telling of an encounter, and how two tellings become one event."""

from __future__ import annotations

from dataclasses import dataclass, field

from .merging import same_people, same_time, sharper
from .types import Occasion, Participant, Place, Span, Topic, When

__all__ = ["Candidate"]


@dataclass(slots=True)
class Candidate:
    """An event in the making; ``status`` is None where the telling does not say it."""

    kind: str
    status: str | None
    rule: str
    trigger: Span
    participants: list[Participant]
    sentence: Span
    zone: str
    place: Place | None = None
    time: When | None = None
    occasion: Occasion | None = None
    topics: list[Topic] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    loose: bool = False
    weak: bool = False
    background: bool = False
    scores: list[float] = field(default_factory=list)

    def people(self) -> list[str]:
        return [p.entity for p in self.participants]

    def same_encounter(self, c: Candidate) -> bool:
        """Whether ``c`` can be another telling of this event."""
        if not same_time(self.time, c.time) and self.zone != "title":
            return False
        talk = ("meeting", "call")
        either = self.kind in talk and c.kind in talk and (c.loose or self.zone == "title")
        if self.kind != c.kind and not either:
            return False
        if self.status != c.status and self.status is not None and c.status is not None:
            return False
        if c.kind == "visit" and self.place and c.place and self.place.country != c.place.country:
            return False
        if same_people(self.people(), c.people()):
            return c.kind != "multilateral" or self.zone == c.zone or same_time(self.time, c.time)
        if c.kind in talk:
            lands = [p.country for p in self.participants]
            if all(p.entity == p.country for p in c.participants) and None not in lands:
                return set(lands) == set(c.people())
        return False

    def merge(self, c: Candidate) -> None:
        """Take in what another telling says."""
        same = same_time(self.time, c.time)
        self.time = sharper(self.time, c.time) if same else c.time
        if self.place is None or (self.place.basis != "stated" and c.place and c.place.basis == "stated"):
            self.place = c.place or self.place
        self.occasion = self.occasion or c.occasion
        self.status = self.status or c.status
        self.mentions.extend(m for m in c.mentions if m not in self.mentions)
        self.scores.extend(c.scores)
        self.background = self.background and c.background
        from_title = self.zone == "title" and c.zone != "title"
        if from_title:
            self.trigger, self.rule, self.zone = c.trigger, c.rule, c.zone
            self.kind = c.kind
        merged: list[Participant] = []
        for p in self.participants:
            better = next((q for q in c.participants if q.entity == p.entity), None)
            merged.append(better if better and (from_title or _fuller(better, p)) else p)
        self.participants = merged

    def confidence(self) -> float:
        """How sure the event is, from 0 to 1."""
        score = max(self.scores)
        if any(p.via for p in self.participants):
            score -= 0.1
        if any(p.entity.startswith("local:") for p in self.participants):
            score -= 0.05
        if len(self.mentions) > 1:
            score += 0.05
        return min(0.99, max(0.05, score))


def _fuller(one: Participant, other: Participant) -> bool:
    """Whether ``one`` says more of the same participant: his name, his office."""
    return (one.via is None, one.office is not None, len(one.text)) > (
        other.via is None, other.office is not None, len(other.text))
