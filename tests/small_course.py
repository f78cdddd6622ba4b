"""Two short lessons whose questions are the worked network's, and one that is still to come."""

from __future__ import annotations

from pathlib import Path

from lessons.format.catalog import Catalog

_CONTENTS = """
- {slug: backprop, title: A short chapter, lessons: {one: The first, two: The second}}
- {slug: functions, title: Another chapter, lessons: {coming: Still to come}}
"""
_ONE = """---
slug: backprop/one
title: The first
minutes: 5
---
## Forward
The weights are 0.15 and 0.2.

```predict z_h1
What is $z_{h1}$?
```

## Backward
How far off is it?

```predict total_loss
What is $E$?
```

```predict delta_o1
What is $\\delta_{o1}$?
```

## End
That was it.
"""
_TWO = """---
slug: backprop/two
title: The second
minutes: 5
---
## A gradient
One weight.

```predict grad_w5
What is the gradient of $w_5$?
```
"""


def small_course(folder: Path, more: str = "") -> Catalog:
    """The course, written to `folder`; `more` is added to the end of the first lesson."""
    lessons = folder / "01-backprop"
    lessons.mkdir(parents=True)
    (folder / "contents.yaml").write_text(_CONTENTS, "utf-8")
    (lessons / "01-one.md").write_text(_ONE + more, "utf-8")
    (lessons / "02-two.md").write_text(_TWO, "utf-8")
    return Catalog(folder)
