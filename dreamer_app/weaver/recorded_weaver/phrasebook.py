"""Titles, sentences and judgements of sense for every kind of list and every role; only words and figures, no code."""

from __future__ import annotations

from collections.abc import Mapping

NUMBERS = {"counter": 1.0, "unique": 0.8, "top": 0.9, "extremes": 0.9, "query": 0.75, "aggregate": 0.5}

PRIORS: Mapping[str, Mapping[str, float]] = {
    "ranking": {"splitter": 0.9, "dealer": 0.9, "head": 0.9, "tail": 0.8},
    "members": {"dealer": 0.7},
    "schedule": {"splitter": 0.9, "dealer": 0.7, "head": 0.8},
    "route": {"window": 0.9, "splitter": 0.7},
    "values": NUMBERS,
    "sizes": {**NUMBERS, "repeats": 0.6},
    "parts": {"grouper": 1.0, "count_by": 1.0, "top": 1.0, "extremes": 1.0},
    "scores": {"grouper": 1.0, "count_by": 1.0, "top": 1.0, "extremes": 1.0},
    "measures": {"top": 1.0, "extremes": 1.0},
    "texts": {"counter": 1.0, "unique": 0.9, "repeats": 0.8},
    "numbers": {**NUMBERS, "counter": 0.6},
    "counts": {"grouper": 1.0, "count_by": 0.9, "top": 1.0, "extremes": 1.0},
    "batches": {"counter": 0.9, "unique": 0.9, "top": 0.9, "extremes": 1.0, "repeats": 0.9, "running": 0.6},
    "windows": {"top": 0.8, "extremes": 1.0, "repeats": 0.7},
    "raw": {"grouper": 1.0, "count_by": 1.0},
}
"""How sensible a task usually is, by what the list holds and what is done with it; judged by reading samples."""

TITLES: Mapping[str, str] = {
    "splitter": "Split the {things} into batches",
    "window": "Slide a window over the {things}",
    "counter": "Count how often each of the {things} occurs",
    "unique": "List the distinct {things}",
    "dealer": "Deal out the {things}",
    "top": "Find the largest of the {things}",
    "extremes": "Find the smallest and the largest of the {things}",
    "head": "Take the first of the {things}",
    "tail": "Take the last of the {things}",
    "rest": "Skip the first of the {things}",
    "nth": "Pick every few of the {things}",
    "repeats": "Find repetitions among the {things}",
}
KEYED_TITLES: Mapping[str, str] = {
    "grouper": "Group the {things} by {key}",
    "count_by": "Count the {things} by {key}",
    "top": "Find the {things} with the highest {key}",
    "extremes": "Find the {things} with the lowest and the highest {key}",
    "unique": "Keep one of the {things} for each {key}",
    "repeats": "Find the {things} that share their {key} with an earlier one",
}
SENTENCES: Mapping[str, str] = {
    "splitter": "Split the list into consecutive batches",
    "window": "Slide a window over the list",
    "counter": "Count how often each value occurs",
    "unique": "Drop repetitions, so that every value stays only where it occurs first",
    "top": "Take the {option} largest, the largest first",
    "extremes": "Take the smallest and the largest",
    "head": "Take the first {option}",
    "tail": "Take the last {option}",
    "rest": "Leave out the first {option}",
    "nth": "Take every {option}-th, beginning with the first",
    "grouper": "Group the {things} by {key}",
    "count_by": "Count the {things} by {key}",
}
KEYED_SENTENCES: Mapping[str, str] = {
    "grouper": "Group the {things} by {key}: a dictionary from each {key} to its {things}, in order",
    "count_by": "Count how many {things} have each {key}",
    "top": "Take the {option} {things} with the highest {key}, the highest first; of equal ones the earlier one first",
    "extremes": "Take the first one with the lowest {key} and the first one with the highest",
    "unique": "Keep only the first of the {things} with the same {key}",
}
VERBS: Mapping[str, str] = {
    "splitter": "batches of",
    "window": "windows over",
    "counter": "count",
    "count_by": "count",
    "grouper": "group",
    "unique": "distinct",
    "dealer": "deal",
    "top": "top",
    "extremes": "extremes of",
    "head": "first of",
    "tail": "last of",
    "nth": "every nth of",
    "rest": "skip first",
    "repeats": "repeated",
}
PIECE_SENTENCES: Mapping[str, str] = {
    "counter": "count how often each value occurs in it",
    "unique": "list its distinct values in the order in which they first occur",
    "top": "take the {option} largest values, the largest first",
    "extremes": "find its smallest and its largest value",
    "repeats": "find the values that occur in it more than once",
    "head": "take the first {option} values",
}
WALK_TITLES: Mapping[tuple[str, str], str] = {
    ("schedule", "splitter"): "Split the {what} into batches",
    ("schedule", "dealer"): "Deal out the nodes in the order of the {what}",
    ("schedule", "head"): "Find the first nodes of the {what}",
    ("route", "window"): "List the legs of the {what}",
    ("route", "splitter"): "Split the {what} into stages",
}
"""Titles of tasks on nodes in an order that means something, by what it means and the role."""

RANKING_TITLES: Mapping[str, str] = {
    "splitter": "Split the nodes into tiers by {key}",
    "dealer": "Deal the nodes into teams in order of {key}",
    "head": "List the leading nodes by {key}",
    "tail": "List the nodes with the lowest {key}",
}
