"""The register of patient codes: which patients one clinic knows under one code.

A code is not unique, so an entry is a set of patients for each sex. All of them were born on the
day that the code names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase

from chalicelib.patients.choices import Sex
from chalicelib.platform import keys
from chalicelib.platform.table import ABSENT, PRESENT, Change, ConditionFailed, Item, Table

MAX_BEARERS: Final = 50
"""Patients of one clinic and sex under one code; chance alone hardly gives two."""


@dataclass(frozen=True)
class Bearers:
    """Patient ids under one code, by sex."""

    of: Mapping[Sex, frozenset[str]]

    def __iter__(self) -> Iterator[tuple[str, Sex]]:
        return ((patient_id, sex) for sex in Sex for patient_id in sorted(self.of[sex]))

    def __or__(self, others: "Bearers") -> "Bearers":
        return Bearers({sex: self.of[sex] | others.of[sex] for sex in Sex})


class Known(Exception):
    """The clinic has patients of this code and sex already."""

    def __init__(self, bearers: Bearers) -> None:
        super().__init__("known under this code")
        self.bearers = bearers


class Full(Exception):
    """`MAX_BEARERS` stand under this code; somebody is entering the same patient again and again."""


@dataclass(frozen=True)
class Register:
    """One clinic's entries for one code, whose keyed hashes are `macs`, the newest key's first."""

    table: Table
    clinic_id: str
    macs: tuple[str, ...]

    def bearers(self) -> Bearers:
        """Everybody under the code; one call for each key version."""
        return self._under(self.macs)

    def enter(self, patient_id: str, sex: Sex, *, although_known: bool) -> None:
        """Put a new patient under the code in one conditional write; doing it again changes nothing.

        Raises `Known` when others of the same sex are there, unless `although_known`. Of two who
        enter the same code at once, one is refused.
        """
        entered = Attr(sex).not_exists() | Attr(sex).contains(patient_id)
        if although_known:
            entered |= Attr(sex).size().lt(MAX_BEARERS)
        else:
            older = self._under(self.macs[1:])
            if older.of[sex] - {patient_id}:
                raise Known(older | self._under(self.macs[:1]))
        try:
            self._add(self.macs[0], patient_id, sex, when=entered)
        except ConditionFailed as refusal:
            if although_known:
                raise Full from None
            raise Known(_bearers(refusal.found)) from None

    def keep(self, patient_id: str, sex: Sex) -> None:
        """Put a known patient under the newest key too, so that older keys fall out of use."""
        self._add(self.macs[0], patient_id, sex, when=ABSENT | PRESENT)

    def leave(self, patient_id: str, sex: Sex) -> None:
        """Take a patient out from under the code and sex, where he stands there."""
        for mac in self.macs:
            change = Change(discard={sex: {patient_id}})
            try:
                self.table.update(keys.code(self.clinic_id, mac), change, when=PRESENT)
            except ConditionFailed:
                continue

    def erase(self, patient_id: str) -> None:
        """Take a patient out from under every code of `macs`, and the codes that nobody bears."""
        for mac in self.macs:
            key = keys.code(self.clinic_id, mac)
            try:
                left = self.table.update(key, Change(discard={sex: {patient_id} for sex in Sex}))
            except ConditionFailed:
                continue
            if not any(sex in left for sex in Sex):
                nobody: ConditionBase = PRESENT
                for sex in Sex:
                    nobody &= Attr(sex).not_exists()
                self.table.delete(key, when=nobody)

    def move(self, patient_id: str, to: Sex) -> None:
        """Let a known patient stand under `to` only, after his sex was corrected."""
        for mac in self.macs:
            change = Change(
                add={to: {patient_id}},
                discard={sex: {patient_id} for sex in Sex if sex is not to},
            )
            self.table.update(keys.code(self.clinic_id, mac), change, when=ABSENT | PRESENT)

    def _under(self, macs: tuple[str, ...]) -> Bearers:
        found = _bearers(None)
        for mac in macs:
            found |= _bearers(self.table.get(keys.code(self.clinic_id, mac)))
        return found

    def _add(self, mac: str, patient_id: str, sex: Sex, *, when: Any) -> None:
        change = Change(add={sex: {patient_id}})
        self.table.update(keys.code(self.clinic_id, mac), change, when=when)


def _bearers(item: Item | None) -> Bearers:
    return Bearers({sex: frozenset((item or {}).get(sex, ())) for sex in Sex})
