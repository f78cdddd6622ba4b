"""What is said where a checkpoint cannot be written."""

from __future__ import annotations

from engine.language import _
from engine.refusals import is_forbidden, is_full, reason
from engine.training.run_files import checkpoint_path


def not_saved(run: str, error: OSError, *, is_over: bool) -> str:
    """What is wrong, why, and what to do; where `is_over`, the run is not trained further."""
    if is_full(error):
        mend = _("Free some space.")
    elif is_forbidden(error):
        mend = _("Allow writing there.")
    else:
        mend = _("Check that folder.")
    text = _(
        "The checkpoint cannot be saved in {folder}: {reason}. {mend} The training goes on, and"
        " tries to save again."
    )
    if is_over:
        text = _(
            "The checkpoint cannot be saved in {folder}: {reason}. {mend} What this run has learned"
            " since its last checkpoint is lost; train it again."
        )
    return text.format(folder=checkpoint_path(run).parent, reason=reason(error), mend=mend)
