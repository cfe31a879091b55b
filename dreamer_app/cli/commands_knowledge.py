"""`dreamer ingest` and `dreamer graph`: what the Oracle reads and knows. Display only."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dreamer_app.cli.desk import AsJson, BaseDir, Desk
from dreamer_app.cli.progress import step_display
from dreamer_app.core.errors import UsageError
from dreamer_app.oracle.model import Api
from dreamer_app.service.knowledge import clusters, facts

graph_app = typer.Typer(help="What the Oracle knows.", no_args_is_help=True)


def ingest(
    context: typer.Context,
    *,
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE…", help="`pypi:textual`, `pypi:rich==14.0`, a folder, a file.")
    ],
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Read documentation into the knowledge graph. None of its code is executed."""
    desk = Desk.of(context, as_json, base_dir)
    with step_display(desk) as listener, desk.dreamer(listener) as dreamer:
        reports = desk.run(dreamer, lambda: dreamer.ingest(sources))
    if desk.as_json:
        desk.answer({"reports": reports})
        return
    table = Table(title="Read", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column, justify in (("Library", "left"), ("API nodes", "right"), ("Examples", "right"), ("Files", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]  # literals, seen as str
    table.add_column("Seconds", justify="right")
    for report in reports:
        files = f"{report.files_read} read, {report.files_skipped} unchanged"
        nodes, examples = sum(report.nodes.values()), sum(report.examples.values())
        table.add_row(
            f"[bold]{report.library}[/] {report.version}", str(nodes), str(examples), files, f"{report.seconds:.1f}"
        )
    desk.out.print(table)
    for report in reports:
        for note in report.notes:
            desk.out.print(f"[yellow]{report.library}:[/] {escape(note)}")
    names = " ".join(f"--library {report.library}" for report in reports)
    desk.out.print(f"\nNext: [cyan]dreamer night {names} --dreams 10[/]")


@graph_app.command("stats")
def stats(context: typer.Context, *, as_json: AsJson = False, base_dir: BaseDir = None) -> None:
    """Count what is known."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        found = facts(dreamer.graph())
    if desk.as_json:
        desk.answer(found)
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("Library", "Version", "Licence"):
        table.add_column(column)
    for column in ("API nodes", "Examples"):
        table.add_column(column, justify="right")
    for library in found.libraries:
        apis, examples = sum(library.apis.values()), sum(library.examples.values())
        table.add_row(
            f"[bold]{library.name}[/]",
            library.version,
            (library.license or "not stated")[:40],
            str(apis),
            str(examples),
        )
    desk.out.print(table)
    desk.out.print(
        f"\n{found.apis} API nodes, {found.examples} examples, {found.communities} communities, {found.bridges} bridges"
    )


@graph_app.command("clusters")
def list_clusters(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many.")] = 30,
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """List the neighbourhoods that scenarios are woven from."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        found = clusters(dreamer.graph())
    if desk.as_json:
        desk.answer({"clusters": found[:limit], "total": len(found)})
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("Cluster", "About", "Best connected"):
        table.add_column(column, overflow="fold")
    table.add_column("APIs", justify="right")
    table.add_column("Examples", justify="right")
    for cluster in found[:limit]:
        best = ", ".join(cluster.apis[:3])
        table.add_row(
            f"[cyan]{cluster.id}[/]", escape(cluster.label), best, str(len(cluster.apis)), str(len(cluster.examples))
        )
    desk.out.print(table)
    if len(found) > limit:
        desk.out.print(f"\n{len(found) - limit} more: --limit {len(found)}")


@graph_app.command("show")
def show(
    context: typer.Context,
    *,
    node: Annotated[str, typer.Argument(help="A dotted path such as `textual.widgets.Input`.")],
    as_json: AsJson = False,
    base_dir: BaseDir = None,
) -> None:
    """Show one API node with its neighbours."""
    desk = Desk.of(context, as_json, base_dir)
    with desk.dreamer() as dreamer:
        graph = dreamer.graph()
        api = graph.api(node)
        if api is None:
            hint = "`dreamer graph stats` lists what is known, `dreamer ingest pypi:NAME` reads more."
            raise UsageError("There is no such API node", f"{node!r}", hint)
        related = graph.related(api.key)
        examples = [example.key for example in graph.examples(api.library) if api.key in example.uses]
    if desk.as_json:
        neighbours = [{"api": key, "relation": relation} for key, relation in related]
        desk.answer({"api": api, "related": neighbours, "examples": examples})
        return
    _print_api(desk, api)
    if related:
        table = Table(title="\nRelated", title_justify="left", box=None, padding=(0, 2, 0, 0))
        table.add_column("Relation")
        table.add_column("API")
        for key, relation in related:
            table.add_row(f"[dim]{relation.kind}[/]", key)
        desk.out.print(table)
    if examples:
        desk.out.print(f"\nUsed in {len(examples)} examples, e.g. {escape(', '.join(examples[:3]))}")


def _print_api(desk: Desk, api: Api) -> None:
    arguments = ", ".join(parameter.name for parameter in api.parameters)
    called = f"({arguments})" if api.kind.value in {"class", "function", "method"} else ""
    desk.out.print(f"[bold cyan]{api.key}[/]{escape(called)}  [dim]{api.kind.value} of {api.library}[/]")
    if api.summary:
        desk.out.print(f"  {escape(api.summary)}")
    for label, value in (
        ("returns", api.returns_source),
        ("extends", ", ".join(api.bases)),
        ("raises", ", ".join(api.raises)),
        ("also known as", ", ".join(alias for alias in api.aliases if alias != api.key)),
        ("defined in", f"{api.file}:{api.line}" if api.file else ""),
    ):
        if value:
            desk.out.print(f"  [dim]{label}[/] {escape(value)}")
