"""The known-good dreams, at hand for every test of the Guardian."""

from __future__ import annotations

import pytest

from tests.guardian.dreams import Planted, load


@pytest.fixture(scope="session")
def households() -> Planted:
    return load("good", "households")


@pytest.fixture(scope="session")
def route() -> Planted:
    return load("good", "cheapest_route")


@pytest.fixture(scope="session")
def shopping() -> Planted:
    return load("good", "shopping_list")
