"""The mathematics and the training of dltutor. Knows no lesson and no screen."""

import os

if "OMP_NUM_THREADS" not in os.environ:
    # NumPy reads this when it is first imported. Its products here are small: 100 steps of the
    # two-layer network take one thread 0.2 s, and two threads up to 10 s while another program
    # needs a core. With one thread, the order of sums also does not depend on the number of cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # So does PyTorch: what a lesson computes before anything is trained took up to ten times as
    # long with two threads while another program needed a core.
    os.environ.setdefault("MKL_NUM_THREADS", "1")
