"""The model of a run as an ONNX file, by the exporter of PyTorch.

PyTorch's exporter needs the packages `onnx` and `onnxscript`, which this program does not.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _
from engine.recipes.two_layer_sizes import D_IN
from engine.training.checkpoint import Checkpoint
from engine.training.recipe import Recipe

if TYPE_CHECKING:
    import torch
    from torch import nn

NEEDED = ("onnx", "onnxscript")
_INPUTS = {"linear": 2, "random": D_IN, "fizzbuzz": 10, "fashion-mnist": 784, "mnist": 784}
"""How many numbers describe a sample, by data set."""


def refuse_without_packages() -> None:
    """Raise UserError where a package is missing that PyTorch needs to write ONNX."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        text = _(
            "PyTorch writes ONNX only with the packages onnx and onnxscript; missing: {missing}."
            " Install them beside dltutor, `pip install onnx onnxscript`, or export as safetensors."
        )
        raise UserError(text.format(missing=", ".join(missing)))


def onnx_file(checkpoint: Checkpoint, recipe: Recipe) -> bytes:
    """The model of a run as ONNX; raises UserError where packages are missing.

    Its input `x` is (samples, features): for images, pixels from 0 (background) to 1, row by row.
    Its output `y` is (samples, outputs): scores, which softmax makes probabilities, or predictions.
    """
    refuse_without_packages()
    import torch

    model = model_of(checkpoint, recipe)
    size = _INPUTS[recipe.dataset]
    with tempfile.TemporaryDirectory(prefix="dltutor-onnx-") as folder, _quiet():
        path = Path(folder) / "model.onnx"
        torch.onnx.export(
            model,
            (torch.zeros(2, size),),
            path,
            input_names=["x"],
            output_names=["y"],
            dynamic_shapes=({0: torch.export.Dim("samples")},),
            external_data=False,
        )
        return path.read_bytes()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter from telling about its work on the terminal."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        yield


def model_of(checkpoint: Checkpoint, recipe: Recipe) -> nn.Sequential:
    """The model as layers of PyTorch, with the parameters of the run.

    All recipes are chains of linear layers with one kind of activation between them, so the shapes
    of the parameters tell the layers; the data are not needed. Raises UserError for any other.
    """
    try:
        return _chain(checkpoint, recipe)
    except (KeyError, IndexError, ValueError, RuntimeError) as error:
        text = _(
            "The model of {run} is not a chain of linear layers and activations, and only such"
            " models are exported as ONNX. Export it as safetensors."
        )
        raise UserError(text.format(run=checkpoint.run)) from error


def _chain(checkpoint: Checkpoint, recipe: Recipe) -> nn.Sequential:
    import torch
    from torch import nn

    layers: list[nn.Module] = []
    if recipe.dataset == "mnist":
        layers.append(_normalise())
    pairs = _layers(checkpoint, recipe)
    for number, (weight, bias) in enumerate(pairs):
        layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
        with torch.no_grad():
            layer.weight.copy_(weight)
            if bias is not None:
                layer.bias.copy_(bias)
        layers.append(layer)
        if number + 1 < len(pairs):
            layers.append(_activation(str(checkpoint.settings.get("activation", "relu"))))
    return nn.Sequential(*layers).eval()


def _normalise() -> nn.Module:
    """Pixels from 0 to 1 as the networks on digits take them."""
    from torch import nn

    from engine.recipes.mnist_mlp import MEAN, STD

    class Normalise(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return (x - MEAN) / STD

    return Normalise()


def _activation(name: str) -> nn.Module:
    from engine.recipes.mnist_mlp_module import ACTIVATIONS

    return ACTIVATIONS[name]()


def _layers(
    checkpoint: Checkpoint, recipe: Recipe
) -> list[tuple[torch.Tensor, torch.Tensor | None]]:
    """Weight (out, in) and bias (out,) of each layer, from the input to the output."""
    import torch

    tensors = {
        name: torch.from_numpy(checkpoint.parameters[name].copy())
        for name in sorted(checkpoint.parameters, key=_order)
    }
    weights = [(name, each) for name, each in tensors.items() if _is_weight(name)]
    if len(weights) == 1 and weights[0][1].dim() == 1:  # one number per feature
        weights = [(weights[0][0], weights[0][1].unsqueeze(0))]
    elif _lead_forwards([each for _name, each in weights], recipe):
        weights = [(name, each.t()) for name, each in weights]
    biases: Mapping[str, torch.Tensor] = {
        _layer(name): each for name, each in tensors.items() if not _is_weight(name)
    }
    return [
        (weight, biases[_layer(name)].reshape(-1) if _layer(name) in biases else None)
        for name, weight in weights
    ]


def _is_weight(name: str) -> bool:
    return name.endswith("weight") or re.fullmatch(r"[wW]\d*", name) is not None


def _layer(name: str) -> str:
    """What the weight and the bias of a layer share: `fc1`, `3` or the number of `W1`."""
    return name.rpartition(".")[0] or name.lstrip("wWb")


def _order(name: str) -> tuple[int, str]:
    digits = re.findall(r"\d+", name)
    return (int(digits[0]) if digits else 0), name


def _lead_forwards(weights: list[torch.Tensor], recipe: Recipe) -> bool:
    """Whether the weights are (in, out), as those from scratch, and not (out, in).

    The sizes of the data and of the classes tell; both are never alike.
    """
    rows, columns = weights[0].shape
    if rows != columns:
        return bool(rows == _INPUTS[recipe.dataset])
    return bool(weights[-1].shape[1] == recipe.classes)
