from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Footer, Static

from engine.gradients import autograd_gradients, manual_gradients
from engine.network import BiasMode, DenseNetwork, Gradients
from engine.trace import Phase
from engine.worked_example import Problem
from tests.screens.waiting import settle
from tui.labs.stepper import StepperLab
from tui.labs.stepper_gradients import Autograd
from tui.labs.stepping import begin
from tui.page.lines import line_text
from tui.themes import ThemedApp
from tui.widgets.chart import Chart
from tui.widgets.gradient_table import GradientTable
from tui.widgets.network_view import NetworkView
from tui.widgets.operation_view import OperationList, OperationView
from tui.widgets.value_editor import LineInput, ValueEditor

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)


class Bench(ThemedApp[None]):
    """A step of a lesson with nothing but the lab."""

    CSS = """
    #page { padding: 0 2; scrollbar-size-vertical: 1; }
    #page > * { margin: 1 0 0 0; }
    """

    def __init__(
        self,
        options: dict[str, str] | None = None,
        autograd: Autograd = manual_gradients,
        theme: str = "dltutor-dark",
    ) -> None:
        super().__init__()
        self.lab = StepperLab(options, autograd)
        self.wanted_theme = theme

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield Static("Step through it.")
            yield self.lab
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.theme = self.wanted_theme
        self.lab.focus()


def _network(lab: StepperLab) -> str:
    view = lab.query_one(NetworkView)
    return "\n".join(line_text(line) for line in view.lines(view.size.width))


def _operation(lab: StepperLab) -> str:
    return "\n".join(line_text(line) for line in lab.query_one(OperationView).lines(74))


def _said(lab: StepperLab) -> str:
    line = lab.query_one("#note", Static)
    return str(line.content) if line.display else ""


def _title(lab: StepperLab) -> str:
    return str(lab.query_one("#stepper-card").border_title)


async def test_stepping_and_stepping_back() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert _title(app.lab) == "Forward · operation 1 of 47"
        assert _operation(app.lab).splitlines() == [
            "The weighted sum of hidden unit h1, plus its bias.",
            "zₕ₁ =  w₁  ·  x₁  + w₂  · x₂  + bₕ₁",
            "    = 0.15 · 0.05 + 0.2 · 0.1 + 0.35",
            "    = 0.3775",
        ]
        await pilot.press("right", "down", "enter")
        assert app.lab.stepping.operation.symbol == "out_h2"
        assert "out 0.59688◂" in _network(app.lab)
        await pilot.press("left", "up")
        assert app.lab.stepping.operation.symbol == "out_h1"
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert app.lab.stepping.operation.symbol == "∂E/∂out_o1"
        await pilot.press("left_square_bracket")
        assert app.lab.stepping.operation.symbol == "E_o1"
        await pilot.press("G")
        assert app.lab.stepping.operation.symbol == "b_o2⁺"
        await pilot.press("right")
        assert "u makes the update" in _said(app.lab)
        await pilot.press("home")
        assert app.lab.stepping.position == 0
        assert _said(app.lab) == ""
        await pilot.press("left")
        assert "the first operation" in _said(app.lab)


async def test_rounds_and_back_in_time() -> None:
    app = Bench({"bias": "frozen"})
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("u")
        assert app.lab.status.startswith("round 1 · E 0.291027774 · 2-2-2 sigmoid")
        await pilot.press("comma")
        assert app.lab.status.startswith("round 0 · E 0.298371109")
        assert app.lab.stepping.operation.symbol == "w8⁺"
        await pilot.press("m", "4")
        assert app.lab.stepping.round == 100
        (curve,) = app.lab.query_one(Chart).drawing.series
        assert len(curve.ys) == 101
        assert curve.ys == app.lab.stepping.losses
        await pilot.press("r")
        assert app.lab.status.startswith("round 0 · E 0.298371109")


async def test_gradients_three_ways_with_torch() -> None:
    app = Bench({"phase": "backward"}, autograd_gradients)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("v", "end")
        assert app.lab.pane == "gradients"
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert text.count("✓ agree") == 12
        assert text.count(" 0.082167041") == 3
        assert text.count("−0.022602540") == 3
        assert "✗ differ" not in text
        await pilot.press("u", "end")
        await settle(pilot)
        assert app.lab.query_one(GradientTable).text.count("✓ agree") == 12


async def test_a_gradient_appears_when_it_is_computed() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        names = [row.symbol for row in app.lab.query_one(GradientTable).state.rows]
        seen: list[str] = []
        for operation in app.lab.stepping.trace.operations:
            computed = operation.symbol.removeprefix("∂E/∂")
            if computed in names:
                seen.append(computed)
            rows = app.lab.query_one(GradientTable).text.splitlines()[1 : 1 + len(names)]
            for row in rows:
                words = row.replace("▶", " ").split()
                if words[0] in seen:
                    assert words[-1] == "agree"
                else:
                    assert words[1:] == ["·", "·", "·"]
            app.lab.go(app.lab.stepping.forward)
        assert sorted(seen) == sorted(names)
        await pilot.press("home")
        assert "agree" not in app.lab.query_one(GradientTable).text.splitlines()[1]


async def test_the_lab_stands_before_autograd_answers() -> None:
    go_on = threading.Event()

    def slow(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        go_on.wait(10)
        return manual_gradients(network, x, target)

    app = Bench(autograd=slow)
    async with app.run_test(size=NARROW) as pilot:
        try:
            await pilot.press("end")
            text = app.lab.query_one(GradientTable).text
            assert text.count("… wait") == 12
            # The numbers change while autograd still computes the old ones.
            await pilot.press("u", "u", "end")
            assert app.lab.stepping.round == 2
            assert "… wait" in app.lab.query_one(GradientTable).text
        finally:
            go_on.set()
        await settle(pilot)
        await settle(pilot)
        assert app.lab.query_one(GradientTable).text.count("✓ agree") == 12


async def test_a_torch_that_does_not_work_is_told() -> None:
    def broken(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        raise ImportError("libtorch.so is missing")

    app = Bench(autograd=broken)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("end")
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert "Autograd is not available: torch reports 'libtorch.so is missing'." in text
        assert text.count("✓ agree") == 12, "by hand and central still stand"
        await pilot.press("home", "full_stop")
        assert app.lab.stepping.position == 1


async def test_wrong_gradients_are_marked_in_words() -> None:
    def wrong(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        right = manual_gradients(network, x, target)
        return Gradients((right.W[0] * 2, right.W[1]), right.b)

    app = Bench(autograd=wrong)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("end")
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert text.count("✗ differ") == 4
        assert text.count("✓ agree") == 8


async def test_a_kink_is_named() -> None:
    app = Bench({"activation": "relu"})
    async with app.run_test(size=NARROW) as pilot:
        problem = app.lab.stepping.problem
        for symbol in ("w1", "w2", "b_h1"):
            problem = problem.with_value(symbol, 0.0)
        assert app.lab.go(lambda: app.lab.stepping.with_problem(problem))
        await settle(pilot)
        assert "At or near 0: z_h1." in app.lab.query_one(GradientTable).text


async def test_a_value_is_edited_in_place() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e", "enter", *"0.5", "enter")
        assert app.lab.stepping.trace.givens["x1"] == 0.5
        assert "= 0.15 · 0.5 + 0.2 · 0.1 + 0.35" in _operation(app.lab)
        await pilot.press("right", "right", "enter", *"-1e-3", "enter")
        assert app.lab.stepping.trace.givens["w1"] == -0.001
        await pilot.press("escape")
        assert app.lab.has_focus
        assert "w1 −0.001" in _network(app.lab)
        await pilot.press("o")
        assert app.lab.stepping.trace.givens["x1"] == 0.05


NONSENSE = [
    ("abc", "“abc” is not a number. Type one such as 0.25 or -1e-3. x1 is still 0.05."),
    ("nan", "nan cannot be used here. Type a finite number. x1 is still 0.05."),
    ("inf", "inf cannot be used here."),
    (" ", "Type a number, such as 0.25. x1 is still 0.05."),
    ("[/]", "“[/]” is not a number."),
    ("[b]7", "“[b]7” is not a number."),
    ("1e308", "too large for a 64-bit number"),
]


async def test_nonsense_gets_a_sentence_and_the_old_value_stays() -> None:
    app = Bench({"activation": "identity"})
    async with app.run_test(size=NARROW) as pilot:
        for typed, sentence in NONSENSE:
            await pilot.press("e", "enter")
            app.lab.query_one(ValueEditor).query_one(LineInput).value = typed
            await pilot.press("enter")
            assert sentence in app.lab.query_one(ValueEditor).message
            assert app.lab.stepping.trace.givens["x1"] == 0.05, typed
            await pilot.press("escape", "escape")
            assert app.lab.has_focus, typed


async def test_every_number_can_be_edited() -> None:
    app = Bench({"layers": "1,2,1", "bias": "shared"})
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e")
        count = len(app.lab.stepping.trace.givens)
        for _ in range(count):
            await pilot.press("enter", "2", "enter", "right")
        assert set(app.lab.stepping.trace.givens.values()) == {2.0}


async def test_a_negative_learning_rate_is_refused() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("e", "down", "down", "down", "down", "down", "right", "enter")
        assert app.lab.query_one(ValueEditor).grid.symbol == "η"
        await pilot.press(*"-1", "enter")
        assert "The learning rate -1 cannot be used." in app.lab.query_one(ValueEditor).message
        assert app.lab.stepping.problem.lr == 0.5


async def test_other_networks() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("w", *"2,9,1", "enter")
        assert "1 to 8 units in each layer" in _said(app.lab)
        await pilot.press(*("backspace",) * 5, *"3,3,3,2 tanh", "enter")
        assert app.lab.stepping.problem.layers == (3, 3, 3, 2)
        assert app.lab.stepping.problem.activations == ("tanh",) * 3
        assert app.lab.has_focus
        await pilot.press("b", "a")
        assert app.lab.stepping.problem.bias_mode is BiasMode.SHARED
        assert app.lab.status.endswith("3-3-3-2 ReLU · a bias per layer · η 0.5")
        await pilot.press("w", "escape")
        assert app.lab.stepping.problem.layers == (3, 3, 3, 2)
        await settle(pilot)
        assert "✗ differ" not in app.lab.query_one(GradientTable).text


@pytest.mark.parametrize(
    ("layers", "size"), [("2,2,2", NARROW), ("8,8,8,8,8", NARROW), ("8,8,8,8,8", WIDE)]
)
async def test_nothing_scrolls_and_nothing_is_cut(layers: str, size: tuple[int, int]) -> None:
    app = Bench({"layers": layers})
    async with app.run_test(size=size) as pilot:
        lab = app.lab
        assert lab.outer_size.height <= size[1] - 3
        for phase in Phase:
            lab.go(lambda phase=phase: lab.stepping.at_phase(phase))  # type: ignore[misc]
            await settle(pilot)
            view, card = lab.query_one(NetworkView), lab.query_one("#stepper-card", VerticalScroll)
            assert view.size.height >= max(lab.stepping.problem.layers) or card.size.height >= 10
            assert card.max_scroll_y == 0
            assert len(view.lines(view.size.width)) <= view.size.height
            for word in ("…", "..."):
                assert word not in _operation(lab)


async def test_panes_one_by_one_and_side_by_side() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        shown = []
        for _ in range(4):
            shown.append(
                [
                    view.region.area > 0 and view in app.screen._compositor.visible_widgets
                    for view in (
                        app.lab.query_one(NetworkView),
                        app.lab.query_one(GradientTable),
                        app.lab.query_one(OperationList),
                        app.lab.query_one(Chart),
                    )
                ]
            )
            await pilot.press("v")
            await pilot.pause()
        assert shown == [[place == pane for place in range(4)] for pane in range(4)]
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        for view in (NetworkView, OperationView, GradientTable, OperationList):
            assert app.lab.query_one(view).region.area > 0
        await pilot.press("4")
        await pilot.pause()
        for seen in (NetworkView, OperationView, GradientTable, Chart):
            assert app.lab.query_one(seen).region.area > 0


async def test_keys_that_cannot_apply_are_greyed() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        lab = app.lab
        for name in ("back", "previous_phase", "home", "restart", "restore"):
            assert lab.check_action(name, ()) is None
        await pilot.press("G")
        for name in ("forward", "next_phase", "end"):
            assert lab.check_action(name, ()) is None
        await pilot.press("u")
        assert lab.check_action("back", ()) is True
        assert lab.check_action("forward", ()) is True


async def test_options_that_cannot_be_used_are_told() -> None:
    app = Bench({"layers": "9"})
    async with app.run_test(size=NARROW):
        assert "The lab takes 1 to 3 hidden layers" in _said(app.lab)
        assert app.lab.stepping.problem.layers == (2, 2, 2)


def test_every_key_of_the_editor_has_an_id_and_a_tooltip() -> None:
    for binding in ValueEditor.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id
        assert binding.tooltip


def _exact_problem() -> Problem:
    """Every number of its round is exact in float64, so no processor rounds it otherwise."""
    return Problem(
        layers=(2, 2, 2),
        activations=("identity", "identity"),
        x=(0.5, 0.25),
        target=(0.5, 1.0),
        W=(((0.5, 1.0), (-0.5, 0.25)), ((1.0, 0.5), (-1.0, 0.25))),
        b=((0.25, 0.5), (0.125, -0.25)),
    )


LARGE = (200, 60)


@pytest.mark.parametrize(
    ("phase", "theme", "size"),
    [
        ("forward", "dltutor-dark", NARROW),
        ("backward", "dltutor-light", NARROW),
        ("backward", "dltutor-dark", WIDE),
        ("forward", "dltutor-light", WIDE),
        ("forward", "dltutor-dark", LARGE),
        ("backward", "dltutor-light", LARGE),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else value,
)
def test_looks_as_before(
    snap_compare: SnapCompare, phase: str, theme: str, size: tuple[int, int]
) -> None:
    async def some_steps(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press(*["right"] * (4 if phase == "forward" else 13))
        await settle(pilot)
        await settle(pilot)

    app = Bench(theme=theme)
    problem = _exact_problem()
    app.lab.stepping = begin(problem).at_phase(Phase(phase))
    assert snap_compare(app, terminal_size=size, run_before=some_steps)


def test_gradients_look_as_before(snap_compare: SnapCompare) -> None:
    async def gradients(pilot: Pilot[None]) -> None:
        await pilot.press("2", "end", *["left"] * 14)
        await settle(pilot)
        await settle(pilot)

    app = Bench()
    app.lab.stepping = begin(_exact_problem())
    assert snap_compare(app, terminal_size=NARROW, run_before=gradients)


def test_a_wide_network_looks_as_before(snap_compare: SnapCompare) -> None:
    app = Bench({"layers": "3,8,8,2"})
    assert snap_compare(app, terminal_size=NARROW, press=["right", "right"])


def test_snapshot_editor(snap_compare: SnapCompare) -> None:
    async def nonsense(pilot: Pilot[None]) -> None:
        await pilot.press("e", "right", "enter", *"abc", "enter")
        app.lab.query_one(ValueEditor).query_one(LineInput).cursor_blink = False
        await settle(pilot)

    app = Bench()
    assert snap_compare(app, terminal_size=NARROW, run_before=nonsense)
