"""Two distributions over a few outcomes: changes, entropy, cross entropy and divergence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.errors import UserError
from engine.labs.fields import read_numbers
from engine.language import _

FEWEST, MOST = 2, 5
LARGEST_WEIGHT = 1e6
TINY = 1e-12
"""A share below this counts as 0: rounding leaves such a remainder in an emptied outcome."""

Shares = tuple[float, ...]


def normalised(weights: Shares) -> Shares:
    """Weights divided by their sum, K → K; raises UserError if none is above 0."""
    whole = sum(weights)
    if whole <= 0:
        raise UserError(_("At least one number must be above 0: probabilities add up to 1."))
    return tuple(weight / whole for weight in weights)


def bent(shares: Shares, index: int, by: float) -> Shares:
    """One probability changed by `by` within [0, 1]; the others shrink or grow in proportion.

    If all others are 0, they grow equally. The result adds up to 1.
    """
    wanted = float(np.clip(round(shares[index] + by, 10), 0.0, 1.0))
    rest = sum(share for place, share in enumerate(shares) if place != index)
    others = len(shares) - 1
    moved = [
        wanted
        if place == index
        else (share / rest * (1 - wanted) if rest > TINY else (1 - wanted) / others)
        for place, share in enumerate(shares)
    ]
    return normalised(tuple(0.0 if share < TINY else share for share in moved))


@dataclass(frozen=True, slots=True)
class State:
    """The distributions p and q over K outcomes, and which probability the keys change."""

    p: Shares = (0.5, 0.3, 0.2)
    q: Shares = (0.25, 0.25, 0.5)
    side: str = "q"
    index: int = 0

    def __post_init__(self) -> None:
        if len(self.p) != len(self.q):
            raise UserError(
                f"p has {len(self.p)} outcomes and q has {len(self.q)}. Give both the same number."
            )

    @property
    def shares(self) -> Shares:
        """The distribution that the keys change."""
        return self.p if self.side == "p" else self.q

    def with_shares(self, shares: Shares) -> State:
        """Another distribution on the chosen side."""
        return replace(self, p=shares) if self.side == "p" else replace(self, q=shares)

    def bend(self, by: float) -> State:
        """The selected probability changed, the others renormalised."""
        return self.with_shares(bent(self.shares, self.index, by))

    def one_hot(self) -> State:
        """The selected outcome certain on the chosen side."""
        chosen = (float(place == self.index) for place in range(len(self.p)))
        return self.with_shares(tuple(chosen))

    def uniform(self) -> State:
        """All outcomes equally likely on the chosen side."""
        return self.with_shares((1 / len(self.p),) * len(self.p))

    def copied(self) -> State:
        """The chosen side made equal to the other one."""
        return self.with_shares(self.q if self.side == "p" else self.p)

    def resized(self, by: int) -> State:
        """One outcome more, with the mean share, or one fewer; raises UserError at the limits."""
        count = len(self.p) + by
        if not FEWEST <= count <= MOST:
            text = _("There can be {fewest} to {most} outcomes, not {count}.")
            raise UserError(text.format(fewest=FEWEST, most=MOST, count=count))
        p, q = (
            normalised((*shares, 1 / len(shares)) if by > 0 else _shortened(shares))
            for shares in (self.p, self.q)
        )
        return replace(self, p=p, q=q, index=min(self.index, count - 1))

    def written(self, text: str) -> State:
        """The chosen side from as many weights as there are outcomes. Raises UserError."""
        count = len(self.p)
        example = " ".join(f"{1 + place}" for place in range(count))
        weights = read_numbers(text, example, (count, count), (0.0, LARGEST_WEIGHT))
        return self.with_shares(normalised(weights))


def _shortened(shares: Shares) -> Shares:
    """The shares without the last one; if that was everything, the others get equal shares."""
    kept = shares[:-1]
    return kept if sum(kept) > TINY else (1.0,) * len(kept)


@dataclass(frozen=True, slots=True)
class Answer:
    """The five quantities in nats; inf where q excludes what p allows."""

    entropy_p: float
    entropy_q: float
    cross: float
    forward: float
    """D(p ∥ q)."""
    backward: float
    """D(q ∥ p)."""


def entropy(p: Shares) -> float:
    """H(p) = −Σ p_i ln p_i, where 0 ln 0 counts as 0 (Shannon, 1948)."""
    return cross_entropy(p, p)


def cross_entropy(p: Shares, q: Shares) -> float:
    """H(p, q) = −Σ p_i ln q_i over the outcomes with p_i > 0; inf where a q_i there is 0."""
    a, b = np.array(p), np.array(q)
    if bool(np.any((a > 0) & (b == 0))):
        return float("inf")
    seen = a > 0
    return float(-(a[seen] * np.log(b[seen])).sum()) + 0.0


def divergence(p: Shares, q: Shares) -> float:
    """D(p ∥ q) = Σ p_i ln(p_i / q_i) (Kullback and Leibler, 1951); inf like the cross entropy."""
    a, b = np.array(p), np.array(q)
    if bool(np.any((a > 0) & (b == 0))):
        return float("inf")
    seen = a > 0
    return float((a[seen] * (np.log(a[seen]) - np.log(b[seen]))).sum()) + 0.0


def answer(state: State) -> Answer:
    """Compute everything that is shown."""
    p, q = state.p, state.q
    return Answer(entropy(p), entropy(q), cross_entropy(p, q), divergence(p, q), divergence(q, p))
