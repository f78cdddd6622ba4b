"""What is measured before the first update and after each epoch.

- Loss and accuracy "during the epoch" come from running sums over its samples, each measured on its
  mini-batch just before the update that learns from it. They cost next to nothing, and they
  describe the model as it was on its way through the epoch, not as it is at the end.
- After the last update of the epoch, one and the same model is measured on the whole test set, on a
  fixed subset of the training samples, and on the samples held out for validation, if any. So it is
  before the first update, as epoch 0.
- The gradient norms are measured there too, on a fixed batch of the training samples.
- Times are those of the training alone: pauses between two `next()`, and what is measured after an
  epoch, are left out.
  A GPU computes while the program goes on; the program waits for it when it collects the
  measurements. That wait is counted, so the seconds of an epoch include the work of the device.
"""

from __future__ import annotations

import math

from engine.devices import memory_explained
from engine.training.metrics import RunningSums
from engine.training.snapshot import EpochMetrics
from engine.training.task import Task


def measure(
    task: Task,
    epoch: int,
    step: int,
    during: RunningSums | None = None,
    seconds: float = 0.0,
    samples_per_second: float = 0.0,
) -> EpochMetrics | None:
    """Measure the model of `task` as it is; None where a loss is not finite.

    `during` sums the epoch that has ended after `step` updates, and `seconds` is how long it took.
    Nothing is drawn from the task's generator, and the time is not that of the training.
    Raises DeviceMemoryError where the device has too little memory.
    """
    with memory_explained():
        test = task.evaluate()
        train = task.evaluate_train()
        validation = task.evaluate_validation()
        norms = task.gradient_norms()
    if not all(math.isfinite(one.loss) for one in (test, train, validation) if one):
        return None
    classifies = test.accuracy is not None
    return EpochMetrics(
        epoch=epoch,
        step=step,
        train_loss=train.loss if train else None,
        train_accuracy=train.accuracy if train else None,
        test_loss=test.loss,
        test_accuracy=test.accuracy,
        seconds=seconds,
        samples_per_second=samples_per_second,
        gradient_norms=norms if all(map(math.isfinite, norms)) else (),
        during_loss=during.mean_loss if during else None,
        during_accuracy=during.accuracy if during and classifies else None,
        validation_loss=validation.loss if validation else None,
        validation_accuracy=validation.accuracy if validation else None,
    )
