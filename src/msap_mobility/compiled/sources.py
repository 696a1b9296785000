"""Which files decide what the kernels of a package do."""

from __future__ import annotations

import ast
import hashlib
import re
from importlib.util import resolve_name
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "count_kernels",
    "kernel_modules",
    "kernel_needs",
    "kernel_sources",
    "package_folder",
    "sources_hash",
]

_DECLARATION = re.compile(r"^\s*@(?:compiled\.)?kernel\(", re.MULTILINE)
_OURS = Path(__file__).resolve().parent  # how kernels are compiled matters too


def package_folder(file: Path) -> Path | None:
    """The folder of the top package `file` belongs to; None if it belongs to none.

    Examples
    --------
    >>> package_folder(Path(__file__)).name
    'msap_mobility'
    """
    if not file.is_file() or not (file.parent / "__init__.py").is_file():
        return None
    folder = file.resolve().parent
    while (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


def kernel_modules(package: Path) -> dict[str, Path]:
    """Name and file of every module of the package in folder `package` that declares kernels.

    Examples
    --------
    >>> "msap_mobility.errors" in kernel_modules(package_folder(Path(__file__)))
    False
    """
    return {name: file for name, file in _modules(package).items() if _kernels_in(file)}


def kernel_needs(package: Path) -> dict[str, set[str]]:
    """Each module that declares kernels, to the ones it is loaded after: it may call theirs.

    Examples
    --------
    >>> kernel_needs(_OURS)
    {}
    """
    modules = _modules(package)
    declaring = {name for name, file in modules.items() if _kernels_in(file)}
    return {
        name: declaring & _imported_from(modules, [name], when_loaded=True) - {name}
        for name in modules
        if name in declaring
    }


def count_kernels(package: Path) -> int:
    """How many kernels the package in folder `package` declares.

    Examples
    --------
    >>> count_kernels(_OURS)
    0
    """
    return sum(_kernels_in(file) for file in _modules(package).values())


def kernel_sources(package: Path) -> list[Path]:
    """Files that declare kernels and, step by step, those of the package they import.

    numba freezes the constants a kernel sees, wherever they come from.

    Examples
    --------
    >>> kernel_sources(_OURS)
    []
    """
    modules = _modules(package)
    declaring = [name for name, file in modules.items() if _kernels_in(file)]
    return sorted(modules[name] for name in _imported_from(modules, declaring))


def sources_hash(package: Path, *settings: object) -> str:
    """One hash over the kernel sources of `package`, those of this library, and `settings`.

    Examples
    --------
    >>> sources_hash(_OURS, 1) == sources_hash(_OURS, 2)
    False
    """
    digest = hashlib.sha256(repr(settings).encode())
    packages = dict.fromkeys((package.resolve(), _OURS.parent))
    files = [file for each in packages for file in kernel_sources(each)]
    for file in dict.fromkeys((*files, *sorted(_OURS.glob("*.py")))):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _kernels_in(file: Path) -> int:
    return len(_DECLARATION.findall(file.read_text(encoding="utf-8")))


def _modules(package: Path) -> dict[str, Path]:
    """Dotted name to file, for every module of the package, in order of file name."""
    top = package.resolve()
    named: dict[str, Path] = {}
    for file in sorted(top.rglob("*.py")):
        parts = file.relative_to(top).with_suffix("").parts
        named[".".join((top.name, *takewhile(lambda part: part != "__init__", parts)))] = file
    return named


def _imported_from(
    modules: Mapping[str, Path], starts: list[str], *, when_loaded: bool = False
) -> set[str]:
    """Modules that `starts` import, step by step, and these; not ours, which declare no kernel."""
    waiting = list(starts)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found and name in modules and modules[name].parent != _OURS:
            found.add(name)
            waiting.extend(_imports(name, modules[name], when_loaded=when_loaded))
    return found


def _imports(module: str, file: Path, *, when_loaded: bool = False) -> Iterator[str]:
    """Every dotted name `file` imports, what it takes `from` a package included.

    `when_loaded` leaves out what a function imports when it is called.
    """
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in _statements(ast.parse(file.read_bytes()).body, in_functions=not when_loaded):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _statements(body: list[ast.stmt], *, in_functions: bool) -> Iterator[ast.stmt]:
    """Statements and those within them, except what only type checkers see."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and not in_functions:
            continue
        parts = [statement, *getattr(statement, "handlers", []), *getattr(statement, "cases", [])]
        for part in parts:
            if not (isinstance(part, ast.If) and _is_for_types(part.test)):
                yield from _statements(getattr(part, "body", []), in_functions=in_functions)
        for name in ("orelse", "finalbody"):
            yield from _statements(getattr(statement, name, []), in_functions=in_functions)


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"
