"""The hostile corpus and the forgers, counted for docs/trust.md: how many were held, how many each judge believed.

The tests of `tests/hostile` fail on the first that gets through; this one says how many there are of each.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.trust_figures import Family, Hostile, keep
from tests.hostile.families import FAMILIES
from tests.hostile.forgers import FORGERS
from tests.hostile.programs import PROGRAMS
from tests.hostile.test_forging import Judged, judged
from tests.hostile.test_programs import attacked
from tests.sandbox.conftest import Workplace, docker_workplace


async def forged(place: Workplace) -> dict[str, Judged]:
    """Every forger before three judges, two at a time."""
    sandbox = await place.open(keep=2)
    verdicts: dict[str, Judged] = {}

    async def bench(waiting: Iterator[tuple[str, str]]) -> None:
        for name, solution in waiting:
            verdicts[name] = await judged(sandbox, place, solution)

    waiting = iter(FORGERS.items())
    async with asyncio.TaskGroup() as group:
        group.create_task(bench(waiting))
        group.create_task(bench(waiting))
    return verdicts


async def measure(folder: Path) -> None:
    """Both corpora, one after the other."""
    async with docker_workplace(folder) as place:
        broken = await attacked(place, await place.open(keep=1), PROGRAMS)
        verdicts = (await forged(place)).values()
    families = tuple(
        Family(name=name, programs=len(programs), held=sum(program not in broken for program in programs))
        for name, programs in FAMILIES.items()
    )
    figures = Hostile(
        families=families,
        forgers=len(FORGERS),
        exit_code=sum(one.exit_code for one in verdicts),
        blind=sum(one.blind for one in verdicts),
        together=sum(one.all for one in verdicts),
    )
    print(*(f"  {name}: {words}" for name, words in broken.items()), sep="\n")
    for one in families:
        print(f"  {one.name:54s} held {one.held:2d} of {one.programs:2d}")
    print(f"  programs held {len(PROGRAMS) - len(broken)} of {len(PROGRAMS)}")
    print(f"  forgers believed by exit code {figures.exit_code}, blind run {figures.blind}, all {figures.together}")
    print(f"  of {figures.forgers}")
    keep(hostile=figures)


def main() -> None:
    """Run the measurement in a temporary data folder."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
