"""The facts of the chapter on linear regression, lesson by lesson."""
