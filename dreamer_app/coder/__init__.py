"""Turns a scenario into a candidate solution."""
