"""The models that can be trained: one file per family, described without importing torch."""
