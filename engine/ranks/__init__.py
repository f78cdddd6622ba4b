"""One training by several processes, *ranks*, that share every mini-batch.

Each rank holds the whole model and computes the gradient of its share of the samples. These are
added up over all ranks (all-reduce), weighted so that the result is the gradient of the whole
batch, and each rank makes the same update. So the numbers are those of one process, to rounding,
whatever the number of ranks; and all that a checkpoint holds is the same for any number.

DistributedDataParallel does the same for an nn.Module, but gives every rank the same weight: with
a last batch that cannot be shared evenly, that is not the gradient of the batch. And most recipes
here hold plain tensors, which it does not take. So all of them use the sums of `gradients.py`.
"""
