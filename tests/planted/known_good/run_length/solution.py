"""Runs of equal letters, written short."""

from toolz import count, first, partitionby


def run_length(text: str) -> str:
    """Every run of a letter as the letter and its length; a letter alone stands without a number."""
    short = ""
    for run in partitionby(lambda letter: letter, text):
        length = count(run)
        short += first(run) + (str(length) if length > 1 else "")
    return short
