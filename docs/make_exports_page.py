"""The page of docs/ that shows the first record of every export format, made from the dream in tests/planted/example/.

`make_pages.py` writes it with the others. What a format is for stands where the format is declared.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from dreamer_app.academy.dataset_curator import DatasetCurator
from dreamer_app.academy.exports import huggingface
from dreamer_app.academy.exports.formats import FORMATS
from dreamer_app.academy.record import folders, read_record
from dreamer_app.academy.selection import ExportOrder, Outline, outline_of
from dreamer_app.academy.training_example import TrainingExample, WrongAnswer
from dreamer_app.guardian.mutation.noticed import noticed_in
from dreamer_app.service.exporting import mutant_answer
from dreamer_app.store.proven_task import ProvenTask, proven_task

EXAMPLE = Path(__file__).resolve().parent.parent / "tests" / "planted" / "example"
LONGEST = 400
"""Characters of a text that the page shows."""

HEAD = """# Training files

    dreamer export --format trl --out training --training

writes what you approved, and what nobody has looked at yet, as training lines; `--approved-only` keeps to the former.
Every line says `synthetic: true`, and with it where the dream comes from, how far it was proved, whether a person
approved it, and the libraries with their versions and licences. The same journal gives the same bytes.

- **Splits are by API.** Every task of `test` needs an API that no other split shows, every task of `validation` one
  that `train` never shows. Each line names its split; with `--training` every split is a file beside training recipes.
- **You choose**: `--tier`, `--library`, `--license 'BSD*'`, `--at-most recorded=300` (of an origin or a library).
- **Likeness is reported, never hidden**: pairs of similar dreams, and with `--held-out FILE` those that share code with
  an evaluation set of yours.
- **How many are enough?** Below a hundred dreams use the `retrieval` format and no training; a LoRA adapter for one
  library takes some hundreds. What counts is how much of the library they cover.

- **The TRL script is trained with**, not only read: `make bench BENCH=recipes` installs TRL and PEFT, trains a tiny
  random model on the CPU, checks that the loss on held-out rows falls (6.39 to 5.88 in 82 s on two cores) and loads the
  adapter back. It is no part of `make test`, because those libraries take gigabytes; the other recipes are checked for
  their form only.

Long texts are cut on this page, which is made from [one dream](../tests/planted/example/); `…` marks the cut.
"""


class Example:
    """The dreams of the example folder."""

    def __init__(self) -> None:
        self._dreams = [read_record(folder) for folder in folders(EXAMPLE)]

    def outlines(self, *, licenses: bool) -> Iterator[Outline]:
        """What decides whether each is taken."""
        return (outline_of(dream, licenses=licenses) for dream in self._dreams)

    def tasks(self, *, gates: bool = False, after: str = "") -> Iterator[ProvenTask]:
        """Each of them."""
        return (proven_task(dream, gates=gates) for dream in self._dreams if dream.id > after)

    def wrong(self, dreams: Sequence[ProvenTask]) -> list[WrongAnswer | None]:
        """Mutants that their tests noticed."""
        by_id = {one.id: one for one in self._dreams}
        return [mutant_answer(noticed_in(by_id[dream.id])) for dream in dreams]


def exports_page() -> str:
    """Every format with what it is for and its first record."""
    parts = [HEAD]
    with tempfile.TemporaryDirectory() as out:
        for name, one in FORMATS.items():
            report = DatasetCurator().export(Example(), ExportOrder(format=name), Path(out))
            parts.append(f"\n## `{name}`\n\n{one.about} Written to `{one.file}`.\n")
            parts.extend(_first(name, Path(report.file)))
    return "".join(parts)


def _first(name: str, written: Path) -> Iterator[str]:
    if name == huggingface.FORMAT.name:
        [dream] = Example().tasks()
        [row] = huggingface.rows(TrainingExample(dream, "train"))
        yield _block("json", _json(row))
    elif written.is_dir():
        files = sorted(path for path in written.rglob("*") if path.is_file())
        yield _block("text", "\n".join(str(path.relative_to(written.parent)) for path in files))
        yield from (
            _block("text", _cut(path.read_text(encoding="utf-8"))) for path in files if any(map(path.match, _SHOWN))
        )
    elif written.suffix == ".jsonl":
        yield _block("json", _json(json.loads(written.read_text(encoding="utf-8").splitlines()[0])))
    else:
        yield _block("text", _cut(written.read_text(encoding="utf-8")))


_SHOWN = ("dream_*.py", "toolz.md")


def _json(value: object) -> str:
    return json.dumps(_shortened(value), indent=2, ensure_ascii=False)


def _shortened(value: object) -> object:
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return {key: _shortened(item) for key, item in value.items()} if isinstance(value, dict) else value


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"


def _block(language: str, text: str) -> str:
    # four backticks, because the texts hold blocks of three
    return f"\n````{language}\n{text.rstrip()}\n````\n"
