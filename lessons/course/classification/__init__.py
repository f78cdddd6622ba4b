"""The facts of the chapter on classification, lesson by lesson."""
