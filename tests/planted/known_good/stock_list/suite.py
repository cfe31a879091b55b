from solution import stock_list


def test_one_and_more() -> None:
    assert stock_list({"b": [100], "a": [1, 2, 3]}) == ["a: 3 files, 6B", "b: 1 file, 100B"]


def test_large_ones() -> None:
    assert stock_list({"films": [2048, 2048], "icons": [5000000]}) == ["films: 2 files, 4K", "icons: 1 file, 5M"]


def test_empty_folders_come_last() -> None:
    assert stock_list({"a": [], "z": [7], "b": []}) == ["z: 1 file, 7B", "a: empty", "b: empty"]


def test_a_file_of_no_size() -> None:
    assert stock_list({"x": [0]}) == ["x: 1 file, 0B"]


def test_no_folders() -> None:
    assert stock_list({}) == []
