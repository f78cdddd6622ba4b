"""What it costs to add gradients up in a ring, for the network and the line of the lesson."""

from __future__ import annotations

import numpy as np

from engine.formulas.values import number
from engine.formulas.world import World

WORKERS = 4


LAYERS = (784, 256, 10)


SINGLE = 4
"""Bytes of a number in float32."""


SECOND = 125e6
"""Bytes that a network with 1 Gbit/s carries in a second."""


LATENCY = 50e-6
"""Seconds until the first byte of a message arrives."""


def count(world: World, name: str) -> int:
    """A whole number of the world."""
    return round(number(world.value((name, (), None))))


def sent_in_ring(world: World) -> float:
    """What one worker sends, counted turn by turn."""
    from engine.labs.ring import summed

    workers, total = count(world, "N"), number(world.value(("G", (), None)))
    ring = summed(np.zeros((workers, 3 * workers)))
    return ring.numbers_sent(len(ring.turns)) / workers * total / (3 * workers)


def parameters() -> int:
    """How many numbers the network 784-256-10 learns."""
    from itertools import pairwise

    return sum(gives * takes + takes for gives, takes in pairwise(LAYERS))


def gradient_bytes() -> float:
    """The bytes of all its slopes."""
    return float(SINGLE * parameters())


def ring_bytes(workers: int = WORKERS) -> float:
    """The bytes that a worker sends in an update."""
    return 2 * (workers - 1) / workers * gradient_bytes()


def adding_ms() -> float:
    """The milliseconds of an all-reduce of its gradient."""
    return 1000 * (ring_bytes() / SECOND + 2 * (WORKERS - 1) * LATENCY)
