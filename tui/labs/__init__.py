"""Interactive labs, one a file; lessons name them by the names of their modules.

A new lab is a module here with a subclass of `base.Lab` (or of `writing.WritingLab`, where values
are written) and, below it, `LAB = LabEntry(TheClass, options={…})`. Nothing else has to know it.
"""

from __future__ import annotations

from tui.labs.registry import LabEntry, declare, entry, labs, make_lab

__all__ = ["LabEntry", "declare", "entry", "labs", "make_lab"]
