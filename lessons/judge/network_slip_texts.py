"""What each slip in a round of the worked network does, as it is told to a learner."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.language import _
from engine.slips import Slip

EXPLANATIONS: Mapping[Slip, str] = MappingProxyType(
    {
        Slip.HALF_PRECEDENCE: _(
            "The ½ stands at the first output only; it belongs to every output."
        ),
        Slip.SIGMOID_OF_ACTIVATION: _(
            "The derivative of a hidden unit is taken at its output instead of at its input z. "
            "The output has been through the function already."
        ),
        Slip.UPDATED_WEIGHTS_FIRST: _(
            "The hidden deltas use weights that are updated already. "
            "All gradients of an update come from the old weights."
        ),
        Slip.ROW_FOR_COLUMN: _(
            "The hidden deltas take the weights into a unit instead of the weights out of it: "
            "a row of the matrix for a column."
        ),
        Slip.NO_DERIVATIVE: _("The derivative of the activation function is left out."),
        Slip.SIGN: _("The difference is target − output instead of output − target."),
        Slip.NO_HALF: _("The ½ of the loss is left out, and its derivative is doubled."),
        Slip.ONE_OUTPUT_ONLY: _(
            "The hidden delta comes from one output only; "
            "a hidden unit is to blame for all of them."
        ),
    }
)
"""What each slip does, in one or two sentences."""
