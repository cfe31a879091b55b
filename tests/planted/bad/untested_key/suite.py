import pytest
from solution import ShoppingList
from textual.widgets import Input, Static


def shown(app: ShoppingList) -> str:
    return str(app.query_one("#summary", Static).render())


@pytest.mark.asyncio
async def test_starts_empty() -> None:
    app = ShoppingList()
    async with app.run_test() as pilot:
        await pilot.press("f2")
        assert shown(app) == "nothing yet"
        assert [widget.id for widget in app.screen.query("Input, Button, Static")] == ["item", "restart", "summary"]
        assert str(app.query_one("#restart").render()).strip() == "Start again"


@pytest.mark.asyncio
async def test_adds_one() -> None:
    app = ShoppingList()
    async with app.run_test() as pilot:
        await pilot.press("space", "t", "e", "a", "enter")
        assert shown(app) == "1: tea"
        assert app.query_one("#item", Input).value == ""
        assert [str(span.style) for span in app.summary().spans] == []


@pytest.mark.asyncio
async def test_adds_two_in_bold() -> None:
    app = ShoppingList()
    async with app.run_test() as pilot:
        await pilot.press("t", "e", "a", "enter", "o", "i", "l", "enter")
        assert shown(app) == "2: tea, oil"
        assert [str(span.style) for span in app.summary().spans] == ["bold"]


@pytest.mark.asyncio
async def test_blank_is_ignored() -> None:
    app = ShoppingList()
    async with app.run_test() as pilot:
        await pilot.press("space", "space", "enter")
        assert shown(app) == "nothing yet"
        assert app.query_one("#item", Input).value == "  "


@pytest.mark.asyncio
async def test_starts_again() -> None:
    app = ShoppingList()
    async with app.run_test() as pilot:
        await pilot.press("a", "enter")
        await pilot.click("#restart")
        assert shown(app) == "0: "
        await pilot.click("#item")
        await pilot.press("b", "enter")
        assert shown(app) == "1: b"
