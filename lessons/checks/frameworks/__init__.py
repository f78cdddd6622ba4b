"""The checks of the chapter `frameworks`: one module a lesson, put together here."""

from __future__ import annotations

from lessons.checks.base import merge_modules

BOOK = merge_modules("frameworks", __name__, __path__)
"""The checks of the chapter on the way from NumPy to nn."""
