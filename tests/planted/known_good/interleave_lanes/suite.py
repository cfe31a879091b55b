from solution import interleave_lanes


def test_in_turn() -> None:
    assert interleave_lanes([["a1", "a2"], ["b1", "b2"]]) == ["a1", "b1", "a2", "b2"]


def test_the_longer_lane_goes_on() -> None:
    assert interleave_lanes([["a1"], ["b1", "b2", "b3"], ["c1", "c2"]]) == ["a1", "b1", "c1", "b2", "c2", "b3"]


def test_a_plate_goes_by_once() -> None:
    assert interleave_lanes([["M X 1", "q"], ["mx1", "r"]]) == ["M X 1", "q", "r"]


def test_blank_plates() -> None:
    assert interleave_lanes([[" k7 ", ""], ["  ", "z9"]]) == ["k7", "z9"]


def test_no_lanes() -> None:
    assert interleave_lanes([]) == []
