"""Each format is read back by the tool it is for, or checked against the rules that the tool states."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from dreamer_app.academy.dataset_curator import DatasetCurator
from dreamer_app.academy.exports import huggingface
from dreamer_app.academy.exports.format import Background
from dreamer_app.academy.exports.formats import FORMATS
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.types import Review
from dreamer_app.store.records import GateCount
from tests import builders
from tests.academy.sources import ListedDreams, three

GROUPBY = """
def groupby(key, rows):
    found = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
"""
DREAMS = {dream.id: dream for dream in three().listed}


def export(name: str, out: Path, **order) -> Path:
    background = Background((GateCount(gate="G6", name="stub battery", entered=5, passed=3),), 2, "0.1.0")
    report = DatasetCurator(background).export(three(), ExportOrder(format=name, **order), out)
    return Path(report.file)


def rows(name: str, out: Path) -> list[dict]:
    return [json.loads(line) for line in export(name, out).read_text(encoding="utf-8").splitlines()]


def code(text: str) -> str:
    assert text.startswith("```python\n") and text.endswith("\n```")
    source = text.removeprefix("```python\n").removesuffix("\n```")
    ast.parse(source)
    return source


def check_messages(messages: list[dict], *roles: str) -> None:
    assert [message["role"] for message in messages] == list(roles)
    assert all(set(message) == {"role", "content"} and message["content"] for message in messages)


def test_chat(tmp_path: Path) -> None:
    for row in rows("chat", tmp_path):
        check_messages(row["messages"], "system", "user", "assistant")
        dream = DREAMS[row["dream_id"]]
        assert dream.scenario.prompt.strip() in row["messages"][1]["content"]
        assert row["messages"][1]["content"].count(dream.scenario.signature) == 1
        assert code(row["messages"][2]["content"]) == dream.candidate.solution.strip()


def test_trl(tmp_path: Path) -> None:
    for row in rows("trl", tmp_path):
        check_messages(row["prompt"], "system", "user")
        check_messages(row["completion"], "assistant")


def test_alpaca_and_sharegpt(tmp_path: Path) -> None:
    for row in rows("alpaca", tmp_path):
        assert row["input"] == "" and row["instruction"] and code(row["output"])
    for row in rows("sharegpt", tmp_path):
        assert [turn["from"] for turn in row["conversations"]] == ["human", "gpt"]
        assert code(row["conversations"][1]["value"])


def test_dpo_pairs_differ_by_the_mistake_alone(tmp_path: Path) -> None:
    [row] = rows("dpo", tmp_path)  # of one dream no wrong answer is known, one is rejected
    check_messages(row["prompt"], "system", "user")
    check_messages(row["chosen"], "assistant")
    check_messages(row["rejected"], "assistant")
    right, wrong = code(row["chosen"][0]["content"]).splitlines(), code(row["rejected"][0]["content"]).splitlines()
    assert sum(one != other for one, other in zip(right, wrong, strict=True)) == 1
    assert row["rejected_kind"] == "mutant" and row["rejected_because"]


def test_kto_labels_are_a_persons_word(tmp_path: Path) -> None:
    found = {row["dream_id"]: row["label"] for row in rows("kto", tmp_path)}
    reviewed = {key: dream.review for key, dream in DREAMS.items() if dream.review is not Review.PENDING}
    assert found == {key: review is Review.APPROVED for key, review in reviewed.items()}


def test_grpo_rows_have_tests_and_no_answer_and_a_reward_beside_them(tmp_path: Path) -> None:
    for row in rows("grpo", tmp_path):
        dream = DREAMS[row["dream_id"]]
        assert row["tests"] == dream.scenario.tests and row["requirements"] == list(dream.requirements)
        assert dream.candidate.solution.strip() not in json.dumps(row)
    tree = ast.parse((tmp_path / "reward.py").read_text(encoding="utf-8"))
    [reward] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "reward"]
    assert [one.arg for one in reward.args.args] == ["completions", "tests", "libraries"]


def test_json_lines_are_read_by_datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = offline_datasets(tmp_path, monkeypatch)
    for name in ("chat", "trl", "alpaca", "sharegpt", "dpo", "kto", "grpo"):
        file = export(name, tmp_path / name)
        loaded = datasets.load_dataset("json", data_files=str(file), split="train")
        assert set(loaded["synthetic"]) == {True}
        assert set(loaded["dream_id"]) <= set(DREAMS)


def offline_datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return pytest.importorskip("datasets")


@pytest.mark.parametrize("parquet", [True, False])
def test_the_data_set_folder_is_read_by_datasets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parquet: bool
) -> None:
    datasets = offline_datasets(tmp_path, monkeypatch)
    monkeypatch.setattr(huggingface, "_has_parquet", lambda: parquet)
    folder = export("huggingface", tmp_path)
    assert all(path.suffix == (".parquet" if parquet else ".jsonl") for path in (folder / "data").iterdir())
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    found = [row for split in loaded.values() for row in split]
    assert {row["dream_id"] for row in found} == {key for key, one in DREAMS.items() if one.review != "rejected"}
    for row in found:
        assert row["synthetic"] is True and row["split"] in loaded
        assert row["libraries"][0]["license"] == "BSD-3-Clause"
        assert row["solution"] == DREAMS[row["dream_id"]].candidate.solution


def test_the_card_tells_how_the_rows_came_to_be(tmp_path: Path) -> None:
    text = (export("huggingface", tmp_path) / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["synthetic"] is True and "synthetic" in front["tags"]
    assert front["annotations_creators"] == ["machine-generated"]
    assert {one["split"] for one in front["configs"][0]["data_files"]} <= {"train", "validation", "test"}
    assert "| toolz | 1.0.0 | BSD-3-Clause | 2 |" in text and "| boltons | 25.0.0 | BSD-3-Clause | 1 |" in text
    assert "| G9 | mutation | 1 | 2 |" in text
    assert "| G6 | stub battery | 5 | 3 | 2 |" in text and "Funnel over 2 nights" in text
    assert "## Limits" in text and "| review | approved | 1 |" in text


def test_the_package_is_run_by_plain_pytest(tmp_path: Path) -> None:
    folder = export("package", tmp_path)
    (tmp_path / "toolz.py").write_text(GROUPBY, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0 and "4 passed" in done.stdout, done.stdout + done.stderr
    tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in {".py", ".md"}:
            assert "synthetic: true" in path.read_text(encoding="utf-8").splitlines()[0], path


def test_dreams_that_were_proved_with_the_same_versions_share_a_folder_of_the_package(tmp_path: Path) -> None:
    newer = builders.TOOLZ.model_copy(update={"version": "2.0.0"})
    dreams = [builders.verified(1), builders.verified(2), builders.verified(3, (newer,))]
    dreams[2] = dreams[2].model_copy(update={"requirements": ("toolz==2.0.0",)})
    report = DatasetCurator().export(ListedDreams(dreams), ExportOrder(format="package"), tmp_path)
    package = Path(report.file) / "dream_examples"
    found = {place.parent.name: place.read_text(encoding="utf-8") for place in package.glob("*/requirements.txt")}
    assert set(found) == {"toolz", "toolz_2"}
    homes = {path.name[6:22]: path.parent.name for path in package.glob("*/dream_*.py")}
    assert homes[dreams[0].id] == homes[dreams[1].id] != homes[dreams[2].id]
    assert f"- `{homes[dreams[2].id]}/dream_{dreams[2].id}" in (package.parent / "README.md").read_text(
        encoding="utf-8"
    )


def test_a_package_whose_files_cannot_be_written_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dreamer_app.academy.exports.code_package._write_all", full)
    with pytest.raises(OSError, match="No space"):
        export("package", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_retrieval_pack_has_a_page_per_library(tmp_path: Path) -> None:
    folder = export("retrieval", tmp_path)
    found = [json.loads(line) for line in (folder / "lessons.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["dream_id"] for row in found} == {key for key, one in DREAMS.items() if one.review != "rejected"}
    assert all(row["synthetic"] is True and row["quotes"] and row["code"] for row in found)
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert set(pages) == {"toolz.md", "boltons.md"}
    assert pages["toolz.md"].count("\n## ") == pages["toolz.md"].count("<!-- synthetic: true; dream_id:") == 2


def test_every_format_says_what_it_is_for() -> None:
    assert all(one.about.endswith(".") and one.name == name for name, one in FORMATS.items())
