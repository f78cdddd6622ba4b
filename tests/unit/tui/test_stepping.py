from __future__ import annotations

import pytest

from engine.errors import UserError
from engine.network import BiasMode
from engine.trace import Phase
from engine.worked_example import worked_example
from tests.cases import for_each
from tui.labs.stepping import CYCLE, begin, from_options, read_layers


def test_operations_forward_and_back() -> None:
    start = begin(worked_example())
    assert start.operation.symbol == "z_h1"
    assert not start.can_go_back
    assert start.back() == start
    assert start.forward().operation.symbol == "out_h1"
    assert start.forward().back() == start
    end = start.at(start.last_position)
    assert end.operation.symbol == "b_o2⁺"
    assert end.forward() == end


def test_phases_forward_and_back() -> None:
    stepping = begin(worked_example())
    seen = [stepping.operation.phase]
    for _ in range(3):
        stepping = stepping.next_phase()
        seen.append(stepping.operation.phase)
    assert seen == list(Phase)
    assert stepping.next_phase().position == stepping.last_position
    inside = stepping.forward()
    assert inside.previous_phase() == stepping
    assert stepping.previous_phase().operation.symbol == "∂E/∂out_o1"
    assert begin(worked_example()).previous_phase().position == 0


def test_rounds_go_on_and_back_in_time() -> None:
    first = begin(worked_example(BiasMode.FROZEN))
    second = first.updated()
    assert second.round == 1
    assert second.position == 0
    assert round(second.losses[1], 9) == 0.291027774
    assert second.back() == first.at(first.last_position)
    assert second.previous_phase() == first.at_phase(Phase.UPDATE)
    assert first.updated(100).round == 100
    assert first.updated(3).start_again() == first


def test_edited_numbers_begin_a_new_round_zero_at_the_same_operation() -> None:
    stepping = begin(worked_example()).updated(2).at_phase(Phase.LOSS)
    edited = stepping.with_problem(stepping.problem.with_value("x1", 0.75))
    assert edited.round == 0
    assert edited.operation.symbol == "E_o1"
    assert edited.trace.givens["x1"] == 0.75
    assert edited.trace.givens["w1"] == stepping.trace.givens["w1"]
    assert edited.restored() == begin(worked_example())


def test_activations_and_bias_modes_go_round() -> None:
    stepping = begin(worked_example())
    seen = [stepping.problem.activations[0]]
    for _ in CYCLE:
        stepping = stepping.with_next_activation()
        seen.append(stepping.problem.activations[0])
    assert seen == [*CYCLE, CYCLE[0]]
    modes = [stepping.problem.bias_mode]
    for _ in range(3):
        stepping = stepping.with_next_bias_mode()
        modes.append(stepping.problem.bias_mode)
    assert modes == [BiasMode.PER_UNIT, BiasMode.SHARED, BiasMode.FROZEN, BiasMode.PER_UNIT]


def test_options_of_a_lesson() -> None:
    stepping = from_options(
        {"phase": "backward", "layers": "2,3,1", "activation": "tanh,identity", "bias": "shared"}
    )
    assert stepping.operation.symbol == "∂E/∂out_o1"
    assert stepping.problem.layers == (2, 3, 1)
    assert stepping.problem.activations == ("tanh", "identity")
    assert stepping.problem.bias_mode is BiasMode.SHARED
    assert from_options({}) == begin(worked_example())


@for_each(
    ("options", "sentence"),
    [
        ({"phase": "sideways"}, "There is no phase 'sideways'."),
        ({"bias": "thawed"}, "There is no bias mode 'thawed'."),
        ({"layers": "2,9,1"}, "The lab takes 1 to 3 hidden layers, and 1 to 8 units"),
        ({"layers": "2,2"}, "The lab takes 1 to 3 hidden layers"),
        ({"activation": "swish"}, "There is no activation function 'swish'."),
    ],
)
def test_options_that_cannot_be_used(options: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        from_options(options)


def test_layers_as_they_are_written() -> None:
    assert read_layers("2 3,1") == ((2, 3, 1), ())
    assert read_layers("1,2,3,4,1 tanh") == ((1, 2, 3, 4, 1), ("tanh",))
    with pytest.raises(UserError, match="one for each layer after the input: here 2"):
        read_layers("2,3,1 tanh relu sigmoid")
    with pytest.raises(UserError, match="1 to 3 hidden layers"):
        read_layers("")


def test_an_update_that_diverges_leads_nowhere() -> None:
    problem = from_options({"activation": "identity"}).problem.with_value("η", 1e150)
    stepping = begin(problem)
    with pytest.raises(UserError, match="too large"):
        stepping.updated(5)
