"""The checks of the chapter `classification`: one module a lesson, put together here."""

from __future__ import annotations

from lessons.checks.base import merge_modules

BOOK = merge_modules("classification", __name__, __path__)
