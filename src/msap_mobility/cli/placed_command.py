"""A command whose first argument, the place it works on, may be left to the environment."""

from __future__ import annotations

import os
from typing import Any

import click

__all__ = ["PlacedCommand"]


class PlacedCommand(click.Command):
    """A command whose first argument may be left to the environment.

    Every argument of it is needed, so the place was left out if exactly one is missing.

    Parameters
    ----------
    variable
        Environment variable that stands for the first argument.
    *args, **named
        See `click.Command`.
    """

    def __init__(self, *args: Any, variable: str, **named: Any) -> None:
        super().__init__(*args, **named)
        self._variable = variable

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the place of the environment first, if the command line names none."""
        place = os.environ.get(self._variable, "").strip()
        if place and self._lacks_one(ctx, args):
            args = [place, *args]
        return super().parse_args(ctx, args)

    def _lacks_one(self, ctx: click.Context, args: list[str]) -> bool:
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        names = [param.name or "" for param in self.params if isinstance(param, click.Argument)]
        return sum(isinstance(given.get(name), str) for name in names) == len(names) - 1
