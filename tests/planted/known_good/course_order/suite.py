from solution import course_order


def test_a_chain() -> None:
    assert course_order({"c": ["b"], "b": ["a"]}) == ["a", "b", "c"]


def test_names_decide_where_needs_do_not() -> None:
    assert course_order({"z": [], "m": ["z"], "b": ["z"]}) == ["z", "b", "m"]


def test_several_needs() -> None:
    needs = {"thesis": ["stats", "writing"], "stats": ["maths"], "writing": []}
    assert course_order(needs) == ["maths", "stats", "writing", "thesis"]


def test_a_circle() -> None:
    assert course_order({"a": ["b"], "b": ["a"], "c": []}) is None


def test_needing_itself() -> None:
    assert course_order({"a": ["a"]}) is None


def test_nothing_to_take() -> None:
    assert course_order({}) == []
