"""``scenario.toml`` as typed inputs, every fault told with its row."""

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from msap_mobility.errors import Faults, InputError
from msap_mobility.scenario import typed
from msap_mobility.scenario.schema import SETTINGS
from msap_mobility.scenario.sections import SECTIONS, Section, TopSection
from msap_mobility.scenario.toml_text import row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from msap_mobility.calendar import Horizon
    from msap_mobility.model import Group, Service
    from msap_mobility.provenance import Source
    from msap_mobility.scenario.given_times import TimesRule
    from msap_mobility.scenario.synthetic import SyntheticRule
    from msap_mobility.tours.demand import Demand

__all__ = ["Settings", "read_settings"]

T = TypeVar("T")
S = TypeVar("S", bound=Section)
_LINE = re.compile(r"\(at line (\d+)")
_CODES = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "literal_error": "not_one_of",
    "string_type": "not_a_text",
    "float_type": "not_a_number",
    "finite_number": "not_a_number",
    "int_type": "not_whole",
    "int_from_float": "not_whole",
    "bool_type": "not_true_false",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settings:
    """What ``scenario.toml`` says. A part that could not be read is None or left out.

    Parameters
    ----------
    id, tz, roads, disclosure_homes
        The keys above the first section.
    title
        By language.
    horizon, services, groups, demand, synthetic, times, sources
        One a section.
    group_ids, service_ids
        Every id told, also of a group or service that has a fault.
    makes_homes
        Whether there is a section on synthetic homes, sound or not.
    """

    id: str
    tz: str
    roads: str
    disclosure_homes: int
    title: Mapping[str, str]
    horizon: Horizon | None
    services: tuple[Service, ...]
    groups: tuple[Group, ...]
    demand: Demand | None
    synthetic: SyntheticRule | None
    times: tuple[TimesRule, ...]
    sources: tuple[Source, ...]
    group_ids: tuple[str, ...]
    service_ids: tuple[str, ...]
    makes_homes: bool


def read_settings(content: bytes, faults: Faults) -> Settings | None:
    r"""Read ``scenario.toml``.

    Parameters
    ----------
    content
        The bytes of the file.
    faults
        Receives every fault; reading goes on.

    Returns
    -------
    Settings or None
        None if the file is no TOML.

    Examples
    --------
    >>> faults = Faults()
    >>> settings = read_settings(b'id = 3\n[horizon]\nweeks = 2\nstrat = "2027-01-04"\n', faults)
    >>> [(fault.row, fault.column, fault.code) for fault in faults.found]
    [(1, 'id', 'not_a_text'), (None, 'title', 'missing_key'), (4, 'horizon.strat', 'unknown_key')]
    """
    found = Faults(file=SETTINGS)
    try:
        text = content.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        shown = content[error.start : error.end].decode("ascii", "backslashreplace")
        faults.add("undecodable_bytes", file=SETTINGS, row=row, value=shown)
        return None
    except tomllib.TOMLDecodeError as error:
        at = _LINE.search(str(error))
        faults.add("not_toml", file=SETTINGS, row=int(at[1]) if at else None, value=str(error))
        return None
    settings = _Reader(text, raw, found).settings()
    faults.found.extend(found.found)
    return settings


class _Reader:
    """Reads section after section, so that a fault in one hides none in another."""

    def __init__(self, text: str, raw: Mapping[str, Any], faults: Faults) -> None:
        self.text = text
        self.raw = raw
        self.faults = faults

    def settings(self) -> Settings:
        top = self._top() or TopSection(id="")
        title = self._one("title", typed.title, required=True)
        horizon = self._one(
            "horizon", lambda section: typed.horizon(section, top.tz), required=True
        )
        services = self._many("services", typed.service)
        groups = self._many("groups", typed.group)
        demand = self._one("demand", typed.demand)
        synthetic = self._one("synthetic", typed.synthetic)
        times = self._many("times", typed.times)
        self._check_modes()
        sources = self._many("sources", typed.source)
        self._unknown_sections()
        self._check_shares(synthetic)
        return Settings(
            id=top.id,
            tz=top.tz,
            roads=top.roads,
            disclosure_homes=top.disclosure_homes,
            title=title or {},
            horizon=horizon,
            services=services,
            groups=groups,
            demand=demand,
            synthetic=synthetic,
            times=times,
            sources=sources,
            group_ids=self._ids("groups"),
            service_ids=self._ids("services"),
            makes_homes="synthetic" in self.raw,
        )

    def _top(self) -> TopSection | None:
        keys = {key: value for key, value in self.raw.items() if key in TopSection.model_fields}
        top = self._section(TopSection, keys, ())
        if top is not None:
            with self._at(()):
                typed.check_top(top)
        return top

    def _one(self, name: str, make: Callable[[Any], T], *, required: bool = False) -> T | None:
        if name not in self.raw:
            if required:
                self.faults.add("missing_key", column=name, value=name)
            return None
        return self._typed(name, self.raw[name], (name,), make)

    def _many(self, name: str, make: Callable[[Any], T]) -> tuple[T, ...]:
        rows = self.raw.get(name, [])
        if not isinstance(rows, list):
            self._add("not_sections", (name,), value=name)
            return ()
        made = (self._typed(name, row, (name, number), make) for number, row in enumerate(rows))
        self._check_ids(name)
        return tuple(row for row in made if row is not None)

    def _typed(
        self, name: str, raw: object, path: tuple[str | int, ...], make: Callable[[Any], T]
    ) -> T | None:
        section = self._section(SECTIONS[name][0], raw, path)
        made = None
        if section is not None:
            with self._at(path):
                made = make(section)
        return made

    def _section(self, model: type[S], raw: object, path: tuple[str | int, ...]) -> S | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors():
                self._tell(model, path, detail)
            return None

    def _tell(self, model: type[Section], path: tuple[str | int, ...], detail: Any) -> None:
        """One fault of pydantic's in our words."""
        where = (*path, *detail["loc"])
        key = str(where[-1]) if where else ""
        code = _CODES.get(detail["type"], "not_sections")
        if code in {"missing_key", "unknown_key"}:
            self._add(code, where, value=key, known=", ".join(model.model_fields))
        else:
            known = detail.get("ctx", {}).get("expected", "")
            value = key if code == "not_sections" else detail["input"]
            self._add(code, where, value=value, known=known)

    @contextmanager
    def _at(self, path: tuple[str | int, ...]) -> Iterator[None]:
        """Give the faults of a block the place of a section, or of the key they name."""
        try:
            yield
        except InputError as error:
            for fault in error.faults:
                keys = fault.column.split(".") if fault.column else ()
                self._add(fault.code, (*path, *keys), value=fault.value, **fault.details)

    def _add(self, code: str, path: Sequence[str | int], *, value: object, **details: Any) -> None:
        column = ".".join(part for part in path if isinstance(part, str))
        row = row_of(self.text, path)
        self.faults.add(code, row=row, column=column, value=value, **details)

    def _check_ids(self, name: str) -> None:
        first: dict[str, int | None] = {}
        for number, row in enumerate(self.raw.get(name, [])):
            key = row.get("id") if isinstance(row, dict) else None
            if isinstance(key, str) and key in first:
                self._add("duplicate_id", (name, number, "id"), value=key, first_row=first[key])
            elif isinstance(key, str):
                first[key] = row_of(self.text, (name, number, "id"))

    def _check_modes(self) -> None:
        """A mode has its times from one place."""
        first: dict[str, int | None] = {}
        rows = self.raw.get("times", [])
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            mode, path = (
                row.get("mode") if isinstance(row, dict) else None,
                ("times", number, "mode"),
            )
            if isinstance(mode, str) and mode in first:
                self._add("times_mode_twice", path, value=mode, first_row=first[mode])
            elif isinstance(mode, str):
                first[mode] = row_of(self.text, path)

    def _ids(self, name: str) -> tuple[str, ...]:
        rows = self.raw.get(name, [])
        listed = rows if isinstance(rows, list) else []
        return tuple(str(row["id"]) for row in listed if isinstance(row, dict) and "id" in row)

    def _check_shares(self, rule: SyntheticRule | None) -> None:
        known = self._ids("groups")
        for share in rule.shares if rule else ():
            if share.group not in known:
                self._add(
                    "unknown_group",
                    ("synthetic", "shares", "group"),
                    value=share.group,
                    known=", ".join(known),
                )

    def _unknown_sections(self) -> None:
        known = (*TopSection.model_fields, *SECTIONS)
        for name in self.raw:
            if name not in known:
                self._add("unknown_key", (name,), value=name, known=", ".join(known))
