"""One-time codes: what they look like, and what one may still do."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final

from chalicelib.platform.clock import moment, timestamp

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, 1, I, L, O and U: read out or typed, none is taken for another."""
LENGTH: Final = 16
"""78 bits: 30 letters, 16 times."""
GROUP: Final = 4
REPEATABLE: Final = timedelta(minutes=15)
"""For so long the same code with the same password answers as it did: the reply may have been lost."""
_CYRILLIC: Final = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")
"""Letters that a Russian keyboard gives where a Latin one of the same look was meant."""
_BETWEEN: Final = re.compile(r"[\s\-‐-―]+")


class Standing(Enum):
    """What a code may do."""

    GOOD = auto()
    REPEATED = auto()
    """It was used a moment ago, with the same password."""
    DEAD = auto()


@dataclass(frozen=True)
class Used:
    """That a code was used: its hash, when, a keyed hash of code and password, and for which login."""

    mac: str
    at: datetime
    proof: str
    login: str
    recovered: bool
    """Whether the login was there before."""


def code_of(chance: bytes) -> str:
    """The code that these 32 random bytes make, in groups."""
    number = int.from_bytes(chance, "big")
    letters = []
    for _ in range(LENGTH):
        number, which = divmod(number, len(LETTERS))
        letters.append(LETTERS[which])
    code = "".join(letters)
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str:
    """The code in what was typed, whatever its case and spaces; nothing where it can be none."""
    letters = _BETWEEN.sub("", typed).upper().translate(_CYRILLIC)
    is_code = len(letters) == LENGTH and all(letter in LETTERS for letter in letters)
    return letters if is_code else ""


def standing(access: Mapping[str, Any], mac: str, proof: str, now: datetime) -> Standing:
    """What the code of this hash may do, by the patient's `access` as it is stored."""
    if hmac.compare_digest(access.get("code", ""), mac):
        return Standing.GOOD if moment(access["until"]) > now else Standing.DEAD
    if not hmac.compare_digest(access.get("used", ""), mac):
        return Standing.DEAD
    same = hmac.compare_digest(access["proof"], proof)
    lately = moment(access["used_at"]) + REPEATABLE > now
    return Standing.REPEATED if same and lately else Standing.DEAD


def used_item(used: Used) -> dict[str, Any]:
    """What stands in a patient's `access` once his code was used."""
    return {
        "used": used.mac,
        "used_at": timestamp(used.at),
        "proof": used.proof,
        "login": used.login,
        "recovered": used.recovered,
    }


def read_used(access: Mapping[str, Any]) -> Used:
    return Used(
        access["used"],
        moment(access["used_at"]),
        access["proof"],
        access["login"],
        access["recovered"],
    )
