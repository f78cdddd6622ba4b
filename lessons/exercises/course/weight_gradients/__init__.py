"""From deltas to gradients."""
