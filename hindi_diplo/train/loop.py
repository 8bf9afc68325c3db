"""The loop that teaches a network labels; small networks and large ones go through the same."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .network import TEXT

__all__ = ["FRESH", "Pace", "tune"]

SOFT: Final = 1.0  # what the teachers' scores weigh against a sentence's own labels
FRESH: Final = ("heads", "moves", "start")  # what no text teaches
State = dict[str, Any]


@dataclass(frozen=True)
class Pace:
    """How fast a network learns."""

    rate: float  # the highest learning rate
    decay: float = 1e-3  # of weights
    betas: tuple[float, float] = (0.9, 0.999)
    clip: float = 5.0  # the largest norm of a gradient
    fresh: float | None = None  # the highest rate of the heads, where it is another
    floor: float = 0.02  # the share of the highest rate that is left at the end
    warm: int = 300  # steps in which the rate rises

    def optimizer(self, torch: Any, named: Iterable[tuple[str, Any]]) -> Any:
        """AdamW over the named parameters."""
        groups: list[dict[str, Any]] = [{"params": [], "top": self.rate}, {"params": [], "top": self.fresh}]
        for name, value in named:
            groups[self.fresh is not None and name.startswith(FRESH)]["params"].append(value)
        return torch.optim.AdamW([g for g in groups if g["params"]], lr=self.rate, weight_decay=self.decay,
                                 betas=self.betas, fused=True)

    def set(self, optimizer: Any, done: int, steps: int) -> None:
        """Set the learning rate of step ``done`` (from 1) of ``steps``: it rises, then falls evenly."""
        warm = min(self.warm, 1 + steps // 10)
        share = min(1.0, done / warm) * max(self.floor, 1 - done / steps)
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * share


def tune(
    torch: Any, body: Any, reader: Any, epochs: Iterable[Sequence[tuple[int, Any]]], *, steps: int, pace: Pace,
    name: str, check: Callable[[Any], list[float]], half: bool = False, teachers: Any = None,
) -> tuple[State, list[list[float]]]:
    """Teach ``body`` the labels of ``epochs``, lists of batches with their heads that ``reader`` reads.

    With ``teachers`` it learns what they expect of each batch too.  ``check`` gives the dev scores of a network; the
    best state is returned with the scores of all epochs.  ``steps`` is how many batches there will be.
    """
    optimizer = pace.optimizer(torch, body.named_parameters())
    averaged: State | None = None
    best: State | None = None
    seen, best_score, done = 0, -1.0, 0
    history: list[list[float]] = []
    for turn, jobs in enumerate(epochs, 1):
        began, total = time.time(), 0.0
        body.train()
        for head, batch in jobs:
            done += 1
            pace.set(optimizer, done, steps)
            bag, numbers, index, gold, mask = reader.batch(torch, batch)
            with torch.autocast(mask.device.type, torch.bfloat16, enabled=half):
                states = body.body(bag, numbers, index, mask)
                scores = None if head == TEXT else body.heads[head](states)
            loss: Any = 0.0 if scores is None else body.loss(scores.float(), gold, mask, head)
            if teachers is not None:
                loss = loss + SOFT * teachers.loss(torch, body, states.float(), batch, mask)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body.parameters(), pace.clip)
            optimizer.step()
            total = total + loss.detach()  # not read here: that would wait for the device
            if done % 10 == 0 and done > steps * 0.4:  # the mean of later weights generalises better (SWA, 2018)
                seen += 1
                state = body.state_dict()
                averaged = {k: v.clone() for k, v in state.items()} if averaged is None else {
                    k: averaged[k] + (state[k] - averaged[k]) / seen for k in state}
        here = {k: v.clone() for k, v in body.state_dict().items()}
        state = averaged or here
        body.load_state_dict(state)
        body.eval()
        dev = check(body)
        body.load_state_dict(here)
        history.append([round(s, 2) for s in dev])
        print(f"{name}, epoch {turn}: loss {float(total) / len(jobs):.3f}, step {done} of {steps}, "
              f"dev {history[-1]}, {time.time() - began:.0f} s", file=sys.stderr, flush=True)
        if best is None or sum(dev) >= best_score:
            best_score, best = sum(dev), state
    assert best is not None
    return best, history
