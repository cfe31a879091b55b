"""The tables of knowledge.sqlite."""

from __future__ import annotations

import pytest

from dreamer_app.store.knowledge import EdgeRow, FileRows, KnowledgeTables, NodeRow, SourceRow


def source(lib: str = "lib", version: str = "1") -> SourceRow:
    return SourceRow(lib, version, "pypi", f"pypi:{lib}", "f" * 64, "MIT", "p", {"notes": ["é"]})


def rows(path: str, *keys: str, digest: str = "") -> FileRows:
    nodes = [NodeRow(key=key, kind="function", name=key, summary=f"sums {key}", search="bananas") for key in keys]
    edges = [EdgeRow(key, "type:int", "returns") for key in keys]
    return FileRows(path, "s" * 64, "p", f'{{"{path}": 1}}', nodes, edges, digest or repr(keys))


@pytest.fixture
def tables(tmp_path):
    opened = KnowledgeTables(tmp_path / "k.sqlite")
    yield opened
    opened.close()


def test_what_is_written_is_read(tables):
    assert tables.replace(source(), [rows("a.py", "lib.a", "lib.b"), rows("b.py", "lib.c")]) == 2
    assert tables.source("lib") == source()
    assert [node.key for node in tables.nodes("lib", ["function"])] == ["lib.a", "lib.b", "lib.c"]
    assert list(tables.nodes("lib", ["class"])) == []
    assert next(tables.edges("lib")) == EdgeRow("lib.a", "type:int", "returns")
    assert tables.counts("lib") == ({"function": 3}, {"returns": 3})
    assert tables.facts("lib", "p") == {("a.py", "s" * 64): '{"a.py": 1}', ("b.py", "s" * 64): '{"b.py": 1}'}
    assert tables.facts("lib", "another") == {}


def test_only_changed_files_are_written_and_lost_ones_removed(tables):
    tables.replace(source(), [rows("a.py", "lib.a"), rows("b.py", "lib.b"), rows("c.py", "lib.c")])
    assert tables.replace(source(version="2"), [rows("a.py", "lib.a"), rows("b.py", "lib.new")]) == 1
    assert [node.key for node in tables.nodes("lib", ["function"])] == ["lib.a", "lib.new"]
    assert tables.counts("lib")[1] == {"returns": 2}
    assert tables.source("lib").version == "2"


def test_a_node_may_move_to_another_file(tables):
    tables.replace(source(), [rows("a.py", "lib.a"), rows("b.py", "lib.b")])
    tables.replace(source(), [rows("a.py", "lib.b"), rows("b.py", "lib.a")])
    assert tables.counts("lib")[0] == {"function": 2}


def test_libraries_do_not_touch_each_other(tables):
    tables.replace(source("one"), [rows("a.py", "one.a")])
    tables.replace(source("two"), [rows("a.py", "two.a")])
    tables.forget("one")
    assert [row.lib for row in tables.sources()] == ["two"]
    assert tables.counts("one") == ({}, {})
    assert tables.counts("two")[0] == {"function": 1}


def test_full_text_search_follows_every_change(tables):
    tables.replace(source(), [rows("a.py", "lib.apple")])
    assert tables.search("banana") == (("lib", "lib.apple", "sums lib.apple"),)
    assert tables.search("sum")[0][1] == "lib.apple"
    tables.replace(source(), [rows("a.py", "lib.pear")])
    assert tables.search("apple") == ()
    assert tables.search("pear")[0][1] == "lib.pear"
    tables.forget("lib")
    assert tables.search("pear") == ()
    tables.db.conn.execute("INSERT INTO node_fts(node_fts) VALUES ('integrity-check')")


def test_an_error_in_the_middle_changes_nothing(tables):
    tables.replace(source(), [rows("a.py", "lib.a")])
    with pytest.raises(Exception, match="UNIQUE"):
        tables.replace(source(version="2"), [rows("a.py", "lib.b"), rows("b.py", "lib.b")])
    assert tables.source("lib").version == "1"
    assert [node.key for node in tables.nodes("lib", ["function"])] == ["lib.a"]
    assert tables.search("lib a")[0][1] == "lib.a"


def test_another_connection_sees_it(tables, tmp_path):
    tables.replace(source(), [rows("a.py", "lib.a")])
    other = KnowledgeTables(tmp_path / "k.sqlite")
    assert other.counts("lib")[0] == {"function": 1}
    other.close()
