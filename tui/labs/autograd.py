"""Lab: the graph of an expression; values forward, gradients backward one node at a time."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.autograd import NAMES, STARTS, Backward, Graph, Reference, build, by_torch, slopes
from engine.language import _
from engine.naming import compact_text
from tui.columns import at_point, left, right
from tui.labs.base import Parts
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab, plain, read_number
from tui.math.scripts import SUBSCRIPTS
from tui.widgets.coded import coded
from tui.widgets.gradient_table import tiny_text
from tui.widgets.graph_drawing import graph_rows

TOLERANCE = 1e-12
"""How far apart two correct gradients may be, relative to the larger one or to 1."""
_WIDEST, _NARROWEST = 14, 7
"""Width of a number with the space before it, in cells."""
_SYMBOL = re.compile(r"(?<![a-z\d])(?:[xwbf]|v\d+)(?![a-z\d])", re.IGNORECASE)
_HUES = {"x": "$meaning-input", "w": "$meaning-weight", "b": "$meaning-weight"}
"""The colours of the leaves; all else is computed."""


class AutogradLab(WritingLab):
    """Draws an expression in x, w and b as a graph and sends gradients back through it."""

    IS_WORDS = True
    HOW = _("Press tab, then ⟨→|autograd.step⟩ to send the gradient back through one node.")
    KEYS = _(
        "⟨→|autograd.step⟩ ⟨←|autograd.back⟩ one node · ⟨a|autograd.whole⟩ whole pass · "
        "⟨z|autograd.zero⟩ zero .grad · ⟨e|autograd.expression⟩ expression · ⟨x|autograd.x⟩ "
        "⟨w|autograd.w⟩ ⟨b|autograd.b⟩ values"
    )

    KEEPS = ("graph", "given", "history")
    BINDINGS = [
        Binding("right,full_stop", "step(1)", _("Node"), id="autograd.step",
                key_display="→",
                tooltip=_("Send the gradient back through one node; after a pass, call backward()"
                          " again")),
        Binding("left,comma", "step(-1)", _("Back"), id="autograd.back", key_display="←",
                tooltip=_("Undo the last step")),
        Binding("a", "whole", _("Whole pass"), id="autograd.whole",
                tooltip=_("Finish this backward(), or run another one")),
        Binding("z", "zero", _("Zero"), id="autograd.zero", tooltip=_("Set every .grad to 0")),
        Binding("e", "expression", _("Expression"), id="autograd.expression",
                tooltip=_("Type another expression in x, w and b")),
        Binding("x", "value('x')", "x", id="autograd.x", tooltip=_("Type a value for x")),
        Binding("w", "value('w')", "w", id="autograd.w", tooltip=_("Type a value for w")),
        Binding("b", "value('b')", "b", id="autograd.b", tooltip=_("Type a value for b")),
        Binding("r", "reset", _("Reset"), id="autograd.reset",
                tooltip=_("Go back to the expression and values at the start")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    AutogradLab > #nodes { height: auto; max-height: 11; scrollbar-size-vertical: 1; }
    AutogradLab.-tall > #nodes { max-height: 22; }
    AutogradLab > #nodes > Static { height: auto; width: auto; text-wrap: nowrap; }
    AutogradLab > #head { text-wrap: nowrap; color: $text-muted; }
    AutogradLab > #step { min-height: 3; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        name = options.get("start", "chain")
        if name not in STARTS:
            self.trouble = f"The lab cannot start with {name!r}. It knows {', '.join(STARTS)}."
            name = "chain"
        self._start = name
        self.given: dict[str, float] = {}
        self.graph: Graph
        self.history: list[Backward] = []
        self.reference: Reference | None = None
        self._start_over()

    @property
    def state(self) -> Backward:
        """How far backward() has progressed."""
        return self.history[-1]

    def compose(self) -> ComposeResult:
        """The expression, the nodes, the last step, the comparison with PyTorch, the note."""
        yield Static(id="expression", markup=False)
        yield Static(id="head", markup=False)
        with VerticalScroll(id="nodes", can_focus=False):
            yield Static(id="rows")
        yield Static(id="step", markup=False)
        yield Static(id="verdict")
        yield from self.written_parts()

    def on_mount(self) -> None:
        """Have PyTorch compute the same graph."""
        self._ask()

    def on_resize(self) -> None:
        """Show more nodes and digits in a larger terminal."""
        self.set_class(self.screen.size.height >= 34, "-tall")
        self.show()

    def action_step(self, direction: int) -> None:
        """Go through one node, or undo the last step."""
        if direction > 0:
            self._go(self.state.step())
        elif len(self.history) > 1:
            self.history.pop()
            self.say("")
            self.show()
        else:
            self.say(_("This is the start: backward() has not been called yet."))

    def action_whole(self) -> None:
        """Go to the end of a pass."""
        self._go(self.state.whole())

    def action_zero(self) -> None:
        """Set the gradients of the leaves to 0."""
        if all(grad is None for grad in self.state.grads):
            self.say(_("There is no .grad yet: each is None until backward() reaches it."))
            return
        self._go(self.state.zeroed())

    def action_expression(self) -> None:
        """Ask for another expression."""
        prompt = _("Type an expression in x, w, b; exp, ln, sigmoid, tanh, relu, max… can be used.")
        self.write(prompt, self.graph.text, self._take_expression)

    def action_value(self, name: str) -> None:
        """Ask for another value of a leaf."""
        self.write(
            _("Type a number for {name}, for example 0.5 or 1/3.").format(name=name),
            plain(self.given[name]),
            lambda text: self._take_value(name, text),
        )

    def action_reset(self) -> None:
        """Go back to the start."""
        self._start_over()
        self.say("")
        self.show()
        self._ask()

    def _start_over(self) -> None:
        text, values = STARTS[self._start]
        self._take(build(text), dict(zip(NAMES, values, strict=True)))

    def _take_expression(self, text: str) -> None:
        self._change(build(text), self.given)

    def _take_value(self, name: str, text: str) -> None:
        value = read_number(text)
        if abs(value) > 1e6:
            raise UserError(
                _("{name} can be at most a million in size. Type a number closer to 0.").format(
                    name=name
                )
            )
        self._change(self.graph, {**self.given, name: value})

    def _change(self, graph: Graph, given: dict[str, float]) -> None:
        """Use another graph or other values; raises UserError and keeps the old if impossible."""
        self._take(graph, given)
        self.trouble = ""
        self.show()
        self._ask()

    def _take(self, graph: Graph, given: dict[str, float]) -> None:
        begun = Backward.begin(graph, given)
        self.graph, self.given = graph, given
        self.history, self.reference = [begun], None

    def _ask(self) -> None:
        """Have PyTorch compute this graph at this point."""
        graph, given = self.graph, dict(self.given)

        def done(reference: Reference) -> None:
            if graph is self.graph and given == self.given:
                self.reference = reference
                self._show_verdict()

        self.compute(lambda: by_torch(graph, given), done)

    def _go(self, state: Backward) -> None:
        self.trouble = ""
        self.say("")
        self.history.append(state)
        self.show()

    def show(self) -> None:
        values = "   ".join(
            f"{name} = {compact_text(value, 9)}"
            for name, value in self.given.items()
            if name in self.graph.leaves
        )
        self.put("expression", Content.assemble(*_drawn(f"f = {self.graph.text}     {values}")))
        self._show_rows()
        explained = self._explain()
        # Only the start names a key, and it names no values.
        is_start = self.state.place is None
        drawn = coded(explained) if is_start else Content.assemble(*_drawn(explained))
        self.put("step", drawn)
        self._show_verdict()

    def _show_rows(self) -> None:
        state, graph = self.state, self.graph
        drawn = graph_rows(graph)
        formulas = [graph.formula(place) for place in range(len(drawn))]
        width = max(60, self.room - 2)  # the scrollbar takes some
        middle = min(max(map(len, formulas)), width - len(drawn[0]) - 2 - 3 * _NARROWEST)
        number = min(_WIDEST, (width - len(drawn[0]) - 2 - middle) // 3)
        head = " " * (len(drawn[0]) + 2) + left(_("node"), middle)
        for title in (_("value"), _("∂f/∂node") if number > 8 else "∂f", ".grad"):
            head += right(title, number)
        self.put("head", head)
        parts: Parts = []
        values, arrived, grads = (
            at_point(column, number - 1) for column in (state.values, state.arrived, state.grads)
        )
        for place, (row, formula) in enumerate(zip(drawn, formulas, strict=True)):
            shown = formula if len(formula) <= middle else formula[: middle - 1] + "…"
            mark = "▶" if place == state.place else " "
            line = [*_drawn(f"{row} {mark}{left(shown, middle)}")]
            line += [f" {values[place]}", (f" {arrived[place]}", "$meaning-delta")]
            if graph.steps[place].is_leaf:
                total = grads[place] if grads[place].strip() else right("None", number - 1)
                line.append((f" {total}", "$meaning-delta"))
            if place == state.place:
                line = [("".join(map(_bare, line)), "bold $text-accent")]
            parts += ["\n" if place else "", *line]
        self.put("rows", Content.assemble(*parts))
        at = state.place if state.place is not None else 0
        self.query_one("#nodes", VerticalScroll).scroll_to_region(
            Region(0, at, 1, 1), animate=False
        )

    def _explain(self) -> str:
        """What the last step did."""
        state, graph = self.state, self.graph
        place = state.place
        if place is None:
            return _(
                "The forward pass is done: every node has its value. ⟨→|autograd.step⟩ calls "
                "backward()."
            )
        before = self.history[-2] if len(self.history) > 1 else None
        if before and (before.calls, before.done) == (state.calls, state.done):
            return _("Every .grad was set to 0. The next gradients are added to that.")
        symbol, here = graph.steps[place].symbol, state.arrived[place]
        assert here is not None, "the step has passed it on"
        where = {"call": state.calls, "done": state.done, "count": len(state.values)}
        if graph.steps[place].is_leaf:
            old = before.grads[place] if before else None
            total = state.grads[place]
            added = f"{_text(old or 0.0)} + {_text(here)} = {_text(total or 0.0)}"
            return _(
                "backward() no. {call}, node {done} of {count}: {symbol} is a leaf.\n"
                "{symbol}.grad = {sum}: gradients add up."
            ).format(symbol=symbol, sum=added, **where)
        found = f"{symbol} = {graph.formula(place)}, ∂f/∂{symbol} = {_text(here)}"
        text = _("backward() no. {call}, node {done} of {count}: {found}")
        lines = [text.format(found=found, **where)]
        for slope in slopes(graph, state.values, place):
            name = graph.steps[slope.operand].symbol
            value = "" if _is_plain(slope.formula) else f" = {_text(slope.value)}"
            product = f"{_text(here)} · {_signed(slope.value)} = {_text(here * slope.value)}"
            lines.append(
                _("{slope}, so {name} gets {product}").format(
                    slope=f"∂{symbol}/∂{name} = {slope.formula}{value}", name=name, product=product
                )
            )
        return "\n".join(lines)

    def _show_verdict(self) -> None:
        """Show whether PyTorch finds the same."""
        state, reference = self.state, self.reference
        line = self.query_one("#verdict", Static)
        if reference is None:
            line.update(
                Content.styled(_("PyTorch is computing the same graph…"), "$foreground-muted")
            )
            return
        pairs = list(zip(state.values, reference.values, strict=True))
        pairs += [
            (mine, theirs)
            for mine, theirs in zip(state.arrived, reference.arrived, strict=True)
            if mine is not None and state.is_between
        ]
        what = (
            _("All values vs. PyTorch: ")
            if state.calls == 0 or not state.is_between
            else _("All values and gradients vs. PyTorch: ")
        )
        worst = max(abs(a - b) / max(1.0, abs(b)) for a, b in pairs)
        same = worst <= TOLERANCE
        word, role = (_("the same"), "success") if same else (_("they differ"), "error")
        sign = (f"{'✓' if same else '✗'} {word}", f"$text-{role}")
        apart = (
            _("at most {gap} apart").format(gap=tiny_text(worst))
            if worst
            else _("to the last digit")
        )
        line.update(Content.assemble(what, sign, f", {apart}"))


def _drawn(text: str) -> Parts:
    """A text with its symbols as formulas show them: in colours, and `v12` with a small index."""
    parts: Parts = []
    end = 0
    for found in _SYMBOL.finditer(text):
        name = found[0]
        index = "".join(SUBSCRIPTS[digit] for digit in name[1:])
        parts += [text[end : found.start()]]
        parts += [(name[0] + index, _HUES.get(name, "$meaning-computed"))]
        end = found.end()
    return [*parts, text[end:]]


def _bare(part: str | tuple[str, str]) -> str:
    return part if isinstance(part, str) else part[0]


def _text(value: float) -> str:
    return compact_text(value, 10)


def _signed(value: float) -> str:
    return f"({_text(value)})" if value < 0 or math.copysign(1.0, value) < 0 else _text(value)


def _is_plain(formula: str) -> bool:
    return formula.lstrip("−").replace(".", "").isdigit()


LAB = LabEntry(AutogradLab, options={"start": "the expression to start with: chain or line"})
