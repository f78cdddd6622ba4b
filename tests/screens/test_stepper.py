from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Footer, Static

from engine.gradients import autograd_gradients, manual_gradients
from engine.network import BiasMode, DenseNetwork, Gradients
from engine.worked_example import Problem
from tests.screens.waiting import settle
from tui.labs.stepper import Autograd, StepperLab
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
    return "\n".join(line_text(line) for line in lab.query_one(NetworkView).drawing.lines)


def _operation(lab: StepperLab) -> str:
    return "\n".join(line_text(line) for line in lab.query_one(OperationView).lines(74))


def _said(lab: StepperLab) -> str:
    line = lab.query_one("#note", Static)
    return str(line.content) if line.display else ""


def _status(lab: StepperLab) -> str:
    return str(lab.query_one("#stepper-status", Static).content)


async def test_stepping_and_stepping_back() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert "Forward operation 1 of 47" in _operation(app.lab)
        assert "= 0.15·0.05 + 0.2·0.1 + 0.35" in _operation(app.lab)
        assert "= 0.3775" in _operation(app.lab)
        await pilot.press("full_stop", "down", "enter")
        assert app.lab.stepping.operation.symbol == "out_h2"
        assert "out 0.59688◂" in _network(app.lab)
        await pilot.press("comma", "up")
        assert app.lab.stepping.operation.symbol == "out_h1"
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert app.lab.stepping.operation.symbol == "∂E/∂out_o1"
        await pilot.press("left_square_bracket")
        assert app.lab.stepping.operation.symbol == "E_o1"
        await pilot.press("G")
        assert app.lab.stepping.operation.symbol == "b_o2⁺"
        await pilot.press("enter")
        assert "u makes the update" in _said(app.lab)
        await pilot.press("home")
        assert app.lab.stepping.position == 0
        assert _said(app.lab) == ""


async def test_rounds_and_back_in_time() -> None:
    app = Bench({"bias": "frozen"})
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("u")
        assert _status(app.lab).startswith("round 1 · E 0.291027774 · 2-2-2 sigmoid")
        await pilot.press("comma")
        assert _status(app.lab).startswith("round 0 · E 0.298371109")
        assert app.lab.stepping.operation.symbol == "w8⁺"
        await pilot.press("m", "4")
        assert app.lab.stepping.round == 100
        (curve,) = app.lab.query_one(Chart).drawing.series
        assert len(curve.ys) == 101
        assert curve.ys == app.lab.stepping.losses
        await pilot.press("r")
        assert _status(app.lab).startswith("round 0 · E 0.298371109")


async def test_gradients_three_ways_with_torch() -> None:
    app = Bench({"phase": "backward"}, autograd_gradients)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("v")
        assert app.lab.pane == "gradients"
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert text.count("✓ agree") == 12
        assert text.count(" 0.082167041") == 3
        assert text.count("−0.022602540") == 3
        assert "✗ differ" not in text
        await pilot.press("u")
        await settle(pilot)
        assert app.lab.query_one(GradientTable).text.count("✓ agree") == 12


async def test_the_lab_stands_before_autograd_answers() -> None:
    go_on = threading.Event()

    def slow(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        go_on.wait(10)
        return manual_gradients(network, x, target)

    app = Bench(autograd=slow)
    async with app.run_test(size=NARROW) as pilot:
        try:
            text = app.lab.query_one(GradientTable).text
            assert text.count("computing…") == 12
            assert text.count("… wait") == 12
            # The numbers change while autograd still computes the old ones.
            await pilot.press("u", "u")
            assert app.lab.stepping.round == 2
            assert "computing…" in app.lab.query_one(GradientTable).text
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
        await settle(pilot)
        text = app.lab.query_one(GradientTable).text
        assert "Autograd is not available: torch reports 'libtorch.so is missing'." in text
        assert text.count("✓ agree") == 12, "by hand and central still stand"
        await pilot.press("full_stop")
        assert app.lab.stepping.position == 1


async def test_wrong_gradients_are_marked_in_words() -> None:
    def wrong(network: DenseNetwork, x: Sequence[float], target: Sequence[float]) -> Gradients:
        right = manual_gradients(network, x, target)
        return Gradients((right.W[0] * 2, right.W[1]), right.b)

    app = Bench(autograd=wrong)
    async with app.run_test(size=NARROW) as pilot:
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
        assert "= 0.15·0.5 + 0.2·0.1 + 0.35" in _operation(app.lab)
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
        assert "1 to 4 units in each layer" in _said(app.lab)
        await pilot.press(*("backspace",) * 5, *"3,3,3,2 tanh", "enter")
        assert app.lab.stepping.problem.layers == (3, 3, 3, 2)
        assert app.lab.stepping.problem.activations == ("tanh",) * 3
        assert app.lab.has_focus
        await pilot.press("b", "a")
        assert app.lab.stepping.problem.bias_mode is BiasMode.SHARED
        assert _status(app.lab).endswith("3-3-3-2 ReLU · a bias per layer · η 0.5")
        await pilot.press("w", "escape")
        assert app.lab.stepping.problem.layers == (3, 3, 3, 2)
        await settle(pilot)
        assert "✗ differ" not in app.lab.query_one(GradientTable).text


async def test_the_drawing_follows_the_operation() -> None:
    app = Bench({"layers": "4,4,4,4,4"})
    async with app.run_test(size=NARROW) as pilot:
        view = app.lab.query_one(NetworkView)
        assert view.scroll_x == 0
        app.lab.go(lambda: app.lab.stepping.next_phase())
        await pilot.pause()
        await pilot.pause()
        assert view.scroll_x > 50


async def test_panes_one_by_one_and_side_by_side() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        shown = []
        for _ in range(4):
            shown.append(
                [
                    view.parent is not None and view.region.area > 0
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
        for view in (NetworkView, GradientTable, OperationList, Chart, OperationView):
            assert app.lab.query_one(view).region.area > 0
        assert app.lab.check_action("next_pane", ()) is False


async def test_keys_that_cannot_apply_are_greyed() -> None:
    app = Bench()
    async with app.run_test(size=NARROW) as pilot:
        lab = app.lab
        assert [lab.check_action(name, ()) for name in ("back", "home", "restart", "restore")] == [
            None
        ] * 4
        await pilot.press("G")
        assert [lab.check_action(name, ()) for name in ("forward", "next_phase", "end")] == [
            None
        ] * 3
        await pilot.press("u")
        assert lab.check_action("back", ()) is True


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


def test_snapshot_narrow(snap_compare: SnapCompare) -> None:
    assert snap_compare(Bench({"phase": "forward"}), terminal_size=NARROW, press=["."] * 4)


def test_snapshot_narrow_light_backward(snap_compare: SnapCompare) -> None:
    async def to_hidden(pilot: Pilot[None]) -> None:
        await pilot.press("]", "]", *["."] * 12)
        await settle(pilot)

    app = Bench(theme="dltutor-light")
    assert snap_compare(app, terminal_size=NARROW, run_before=to_hidden)


def test_snapshot_editor(snap_compare: SnapCompare) -> None:
    async def nonsense(pilot: Pilot[None]) -> None:
        await pilot.press("e", "right", "enter", *"abc", "enter")
        app.lab.query_one(ValueEditor).query_one(LineInput).cursor_blink = False
        await settle(pilot)

    app = Bench()
    assert snap_compare(app, terminal_size=NARROW, run_before=nonsense)


def test_snapshot_wide(snap_compare: SnapCompare) -> None:
    async def to_gradient(pilot: Pilot[None]) -> None:
        await pilot.press("]", "]", *["."] * 6)
        await settle(pilot)
        await settle(pilot)

    app = Bench()
    app.lab.stepping = begin(_exact_problem())
    assert snap_compare(app, terminal_size=WIDE, run_before=to_gradient)
