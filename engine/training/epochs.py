"""Measurements of epochs as they are stored in JSON: those of this version, and those of 0.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.training.snapshot import EpochMetrics


def metrics_of(stored: Mapping[str, Any]) -> EpochMetrics:
    """Metrics from JSON, which has no tuples; raises TypeError where they are not whole."""
    return EpochMetrics(**{**stored, "gradient_norms": tuple(stored["gradient_norms"])})


def metrics_of_old(stored: Mapping[str, Any]) -> EpochMetrics:
    """Metrics that version 0.1 stored: its train figures are those during the epoch.

    It measured nothing else on training samples, and at first no gradient norms either.
    """
    names = {
        **stored,
        "train_loss": None,
        "train_accuracy": None,
        "during_loss": stored["train_loss"],
        "during_accuracy": stored["train_accuracy"],
    }
    return metrics_of({"gradient_norms": (), **names})
