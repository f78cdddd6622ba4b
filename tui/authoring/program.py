"""The template of a program that a lesson shows and readers run, with the output it is to have."""

from __future__ import annotations

from engine.errors import UserError
from lessons.proof.printed import NAME, read_printed, written_printed
from tui.authoring.insertion import defines, readable
from tui.authoring.lesson import files_of, with_fence
from tui.authoring.writing import Plan, checked_name, filled, module_name, shown

_FENCE = r"""
```code programs:«program» run
Say in a sentence what the program shows.
```
"""

_PROGRAM = r'''
def «program»() -> None:
    """Print a sum as it grows."""
    total = 0.0
    for value in (1.0, 2.0, 4.0):
        total += value
        print(f"{total:.1f}")
'''
_OUTPUT = "1.0\n3.0\n7.0\n"

_EMPTY = r'''
"""The programs that `«slug»` shows and runs."""

from __future__ import annotations
'''


def program(lesson: str, name: str) -> Plan:
    """The plan of a new program of a lesson; raises UserError if it cannot be made."""
    own = module_name(checked_name(name, "program"))
    slug, folder = files_of(lesson)
    fence = filled(_FENCE, program=own)
    document, text = with_fence(folder, "code", f"programs:{own} run", fence)
    path, printed = folder / "programs.py", folder / NAME
    before = readable(path) if path.exists() else filled(_EMPTY, slug=slug)
    if defines(before, own):
        raise UserError(f"{shown(path)} already defines {own!r}. Choose another name.")
    after = f"{before.rstrip()}\n\n\n{filled(_PROGRAM, program=own)}"
    outputs = {**read_printed(printed), f"programs:{own}": _OUTPUT}
    written = {path: after, printed: written_printed(slug, outputs)}
    return Plan(
        {place: text for place, text in written.items() if not place.exists()},
        {document: text, **{p: found for p, found in written.items() if p.exists()}},
        (
            f"the block is at the end of {shown(document)}: move it where it belongs",
            f"write the program in {shown(path)}",
            f"dltutor check --record {slug}   records what it prints, once you have read that",
        ),
    )
