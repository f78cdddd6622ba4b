"""Whether this process belongs to a visitor of `dltutor serve`, who must not reach this machine.

A visitor sits at a browser somewhere else. What on one's own machine is a convenience, a folder to
write to or code to run, would be a way into somebody else's.
"""

from __future__ import annotations

import os

from engine.language import _

VARIABLE = "DLTUTOR_VISITOR"
"""Set for the process of a visitor."""
CODE_VARIABLE = "DLTUTOR_VISITOR_CODE"
"""Set where whoever serves lets visitors run the Python that they write."""


def is_visitor() -> bool:
    """Whether the learner sits at a browser."""
    return bool(os.environ.get(VARIABLE))


def may_run_code() -> bool:
    """Whether code that the learner writes may run on this machine."""
    return not is_visitor() or bool(os.environ.get(CODE_VARIABLE))


def code_refused() -> str:
    """Why it does not run, and what to do."""
    return _(
        "This server does not run code that visitors write. Run dltutor on your own machine for"
        " that, or ask whoever serves it to start `dltutor serve --run-code`."
    )


def folder_refused() -> str:
    """Why no folder can be chosen."""
    return _("In the browser no folder can be chosen: it would be one of the server's.")
