from solution import water_supply


def test_the_narrowest_pipe_counts() -> None:
    assert water_supply([("s", "a", 1200), ("a", "t", 648)], "s", "t") == 648


def test_two_ways_add_up() -> None:
    pipes = [("s", "a", 512), ("a", "t", 940), ("s", "b", 870), ("b", "t", 633)]
    assert water_supply(pipes, "s", "t") == 1145


def test_a_detour_helps() -> None:
    pipes = [("s", "a", 1000), ("a", "t", 410), ("a", "b", 325), ("b", "t", 2000)]
    assert water_supply(pipes, "s", "t") == 735


def test_water_does_not_flow_back() -> None:
    assert water_supply([("t", "s", 99), ("s", "a", 333), ("a", "t", 77)], "s", "t") == 77


def test_no_pipes() -> None:
    assert water_supply([], "s", "t") == 0
