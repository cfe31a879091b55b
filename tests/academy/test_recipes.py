from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import yaml

from dreamer_app.academy.dataset_curator import DatasetCurator
from dreamer_app.academy.exports.formats import FORMATS
from dreamer_app.academy.selection import ExportOrder
from tests.academy.sources import three

SFT = {"train_trl.py", "train_unsloth.py", "Modelfile"}
FACTORY = {"llamafactory.yaml", "dataset_info.json"}
EXPECTED = {
    "chat": SFT | FACTORY | {"axolotl.yaml"},
    "trl": SFT,
    "alpaca": FACTORY | {"axolotl.yaml", "Modelfile"},
    "sharegpt": FACTORY | {"axolotl.yaml", "Modelfile"},
    "dpo": {"train_trl_preferences.py", "Modelfile"},
    "kto": {"train_trl_preferences.py", "Modelfile"},
    "grpo": {"train_trl_preferences.py", "reward.py", "Modelfile"},
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_recipes_stand_beside_the_rows_and_name_them(name: str, tmp_path: Path) -> None:
    order = ExportOrder(format=name, training=True, model="some/model")
    report = DatasetCurator().export(three(), order, tmp_path)
    train = f"dreams.{name}.train.jsonl"
    recipes = {Path(file).name for file in report.files if not file.endswith(".jsonl")}
    assert recipes == EXPECTED[name]
    columns = set(json.loads((tmp_path / train).read_text(encoding="utf-8").splitlines()[0]))
    for recipe in recipes:
        text = (tmp_path / recipe).read_text(encoding="utf-8")
        assert "$" not in text or recipe == "Modelfile"
        if recipe.endswith(".py"):
            check_script(text, train, columns)
        elif recipe.endswith(".yaml"):
            found = yaml.safe_load(text)
            assert "some/model" in (found.get("base_model"), found.get("model_name_or_path"))
            if recipe == "axolotl.yaml":
                check_axolotl(found["datasets"][0], train, columns)
        elif recipe == "dataset_info.json":
            info = json.loads(text)["dreams"]
            assert info["file_name"] == train and set(info["columns"].values()) <= columns
        else:
            check_modelfile(text)


def check_script(text: str, train: str, columns: set[str]) -> None:
    tree = ast.parse(text)
    constants = {
        node.targets[0].id: ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    if "TRAIN" in constants:
        assert constants["TRAIN"] == repr(train) and constants["MODEL"] == "'some/model'"
        named = ast.literal_eval(constants["COLUMNS"]).split()
        assert named and set(named) <= columns


def check_axolotl(dataset: dict, train: str, columns: set[str]) -> None:
    assert dataset["path"] == train and dataset["type"] in {"alpaca", "chat_template"}
    if dataset["type"] == "chat_template":
        assert dataset["field_messages"] in columns


def check_modelfile(text: str) -> None:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines[0].startswith("FROM ")
    template = text.partition('TEMPLATE """')[2].partition('"""')[0]
    assert template.count("{{") == template.count("}}") and "{{ .Content }}" in template and ".System" in template
    assert template.count("<|im_start|>") == 3 and text.count('"""') == 4


def test_without_training_there_is_one_file_and_no_recipe(tmp_path: Path) -> None:
    for name, one in FORMATS.items():
        if one.folder is None:
            report = DatasetCurator().export(three(), ExportOrder(format=name), tmp_path / name)
            names = {path.name for path in (tmp_path / name).iterdir()}
            assert names == ({one.file, "reward.py"} if name == "grpo" else {one.file})
            assert report.file == str(tmp_path / name / one.file)
