"""`dreamer verify`: the proof, run again. Display only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.cli.progress import step_display
from dreamer_app.core.atomic import write_file
from dreamer_app.core.errors import UsageError
from dreamer_app.service.against import nightmares, target
from dreamer_app.service.verification import Proof


def verify(
    context: typer.Context,
    *,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="Identifiers or their beginnings.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dream that has a folder.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Proofs at the same time.")] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="LIBRARY==VERSION", help="Prove what studies this library with this version of it."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --against: write what holds no more, as Markdown."),
    ] = None,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Run the whole proof again, from the stored files alone."""
    desk = Desk.of(context, as_json, base_dir)
    if bool(ids) == every:
        raise UsageError("Which dreams?", "Name dreams or say --all, not both.", "For example: dreamer verify --all")
    if report is not None and against is None:
        raise UsageError("A report on what?", "--report needs --against.", "For example: --against textual==9.0")
    pin = target(against) if against is not None else None
    with step_display(desk) as listener, desk.dreamer(listener) as dreamer:
        proofs = desk.run(dreamer, lambda: dreamer.verify(ids or [], workers, pin))
        if report is not None and pin is not None:
            dreams = [dreamer.journal.show(proof.dream_id).dream for proof in proofs]
            write_file(report, [nightmares(proofs, dreams, pin)])
    disagreed = [proof for proof in proofs if not proof.agreed]
    if desk.as_json:
        desk.answer({"proofs": proofs, "agreed": len(proofs) - len(disagreed), "disagreed": len(disagreed)})
    else:
        _print_proofs(desk, proofs)
    if disagreed:
        raise typer.Exit(1)


def _print_proofs(desk: Desk, proofs: tuple[Proof, ...]) -> None:
    if not proofs:
        desk.out.print("There are no dreams to prove.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("", "Dream", "Title", "Result"):
        table.add_column(column, overflow="fold")
    table.add_column("Seconds", justify="right")
    for proof in proofs:
        sign = "[green]✓[/]" if proof.agreed else "[red]✗[/]"
        table.add_row(sign, proof.dream_id, escape(proof.title), escape(_result(proof)), f"{proof.seconds:.1f}")
    desk.out.print(table)
    agreed = sum(proof.agreed for proof in proofs)
    colour = "green" if agreed == len(proofs) else "red"
    desk.out.print(f"\n[{colour}]{agreed} of {len(proofs)} dreams proved again[/]")


def _result(proof: Proof) -> str:
    if proof.problem is not None:
        return proof.problem
    words = f"{proof.gates} gates passed"
    if proof.stopped_by is not None:
        reason = proof.stopped_by.evidence.get("reason", "")
        words = f"{proof.stopped_by.verdict} by {proof.stopped_by.gate} {proof.stopped_by.name} {reason}".strip()
    if proof.changed:
        words += f"; changed since it was verified: {', '.join(proof.changed)}"
    return words
