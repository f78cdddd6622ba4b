"""Import all that holds texts while English is in use, before a test speaks another language.

Modules keep the texts of the language in which they were imported, so what a Chinese test imported
first would stay Chinese for the tests that follow it. Import this module to prevent that.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import lessons.judge
import lessons.learner
import tui
from tui.commands import commands

for _package in (lessons.judge, lessons.learner, tui):
    for _found in pkgutil.walk_packages(_package.__path__, f"{_package.__name__}."):
        import_module(_found.name)
commands()
