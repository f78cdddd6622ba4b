"""The version of dltutor. It stands alone, so that `dltutor --version` loads nothing else."""

VERSION = "0.1.0"
