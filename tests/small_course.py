"""Two short lessons whose questions are the worked network's, and one that is still to come."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from lessons.format import facts, fences
from lessons.format.catalog import Catalog, catalog

_CONTENTS = """
- {slug: backprop, title: A short chapter, lessons: {one: The first, two: The second}}
- {slug: functions, title: Another chapter, lessons: {coming: Still to come}}
"""
_FACTS_OF = "backprop/worked-example"
"""The lesson whose facts the two short lessons speak of."""


def fence(name: str) -> str:
    """A question or a mistake of the real lesson, as it is written there."""
    path = catalog().entry(_FACTS_OF).path
    assert path is not None
    found = re.search(rf"```(?:predict|mistake) {name}\n.*?```", path.read_text("utf-8"), re.DOTALL)
    assert found, name
    return found.group()


_ONE = f"""---
minutes: 5
---
## Forward
The weights are 0.15 and 0.2.

{fence("z_h1")}

## Backward
How far off is it?

{fence("total_loss")}

{fence("delta_o1")}

## End
That was it.
"""
_TWO = f"""---
minutes: 5
---
## A gradient
One weight.

{fence("grad_w5")}
"""


def _package_of(slug: str, original: Callable[[str], str] = facts.package_of) -> str:
    return original(_FACTS_OF if slug in ("backprop/one", "backprop/two") else slug)


# Both look the package of a lesson up by its slug.
vars(facts)["package_of"] = vars(fences)["package_of"] = _package_of


def small_course(folder: Path, more: str = "") -> Catalog:
    """The course, written to `folder`; `more` is added to the end of the first lesson."""
    (folder / "backprop" / "one").mkdir(parents=True)
    (folder / "backprop" / "two").mkdir()
    (folder / "contents.yaml").write_text(_CONTENTS, "utf-8")
    (folder / "backprop" / "one" / "lesson.en.md").write_text(_ONE + more, "utf-8")
    (folder / "backprop" / "two" / "lesson.en.md").write_text(_TWO, "utf-8")
    return Catalog(folder)
