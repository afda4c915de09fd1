"""Is a patient really gone, and erasing again after a restore.

    python -m infra.erasure check PATIENT_ID    looks through every table, bucket and queue
    python -m infra.erasure replay              repeats every erasure in a restored copy

Both need AWS credentials and the environment of the functions (`RODINKA_*`). `check` only reads; it
ends with 1 when something readable remains. `replay` must end before the restored copy is opened:
it keeps no time between its looks, since nobody else works there yet.
"""

import argparse
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.erasure.looks import look
from chalicelib.erasure.model import Erasure, Subject
from chalicelib.erasure.store import ErasureLog
from chalicelib.erasure.subjects import Marked, MarkedImage, MarkedPatient
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.store import LostStep
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.patients.model import Withdrawal
from chalicelib.patients.register import Register
from chalicelib.patients.store import PatientStore
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform, platform
from infra.absence import items_of, looked_through

MAX_PASSES: Final = 10_000
"""Of one erasure; each takes up to 20 images."""


class Unfinished(RuntimeError):
    """An erasure found something new at every look: somebody is writing."""


@dataclass(frozen=True)
class Replayed:
    """What a replay did."""

    erasures: int
    versions: int
    """Object versions that were there again, and were deleted."""


def replay(platform: Platform) -> Replayed:
    """Repeat every erasure of the log. Doing it again changes nothing."""
    log = ErasureLog(platform.records)
    done = [_repeat(platform, log, erasure) for erasure in log.all()]
    _clear_indexes(platform, done)
    return Replayed(len(done), sum(after.versions for after in done))


def _repeat(platform: Platform, log: ErasureLog, before: Erasure) -> Erasure:
    erasure = log.reopen(before)
    marked = _mark(platform, erasure)
    for _ in range(MAX_PASSES):
        looked = look(platform, marked, trace="replay", waiting=False)
        if looked is None or looked.erased_at is not None:
            return looked or erasure
    raise Unfinished(erasure.subject_id)


def _mark(platform: Platform, erasure: Erasure) -> Marked:
    """Put the mark that the restore has taken off."""
    asked, now = erasure.asked, platform.clock.now()
    if erasure.subject is Subject.PATIENT:
        by = Withdrawal(at=asked.at, account_id=asked.by, role=asked.role)
        PatientStore(platform.cases).withdraw(erasure.subject_id, by=by, due_at=now)
        return MarkedPatient(platform, erasure.subject_id)
    deletion = {"at": timestamp(asked.at), "by": asked.by, "as": asked.role}
    with suppress(LostStep):  # the copy is older than the image, or it went with its patient
        ImageTombstones(platform.cases).delete(erasure.subject_id, deletion, now=now, due_at=now)
    return MarkedImage(platform, erasure.subject_id)


def _clear_indexes(platform: Platform, done: list[Erasure]) -> None:
    """Codes and pixels that a restored table may know although neither patient nor image do."""
    patients = {one.subject_id for one in done if one.subject is Subject.PATIENT}
    images = {image_id for one in done for image_id in one.images}
    for item in items_of(platform, platform.settings.table_cases):
        if item["sk"] == "code":
            _, clinic_id, mac = item["pk"].split("#")
            for patient_id in _members(item) & patients:
                Register(platform.cases, clinic_id, (mac,)).erase(patient_id)
        if item["sk"] == "pixels":
            shown = {entry.rpartition(" ")[2] for entry in _members(item)}
            for image_id in shown & images:
                pixel_hash = item["pk"].partition("#")[2]
                PixelIndex(platform.cases).leave(pixel_hash, image_id)


def _members(item: dict[str, Any]) -> set[str]:
    return {member for value in item.values() if isinstance(value, set) for member in value}


def main(arguments: list[str], platform: Platform) -> int:
    """Carry out one command; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.erasure", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("patient_id")
    commands.add_parser("replay")
    asked = parser.parse_args(arguments)
    if asked.command == "replay":
        done = replay(platform)
        print(f"{done.erasures} erasures repeated; {done.versions} object versions deleted so far.")
        return 0
    stores = looked_through(platform, asked.patient_id)
    for store in stores:
        print(f"{store.name:24} {len(store.found) or 'none'}")
        for line in store.found:
            print(f"    {line}")
    return 1 if any(store.found for store in stores) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], platform()))
