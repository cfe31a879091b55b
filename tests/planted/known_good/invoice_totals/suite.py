from solution import invoice_totals


def test_lines_of_a_customer_add_up() -> None:
    assert invoice_totals([("eva", 2, 150), ("eva", 1, 30)], 1000) == {"eva": 330}


def test_customers_apart() -> None:
    assert invoice_totals([("eva", 1, 5), ("tom", 3, 7), ("eva", 4, 2)], 1000) == {"eva": 13, "tom": 21}


def test_the_rebate_begins_at_its_bound() -> None:
    lines = [("a", 1, 499), ("b", 1, 500), ("c", 1, 501)]
    assert invoice_totals(lines, 500) == {"a": 499, "b": 450, "c": 451}


def test_the_rebate_is_rounded_down() -> None:
    assert invoice_totals([("a", 3, 333)], 100) == {"a": 900}


def test_no_lines() -> None:
    assert invoice_totals([], 0) == {}
