from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import Button, Input, Static


class ShoppingList(App[None]):
    """Collects things to buy and says how many there are."""

    TITLE = "Shopping"
    BINDINGS = [("f2", "drop_last", "Drop the last")]

    def compose(self) -> ComposeResult:
        yield Input(placeholder="What is missing?", id="item")
        yield Button("Start again", id="restart")
        yield Static("nothing yet", id="summary")

    def on_mount(self) -> None:
        self.wanted: list[str] = []

    def on_input_submitted(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        if name:
            self.wanted.append(name)
            event.input.value = ""
            self.show()

    def on_button_pressed(self) -> None:
        self.wanted.clear()
        self.show()

    def action_drop_last(self) -> None:
        if self.wanted:
            self.wanted.pop()
            self.show()

    def summary(self) -> Text:
        """The list as one line; much is said in bold."""
        line = Text(f"{len(self.wanted)}: " + ", ".join(self.wanted))
        if len(self.wanted) > 1:
            line.stylize("bold")
        return line

    def show(self) -> None:
        """Bring the line up to date."""
        self.query_one("#summary", Static).update(self.summary())
