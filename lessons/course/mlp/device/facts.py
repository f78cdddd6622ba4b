"""What the formulas of `mlp/device` speak of."""

from __future__ import annotations

from engine.formulas.draws import integer, positive
from engine.formulas.notation import Notation

IMAGES, PIXELS, BATCH, EPOCHS = 60_000, 784, 256, 10
FLOAT_BYTES = 4

NOTATION = (
    Notation()
    .drawn("n", make=integer(2, 9))
    .drawn("d", make=integer(10, 19))
    .drawn("s", make=integer(20, 29))
    .defined(r"\text{bytes} = n \cdot d \cdot s", "")
    .drawn(r"t_{\text{asked}}")
    .drawn("u", make=positive())
    .drawn("v", make=positive())
    .defined(r"t_{\text{returned}} = t_{\text{asked}} + u", "")
    .defined(r"t_{\text{finished}} = t_{\text{returned}} + v", "")
    .defined(r"t_{\text{measured}} = t_{\text{returned}} - t_{\text{asked}}", "")
    .defined(r"t_{\text{real}} = t_{\text{finished}} - t_{\text{asked}}", "")
)
"""A call returns some time after it was asked for, and the work is finished later."""

SCOPES = {
    "batch_bytes": NOTATION.given(n=BATCH, d=PIXELS, s=FLOAT_BYTES),
    "streamed_megabytes": NOTATION.given(n=IMAGES, d=PIXELS, s=FLOAT_BYTES),
}
