"""The lesson on entropy, cross entropy and divergence."""
