"""The models that can be trained: one file each, which is all that it takes to add one.

A recipe file has three parts: what is taught (model, loss, update), its declaration
`RECIPE = Recipe(…)` with settings from `engine.recipes.setting`, and below that the plumbing, a
`Task` and `build(settings, source)`. `engine.recipes.catalog` finds it by its declaration, which it
reads without importing torch. Plumbing that several recipes share is in `plumbing`, `images`,
`image_modules`, `modules`, `linear_data` and `two_layer`.
"""
