"""LaTeX formulas: read once, drawn by `tui.math`, and evaluated by what they mean."""
