"""Tab 1: what was asked for, and where the idea comes from."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.plain_text import one_line, visible
from dreamer_app.core.types import Dream
from dreamer_app.ui.theme import Theme

_MARKDOWN = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub.value | QTextDocument.MarkdownFeature.MarkdownNoHTML.value
)


class TaskView(QTextBrowser):
    """The task as text. Nobody trusts it: no HTML, no pictures, no links that open."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(tr("Task"))
        self.setOpenLinks(False)
        self.document().setDocumentMargin(16)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Nothing that a text names is ever read."""
        return None

    def show_dream(self, dream: Dream) -> None:
        """Show a dream's task."""
        scenario = dream.scenario
        parts = [
            visible(scenario.prompt).strip(),
            f"```python\n{visible(scenario.signature)}\n```",
            f"### {tr('Needs')}",
            "\n".join(f"- `{one_line(use.name)}` · {one_line(use.library)}" for use in scenario.uses_api),
            f"### {tr('Where it comes from')}",
            self._origin(dream),
        ]
        quotes = [f"> {one_line(quote.text)}  \n> `{one_line(quote.node)}`" for quote in scenario.knowledge.quotes]
        document = QTextDocument(self)
        document.setDefaultFont(self.font())
        document.setDocumentMargin(16)
        features = QTextDocument.MarkdownFeature(_MARKDOWN)
        document.setMarkdown("\n\n".join([*parts, *quotes]), features)
        self.setDocument(document)

    @staticmethod
    def _origin(dream: Dream) -> str:
        scenario = dream.scenario
        pins = ", ".join(
            f"{pin.name} {pin.version} ({one_line(pin.license or tr('licence not stated'))})"
            for pin in scenario.libraries
        )
        lines = [
            one_line(pins),
            tr(
                "Woven by {pattern} from {cluster}",
                pattern=scenario.pattern,
                cluster=one_line(scenario.knowledge.cluster),
            ),
            tr(
                "Difficulty {difficulty:.2f}, reads naturally {naturalness:.2f}",
                difficulty=scenario.difficulty.score,
                naturalness=scenario.naturalness.score,
            ),
        ]
        return "\n".join(f"- {line}" for line in lines)
