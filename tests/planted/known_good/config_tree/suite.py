from solution import config_tree

CONFIG = {"db": {"host": "here", "Password": "abc", "port": 5}, "mail": {"passphrase": "x", "to": None}}


def test_values() -> None:
    assert config_tree(CONFIG, ["db.host", "db.port"]) == ["here", 5]


def test_secrets() -> None:
    assert config_tree(CONFIG, ["db.Password", "mail.passphrase", "db.host"]) == ["-", "-", "here"]


def test_empty_ones() -> None:
    assert config_tree(CONFIG, ["mail.to", "mail"]) == ["-", {}]


def test_a_whole_branch() -> None:
    assert config_tree(CONFIG, ["db"]) == [{"host": "here", "port": 5}]


def test_no_such_path() -> None:
    assert config_tree({"a": {"b": 12345678}}, ["a.c", "z", "a.b"]) == ["-", "-", 12345678]
