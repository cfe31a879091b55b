"""Weaves without a model: recombines documentation examples and records what they really do."""
