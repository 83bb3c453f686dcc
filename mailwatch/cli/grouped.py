"""The help of the program: its commands by what they are for."""

from typing import Any

from typer.core import TyperGroup


class Grouped(TyperGroup):
    """The commands, which the help lists by what they are for."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes one list of commands for each group."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            groups.setdefault(command.rich_help_panel, []).append(
                (name, command.help.partition("\n\n")[0])
            )
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl(rows)
