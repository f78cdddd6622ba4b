"""The course: one folder a chapter, one folder a lesson, with what its formulas speak of."""
