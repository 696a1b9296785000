"""Results on stdout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["print_json"]


def print_json(document: Mapping[str, Any]) -> None:
    """One strict JSON document: no NaN, no infinity."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
