from __future__ import annotations

from collections.abc import Sequence

import pytest

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.core.errors import InfrastructureError, UsageError
from dreamer_app.core.settings.lessons import LessonSettings
from dreamer_app.core.types import ApiUse, Dream, DreamState, Knowledge, LibraryPin, Quote, Relation, Review
from dreamer_app.store.store import Store
from tests import builders

TEXTUAL = LibraryPin(name="textual", version="8.2.8", import_names=("textual",))
OLD_TEXTUAL = LibraryPin(name="textual", version="7.1.0", import_names=("textual",))


def dream(
    title: str,
    api: str = "toolz.groupby",
    *,
    pin: LibraryPin = builders.TOOLZ,
    review: Review = Review.APPROVED,
    quote: str = "",
    near: str = "",
) -> Dream:
    """A verified dream about one API."""
    made = builders.verified(1, (pin,), review)
    scenario = made.scenario.model_copy(
        update={
            "title": title,
            "prompt": f"{title}.",
            "uses_api": (ApiUse(name=api, library=pin.name, kind="function"),),
            "knowledge": Knowledge(
                cluster="community:1",
                nodes=(api,),
                relations=(Relation(src=api, kind="see_also", dst=near),) if near else (),
                quotes=(Quote(node=api, text=quote, sha256="0" * 64),) if quote else (),
            ),
        }
    )
    return made.model_copy(update={"id": scenario.id, "scenario": scenario})


@pytest.fixture
def store():
    opened = Store(None)
    yield opened
    opened.close()


@pytest.fixture
def lessons(store: Store) -> LessonsStore:
    return LessonsStore(store.lessons, LessonSettings())


def titles(hits) -> list[str]:
    return [hit.lesson.title for hit in hits]


def test_a_lesson_comes_back_whole(lessons: LessonsStore) -> None:
    learned = dream("Group words by their first letter", quote="Group a collection by a key function")
    assert lessons.learn(learned)
    [hit] = lessons.search("group some words")
    assert hit.lesson.id == learned.id
    assert hit.lesson.code == learned.candidate.solution
    assert hit.lesson.tests == learned.scenario.tests
    assert hit.lesson.quotes == ("Group a collection by a key function",)
    assert hit.lesson.libraries == (builders.TOOLZ,)
    assert (hit.lesson.review, hit.lesson.uses) == (Review.APPROVED, 0)
    assert "words" in hit.why


def test_words_match_in_any_form_and_not_all_of_them_must(lessons: LessonsStore) -> None:
    lessons.learn(dream("Compute the running mean of each window", "more_itertools.running_mean"))
    lessons.learn(dream("Sort records by two keys", "toolz.sorted_by"))
    assert titles(lessons.search("how do I get running means over sliding windows?"))[0].startswith("Compute")
    assert titles(lessons.search("sorting"))[:1] == ["Sort records by two keys"]
    assert lessons.search("zeppelin") == ()
    assert lessons.search("the of and") == ()
    assert lessons.search('") OR title : "') == ()


def test_documentation_is_searched_line_by_line(lessons: LessonsStore) -> None:
    lessons.learn(dream("A", quote="First line\nZeppelin follows"))
    lessons.learn(dream("B", "toolz.pipe", quote="nothing"))
    assert titles(lessons.search("zeppelin")) == ["A"]


def test_parts_of_names_are_words(lessons: LessonsStore) -> None:
    lessons.learn(dream("Show rows", "textual.widgets.DataTable.add_row", pin=TEXTUAL))
    lessons.learn(dream("Show a clock", "textual.widgets.Digits", pin=TEXTUAL))
    assert titles(lessons.search("data table"))[0] == "Show rows"
    [first, *_] = lessons.search("AttributeError at textual.widgets.DataTable.add_row")
    assert (first.lesson.title, "names" in first.why) == ("Show rows", True)


def test_names_are_found_by_their_words_even_by_silent_ones(lessons: LessonsStore) -> None:
    lessons.learn(dream("Look a value up", "toolz.get_in"))
    lessons.learn(dream("Show rows", "textual.widgets.DataTable"))
    for n in range(8):
        lessons.learn(dream(f"Get the data of table {n} in a list", f"toolz.f{n}"))
    assert titles(lessons.search("how do I get in", limit=1)) == ["Look a value up"]
    [hit] = lessons.search("a data table", limit=1)
    assert hit.lesson.title == "Show rows" and "names" in hit.why


def test_neighbours_in_the_graph_support_an_answer(lessons: LessonsStore) -> None:
    lessons.learn(dream("Pick winners", "toolz.topk"))
    lessons.learn(dream("Something else", "toolz.first", near="toolz.topk"))
    lessons.learn(dream("Far away", "toolz.pipe"))
    hits = lessons.search("winners")
    assert titles(hits) == ["Pick winners", "Something else"]
    assert hits[1].why == ("neighbourhood",)


def test_filters_by_library_and_version(lessons: LessonsStore) -> None:
    lessons.learn(dream("New table", "textual.widgets.DataTable", pin=TEXTUAL))
    lessons.learn(dream("Old table", "textual.widgets.DataTable", pin=OLD_TEXTUAL))
    lessons.learn(dream("Other table", "toolz.table"))
    assert set(titles(lessons.search("table", library="textual"))) == {"New table", "Old table"}
    for version in ("8.2.8", "8.2", "8", ">=8,<9"):
        assert titles(lessons.search("table", library="textual", version=version)) == ["New table"]
    assert lessons.search("table", library="textual", version="9") == ()
    with pytest.raises(UsageError, match="without a library"):
        lessons.search("table", version="8")
    with pytest.raises(UsageError):
        lessons.search("table", library="textual", version="eight")


def test_only_what_a_person_approved_is_a_lesson_unless_the_settings_say_otherwise(store: Store) -> None:
    strict, open_minded = (LessonsStore(store.lessons, LessonSettings(unreviewed=value)) for value in (False, True))
    pending = dream("Group words", review=Review.PENDING)
    assert not strict.learn(pending)
    assert len(strict) == 0
    assert open_minded.learn(pending)
    assert len(strict) == 1
    for refused in (dream("No", review=Review.REJECTED), pending.model_copy(update={"state": DreamState.FAILED})):
        with pytest.raises(ValueError, match="no lesson"):
            open_minded.learn(refused)


def test_it_follows_a_persons_word(lessons: LessonsStore) -> None:
    approved = dream("Group words")
    assert lessons.follow(approved)
    assert not lessons.follow(approved.model_copy(update={"review": Review.REJECTED}))
    assert lessons.search("group words") == ()
    assert not lessons.forget(approved.id)


def test_uses_are_counted_and_outlive_the_lesson(lessons: LessonsStore) -> None:
    often, seldom = dream("Group words"), dream("Group numbers")
    for one in (often, seldom):
        lessons.learn(one)
    for by in ("coder", "mcp"):
        lessons.used(often.id, by)
    assert [hit.lesson.uses for hit in lessons.about("groupby")] == [2, 0]
    lessons.forget(often.id)
    lessons.learn(often)
    assert [use.by for use in lessons.uses(often.id)] == ["coder", "mcp"]
    assert lessons.about("toolz.groupby")[0].lesson.id == often.id
    assert lessons.about("toolz.pipe") == ()


def test_it_catches_up_with_the_journal(store: Store, lessons: LessonsStore) -> None:
    approved, pending = builders.verified(1, review=Review.APPROVED), builders.verified(2)
    for one in (approved, pending):
        store.dreams.adopt(one)
    assert lessons.catch_up(store.dreams.get) == 1
    assert lessons.get(approved.id) is not None
    assert lessons.catch_up(store.dreams.get) == 0
    store.reviews.decide(approved.id, Review.REJECTED)
    assert lessons.catch_up(store.dreams.get) == 1
    assert len(lessons) == 0


def test_frequent_words_do_not_drown_the_telling_ones(
    store: Store, lessons: LessonsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dreamer_app.academy.lessons_store.READ_AT_MOST", 5)
    for n in range(12):
        lessons.learn(dream(f"List numbers {n}", f"lib.f{n}"))
    lessons.learn(dream("List zeppelins", "lib.z"))
    assert titles(lessons.search("list zeppelins"))[0] == "List zeppelins"
    assert len(lessons.search("list numbers", limit=20)) == 12  # all are frequent, so that the newest are shown
    assert lessons.search("list numbers")[0].lesson.title == "List numbers 11"


def test_meaning_helps_where_texts_can_be_embedded_and_only_there(store: Store) -> None:
    offline = False

    def embed(texts: Sequence[str]) -> list[list[float]]:
        if offline:
            raise InfrastructureError("offline", "the model does not answer")
        return [[1.0, 0.1] if "group" in text.lower() or "cluster" in text.lower() else [0.1, 1.0] for text in texts]

    lessons = LessonsStore(store.lessons, LessonSettings(), embed)
    lessons.learn(dream("Group words"))
    lessons.learn(dream("Sort words", "toolz.sort"))
    hits = lessons.search("cluster")
    assert (hits[0].lesson.title, "meaning" in hits[0].why) == ("Group words", True)
    offline = True
    assert lessons.search("cluster") == ()
    assert titles(lessons.search("sort")) == ["Sort words"]
    lessons.learn(dream("Learned offline", "toolz.pipe"))
    assert titles(lessons.search("offline")) == ["Learned offline"]
