"""Formulas that every test of the maths renderer may use."""

from __future__ import annotations

from tests.unit.tui.test_math_drawings_constructs import DRAWINGS as CONSTRUCTS
from tests.unit.tui.test_math_drawings_course import DRAWINGS as COURSE

FORMULAS = sorted({drawing[1] for drawing in (*COURSE, *CONSTRUCTS)})
