"""Reads a `Problem` from JSON, with a sentence for every mistake that a file can contain."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from engine.bounded import read_text
from engine.errors import UserError
from engine.language import _
from engine.network import BiasMode
from engine.worked_example import (
    Matrix,
    Problem,
    Row,
    bias_place,
    drawn_problem,
    spread,
    weight_place,
    worked_example,
)

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

KEYS = ("layers", "activation", "x", "target", "W", "b", "lr", "bias_mode")


def read_problem_file(path: Path) -> dict[str, Json]:
    """The object in the JSON file at `path`; raises UserError where there is none."""
    name = repr(str(path))
    try:
        text = read_text(path)
    except FileNotFoundError:
        raise UserError(_("There is no file {name}.").format(name=name)) from None
    except IsADirectoryError:
        raise UserError(_("{name} is a folder. Give a JSON file.").format(name=name)) from None
    except OSError as error:
        raise UserError(
            _("{name} cannot be read: {reason}.").format(name=name, reason=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise UserError(
            _("{name} is not a text file in UTF-8. Give a JSON file.").format(name=name)
        ) from None
    try:
        data: Json = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(
            _("{name} is not JSON: line {line}, column {column}: {reason}.").format(
                name=name, line=error.lineno, column=error.colno, reason=error.msg
            )
        ) from None
    except RecursionError:
        raise UserError(_("{name} is nested too deeply to be read.").format(name=name)) from None
    if not isinstance(data, dict):
        raise UserError(
            _("{name} contains no JSON object. Write one with any of the keys {keys}.").format(
                name=name, keys=", ".join(KEYS)
            )
        )
    return data


def build_problem(data: Mapping[str, Json], seed: int = 0) -> Problem:
    """The problem that `data` describes; raises UserError with a sentence for each mistake.

    What is left out is taken from the worked example where the widths are the same, and drawn from
    `seed` where they are not. `activation` is one name, or a list with one name per layer. `b` is a
    list with one list per layer, of one number per unit; where `bias_mode` is shared, a layer's
    entry may also be a single number, a list of one, or a list of equal numbers.
    """
    for key in data:
        if key not in KEYS:
            raise UserError(
                _("The key {key} is not known. The keys are {keys}.").format(
                    key=repr(key), keys=", ".join(KEYS)
                )
            )
    mode = _bias_mode(data["bias_mode"]) if "bias_mode" in data else BiasMode.PER_UNIT
    W = tuple(_matrix(m, i) for i, m in enumerate(_list("W", data["W"]))) if "W" in data else None
    layers = _layers(data, W)
    start = worked_example(mode)
    names = _activations(data["activation"]) if "activation" in data else ("sigmoid",)
    if layers != start.layers:
        start = drawn_problem(layers, ("sigmoid",), mode, seed)
    return Problem(
        layers=layers,
        activations=spread(names, len(layers) - 1),
        x=_row("x", data["x"]) if "x" in data else start.x,
        target=_row("target", data["target"]) if "target" in data else start.target,
        W=start.W if W is None else W,
        b=_biases(data["b"], mode) if "b" in data else start.b,
        lr=_number("lr", data["lr"]) if "lr" in data else start.lr,
        bias_mode=mode,
    )


def _layers(data: Mapping[str, Json], W: Sequence[Matrix] | None) -> tuple[int, ...]:
    """The widths: as given, else those of W, else those of the worked example."""
    found = (len(W[0][0]), *(len(matrix) for matrix in W)) if W else None
    if "layers" not in data:
        return worked_example().layers if found is None else found
    given = []
    for width in _list("layers", data["layers"]):
        if isinstance(width, bool) or not isinstance(width, int):
            raise UserError(
                _("layers takes whole numbers, as in [2, 2, 2], not {value}.").format(
                    value=_shown(width)
                )
            )
        given.append(width)
    if found is not None and found != tuple(given):
        raise UserError(
            _(
                "The shapes of W mean layers of {found} units, but layers says {given}. Change one "
                "of them, or leave one out."
            ).format(found=", ".join(map(str, found)), given=", ".join(map(str, given)))
        )
    return tuple(given)


def _activations(value: Json) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    names = []
    for name in _list("activation", value):
        if not isinstance(name, str):
            raise UserError(
                _("activation takes names such as 'sigmoid', not {value}.").format(
                    value=_shown(name)
                )
            )
        names.append(name)
    return tuple(names)


def _bias_mode(value: Json) -> BiasMode:
    try:
        return BiasMode(str(value))
    except ValueError:
        raise UserError(
            _("There is no bias mode {mode}. Choose one of {modes}.").format(
                mode=_shown(value), modes=", ".join(BiasMode)
            )
        ) from None


def _biases(value: Json, mode: BiasMode) -> tuple[Row, ...]:
    rows: list[Row] = []
    for layer, entry in enumerate(_list("b", value)):
        name = bias_place(layer)
        if mode is BiasMode.SHARED and not isinstance(entry, list):
            rows.append((_number(name, entry),))
            continue
        row = _row(name, entry)
        if mode is BiasMode.SHARED and len(set(row)) > 1:
            raise UserError(
                _(
                    "{name} contains different numbers, but a shared bias is one number per layer. "
                    "Give one number, or choose the bias mode per-unit."
                ).format(name=name)
            )
        rows.append(row[:1] if mode is BiasMode.SHARED else row)
    return tuple(rows)


def _matrix(value: Json, layer: int) -> Matrix:
    name = weight_place(layer)
    rows = tuple(
        _row(_("W (layer {number}, row {row})").format(number=layer + 1, row=i), row)
        for i, row in enumerate(_list(name, value), start=1)
    )
    if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise UserError(
            _(
                "{name} needs rows of the same length: one row per unit of the layer, one number "
                "per unit of the layer before it."
            ).format(name=name)
        )
    return rows


def _row(name: str, value: Json) -> Row:
    return tuple(_number(name, item) for item in _list(name, value))


def _list(name: str, value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise UserError(
            _("{name} takes a list in square brackets, not {value}.").format(
                name=name, value=_shown(value)
            )
        )
    return value


def _number(name: str, value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(
            _("{name} takes numbers, not {value}.").format(name=name, value=_shown(value))
        )
    try:
        return float(value)
    except OverflowError:
        raise UserError(
            _("{name} contains a number that is too large for a 64-bit number.").format(name=name)
        ) from None


def _shown(value: Json) -> str:
    """The value as it would be written in the file, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}…"
