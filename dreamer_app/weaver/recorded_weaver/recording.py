"""Recording what the tests of an app observe: from two runs in different surroundings that must agree.

It drops what would not survive the proof and says why; it runs nothing itself.
"""

from __future__ import annotations

from collections import Counter

from dreamer_app.core.errors import DreamerError
from dreamer_app.sandbox.blind import blind, judge, record
from dreamer_app.sandbox.jobs import Variant, VariantResult
from dreamer_app.sandbox.literals import LiteralError

RUNS = (
    Variant(id="plain", coverage=True),
    Variant(id="fresh", hash_seed=7, environment={"TZ": "Asia/Tokyo"}),
)
"""The two runs: as the proof will run it first, and in a fresh interpreter elsewhere."""


def recorded(tests: str, plain: VariantResult, fresh: VariantResult, dropped: Counter[str]) -> str | None:
    """The tests with the values that both runs observed; None when there is nothing to rely on.

    Args:
        tests: With placeholders for the values.
        plain: The first of `RUNS`.
        fresh: The second.
        dropped: Tally of reasons, which gets one more when the answer is None.
    """
    try:
        whole = record(tests, plain)
    except (DreamerError, LiteralError):
        dropped["does not run"] += 1
        return None
    if not judge(blind(whole), fresh).passed:
        dropped["two runs differ"] += 1
        return None
    covered = plain.coverage
    if covered is not None and (covered.missing_lines or covered.missing_branches):
        dropped["not every branch is taken"] += 1
        return None
    return whole
