"""The `qorgau` command: what can be asked for, and where it is. Only what was asked for is imported."""

import gc
from pkgutil import resolve_name
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

COMMANDS = {
    "up": "deploy.commands.up:up",
    "demo": "deploy.commands.demo:demo",
    "remove": "deploy.commands.up:remove",
    "serve": "deploy.commands.serve:serve",
    "issuer": "deploy.commands.issuer:issuer",
    "token": "deploy.commands.token:token",
    "init": "deploy.commands.init:init",
    "provision": "deploy.commands.provision:provision",
    "migrate": "deploy.commands.database:migrate",
    "migration": "deploy.commands.database:migration",
    "check-migrations": "deploy.commands.database:check_migrations",
    "new-vault-key": "deploy.commands.vault:new_vault_key",
    "rewrap-keys": "deploy.commands.vault:rewrap_keys",
    "backup": "deploy.commands.backup:backup",
    "restore": "deploy.commands.backup:restore",
    "doctor": "deploy.commands.doctor:doctor",
    "policy": "deploy.commands.policy:app",
    "agreements": "deploy.commands.agreements:app",
    "audit": "deploy.commands.audit:app",
    "import": "deploy.commands.imports:app",
    "keys": "deploy.commands.keys:keys",
    "exchange": "deploy.commands.exchange:app",
    "simulate": "deploy.commands.simulate:simulate",
    "nats": "deploy.commands.nats:app",
    "export": "deploy.commands.export:app",
    "referrals": "qorgau.commands.referrals:app",
    "beds": "qorgau.commands.beds:app",
}
HIDDEN = frozenset({"issuer"})


class Commands(TyperGroup):
    """Those of the table: a service does without the operator's tools, and the operator's tools without services."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every name, for the help and for who mistyped one."""
        for name in COMMANDS:
            self.get_command(ctx, name)
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            self.list_commands(ctx)
        elif cmd_name not in self.commands:
            self.commands[cmd_name] = _imported(cmd_name)
        return self.commands.get(cmd_name)


def _imported(name: str) -> Any:
    gc.disable()  # what a command is made of stays: to look through it for garbage is a fifth of its start
    found, group = resolve_name(COMMANDS[name]), typer.Typer(add_completion=False, callback=_nothing)
    gc.freeze()
    gc.enable()
    if isinstance(found, typer.Typer):
        group.add_typer(found, name=name)
    else:
        group.command(name, hidden=name in HIDDEN)(found)
    return get_group(group).commands[name]


def _nothing() -> None: ...


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=True, callback=_nothing, help=__doc__)

if __name__ == "__main__":
    app()
