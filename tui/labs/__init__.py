"""Interactive labs, one a file, found by the name that a lesson uses."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from textual.widget import Widget

LABS: Mapping[str, str] = {
    "stepper": "tui.labs.stepper:StepperLab",
    "scatter": "tui.labs.scatter:ScatterLab",
    "accuracy_threshold": "tui.labs.accuracy_threshold:AccuracyThresholdLab",
    "matrix_calculus": "tui.labs.matrix_calculus:MatrixCalculusLab",
    "regression_losses": "tui.labs.regression_losses:RegressionLossesLab",
    "classification_losses": "tui.labs.classification_losses:ClassificationLossesLab",
    "descent": "tui.labs.descent:DescentLab",
    "entropy": "tui.labs.entropy:EntropyLab",
    "fading": "tui.labs.fading:FadingLab",
    "update_loop": "tui.labs.update_loop:UpdateLoopLab",
    "activations": "tui.labs.activations:ActivationsLab",
    "softmax": "tui.labs.softmax:SoftmaxLab",
    "stability": "tui.labs.stability:StabilityLab",
    "gallery": "tui.labs.gallery:GalleryLab",
    "autograd": "tui.labs.autograd:AutogradLab",
    "reading_data": "tui.labs.reading_data:ReadingDataLab",
    "lockstep": "tui.labs.lockstep:LockstepLab",
}
"""Where each lab's widget is; it is imported when a lesson first shows it."""


def make_lab(name: str, options: Mapping[str, str]) -> Widget:
    """The widget of the lab `name`; its class takes the options of the fence."""
    module, _, class_name = LABS[name].partition(":")
    return cast("Widget", getattr(import_module(module), class_name)(options))
