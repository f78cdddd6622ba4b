"""The pure models of the interactive labs: what a lab computes, without a screen."""
