"""The playground: small networks on points in a plane, the same settings always the same run.

`settings` says what a run is, in one line; `points` and `csv_points` make or read its points;
`features` computes what the network sees; `model` is the network with its gradient by hand;
`optimiser` changes its parameters; `run` steps, measures and goes back; `unit` opens one unit;
`runner` trains on a thread beside a screen. All is NumPy in float64; only `unit.autograd` uses
torch, which it imports late.
"""
