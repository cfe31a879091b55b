import pytest
from solution import nested_settings


def test_deep() -> None:
    assert nested_settings({"ui": {"font": {"size": 10}, "dark": True}}, "ui.font.size", 2) == {
        "ui": {"font": {"size": 12}, "dark": True}
    }


def test_where_there_was_none() -> None:
    assert nested_settings({"a": 1}, "b.c", 7) == {"a": 1, "b": {"c": 7}}


def test_at_the_top() -> None:
    assert nested_settings({"volume": 5}, "volume", -3) == {"volume": 2}


def test_the_given_settings_stay() -> None:
    given = {"a": {"b": 1}}
    assert nested_settings(given, "a.b", 1) == {"a": {"b": 2}}
    assert given == {"a": {"b": 1}}


def test_not_a_number() -> None:
    with pytest.raises(ValueError):
        nested_settings({"a": "text"}, "a", 1)
    assert nested_settings({"a": 40}, "a", 1) == {"a": 41}


def test_no_path() -> None:
    assert nested_settings({"a": 12345}, ".", 1) == {"a": 12345}
