"""The checks of the chapter `functions`: one module a lesson, put together here."""

from __future__ import annotations

from lessons.checks.base import merge_modules

BOOK = merge_modules("functions", __name__, __path__)
"""The checks of the chapter on activations and losses."""
