"""Lesions in the `cases` table: one item with all its surveys, one conditional write a step."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, Or

from chalicelib.patients.choices import Sex
from chalicelib.patients.forwarding import current, merged_into
from chalicelib.patients.items import (
    answers_item,
    correction_item,
    lesion_item,
    read_lesion,
    survey_item,
)
from chalicelib.patients.model import (
    MAX_CORRECTIONS,
    MAX_SURVEYS,
    Correction,
    Lesion,
    Patient,
    RecordedSurvey,
)
from chalicelib.patients.result_store import ResultStore, asking, waiting
from chalicelib.patients.survey import Survey
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.table import Change, ConditionFailed, Item, Table
from chalicelib.platform.tombstones import strip

STANDS: Final = Attr("patient_id").exists()

PROMISE_LIFE: Final = timedelta(days=30)
"""How long it is remembered which further survey an Idempotency-Key made."""


TOMBSTONE: Final = frozenset({"lesion_id", "withdrawn_at"})
"""What stays of a lesion whose patient took the consent back."""
PROMISE: Final = frozenset({"fingerprint", "promised_to", "suffix", "expires_at"})


class Refused(Exception):
    """A lesion did not take the change; `found` is the lesion as it stands, or None."""

    def __init__(self, found: Lesion | None) -> None:
        super().__init__("the lesion is in another state")
        self.found = found


@dataclass(frozen=True)
class LesionStore:
    """Reads lesions, makes them, and adds and corrects their surveys."""

    table: Table

    def get(self, lesion_id: str) -> Lesion | None:
        """The lesion of this id; of a merged one, the lesion it was merged into."""
        return _lesion(current(self.table, keys.lesion, lesion_id))

    def several(self, lesion_ids: Sequence[str]) -> list[Lesion | None]:
        """The lesions of these ids, each as `get` has it. One call, and more for merged ones."""
        wanted = [keys.lesion(lesion_id) for lesion_id in dict.fromkeys(lesion_ids)]
        found = {(item["pk"], item["sk"]): item for item in self.table.get_many(wanted)}
        return [self._forwarded(found.get(keys.lesion(lesion_id))) for lesion_id in lesion_ids]

    def create(self, lesion: Lesion) -> Lesion:
        """Put a new lesion; where its own request made it before, the lesion that is there.

        Raises `Refused` when another request has taken its id.
        """
        try:
            self.table.insert(keys.lesion(lesion.lesion_id), lesion_item(lesion) | waiting(lesion))
        except ConditionFailed as refusal:
            there = self._forwarded(refusal.found)
            if there is None or (refusal.found or {}).get("fingerprint") != lesion.fingerprint:
                raise Refused(there) from None
            return there
        return lesion

    def of_request(self, lesion_id: str, fingerprint: str) -> Lesion | None:
        """The lesion that a request made, if it did: since merged, the one that stands for it."""
        found = self.table.get(keys.lesion(lesion_id))
        made = found is not None and found.get("fingerprint") == fingerprint
        return self._forwarded(found) if made else None

    def _forwarded(self, found: Item | None) -> Lesion | None:
        if found and "merged_into" in found:
            return self.get(found["merged_into"])
        return _lesion(found)

    def promise(self, lesion_id: str, survey: RecordedSurvey, *, to: str) -> None:
        """Note, where the lesion of an Idempotency-Key would stand, that the key belongs to
        `survey` of the lesion `to`: then no other request with that key makes a lesion or a survey.

        A note whose survey was refused or never came binds nobody. Raises `Refused` when another
        request has used the key.
        """
        key = keys.lesion(lesion_id)
        expires_at = int((survey.created_at + PROMISE_LIFE).timestamp())
        note = {
            "fingerprint": survey.fingerprint,
            "promised_to": to,
            "suffix": survey.suffix,
            "expires_at": expires_at,
        }
        try:
            self.table.insert(key, note)
        except ConditionFailed as refusal:
            found = refusal.found or {}
            if found.get("fingerprint") == survey.fingerprint:
                return
            if "promised_to" not in found or self._kept(found):
                raise Refused(_lesion(found)) from None
            same = Attr("fingerprint").eq(found["fingerprint"])
            try:
                self.table.update(key, Change(set=note), when=same)
            except ConditionFailed as overtaken:
                raise Refused(_lesion(overtaken.found)) from None

    def made_by_another(self, lesion_id: str, fingerprint: str) -> bool:
        """Whether the Idempotency-Key of this lesion has served another request already."""
        found = self.table.get(keys.lesion(lesion_id))
        if found is None or found.get("fingerprint") == fingerprint:
            return False
        return "promised_to" not in found or self._kept(found)

    def _kept(self, note: Item) -> bool:
        lesion = self.get(note["promised_to"])
        return lesion is not None and note["suffix"] in lesion.surveys

    def add_survey(
        self,
        lesion_id: str,
        survey: RecordedSurvey,
        *,
        clinic_id: str,
        patient_id: str | None,
        macs: Iterable[str],
    ) -> Lesion:
        """Add a survey to a lesion of this clinic, of a patient with this code (and of this
        patient, where named), whose site and sex it repeats. Raises `Refused` otherwise.
        """
        macs = tuple(macs)
        fits = (
            Attr("clinic_id").eq(clinic_id)
            & Attr("site").eq(str(survey.answers.site))
            & Attr("sex").eq(str(survey.answers.sex))
            & Attr(f"surveys.{survey.suffix}").not_exists()
            & Attr("surveys").size().lt(MAX_SURVEYS)
            & _any(Attr("codes").contains(mac) for mac in macs)
        )
        if patient_id is not None:
            fits &= Attr("patient_id").eq(patient_id)
        asked = survey.answers.histology_required
        change = Change(
            set={f"surveys.{survey.suffix}": survey_item(survey)},
            set_once=asking(lesion_id, survey) if asked else {},
            add={"codes": {macs[0]}},
        )
        return self.write(lesion_id, change, fits)

    def correct(
        self, lesion: Lesion, survey: RecordedSurvey, corrected: Mapping[str, Any], done: Correction
    ) -> Lesion:
        """Replace the answers of a survey, and keep the old ones in its history.

        Raises `Refused` when somebody corrected it meanwhile, or `MAX_CORRECTIONS` are made.
        """
        path = f"surveys.{survey.suffix}"
        answers = Survey.model_validate(answers_item(corrected))
        after = replace(
            lesion, surveys={**lesion.surveys, survey.suffix: replace(survey, answers=answers)}
        )
        # Site and sex are also the lesion's own: what is corrected here is corrected there.
        shared = {name: corrected[name] for name in ("site", "sex") if name in done.was}
        change = Change(
            set={
                f"{path}.answers": answers_item(corrected),
                f"{path}.revision": survey.revision + 1,
                **shared,
            },
            set_once={} if lesion.awaits_histology else waiting(after),
            append={f"{path}.history": [correction_item(done)]},
            add={"corrections": 1},
        )
        untouched = Attr(f"{path}.revision").eq(survey.revision) & Attr("corrections").lt(
            MAX_CORRECTIONS
        )
        done_now = self.write(lesion.lesion_id, change, untouched)
        if lesion.awaits_histology and not done_now.awaits_histology:
            ResultStore(self.table).tidy(done_now.lesion_id)
        return done_now

    def rename(self, lesion_id: str, *, patient_id: str, values: Mapping[str, Any]) -> Lesion:
        """Give a lesion of this patient another name or spot; a value of None takes it away. One call.

        Raises `Refused` for a lesion that is gone, or not his.
        """
        change = Change(
            set={name: value for name, value in values.items() if value is not None},
            remove=[name for name, value in values.items() if value is None],
        )
        return self.write(lesion_id, change, Attr("patient_id").eq(patient_id))

    def treat(self, lesion_id: str, account_id: str) -> None:
        """Note an account that treats a lesion, unless the lesion is gone."""
        with suppress(Refused):
            self.write(lesion_id, Change(add={"also_treated_by": {account_id}}), STANDS)

    def set_sex(self, lesion: Lesion, sex: Sex) -> None:
        """Repeat the corrected sex of the patient on another of his lesions, unless it is gone."""
        with suppress(ConditionFailed):  # merged meanwhile: the lesion it became has the sex too
            change = Change(set={"sex": str(sex)})
            self.table.update(keys.lesion(lesion.lesion_id), change, when=STANDS)

    def refile(
        self, lesion_id: str, *, was: str, patient: Patient, change: Mapping[str, Any]
    ) -> None:
        """Give a lesion of the patient `was` to `patient`, with his sex and codes, and note it
        among the lesion's `changes`. Nothing happens to a lesion that is not that patient's."""
        filed = Change(
            set={"patient_id": patient.patient_id, "sex": str(patient.sex)},
            add={"codes": set(patient.codes)},
            append={"changes": [{**change, "was": {"patient_id": was}}]},
        )
        with suppress(ConditionFailed):
            self.table.update(keys.lesion(lesion_id), filed, when=Attr("patient_id").eq(was))

    def add_codes(self, lesion_id: str, codes: frozenset[str]) -> None:
        """Let further surveys of a lesion come under these codes too."""
        with suppress(ConditionFailed):
            change = Change(add={"codes": set(codes)})
            self.table.update(keys.lesion(lesion_id), change, when=STANDS)

    def withdraw(self, lesion_id: str, now: datetime) -> Item | None:
        """Leave a tombstone of a lesion, with none of its surveys and not even whose it was.

        Returns the item as it stood before, None where there is none.
        """

        def tombstone(item: Item) -> Item:
            at = item.get("withdrawn_at", timestamp(now))
            return {"lesion_id": lesion_id, "withdrawn_at": at}

        return strip(self.table, keys.lesion(lesion_id), tombstone)

    def write(self, lesion_id: str, change: Change, when: Any) -> Lesion:
        """Change a lesion if `when` holds of it; of a merged one, the lesion it was merged into.

        Raises `Refused` otherwise, and `BeingMerged` while it is frozen.
        """
        writable = when & STANDS & Attr("frozen").not_exists() & Attr("merged_into").not_exists()
        try:
            return read_lesion(self.table.update(keys.lesion(lesion_id), change, when=writable))
        except ConditionFailed as refusal:
            if (elsewhere := merged_into(refusal.found)) is not None:
                return self.write(elsewhere, change, when)
            raise Refused(_lesion(refusal.found)) from None


def _lesion(item: Item | None) -> Lesion | None:
    """The lesion in an item; None where nothing stands, or only a promise or a tombstone, or an
    imported lesion: that has no survey that a doctor made."""
    ours = item is not None and "patient_id" in item and "import_id" not in item
    return read_lesion(item) if item and ours else None


def _any(conditions: Iterable[Any]) -> Any:
    first, *others = conditions
    for other in others:
        first = Or(first, other)
    return first
