"""Programs that show sentences of `functions/entropy` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

from engine.labs.entropy import State, answer
from lessons.course.functions.entropy.facts import HALVES, RULED_OUT, P, Q, divergence
from lessons.proof.claims import Claim


def torch_nats() -> bool:
    """The entropy of two equally probable classes by torch: ln 2, where bits would be 1."""
    import torch

    found = torch.distributions.Categorical(probs=torch.tensor(HALVES)).entropy()
    return math.isclose(float(found), math.log(2), rel_tol=1e-6)


def vanishes() -> bool:
    """The size of p ln p for p = 0.1 to the n: it falls, and ends below a billionth."""
    sizes = [-(0.1**power) * math.log(0.1**power) for power in range(1, 12)]
    return all(one > other for one, other in pairwise(sizes)) and sizes[-1] < 1e-9


def equal_scores() -> bool:
    """cross_entropy of ten equal scores, for each label."""
    import torch
    from torch.nn import functional

    loss = functional.cross_entropy(torch.zeros(10, 10), torch.arange(10), reduction="none")
    return bool(torch.allclose(loss, torch.full((10,), math.log(10))))


def kl_div_order() -> bool:
    """kl_div of the logarithm of q and p, against D(p ∥ q) and D(q ∥ p)."""
    import torch
    from torch.nn import functional

    p, q = torch.tensor(P).double(), torch.tensor(Q).double()
    found = float(functional.kl_div(q.log(), p, reduction="sum"))
    forward, backward = divergence(p.numpy(), q.numpy()), divergence(q.numpy(), p.numpy())
    return math.isclose(found, forward) and not math.isclose(found, backward, rel_tol=0.05)


def kl_infinite() -> bool:
    """kl_div where q rules out a class that happens half of the time."""
    import torch
    from torch.nn import functional

    found = functional.kl_div(torch.tensor(RULED_OUT).log(), torch.tensor(HALVES), reduction="sum")
    return float(found) == math.inf


def lab_match() -> bool:
    """The lab as it starts: q is not this lesson's; after `m` the divergence is 0."""
    start = State()
    found = answer(start.copied())
    same = math.isclose(found.cross, found.entropy_p)
    return start.q != Q and start.p == P and abs(found.forward) < 1e-12 and same


def lab_zero() -> bool:
    """The lab as it starts, with one probability of q lowered to 0: what is infinite then."""
    found = answer(State().bend(-1.0))
    return found.cross == found.forward == math.inf and math.isfinite(found.backward)


def softmax_certain() -> bool:
    """torch.softmax in float32 with one score 20 above two others, and 10 above them."""
    import torch

    certain, unsure = (
        float(torch.softmax(torch.tensor([score, 0.0, 0.0]), dim=0)[0]) for score in (20.0, 10.0)
    )
    return certain == 1.0 > unsure


CLAIMS: Mapping[str, Claim] = {
    "torch-nats": torch_nats,
    "vanishes": vanishes,
    "equal-scores": equal_scores,
    "kl-div-order": kl_div_order,
    "kl-infinite": kl_infinite,
    "lab-match": lab_match,
    "lab-zero": lab_zero,
    "softmax-certain": softmax_certain,
}
