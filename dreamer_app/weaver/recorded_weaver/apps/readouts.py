"""What a collector says about all its records together: how many, how much, how far to go."""

from __future__ import annotations

from dreamer_app.weaver.recorded_weaver.apps.desk import Desk, Part
from dreamer_app.weaver.recorded_weaver.apps.draft import Look
from dreamer_app.weaver.recorded_weaver.apps.records import View


def _count_digits(desk: Desk) -> None:
    desk.draft.use("textual.widgets.Digits")
    desk.draft.calls("textual.widgets.Digits.update")
    desk.draft.test_uses("textual.widgets.Digits")
    desk.draft.compose.append('yield Digits("0", id="count")')
    desk.draft.screen.append("`Digits` with id `count`, showing `0` at first")
    desk.draft.rules.append(f"`#count` shows how many {desk.plural} there are.")
    desk.after_show.insert(0, f'self.query_one("#count", Digits).update(str(len(self.{desk.plural})))')
    look = Look('app.query_one("#count", Digits).value', "`#count` shows")
    desk.looks.append(look)
    desk.draft.start.append(look)


def _sub_title(desk: Desk) -> None:
    desk.draft.calls("textual.app.App.sub_title")
    desk.draft.rules.append(
        f"The sub-title of the app is always `<n> {desk.plural}`, also for 0 and 1 (empty at start)."
    )
    desk.after_show.insert(0, f'self.sub_title = f"{{len(self.{desk.plural})}} {desk.plural}"')
    desk.looks.append(Look("app.sub_title", "the sub-title is"))


def _goal(desk: Desk) -> None:
    goal = desk.domain.goal
    desk.draft.use("textual.widgets.ProgressBar")
    desk.draft.calls("textual.widgets.ProgressBar.update")
    desk.draft.test_uses("textual.widgets.ProgressBar")
    desk.draft.compose.append(f'yield ProgressBar(total={goal}, id="goal")')
    desk.draft.screen.append(f"a `ProgressBar` with id `goal` and a total of {goal}")
    desk.draft.rules.append(f"The progress of `#goal` is the number of {desk.plural}.")
    desk.after_show.insert(0, f'self.query_one("#goal", ProgressBar).update(progress=len(self.{desk.plural}))')
    bar = 'app.query_one("#goal", ProgressBar)'
    desk.draft.start.append(Look(f"({bar}.progress, {bar}.total)"))
    desk.looks.append(Look(f"{bar}.percentage", "the percentage of `#goal` is"))


def _border(desk: Desk) -> None:
    desk.draft.rules.append(f"The `border_title` of `#board` is always `<n> {desk.plural}` (None at start).")
    desk.after_show.insert(0, f'self.query_one("#board").border_title = f"{{len(self.{desk.plural})}} {desk.plural}"')
    desk.looks.append(Look('app.query_one("#board").border_title', "its border title is"))


def _total(desk: Desk) -> None:
    index = next(index for index, column in enumerate(desk.columns) if column.kind == "number")
    amount = desk.domain.amount
    desk.draft.use("textual.widgets.Label")
    desk.draft.calls("textual.widgets.Label.update")
    desk.draft.test_uses("textual.widgets.Label")
    desk.draft.compose.append('yield Label(id="total")')
    desk.draft.screen.append("a `Label` with id `total`")
    desk.draft.rules.append(
        f"`#total` shows the sum over all {desk.plural} as `Total {amount}: <sum>` (empty at start)."
    )
    desk.after_show[:0] = [
        f"total = sum(entry[{index}] for entry in self.{desk.plural})",
        f'self.query_one("#total", Label).update(f"Total {amount}: {{total}}")',
    ]
    desk.looks.append(Look('str(app.query_one("#total", Label).content)', "`#total` reads"))


def _sparkline(desk: Desk) -> None:
    index = next(index for index, column in enumerate(desk.columns) if column.kind == "number")
    desk.draft.use("textual.widgets.Sparkline")
    desk.draft.calls("textual.widgets.Sparkline.data")
    desk.draft.test_uses("textual.widgets.Sparkline")
    desk.draft.compose.append('yield Sparkline([0], id="trend")')
    desk.draft.screen.append("a `Sparkline` with id `trend` whose only value is 0 at first")
    desk.draft.rules.append(
        f"The data of `#trend` is the list of the {desk.domain.amount} of all {desk.plural}, in order of entry."
    )
    desk.after_show.insert(
        0, f'self.query_one("#trend", Sparkline).data = [entry[{index}] for entry in self.{desk.plural}]'
    )
    look = Look('app.query_one("#trend", Sparkline).data', "the data of `#trend` is")
    desk.looks.append(look)
    desk.draft.start.append(look)


def _numbers(desk: Desk, _view: View) -> bool:
    return "number" in desk.kinds


READOUTS: tuple[Part, ...] = (
    Part("digits", "counts", _count_digits),
    Part("sub_title", "counts in the sub-title", _sub_title),
    Part("goal", "moves towards a goal", _goal),
    Part("border", "counts in the border", _border, lambda _desk, view: not view.rich),
    Part("total", "adds up", _total, _numbers),
    Part("sparkline", "draws a trend", _sparkline, _numbers),
)
