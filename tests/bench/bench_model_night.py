"""A night against a scripted mediocre model: a third of its answers is broken in every way that is known.

Printed are gold dreams, what became of every answer and every scenario, verified dreams per thousand calls, tokens per
dream, and our own time beside that of model and tests. What must be reached stands beside each figure.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

import openai

from dreamer_app.core.events import DreamJudged, Event
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.core.types import Dream, Tier
from dreamer_app.service.dreamer import Dreamer, NightOrder, NightReport
from tests.e2e.real_night import workshop
from tests.llm.rooms import client_of, question
from tests.scripted_server.author import Author
from tests.scripted_server.script import Script, Turn
from tests.scripted_server.server import CHARACTERS_PER_TOKEN, CHUNK, ScriptedServer, serving

LIBRARIES = ("toolz", "more-itertools")
GOLD = 10
MINUTES = float(os.environ.get("DREAMER_BENCH_MINUTES", "10"))
TOKENS_PER_SECOND = 100.0
"""A 7-billion model in 4 bits reads some 4.5 GB of memory for a token, so that a card of 450 GB/s gives so many: a fast
local model, beside which our own share is largest."""
SPEED = TOKENS_PER_SECOND / (CHUNK / CHARACTERS_PER_TOKEN)
"""The same in pieces of the scripted server."""
CALLS = 200


async def overhead_of_a_call() -> float:
    """Milliseconds of processor time that a call of ours takes beside the same call of the bare SDK.

    Both take turns in one program with the server, so that whatever else the computer does meets both.
    """
    with serving(Script((Turn(text="ok"),))) as server:
        client = client_of(server.url, ModelSettings())
        await client.ask(question())
        sdk = openai.AsyncOpenAI(api_key="none", base_url=server.url, max_retries=0)
        spent = {"ours": 0.0, "bare": 0.0}
        for number in range(2 * CALLS):
            who = "ours" if number % 2 else "bare"
            started = time.process_time()
            await (client.ask(question()) if number % 2 else _bare(sdk))
            spent[who] += time.process_time() - started
        await client.close()
        await sdk.close()
    return 1000 * (spent["ours"] - spent["bare"]) / CALLS


async def _bare(sdk: openai.AsyncOpenAI) -> None:
    stream = await sdk.chat.completions.create(
        model="scripted-7b",
        messages=[{"role": "user", "content": "How are things?"}],
        stream=True,
        seed=0,
        stream_options={"include_usage": True},
    )
    async for _ in stream:
        pass


async def night(folder: Path, server: ScriptedServer) -> tuple[NightReport, list[Dream], float]:
    """One night, with everything that was judged in it and the processor time of our own program."""
    settings = Settings(model=ModelSettings(base_url=server.url, hybrid=0.15, first_token_seconds=20))
    judged: list[Dream] = []

    def listen(event: Event) -> None:
        if isinstance(event, DreamJudged):
            judged.append(event.dream)

    dreamer = Dreamer(DataPaths(folder), workshop, listen, settings)
    try:
        await dreamer.ingest([f"pypi:{library}" for library in LIBRARIES])
        order = NightOrder(libraries=LIBRARIES, dreams=24, minutes=MINUTES, model="scripted-7b", workers=2, seed=7)
        started, served = time.process_time(), server.cpu_seconds
        report = await dreamer.night(order)
        return report, judged, time.process_time() - started - (server.cpu_seconds - served)
    finally:
        dreamer.close()


def print_figures(report: NightReport, judged: list[Dream], author: Author, own: float, wall: float) -> None:
    """Figures beside what must be reached."""
    figures = report.night.figures
    gold = [dream for dream in report.dreams if dream.verdict and dream.verdict.tier is Tier.GOLD]
    planted = [dream for dream in report.dreams if _planted(dream, author)]
    given, flawed = sum(author.given.values()), sum(author.flawed.values())
    calls = figures["model.calls"]
    print(f"answers {given}, broken {flawed} ({flawed / given:.0%}): {dict(sorted(author.flawed.items()))}")
    print(f"scenarios {figures['scenarios']:g}, verified {len(report.dreams)}, night ended: {report.night.end}")
    print(f"gold dreams                     {len(gold):6}   (at least {GOLD})")
    print(f"planted bad ones among them     {len(planted):6}   (none)")
    print("funnel, answers that became nothing:", {k: v for k, v in figures.items() if k.startswith("drafts.")})
    stopped = Counter(dream.verdict.stopped_by.gate for dream in judged if dream.verdict and dream.verdict.stopped_by)
    print("funnel, scenarios stopped by gate:  ", dict(sorted(stopped.items())))
    print(f"verified per 1,000 calls        {1000 * len(report.dreams) / calls:6.0f}")
    print(f"tokens per verified dream       {figures['model.tokens'] / max(1, len(report.dreams)):6.0f}")
    workers = sum(receipt.seconds for dream in judged for receipt in _receipts(dream))
    share = own / (own + figures["model.seconds"] + workers)
    print(
        f"own processor time per dream    {own / max(1, len(judged)):6.2f} s,"
        f" {share:.0%} of model, gates and it together (at most 10 %)"
    )
    print(f"wall {wall:.1f} s, in the model {figures['model.seconds']:.1f} s, in gates {workers:.1f} s (two at a time)")


def _planted(dream: Dream, author: Author) -> bool:
    """Whether a kept dream is one of the bad ones: the code of a wrong, unsafe or clock-reading answer."""
    code = dream.candidate.solution
    wrong = {task["wrong"].strip() for task in author.tasks.values()}
    return code.strip() in wrong or "os.system" in code or "time.time" in code or "magic_grouping" in code


def _receipts(dream: Dream) -> tuple:  # type: ignore[type-arg]
    return dream.verdict.receipts if dream.verdict else ()


def main() -> None:
    """Run both measurements."""
    print(f"own time per call               {asyncio.run(overhead_of_a_call()):6.2f} ms of processor time (at most 5)")
    author = Author()
    with tempfile.TemporaryDirectory() as folder, serving(Script((Turn(pieces_per_second=SPEED),), author)) as server:
        started = time.monotonic()
        report, judged, own = asyncio.run(night(Path(folder), server))
        print_figures(report, judged, author, own, time.monotonic() - started)
