"""What labs compute with in tests in place of large data, long trainings and other processes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from engine.labs.gallery import Gallery
from engine.labs.lockstep import Runner
from engine.labs.reading_data import Reading
from engine.training.lockstep import Gap, LockstepStep, Precision, Slip
from tui.labs.lockstep import LockstepLab
from tui.labs.scatter import Sample
from tui.labs.update_loop import UpdateLoopLab

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
           "Bag", "Ankle boot")  # fmt: skip


def drawn_set(synthetic: bool = False) -> Gallery:
    """Forty training and twenty test images: a square, the larger the higher the class."""
    images, labels = {}, {}
    for part, count in (("train", 40), ("test", 20)):
        labels[part] = np.arange(count) * 3 % 10
        images[part] = np.zeros((count, 28, 28), np.uint8)
        for place, label in enumerate(labels[part]):
            images[part][place, 2 : 8 + 2 * label, 2 : 8 + 2 * label] = 255 - 2 * place
    trouble = "Fashion-MNIST is not on this machine; these are synthetic." if synthetic else ""
    return Gallery("A drawn set", synthetic, trouble, CLASSES, images, labels)


def small_sample(seed: int) -> Sample:
    """Five samples in place of the real ones, so that no test waits for torch."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=5), rng.normal(size=5)
    labels = 2 * first + 3.4 * second + 4.2
    correlations = np.corrcoef([first, second, labels])[2]
    return Sample(
        seed,
        (tuple(first.tolist()), tuple(second.tolist())),
        tuple(labels.tolist()),
        (float(correlations[0]), float(correlations[1])),
    )


class FakeRunner(Runner):
    """Numbers that no processor rounds otherwise; a slip makes them part by a quarter."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names, None, Precision.FLOAT64)
        self.names = names
        self.last: LockstepStep | None = None

    def advance(
        self, count: int, slips: Mapping[str, Slip], *, anew: bool
    ) -> tuple[list[LockstepStep], dict[str, Slip]]:
        """Losses that halve."""
        if anew:
            self.last = None
        made = []
        for _ in range(count):
            step = self.last.step + 1 if self.last else 1
            loss = 1024.0 / 2**step
            version = next(iter(slips), self.names[-1])
            gap = Gap(
                version, "w1", 0.25 if slips else step * 2.0**-50, 0.125 if slips else 0, 1e-9
            )
            parted = self.last.first_apart if self.last else None
            self.last = LockstepStep(step, (loss,) * len(self.names), gap, parted)
            made.append(self.last)
            if self.last.first_apart is self.last:
                break
        return made, dict(slips)


def use_stand_ins(patch: pytest.MonkeyPatch) -> None:
    """Nothing is loaded, trained or started for long, and nothing waits."""
    images = drawn_set()
    patch.setattr(Gallery, "load", lambda _: images)
    patch.setattr("tui.labs.scatter.make_sample", small_sample)
    patch.setattr("tui.labs.lockstep.Runner", lambda names, *_: FakeRunner(names))
    patch.setattr(LockstepLab, "PAUSE", 0.001)
    patch.setattr("tui.labs.update_loop.UPDATES", 40)
    patch.setattr("tui.labs.update_loop.CHUNK", 15)
    patch.setattr(UpdateLoopLab, "PAUSE", 0.001)
    patch.setattr(Reading, "follow", lambda reading: reading.state)
