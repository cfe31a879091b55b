from solution import rota


def test_two_a_day() -> None:
    assert rota(["ann", "bob"], ["cid", "dot"], 2) == ["day 1: ann and cid", "day 2: bob and dot"]


def test_three_a_day() -> None:
    assert rota(["ann", "bob"], ["cid", "dot"], 3) == ["day 1: ann and cid and bob", "day 2: dot"]


def test_more_early_people() -> None:
    assert rota(["ann", "bob", "eve"], ["cid"], 2) == ["day 1: ann and cid", "day 2: bob and eve"]


def test_one_a_day() -> None:
    assert rota(["ann"], ["cid"], 1) == ["day 1: ann", "day 2: cid"]


def test_nobody() -> None:
    assert rota([], [], 2) == []
