"""The Dreamer: dreams up, solves and proves programming tasks about the libraries you use."""

__version__ = "0.1.0"
