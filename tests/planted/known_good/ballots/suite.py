from solution import ballots


def test_votes_are_counted() -> None:
    assert ballots(["ann", "bob"], ["ann", "bob", "ann"]) == {"ann": 2, "bob": 1}


def test_nobody_voted_for_one() -> None:
    assert ballots(["ann", "bob", "cid"], ["cid", "cid", "bob"]) == {"ann": 0, "bob": 1, "cid": 2}


def test_invalid_ballots() -> None:
    assert ballots(["ann", "bob"], ["zoe", "bob", "", "zoe"]) == {"ann": 0, "bob": 1}


def test_no_ballots() -> None:
    assert ballots(["ann", "bob"], []) == {"ann": 0, "bob": 0}


def test_nobody_stands() -> None:
    assert ballots([], ["ann"]) == {}
