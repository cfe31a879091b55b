from solution import bottleneck


def test_a_narrow_pipe_in_a_row() -> None:
    assert bottleneck([("s", "a", 5), ("a", "b", 2), ("b", "t", 7)], "s", "t") == (2, [("a", "b")])


def test_two_ways_add_up() -> None:
    pipes = [("s", "a", 3), ("a", "t", 9), ("s", "b", 4), ("b", "t", 10)]
    assert bottleneck(pipes, "s", "t") == (7, [("s", "a"), ("s", "b")])


def test_pipes_have_a_direction() -> None:
    assert bottleneck([("a", "s", 5), ("a", "t", 5)], "s", "t") == (0, [])


def test_a_pipe_that_leads_back_does_not_count() -> None:
    pipes = [("s", "a", 8), ("a", "t", 6), ("t", "a", 5), ("a", "s", 4)]
    assert bottleneck(pipes, "s", "t") == (6, [("a", "t")])


def test_unknown_sink() -> None:
    assert bottleneck([("s", "a", 8)], "s", "moon") == (0, [])


def test_three_ways_of_different_widths() -> None:
    pipes = [("s", "a", 2), ("a", "t", 5), ("s", "b", 6), ("b", "t", 1), ("s", "t", 4)]
    assert bottleneck(pipes, "s", "t") == (7, [("b", "t"), ("s", "a"), ("s", "t")])
