"""The chapter on activations and losses."""
