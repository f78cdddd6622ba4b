"""The layout of the stepper lab: one pane at a time, or all side by side where there is room."""

from __future__ import annotations

CSS = """
StepperLab {
    height: 80vh;
    min-height: 17;
    max-height: 38;
    padding: 0;
    border-left: outer $panel;
}
StepperLab #stepper-status { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
StepperLab #stepper-bar { height: 1; }
StepperLab PaneBar { width: 1fr; }
StepperLab #stepper-keys { width: auto; color: $text-muted; }
StepperLab #note { display: none; height: auto; max-height: 3; color: $text-warning; }
StepperLab #note.-open { display: block; }
StepperLab #stepper-layers { display: none; }
StepperLab #stepper-layers.-open { display: block; }

StepperLab #stepper-panes { height: 1fr; }
StepperLab #stepper-left { height: 1fr; }
StepperLab #stepper-right { height: auto; }
StepperLab .stepper-pane { display: none; height: 1fr; scrollbar-size-vertical: 1; }
StepperLab #stepper-step { height: 8; scrollbar-size-vertical: 1; }

StepperLab.-network #stepper-network, StepperLab.-gradients #stepper-gradients,
StepperLab.-operations #stepper-operations, StepperLab.-loss #stepper-loss { display: block; }
StepperLab.-operations #stepper-left, StepperLab.-loss #stepper-left { display: none; }
StepperLab.-operations #stepper-right, StepperLab.-loss #stepper-right { height: 1fr; }

StepperLab.-editing #stepper-left { display: block; }
StepperLab.-editing #stepper-panes .stepper-pane { display: none; }
StepperLab.-editing #stepper-panes #stepper-right { height: auto; }
StepperLab.-editing #stepper-panes #stepper-left #stepper-values { display: block; }

StepperLab.-wide PaneBar { visibility: hidden; }
StepperLab.-wide #stepper-panes { layout: horizontal; }
StepperLab.-wide #stepper-panes #stepper-left { display: block; width: 75; height: 1fr; }
StepperLab.-wide #stepper-panes #stepper-right { width: 1fr; height: 1fr; margin-left: 2; }
StepperLab.-wide #stepper-panes #stepper-left #stepper-network,
StepperLab.-wide #stepper-panes #stepper-left #stepper-gradients,
StepperLab.-wide #stepper-panes #stepper-right #stepper-operations,
StepperLab.-wide #stepper-panes #stepper-right #stepper-loss { display: block; }
StepperLab.-wide #stepper-gradients { height: 15; }
StepperLab.-wide #stepper-loss { height: 7; }
StepperLab.-wide #stepper-step { height: 12; }
StepperLab.-wide.-editing #stepper-panes #stepper-left #stepper-network { display: none; }
"""
