"""The lesson `backprop/chain-rule`."""
