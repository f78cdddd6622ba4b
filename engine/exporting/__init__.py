"""Kept runs as files that other programs open: TensorBoard, safetensors, ONNX.

The event files of TensorBoard are written here, also where the package `tensorboard` is installed:
they need a hundred lines, so every machine gives the same file, and no new dependency is needed.
Importing this never imports torch.
"""
