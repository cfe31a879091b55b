"""Reading documentation programs as features and merging two of them; syntax trees only, nothing runs."""

from __future__ import annotations

import ast

from dreamer_app.oracle.model import Api, NodeKind, Parameter
from dreamer_app.weaver.recorded_weaver.merges.harvest import Feature, app_of, harvest
from dreamer_app.weaver.recorded_weaver.merges.merging import Wire, apart, merge, wires
from dreamer_app.weaver.recorded_weaver.merges.rehearsing import idle_sources, smaller_sources, without_all
from dreamer_app.weaver.recorded_weaver.merges.script import Facet, Scene, Step, facets, steps, written_tests
from dreamer_app.weaver.recorded_weaver.merges.wording import given, played, rules, screen
from tests.weaver.apps.world import TEXTUAL, Graph

ASKING = '''
from textual.app import App, ComposeResult
from textual.widgets import Footer, Input, Label


class AskApp(App[None]):
    """Asks."""

    CSS = "Label { color: red; }"

    def compose(self) -> ComposeResult:
        yield Input(placeholder="Who?", id="who")
        yield Label()
        yield Footer()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.bell()
        self.query_one(Label).update(f"Hello, {event.value}")


if __name__ == "__main__":
    AskApp().run()
'''
COUNTING = """
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Button, Input, RichLog


class CountApp(App):
    BINDINGS = [("u", "up", "Up")]
    count = reactive(0)

    def compose(self) -> ComposeResult:
        with Horizontal(id="row"):
            yield Button("More", id="more", variant="primary")
        yield Input(id="step")
        yield RichLog()

    def action_up(self) -> None:
        self.count += 1
        self.query_one(RichLog).write(f"count = {self.count}")

    def on_button_pressed(self) -> None:
        self.action_up()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.query_one(RichLog).write("step")


app = CountApp()
"""


class Knowing(Graph):
    """A graph in which an event says what it carries."""

    def api(self, name: str) -> Api | None:
        found = super().api(name)
        values = tuple(Parameter(name=one, kind="positional_or_keyword") for one in ("value", "button"))
        return found and Api(key=found.key, library=found.library, kind=NodeKind.CLASS, parameters=values)


def feature(code: str) -> Feature:
    found = harvest("example:program", code)
    assert found is not None
    return found


def wire() -> Wire:
    return next(iter(wires(feature(ASKING), feature(COUNTING), Knowing(TEXTUAL))))


def test_a_program_is_read_in_its_plain_form() -> None:
    found = feature(ASKING)
    assert [(widget.cls, widget.id, widget.hint) for widget in found.widgets] == [
        ("Input", "who", "Who?"),
        ("Label", "label", ""),
    ]
    for gone in ("CSS", "Footer()", "bell", "placeholder", "Asks", "__main__", "AskApp"):
        assert gone not in found.source
    assert "self.query_one('#label').update(f'Hello, {event.value}')" in found.source


def test_programs_that_cannot_be_rehearsed_are_refused() -> None:
    assert harvest("x", ASKING.replace("self.bell()", "self.set_interval(1, self.bell)")) is None
    assert harvest("x", ASKING.replace("self.bell()", "self.push_screen('x')")) is None
    assert harvest("x", "import httpx\n" + ASKING) is None
    assert harvest("x", ASKING.replace("def on_input_submitted", "def unheard")) is None
    assert harvest("x", "def broken(") is None


def test_a_variable_never_has_the_name_of_a_builtin() -> None:
    code = ASKING.replace("self.bell()", "input = self.query_one(Input)\n        input.value = ''")
    assert "input_.value = ''" in feature(code).source


def test_merged_handlers_hear_of_their_own_widgets_only() -> None:
    source = merge((feature(ASKING), feature(COUNTING)), None, "BothApp")
    assert source is not None
    app = next(node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    assert [item.name for item in app.body if isinstance(item, ast.FunctionDef)] == [
        "compose",
        "who_submitted",
        "action_up",
        "on_button_pressed",
        "step_submitted",
    ]
    assert "@on(Input.Submitted, '#who')" in source and "@on(Input.Submitted, '#step')" in source
    assert "from textual.widgets import Button, Input, Label, RichLog" in source and "import on" in source
    assert source.index("id='who'") < source.index("id='row'")


def test_identifiers_and_members_of_two_features_do_not_clash() -> None:
    one, other = feature(ASKING), feature(COUNTING.replace('id="step"', 'id="who"'))
    moved = apart(one, other)
    assert moved is not None and [widget.id for widget in moved.widgets] == ["row", "more", "who-b", "rich-log"]
    assert apart(other, other) is None
    assert apart(feature(COUNTING), feature(COUNTING.replace("count", "tally"))) is None


def test_the_wire_follows_what_the_event_carries() -> None:
    found = wire()
    assert (found.event, found.taker) == ("textual.widgets.Input.Submitted", "textual.widgets.RichLog.write")
    assert 'self.query_one("#rich-log").write(event.value)' in found.source
    source = merge((feature(ASKING), feature(COUNTING)), found, "BothApp")
    assert source is not None and "def tell_rich_log(self, event: Input.Submitted) -> None:" in source
    assert not list(wires(feature(ASKING), feature(COUNTING), Graph(TEXTUAL)))


def test_the_script_uses_every_widget_and_key() -> None:
    told = [step.told for step in steps(feature(COUNTING))]
    assert "press the button `#more`" in told and "press `u`" in told
    assert any("into `#step` and submit it" in one for one in told)
    seen = [facet.expression for facet in facets(feature(COUNTING))]
    assert "app.count" in seen and '[line.text.rstrip() for line in app.query_one("#rich-log").lines][-3:]' in seen


def test_what_nobody_misses_can_be_taken_out() -> None:
    source = feature(COUNTING).source
    smaller = smaller_sources(source)
    assert len(smaller) >= 8 and source not in smaller
    number = next(n for n, one in enumerate(smaller) if "self.count += 1" not in one)
    assert "self.count += 1" not in without_all(source, [number])
    assert app_of(ast.parse(without_all(source, range(0)))).name == "FeatureApp"
    assert len(list(idle_sources(source, "FeatureApp"))) == 3


def test_the_words_say_what_is_on_the_screen_and_what_happens() -> None:
    source = merge((feature(ASKING), feature(COUNTING)), wire(), "BothApp")
    assert source is not None
    tree = ast.parse(source)
    app = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    compose = next(item for item in app.body if isinstance(item, ast.FunctionDef) and item.name == "compose")
    assert screen(compose.body)[2:4] == [
        "- a `Horizontal` with the id `row`",
        "  - a `Button` with the id `more`: `'More'`",
    ]
    told = rules(tree, "BothApp", ("tell_rich_log",))
    assert "Pressing `u` runs the action `up`." in told
    assert "The action `up`: `count` grows by `1`; `f'count = {count}'` is written to `#rich-log`." in told
    assert not any("tell_" in rule for rule in told)
    assert given(ast.parse("A = 1\n\n\nclass BothApp:\n    pass\n"), "BothApp") == "A = 1"


def test_every_expected_value_is_told() -> None:
    scenes = [Scene("one", ((Step(("act()",), "act"), (Facet("app.count", "`count`"),)),))]
    tests = written_tests("BothApp", scenes)
    assert "assert app.count == RECORD" in tests and tests.index("act()") < tests.index("assert")
    assert "- When you act, then `count`: `7`." in played(tests.replace("RECORD", "7"), scenes)
