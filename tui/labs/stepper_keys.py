"""The keys of the stepper lab."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from engine.language import _

BINDINGS: list[BindingType] = [
    Binding("right,full_stop,down", "forward", _("Step"), id="stepper.forward", key_display="→",
            tooltip=_("Go to the next operation")),
    Binding("enter", "forward", _("Step"), id="stepper.advance", show=False,
            tooltip=_("Go to the next operation")),
    Binding("left,comma,up", "back", _("Back"), id="stepper.back", key_display="←",
            tooltip=_("Go to the previous operation, also across rounds")),
    Binding("right_square_bracket", "next_phase", _("Phase"), id="stepper.next_phase",
            key_display="]", tooltip=_("Go to the next phase: forward, loss, backward, update")),
    Binding("left_square_bracket", "previous_phase", _("Phase back"), id="stepper.previous_phase",
            key_display="[", show=False, tooltip=_("Go to the previous phase")),
    Binding("G,end", "end", _("End"), id="stepper.end", show=False,
            tooltip=_("Go to the last operation of the round")),
    Binding("home", "home", _("Start"), id="stepper.home", show=False,
            tooltip=_("Go to the first operation of the round")),
    Binding("u", "update", _("Update"), id="stepper.update",
            tooltip=_("Make the update and start the next round")),
    Binding("m", "update(100)", _("100 rounds"), id="stepper.many", show=False,
            tooltip=_("Make 100 updates")),
    Binding("r", "restart", _("Reset"), id="stepper.restart", show=False,
            tooltip=_("Go back to round 0; numbers that you changed stay")),
    Binding("o", "restore", _("Original"), id="stepper.restore", show=False,
            tooltip=_("Restore everything as it was when the lab opened")),
    Binding("e", "edit", _("Edit"), id="stepper.edit",
            tooltip=_("Change inputs, weights, biases, targets or the learning rate")),
    Binding("b", "bias", _("Biases"), id="stepper.bias", show=False,
            tooltip=_("Freeze the biases, or use one per unit or one per layer")),
    Binding("a", "activation", _("Activation"), id="stepper.activation", show=False,
            tooltip=_("Choose the next activation function")),
    Binding("w", "layers", _("Layers"), id="stepper.layers", show=False,
            tooltip=_("Choose another network: units per layer")),
    Binding("v", "next_pane", _("View"), id="stepper.view", show=False,
            tooltip=_("Show the next pane: network, gradients, operations, loss")),
    Binding("1", "pane('network')", _("Network"), id="stepper.network", show=False,
            tooltip=_("Show the network")),
    Binding("2", "pane('gradients')", _("Gradients"), id="stepper.gradients", show=False,
            tooltip=_("Show the gradients in three ways")),
    Binding("3", "pane('operations')", _("Operations"), id="stepper.operations", show=False,
            tooltip=_("Show the list of operations")),
    Binding("4", "pane('loss')", _("Loss"), id="stepper.loss", show=False,
            tooltip=_("Show the loss round by round")),
]  # fmt: skip
