"""The panes of the training screen, one file each.

A pane's file has a subclass of `tui.panes.base.Pane`, and names it: `PANE = LossPane`. Nothing else
has to be changed to add one: `tui.panes.registry` finds it here.
"""
