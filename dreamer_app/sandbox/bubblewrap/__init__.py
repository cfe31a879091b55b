"""Workers without an engine, by bubblewrap: reduced protection, said so wherever it matters.

The same supervisor, filter, image contents and protocol as in Docker; what is missing is what only control groups and
an engine can give (docs/isolation.md). It must never be used unless a person has asked for it.
"""
