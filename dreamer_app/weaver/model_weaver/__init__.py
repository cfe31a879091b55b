"""Weaves with a language model: it imagines, execution decides what is true."""
