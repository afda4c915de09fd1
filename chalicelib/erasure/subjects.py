"""Who or what is marked for erasure: what differs between a patient and a single image.

The mark stands on the item itself, in the `due` index, so that no erasure is forgotten.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from chalicelib.advice.store import QuestionStore
from chalicelib.erasure.model import BELONGINGS_AT_ONCE, Asked, Erasure, Subject
from chalicelib.erasure.store import ErasureLog
from chalicelib.histology.store import HistologyStore
from chalicelib.images.store import ImageStore
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.referral_store import ReferralStore, is_entry
from chalicelib.patients.register import Register
from chalicelib.patients.store import PatientStore
from chalicelib.people.logins import Logins
from chalicelib.people.patient_accounts import remove_patient_account
from chalicelib.platform.clock import moment
from chalicelib.platform.runtime import Platform


class Marked(Protocol):
    """A patient or an image with a mark."""

    subject: ClassVar[Subject]
    asked_act: ClassVar[str]
    """The audit trail's name of what was asked for."""
    done_act: ClassVar[str | None]
    """And of its end, where that is recorded."""

    @property
    def subject_id(self) -> str: ...

    def asked(self) -> Asked | None:
        """Who put the mark, and when; None where there is none. One call."""
        ...

    def strip(self, log: ErasureLog, erasure: Erasure) -> tuple[Erasure, bool]:
        """Make unreadable what belongs to it, as far as one pass goes; whether that was all."""
        ...

    def look_again(self, at: datetime) -> None:
        """Set the mark's deadline."""
        ...

    def settle(self, at: datetime) -> None:
        """Take the mark out of the `due` index: all was erased by `at`."""
        ...


@dataclass(frozen=True)
class MarkedPatient:
    """A patient who took the consent back."""

    platform: Platform
    subject_id: str
    subject: ClassVar[Subject] = Subject.PATIENT
    asked_act: ClassVar[str] = "consent.withdrawn"
    done_act: ClassVar[str | None] = "patient.erased"

    @property
    def _patients(self) -> PatientStore:
        return PatientStore(self.platform.cases)

    def asked(self) -> Asked | None:
        standing = self._patients.standing(self.subject_id)
        if standing is None or standing.withdrawal is None:
            return None
        taken = standing.withdrawal
        return Asked(by=taken.account_id, role=taken.role, at=taken.at)

    def strip(self, log: ErasureLog, erasure: Erasure) -> tuple[Erasure, bool]:
        """His codes leave the register, then his lesions and images lose what they hold, and his
        referrals the lists of clinics (the mark has ended them); those too of whoever was merged into him, as far as the merge has not brought them here yet."""
        table, now = self.platform.cases, self.platform.clock.now()
        standing = self._patients.standing(self.subject_id)
        if standing is None:
            return erasure, True
        names = sorted({self.subject_id, *standing.absorbed})
        items = [
            item
            for name in names
            for item in self._patients.everything(name, limit=BELONGINGS_AT_ONCE)
        ]
        lesions = [item for item in items if item["sk"] == "lesion"]
        images = [item["image_id"] for item in items if item["sk"] == "image"]
        histologies = [item["histology_id"] for item in items if item["sk"] == "histology"]
        questions = [item["question_id"] for item in items if item["sk"] == "question"]
        # A survey that came at the same time may have brought a code under a newer key.
        codes = standing.codes.union(*(lesion.get("codes", ()) for lesion in lesions))
        for name in names:
            Register(table, standing.clinic_id, tuple(sorted(codes))).erase(name)
        erasure = log.note(
            erasure,
            lesions=(lesion["lesion_id"] for lesion in lesions),
            images=images,
            histologies=histologies,
            questions=questions,
        )
        erasure = self._close_accounts(log, erasure, standing.logins)
        for lesion in lesions:
            LesionStore(table).withdraw(lesion["lesion_id"], now)
        for image_id in images:
            ImageTombstones(table).withdraw(image_id, now=now)
        for referral_id in {item["referral_id"] for item in items if is_entry(item)}:
            ReferralStore(table).remove(referral_id)
        for histology_id in histologies:
            HistologyStore(table).withdraw(histology_id, now)
        for question_id in questions:
            QuestionStore(table).withdraw(question_id, now)
        return erasure, len(items) < BELONGINGS_AT_ONCE

    def _close_accounts(self, log: ErasureLog, erasure: Erasure, logins: frozenset[str]) -> Erasure:
        """Remove his accounts and logins; the log's entry afterwards, which knows the accounts before they
        go: a restore brings back the accounts' items alone. A login is noted on the patient before its account
        is made, so one that is made at this moment is found by the next look."""
        pool = Logins(self.platform)
        found = {
            login: account_id
            for login in sorted(logins)
            if (account_id := pool.find(login)) is not None
        }
        erasure = log.note(erasure, accounts=found.values())
        for login, account_id in found.items():
            remove_patient_account(self.platform, account_id, login)
        for account_id in erasure.accounts - set(found.values()):
            remove_patient_account(self.platform, account_id, "")
        return erasure

    def look_again(self, at: datetime) -> None:
        self._patients.look_again(self.subject_id, at)

    def settle(self, at: datetime) -> None:
        self._patients.settle(self.subject_id, at)


@dataclass(frozen=True)
class MarkedImage:
    """An image deleted as a wrong one."""

    platform: Platform
    subject_id: str
    subject: ClassVar[Subject] = Subject.IMAGE
    asked_act: ClassVar[str] = "image.deleted"
    done_act: ClassVar[str | None] = None

    @property
    def _images(self) -> ImageTombstones:
        return ImageTombstones(self.platform.cases)

    def asked(self) -> Asked | None:
        image = ImageStore(self.platform.cases).get(self.subject_id)
        if image is None or image.deletion is None:
            return None
        told = image.deletion
        return Asked(by=told["by"], role=told["as"], at=moment(told["at"]))

    def strip(self, log: ErasureLog, erasure: Erasure) -> tuple[Erasure, bool]:
        """The mark has done it already."""
        return erasure, True

    def look_again(self, at: datetime) -> None:
        self._images.look_again(self.subject_id, at)

    def settle(self, at: datetime) -> None:
        self._images.settle(self.subject_id)
