"""A small library with every construct that the Oracle must understand."""

from __future__ import annotations

MODULES = {
    "minilib/__init__.py": '''"""A small library of shapes and words.

>>> from minilib import combine
>>> combine(["a", "b"])
'ab'
"""

from minilib._core import *
from minilib.shapes import Circle, Shape as Figure
from minilib.colours import paint

join_all = combine
''',
    "minilib/_core.py": '''"""Words."""

import itertools
from operator import add

__all__ = ["combine", "split_words", "Bag"]


def combine(words, sep=""):
    """Join words into one string. The order is kept.

    Parameters
    ----------
    words : list of str
        The words.
    sep : str, optional
        What stands between them.

    Returns
    -------
    str
        All of them.

    Raises
    ------
    ValueError
        If there are none.

    See Also
    --------
    split_words : the opposite
    Bag.add

    Examples
    --------
    >>> combine(["a", "b"], sep="-")
    'a-b'

    Words may come from anywhere:

    >>> words = ["x"]
    >>> words.append("y")
    >>> unrelated = 3

    >>> combine(words)
    'xy'
    """
    return sep.join(words)


def split_words(text):
    """Split a text into words.

    :param text: The text.
    :type text: str
    :rtype: list of str
    :raises TypeError: when it is no text

    See also :func:`combine`.
    """
    return text.split()


class Bag:
    """Holds things.

    >>> bag = Bag()
    >>> bag.add(1)
    >>> list(itertools.chain(bag.items(), [add(1, 1)]))
    [1, 2]
    """

    def __init__(self, first=None):
        self._things = []

    def add(self, thing):
        """Put a thing in."""
        self._things.append(thing)

    def items(self):
        """What is in."""
        return self._things

    def __len__(self):
        """How many things."""
        return len(self._things)

    put = add

    def _secret(self):
        """Private."""


def hidden():
    """Not offered."""
''',
    "minilib/shapes.py": '''"""Shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Iterable, Optional, Protocol, TypeAlias, TypeVar, Union, overload

if TYPE_CHECKING:
    from minilib._core import Bag

T = TypeVar("T")


class Drawable(Protocol):
    """Anything that can be drawn."""

    def __draw__(self) -> str:
        """Draw."""


Ink = Union[Drawable, str]
"""A drawable or a text."""


@dataclass
class Shape:
    """A shape."""

    name: str
    sides: int = 0
    kinds: ClassVar[list[str]] = []


@dataclass
class Circle(Shape):
    """A round shape.

    Args:
        radius (float): Half its width.

    See Also:
        Shape
    """

    radius: float = 1.0

    def __draw__(self) -> str:
        return "o"

    @property
    def area(self) -> float:
        """Area in square units."""
        return 3.14 * self.radius**2

    @classmethod
    def unit(cls) -> Circle:
        """A circle of radius one."""
        return cls("unit")

    @staticmethod
    def measure(text: str, *, width: int = 80) -> int:
        """Width of a text."""
        return len(text)

    def grow(self, by: float, /, *more: float, **options: bool) -> Optional["Circle"]:
        """Make it larger.

        Args:
            by: How much.

        Returns:
            Itself.

        Example:
            ```python
            circle = Circle("c")
            circle.grow(2.0)
            ```
        """
        return self


@overload
def scale(shape: Shape, factor: float) -> Shape: ...
@overload
def scale(shape: str, factor: int) -> str: ...
def scale(shape, factor):
    """Make a shape or its name larger."""
    return shape


Kept: TypeAlias = "Bag | Shape"


def keep(thing: Kept) -> Optional["Bag"]:
    """Keep a thing."""
    return None


def find(kind: type[T], name: str = "") -> T:
    """Find one of a kind."""
    return kind()


def frame(thing: Kept) -> None:
    """Frame a thing."""


def render(ink: Ink, bag: Bag | None = None) -> list[str]:
    """Render ink; uses [`Circle.grow`][minilib.shapes.Circle.grow]."""
    return [str(ink)]


def echo(thing: T) -> T:
    """Give it back."""
    return thing
''',
    "minilib/colours.py": '''"""Colours."""

from __future__ import annotations

from minilib.shapes import Circle

try:
    from minilib_fast import Palette
except ImportError:

    class Palette:
        """Some colours."""

        def pick(self) -> str:
            """Pick one."""
            return "red"


def paint(circle: Circle) -> Palette:
    """Colour a circle.

    .. deprecated:: 1.0
        Use something else.
    """
    return Palette()


if __name__ == "__main__":

    def demo() -> None:
        """Never importable."""
''',
    "minilib/panels/__init__.py": '''"""Loads its classes lazily."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from minilib.panels._panel import Panel

__all__ = ["Panel", "Tray", "Ledger"]
_WHERE = {"Tray": "._tray"}


def __getattr__(name):
    raise AttributeError(name)
''',
    "minilib/panels/_panel.py": '''"""The panel."""


class Panel:
    """Shows things."""

    def show(self, text: str) -> "Panel":
        """Show a text."""
        return self
''',
    "minilib/panels/_tray.py": 'class Tray:\n    """Holds panels."""\n',
    "minilib/panels/_ledger.py": 'class Ledger:\n    """Known only by its one definition."""\n',
    "minilib/typed.py": '''"""Typed by a stub."""


def typed(number):
    """Double a number."""
    return number * 2
''',
    "minilib/typed.pyi": "def typed(number: int) -> float: ...\n",
    "minilib/tests/test_shapes.py": "def test_nothing():\n    pass\n",
}
"""Files of the wheel."""

DOCUMENTS = {
    "README.md": """# Minilib

Use `combine` for words:

```python
from minilib import combine
words = ["a"]
```

and then

```python
print(combine(words))
```
""",
    "docs/guide.rst": """Guide
=====

.. currentmodule:: minilib.shapes

Shapes
------

Call :func:`scale` like this::

    from minilib.shapes import scale
    scale("a", 2)

.. autosummary::

   render
   Circle
""",
    "CHANGELOG.md": "# 1.0\n\n```python\nprint('no documentation')\n```\n",
    "examples/show/app.py": '''"""Show a panel with a circle."""

from minilib import Bag, Figure
from minilib.panels import Panel
from minilib.shapes import Circle, find


class Board(Panel):
    STYLE = "app.tcss"

    def show(self, text):
        self.circle = Circle("c")
        self.circle.grow(1.0)
        return super().show(text)


def draw(circle: Circle) -> None:
    print(circle.area)


find(Bag, "x").items()


Board().show("x")
''',
    "examples/show/app.tcss": "Board { color: red; }\n",
}
"""What only the source archive holds."""
