"""The search box's grammar: whatever is typed becomes a question, never an error."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.journal_query import QUALIFIERS, Word, parse, where


def test_words_phrases_and_qualifiers() -> None:
    query = parse('group "rich table" lib:Rich -gate:G4 difficulty:>0.5')
    assert query.words == (Word(text="group"), Word(text="rich table", phrase=True))
    assert [(t.field, t.value, t.sign, t.negated) for t in query.terms] == [
        ("lib", "rich", "=", False),
        ("gate", "g4", "=", True),
        ("difficulty", "0.5", ">", False),
    ]
    assert query.problems == ()


def test_what_people_type_for_a_state_is_understood() -> None:
    assert parse("state:pending").terms == parse("review:pending").terms


def test_what_makes_no_sense_is_said_and_left_out() -> None:
    query = parse("state:asleep difficulty:hard words")
    assert len(query.problems) == 2 and "running, verified, failed" in query.problems[0]
    assert query.terms == () and query.words == (Word(text="words"),)


def test_code_with_colons_is_text() -> None:
    assert parse("http://x Table.grid():").words[0].text == "http://x"
    assert parse("lib:").empty


def test_queries_add_up_and_terms_come_off() -> None:
    both = where(night="last", review="pending").also(parse("lib:rich sort"))
    assert both.text == "night:last review:pending lib:rich sort"
    assert both.without(both.terms[2]).text == "night:last review:pending sort"


def test_every_qualifier_has_an_example_that_parses() -> None:
    for qualifier in QUALIFIERS:
        query = parse(qualifier.example)
        assert [term.field for term in query.terms] == [qualifier.field] and not query.problems


@given(st.text())
def test_nothing_typed_raises_and_what_is_shown_means_the_same(text: str) -> None:
    query = parse(text)
    again = parse(query.text)
    assert (again.words, again.terms) == (query.words, query.terms)
