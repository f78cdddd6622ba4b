"""The checks of the chapter `linear`: one module a lesson, put together here."""

from __future__ import annotations

from lessons.checks.base import merge_modules

BOOK = merge_modules("linear", __name__, __path__)
