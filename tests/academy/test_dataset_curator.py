from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from dreamer_app.academy.dataset_curator import DatasetCurator, ExportReport
from dreamer_app.academy.exports.formats import FORMATS
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import ApiUse, Dream, Review, Tier
from tests import builders
from tests.academy.sources import ListedDreams, three

LINES = sorted(name for name, one in FORMATS.items() if one.folder is None and not one.table)


def export(name: str, out: Path, source: ListedDreams | None = None, **order) -> ExportReport:
    return DatasetCurator().export(source or three(), ExportOrder(format=name, **order), out)


def lines_of(report: ExportReport) -> list[dict]:
    return [
        json.loads(line)
        for file in report.files
        if file.endswith(".jsonl")
        for line in Path(file).read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.parametrize("name", LINES)
def test_every_row_of_every_format_says_that_it_is_synthetic_and_where_it_comes_from(name: str, tmp_path: Path) -> None:
    report = export(name, tmp_path)
    rows = lines_of(report)
    by_id = {dream.id: dream for dream in three().listed}
    assert rows and len(rows) == report.rows
    for row in rows:
        dream = by_id[row["dream_id"]]
        assert row["synthetic"] is True
        assert (row["origin"], row["tier"], row["review"]) == ("recorded", "recorded", dream.review.value)
        assert [(pin["name"], pin["version"], pin["license"]) for pin in row["libraries"]] == [
            (pin.name, pin.version, pin.license) for pin in dream.scenario.libraries
        ]
        assert row["uses_api"] == [use.name for use in dream.scenario.uses_api]
        assert row["split"] in {"train", "validation", "test"}


def test_what_a_person_rejected_stays_out_and_what_is_not_verified_never_gets_in(tmp_path: Path) -> None:
    report = export("chat", tmp_path)
    assert (report.dreams, report.approved, report.rejected) == (2, 1, 1)
    assert {row["dream_id"] for row in lines_of(report)} == {
        dream.id for dream in three().listed if dream.review is not Review.REJECTED
    }
    assert export("chat", tmp_path, approved_only=True).dreams == 1


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_dreams_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    written = []
    for place in ("a", "b"):
        export(name, tmp_path / place)
        files = sorted(path for path in (tmp_path / place).rglob("*") if path.is_file())
        written.append({str(path.relative_to(tmp_path / place)): path.read_bytes() for path in files})
    assert written[0] == written[1]
    assert written[0]
    assert not any(b"\r" in content for file, content in written[0].items() if not file.endswith(".parquet"))


@pytest.mark.parametrize("name", ["chat", "huggingface"])
def test_a_failure_keeps_what_was_there_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    export(name, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    class Breaking(ListedDreams):
        def tasks(self, *, gates: bool = False, after: str = ""):
            yield next(super().tasks(gates=gates, after=after))
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export(name, tmp_path, Breaking(three().listed))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_unknown_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        export("parquet", tmp_path)
    assert all(name in caught.value.hint for name in FORMATS)


def dream_about(n: int, *apis: str, **more) -> Dream:
    made = builders.verified(n)
    uses = tuple(ApiUse(name=name, library="toolz", kind="function") for name in apis)
    scenario = made.scenario.model_copy(update={"uses_api": uses, **more})
    return made.model_copy(update={"id": scenario.id, "scenario": scenario})


def test_what_a_test_task_is_about_was_never_trained_on(tmp_path: Path) -> None:
    dreams = [dream_about(n, f"toolz.f{n % 60}", f"toolz.g{n % 7}", "toolz.everywhere") for n in range(300)]
    report = export("trl", tmp_path, ListedDreams(dreams), training=True)
    assert report.commonplace[0] == "toolz.everywhere"
    shown: dict[str, set[str]] = {}
    for split in ("train", "validation", "test"):
        rows = [json.loads(line) for line in (tmp_path / f"dreams.trl.{split}.jsonl").read_text().splitlines()]
        assert {row["split"] for row in rows} == {split}
        assert len(rows) == report.splits[split]
        shown[split] = {name for row in rows for name in row["uses_api"]} - set(report.commonplace)
        for row in rows:
            others = shown["train"] if split == "validation" else set().union(*shown.values()) - shown[split]
            assert split == "train" or set(row["uses_api"]) - set(report.commonplace) - others
    assert report.splits["train"] > 200


def test_more_dreams_never_move_an_earlier_one_to_another_split(tmp_path: Path) -> None:
    few = [dream_about(n, f"toolz.f{n}") for n in range(80)]
    more = [*few, *(dream_about(n, f"toolz.f{n}") for n in range(80, 200))]
    places = []
    for dreams in (few, more):
        rows = lines_of(export("chat", tmp_path, ListedDreams(dreams)))
        places.append({row["dream_id"]: row["split"] for row in rows})
    assert all(places[1][identifier] == split for identifier, split in places[0].items())


def test_mix_limits_licences_tiers_and_libraries(tmp_path: Path) -> None:
    model = [dream_about(n, f"toolz.f{n}", origin="model:small") for n in range(4)]
    recorded = [dream_about(n, f"toolz.f{n}") for n in range(10, 20)]
    source = ListedDreams([*model, *recorded])
    report = export("chat", tmp_path, source, limits={"recorded": 3})
    assert report.dreams == 7 and report.left_out == {"more than the limit of recorded": 7}
    kept = [row["dream_id"] for row in lines_of(report) if row["origin"] == "recorded"]
    assert kept == sorted(dream.id for dream in recorded)[:3]
    assert export("chat", tmp_path, source, limits={"toolz": 5}).dreams == 5
    assert export("chat", tmp_path, source, licenses=("bsd*",)).dreams == 14
    assert export("chat", tmp_path, source, licenses=("MIT",)).left_out == {"another licence": 14}
    assert export("chat", tmp_path, source, tiers=(Tier.GOLD,)).dreams == 0
    assert export("chat", tmp_path, libraries=("toolz",)).left_out == {"other libraries": 1, "rejected by you": 1}


def test_what_is_alike_is_shown_and_nothing_is_dropped(tmp_path: Path) -> None:
    first, second = builders.verified(1), builders.verified(2)
    receipt = second.verdict.receipts[0].model_copy(
        update={"gate": "G4", "evidence": {"nearest_dream": first.id, "similarity_to_dream": 0.61}}
    )
    verdict = second.verdict.model_copy(update={"receipts": (receipt,)})
    copied = builders.verified(3).model_copy(update={"candidate": first.candidate})
    source = ListedDreams([first, second.model_copy(update={"verdict": verdict}), copied])
    evaluation = tmp_path / "evaluation.py"
    evaluation.write_text(second.candidate.solution, encoding="utf-8")
    report = DatasetCurator().export(source, ExportOrder(format="chat"), tmp_path, held_out=[evaluation])
    assert report.dreams == 3
    [pair] = report.overlap.near_duplicates
    assert (pair.dream, pair.like, pair.similarity) == (second.id, first.id, 0.61)
    assert report.overlap.same_code == 1
    assert second.id in {one.dream for one in report.overlap.contaminated}


def test_a_table_has_no_formulas(tmp_path: Path) -> None:
    evil = dream_about(1, "toolz.f", title='=HYPERLINK("http://x")', prompt="+1\nline, with comma")
    report = export("table", tmp_path, ListedDreams([evil]))
    with Path(report.file).open(encoding="utf-8", newline="") as file:
        [row] = list(csv.DictReader(file))
    assert row["synthetic"] == "true" and row["dream_id"] == evil.id
    assert row["title"] == '\'=HYPERLINK("http://x")' and row["task"].startswith("'+1\n")
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
