"""What would change a learner's file into the solution: signs, hues, and where it begins."""

from __future__ import annotations

from tui.page.changes import changes

MINE = """# The sigmoid and its slope

import numpy as np


def sigmoid(z):
    '''1 / (1 + e^-z).'''
    ...


def slope(z):
    '''The derivative.'''
    ..."""
SOLUTION = """import numpy as np


def sigmoid(z):
    '''1 / (1 + e^-z).'''
    return 1 / (1 + np.exp(-z))


def slope(z):
    '''The derivative.'''
    ..."""
SHOWN = """from line 7
     '''1 / (1 + e^-z).'''
-    ...
+    return 1 / (1 + np.exp(-z))
 """


def test_lines_have_signs_and_hues_and_each_part_says_where_it_begins() -> None:
    found = changes(MINE.splitlines(), SOLUTION.splitlines())
    assert found.plain == SHOWN, "the comment at the head may stay"
    hues = {found.plain[at.start : at.end][0]: str(at.style) for at in found.spans if at.style}
    assert hues == {"f": "$foreground-muted", "-": "$text-error", "+": "$text-success"}
    two = changes(["a", "b", "c", "d", "e", "f"], ["A", "b", "c", "d", "e", "F"])
    assert two.plain == "from line 1\n-a\n+A\n b\n\nfrom line 5\n e\n-f\n+F"


def test_a_file_that_is_the_solution_needs_no_change() -> None:
    assert changes(SOLUTION.splitlines(), SOLUTION.splitlines()).plain == ""
    assert changes([], ["x = 1"]).plain == "from line 1\n+x = 1"
