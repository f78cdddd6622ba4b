"""The programs that `frameworks/nn` shows and runs."""

from __future__ import annotations

import torch

from engine.recipes.two_layer import init_weights, random_data, random_weights
from engine.recipes.two_layer_nn import loss_fn, make_model
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H


def read_layers() -> None:
    """Print the model, one layer of it, and all its parameters."""
    model = make_model(D_IN, H, D_OUT)
    print(model)
    print("model[2]      ", model[2])
    print("model[0].bias ", model[0].bias)
    for name, param in model.named_parameters():
        shape = str(tuple(param.shape))
        print(f"{name:14} {shape:12} trained: {param.requires_grad}")


CPU = torch.device("cpu")


def copy_weights() -> None:
    """Put w1 into a layer, and compare with the product by hand."""
    generator = torch.Generator().manual_seed(0)
    x = random_data(generator, CPU).x
    w1, _ = random_weights(generator)
    layer = make_model(D_IN, H, D_OUT)[0]
    (weight,) = layer.parameters()
    with torch.no_grad():
        weight.copy_(w1.t())
        apart = (layer(x) - x.mm(w1)).abs().max()
        largest = x.mm(w1).abs().max()
        print(f"largest sum {largest:.1f}, apart by {apart:.1e}")
        try:
            weight.copy_(w1)
        except RuntimeError as error:
            print("without t():", str(error).splitlines()[0])


def look_inside() -> None:
    """Print what passes between the layers."""
    generator = torch.Generator().manual_seed(0)
    x = random_data(generator, CPU).x
    model = make_model(D_IN, H, D_OUT)
    init_weights(model, "uniform", generator)
    with torch.no_grad():
        for count in (1, 2, 3):
            out = model[:count](x)
            negative = (out < 0).float().mean()
            print(
                f"after {count} of 3: shape {tuple(out.shape)!s:10}"
                f" least {out.min():+.3f}, below 0: {negative:.0%}"
            )


def two_modes() -> None:
    """Print what a dropout layer does in each mode, and whether a graph is recorded."""
    torch.manual_seed(0)
    layer = torch.nn.Dropout(0.5)
    x = torch.ones(6, requires_grad=True)
    for mode in ("train", "eval"):
        getattr(layer, mode)()
        out = layer(x)
        print(f"{mode:5} training {layer.training!s:5} {out.tolist()}", out.requires_grad)


def compare_starts() -> None:
    """Print sums, outputs and loss for two ways of drawing the weights."""
    print("first weights  hidden sums    outputs         loss")
    for init in ("normal", "uniform"):
        generator = torch.Generator().manual_seed(0)
        data = random_data(generator, CPU)
        model = make_model(D_IN, H, D_OUT)
        init_weights(model, init, generator)
        with torch.no_grad():
            hidden, y_pred = model[0](data.x), model(data.x)
            loss = loss_fn(y_pred, data.y)
        sizes = f"{hidden.std():12.3f} {y_pred.std():10.3f}"
        print(f"{init:13} {sizes} {loss:12.1f}")
