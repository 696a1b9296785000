"""What a verification found: each fault with its place, and the whole as a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.wording import Lang

__all__ = ["MOST_LISTED", "Finding", "Findings", "Verification"]

MOST_LISTED = 1000
"""Findings listed one by one; those beyond are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it must be.

    Parameters
    ----------
    code
        Stable code; ``finding.<code>`` are its words.
    seq
        Number of the entry, where it has one.
    place
        Table, and what of it: ``"leg paul/KM"``, ``"coupon A001"``, ``"page 17"``.
    values
        What the words need.

    Examples
    --------
    >>> finding = Finding(code="missing", seq=7, place="leg paul/KM", values={"expected": "-25"})
    >>> print(finding.text("en"))
    entry 7, leg paul/KM: this row is missing: -25.
    """

    code: str
    seq: int | None = None
    place: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)

    def where(self, lang: Lang = "en") -> str:
        """Entry, table and row, in `lang`; empty if it has no place."""
        entry = "" if self.seq is None else say("proof.entry", lang, seq=self.seq)
        return ", ".join(part for part in (entry, self.place) if part)

    def text(self, lang: Lang = "en") -> str:
        """Place and fault as one line, in `lang`."""
        what = say(f"finding.{self.code}", lang, **self.values)
        where = self.where(lang)
        return say("proof.line", lang, where=where, what=what) if where else what

    def to_dict(self) -> dict[str, Any]:
        """JSON data; `from_dict` reads it back."""
        return {
            "code": self.code,
            "seq": self.seq,
            "place": self.place,
            "values": dict(self.values),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(**data)


class Findings:
    """Collects findings while the verification reads on; a ruined file does not fill the memory.

    Examples
    --------
    >>> findings = Findings()
    >>> findings.note("time_back", 7, "entry")
    >>> findings.listed[0].seq, findings.unlisted
    (7, 0)
    """

    def __init__(self) -> None:
        self.listed: list[Finding] = []
        self.unlisted = 0

    def note(self, code: str, seq: int | None = None, place: str = "", **values: Any) -> None:
        """Note one; values that are neither text nor a whole number are written as text."""
        if len(self.listed) == MOST_LISTED:
            self.unlisted += 1
            return
        plain = {
            name: value if type(value) in (str, int) else str(value)
            for name, value in values.items()
        }
        self.listed.append(Finding(code=code, seq=seq, place=place, values=plain))

    def take(self, others: Findings) -> None:
        """Add those of another collection."""
        for finding in others.listed:
            self.note(finding.code, finding.seq, finding.place, **finding.values)
        self.unlisted += others.unlisted


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A ledger, read through from its first entry to its last.

    Parameters
    ----------
    scheme
        Name of the scheme.
    entries, legs
        How many were read.
    head
        Hash of the last entry that was read, 64 hexadecimal digits.
    checkpoint
        Number of the entry up to which a checkpoint was compared; None without one.
    findings
        What is not as it must be, the first `MOST_LISTED`.
    unlisted
        How many more there are.

    Examples
    --------
    >>> sound = Verification(scheme="ayen", entries=3, legs=8, head="ab" * 32)
    >>> sound.sound, bool(sound)
    (True, True)
    >>> print(sound.summary("en"))
    The ledger of "ayen" is sound: 3 entries, 8 legs, last hash abababababababab…
    No checkpoint was compared: a cut end or a ledger rewritten as a whole would not show.
    """

    scheme: str
    entries: int
    legs: int
    head: str
    checkpoint: int | None = None
    findings: tuple[Finding, ...] = ()
    unlisted: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def __bool__(self) -> bool:
        """As `sound`: ``if ledger.verify(): …`` means what it says."""
        return self.sound

    def summary(self, lang: Lang = "en") -> str:
        """The result and every finding listed, a line each, in `lang`."""
        told = {"scheme": self.scheme, "entries": self.entries, "legs": self.legs}
        lines = []
        if self.sound:
            lines.append(say("proof.sound", lang, head=self.head[:16], **told))
        else:
            lines.append(say("proof.unsound", lang, n=len(self.findings) + self.unlisted, **told))
        if self.checkpoint is None:
            lines.append(say("proof.no_checkpoint", lang))
        elif self.sound:
            lines.append(say("proof.checkpoint", lang, seq=self.checkpoint))
        lines += [finding.text(lang) for finding in self.findings]
        if self.unlisted:
            lines.append(say("proof.unlisted", lang, n=self.unlisted))
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """JSON data; `from_dict` reads it back."""
        return {
            "scheme": self.scheme,
            "sound": self.sound,
            "entries": self.entries,
            "legs": self.legs,
            "head": self.head,
            "checkpoint": self.checkpoint,
            "findings": [finding.to_dict() for finding in self.findings],
            "unlisted": self.unlisted,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        fields = {name: value for name, value in data.items() if name != "sound"}
        found = tuple(Finding.from_dict(each) for each in data["findings"])
        return cls(**{**fields, "findings": found})
