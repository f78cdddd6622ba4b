"""The course in a browser: one process a visitor, started only for those who may come in.

`server` answers the browser and is the only part that imports aiohttp and textual-serve. `nursery`
is a process of its own that has imported the course once, and forks for each visitor.
"""
