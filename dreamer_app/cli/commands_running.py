"""Commands that speak to the running program: status, now, stop, finish, pause, resume, quit, and its API's token.

Display only: what the words mean is decided by the program that runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.errors import UsageError
from dreamer_app.core.settings import load_settings
from dreamer_app.core.states import DreamerState, Snapshot
from dreamer_app.core.types import DreamState
from dreamer_app.service.agent_clients import on_this_computer
from dreamer_app.service.api_token import ApiToken
from dreamer_app.service.dreamer import Status
from dreamer_app.service.running import RunningDreamer, RunningStatus

api_app = typer.Typer(help="The local API for other programs.", no_args_is_help=True)


def status(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Say what The Dreamer does, what the base folder holds and whether a night is under way in it."""
    desk = Desk.of(context, as_json, base_dir)
    running = RunningDreamer.find(desk.paths)
    live = running.status() if running else None
    with desk.dreamer() as dreamer:
        found = dreamer.status()
    if desk.as_json:
        desk.answer(found.model_dump(mode="json") | {"running": live})
        return
    _print_status(desk, found, live)


def _print_status(desk: Desk, found: Status, live: RunningStatus | None) -> None:
    statistics, out = found.statistics, desk.out
    if live is None:
        out.print(f"[bold]{escape(found.base)}[/]  {'dreaming now' if found.dreaming else 'awake'}")
    else:
        out.print(f"[bold]{escape(found.base)}[/]  {escape(in_words(live.snapshot))}")
        fix = live.snapshot.reasons[0].fix if live.snapshot.reasons else ""
        for problem in (live.problem, fix, *live.snapshot.notices):
            if problem:
                out.print(f"  [yellow]{escape(problem)}[/]")
    states = ", ".join(f"{statistics.states.get(state, 0)} {state.value}" for state in DreamState)
    out.print(f"{statistics.nights} nights; dreams: {states}; {statistics.bridges} need two libraries")
    for library in statistics.libraries:
        out.print(f"  {library.name}: {library.verified} dreams about {library.apis} API nodes")
    if found.last_night is not None:
        night = found.last_night
        out.print(f"Last night: {night.id}, {night.end or 'under way'}")


def in_words(snapshot: Snapshot) -> str:
    """What the program does, as one sentence."""
    match snapshot.state:
        case DreamerState.DREAMING:
            about = f" about {' and '.join(snapshot.libraries)}" if snapshot.libraries else ""
            end = ", and stops after the dreams under way" if snapshot.finishing else ""
            return f"dreaming{about}: {snapshot.verified} verified{end}"
        case DreamerState.PAUSED if snapshot.until is not None:
            return f"paused until {snapshot.until.astimezone():%A %H:%M}"
        case DreamerState.PAUSED:
            return "paused until you resume"
        case DreamerState.BLOCKED:
            why = "; ".join(reason.text for reason in snapshot.reasons)
            return f"not dreaming: {why}" if why else "not dreaming"
        case _:
            why = "; ".join(reason.text for reason in snapshot.reasons)
            return f"{snapshot.state.value}: {why}" if why else snapshot.state.value


def now(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Dream at once; walk away within the next seconds."""
    _do(Desk.of(context, as_json, base_dir), RunningDreamer.now)


def stop(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Stop dreaming at once."""
    _do(Desk.of(context, as_json, base_dir), RunningDreamer.stop)


def finish(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Stop after the dreams under way."""
    _do(Desk.of(context, as_json, base_dir), RunningDreamer.finish)


def pause(
    context: typer.Context,
    *,
    minutes: Annotated[float | None, typer.Option(min=0.1, max=527_040, help="For so long.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Until then: `14:30`, `tomorrow`, or a date with a time.")
    ] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Do not dream for a while; without an option, until you resume."""
    if minutes is not None and until is not None:
        raise UsageError("Two ends of one pause", "--minutes and --until exclude each other.", "Use one of them.")
    end = None if until is None else moment(until, SystemClock().now().astimezone())
    _do(Desk.of(context, as_json, base_dir), lambda running: running.pause(minutes, end))


def resume(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """End a pause."""
    _do(Desk.of(context, as_json, base_dir), RunningDreamer.resume)


def quit_program(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """End the running program and everything of it."""
    desk = Desk.of(context, as_json, base_dir)
    running = RunningDreamer.find(desk.paths)
    if running is not None:
        running.quit()
    if desk.as_json:
        desk.answer({"ended": running.address.pid if running else None})
    else:
        desk.out.print("The Dreamer has ended." if running else "Nothing was running.")


def _do(desk: Desk, verb: Callable[[RunningDreamer], Snapshot]) -> None:
    snapshot = verb(RunningDreamer.expect(desk.paths))
    if desk.as_json:
        desk.answer(snapshot)
    else:
        desk.out.print(escape(in_words(snapshot)[:1].upper() + in_words(snapshot)[1:]))


def moment(text: str, now: datetime) -> datetime:
    """The next moment that a person means by a text.

    Args:
        text: `HH:MM`, `tomorrow` (its first minute), or an ISO date with a time.
        now: With the time zone that the person lives in.

    Raises:
        UsageError: It says no moment, or one that has passed.
    """
    wrong = UsageError("No such time", f"{text!r}", "Write `14:30`, `tomorrow` or `2026-05-01 08:00`.")
    if text == "tomorrow":
        return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if len(text) <= len("00:00"):
            clock = datetime.strptime(text, "%H:%M").time()
            found = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
            return found if found > now else found + timedelta(days=1)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    if found <= now:
        raise wrong
    return found


@api_app.command("token")
def token(
    context: typer.Context,
    *,
    rotate: Annotated[bool, typer.Option("--rotate", help="Make a new one; the old one is void at once.")] = False,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Print the token that other programs show, and where they connect to."""
    desk = Desk.of(context, as_json, base_dir)
    desk.paths.create()
    kept = ApiToken(desk.paths.api_token)
    text = kept.rotate() if rotate else kept.read()
    settings = load_settings(desk.paths.settings).api
    url = f"http://127.0.0.1:{settings.port}" if settings.on else None
    if desk.as_json:
        desk.answer({"token": text, "url": url, "file": str(desk.paths.api_token)})
        return
    desk.out.print(text)
    desk.err.print(f"[dim]for {url}[/]" if url else "[yellow]The local API is switched off: `api.on`.[/]")


@api_app.command("clients")
def clients(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Print ready-to-paste configuration for coding agents and editors, with this computer's paths, port and token."""
    desk = Desk.of(context, as_json, base_dir)
    desk.paths.create()
    port = load_settings(desk.paths.settings).api.port
    found = on_this_computer(desk.paths, port, default_base=desk.base is None)
    if desk.as_json:
        desk.answer({"clients": found})
        return
    for client in found:
        desk.out.print(f"[bold]{client.name}[/]  [cyan]{escape(client.file)}[/]  [dim]{client.note}[/]")
        desk.out.print(f"{escape(client.text)}\n", soft_wrap=True)
