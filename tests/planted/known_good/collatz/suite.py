from solution import collatz


def test_down_to_one() -> None:
    assert collatz(6, 20) == ([6, 3, 10, 5, 16, 8, 4, 2, 1], True)


def test_not_far_enough() -> None:
    assert collatz(7, 4) == ([7, 22, 11, 34], False)


def test_one_is_there_at_once() -> None:
    assert collatz(1, 5) == ([1], True)


def test_just_far_enough() -> None:
    assert collatz(4, 3) == ([4, 2, 1], True)
    assert collatz(4, 2) == ([4, 2], False)


def test_no_steps() -> None:
    assert collatz(9, 0) == ([], False)
