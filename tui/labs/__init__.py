"""Interactive labs, one per file; lessons refer to them by module name.

A new lab is a module here with a subclass of `base.Lab` (or of `writing.WritingLab`, where values
are typed) and, below it, `LAB = LabEntry(TheClass, options={…})`. It needs no other registration.
"""

from __future__ import annotations

from tui.labs.registry import LabEntry, declare, entry, labs, make_lab

__all__ = ["LabEntry", "declare", "entry", "labs", "make_lab"]
