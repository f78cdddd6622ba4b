"""The layout of the stepper lab: one pane at a time, or all side by side where there is room."""

from __future__ import annotations

CSS = """
StepperLab {
    height: 85vh;
    min-height: 18;
    max-height: 54;
    border: round $rule;
    padding: 0 1;
}
StepperLab:focus-within { border: round $primary; }
StepperLab #note { display: none; height: auto; max-height: 3; color: $text-warning; }
StepperLab #note.-open { display: block; }
StepperLab #stepper-layers { display: none; }
StepperLab #stepper-layers.-open { display: block; }

StepperLab #stepper-panes { height: 1fr; layout: horizontal; }
StepperLab #stepper-left { width: 1fr; height: 1fr; }
StepperLab #stepper-right { display: none; width: 1fr; height: 1fr; }
StepperLab .stepper-pane { display: none; height: 1fr; scrollbar-size-vertical: 1; }
StepperLab #stepper-card {
    height: auto;
    max-height: 14;
    border: round $rule;
    border-title-color: $accent;
    border-title-style: bold;
    padding: 0 1;
    scrollbar-size-vertical: 1;
}
StepperLab #stepper-card.-forward { border: round $meaning-computed; }
StepperLab #stepper-card.-backward { border: round $meaning-delta; }

StepperLab.-network .stepper-network { display: block; }
StepperLab.-gradients #stepper-gradients, StepperLab.-operations #stepper-operations,
StepperLab.-loss #stepper-loss { display: block; }
StepperLab.-gradients #stepper-left, StepperLab.-operations #stepper-left,
StepperLab.-loss #stepper-left { display: none; }
StepperLab.-gradients #stepper-right, StepperLab.-operations #stepper-right,
StepperLab.-loss #stepper-right { display: block; }
StepperLab #stepper-values { display: none; height: 1fr; }
StepperLab.-editing #stepper-values { display: block; }
StepperLab.-editing #stepper-panes { display: none; }

StepperLab.-wide #stepper-panes #stepper-left,
StepperLab.-wide #stepper-panes #stepper-right,
StepperLab.-wide #stepper-panes #stepper-left .stepper-network,
StepperLab.-wide #stepper-panes #stepper-right #stepper-gradients,
StepperLab.-wide #stepper-panes #stepper-right #stepper-operations { display: block; }
StepperLab.-wide #stepper-panes #stepper-right { width: 48; margin-left: 1; }
StepperLab.-wide #stepper-panes #stepper-left #stepper-card { min-height: 11; }
StepperLab.-wide #stepper-panes #stepper-loss { display: none; }
StepperLab.-wide.-loss #stepper-panes #stepper-loss { display: block; }
StepperLab.-wide.-loss #stepper-panes #stepper-right #stepper-operations { display: none; }
StepperLab.-wide.-high #stepper-panes #stepper-loss { display: block; height: 10; }
StepperLab.-wide.-high.-loss #stepper-panes #stepper-right #stepper-operations { display: block; }
StepperLab.-large #stepper-panes #stepper-left #stepper-card {
    padding: 1 2;
    min-height: 16;
    max-height: 18;
}
StepperLab.-very-wide #stepper-panes #stepper-right { width: 75; margin-left: 3; }
"""
