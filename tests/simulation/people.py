"""Doctors: what they ask of the routes, and what they remember of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from chalicelib.images.model import upload_key
from chalicelib.platform.clock import timestamp
from tests.asking import Answered, as_caller
from tests.patients.asking import SURVEY
from tests.simulation.cloud import put_object
from tests.simulation.files import declaration, files
from tests.simulation.history import Creation, Photo
from tests.simulation.outside import Outside, new_key, outcome

SURVEYS: Final = "/v1/surveys"
SLOTS: Final = "/v1/lesions/{lesion_id}/images"
DOCTORS: Final = (
    as_caller("doctor", "doctor-1", "clinic-1"),
    as_caller("doctor", "doctor-2", "clinic-1"),
    as_caller("doctor", "doctor-3", "clinic-2"),
    # An expert who was a doctor before: what he uploaded he must not read.
    as_caller("doctor", "reader-d", "clinic-1"),
)


@dataclass
class People(Outside):
    """The doctors."""

    _patients: int = field(default=0)

    # --- creations --------------------------------------------------------------------------------

    def enter_survey(self, draw: Random) -> str | None:
        """A survey of a new patient, or a further one of a lesion that is known."""
        known = self.history.lesions()
        body: dict[str, Any] = {**SURVEY, "site": draw.choice(["torso", "legs"])}
        if known and draw.random() < 0.3:
            before = draw.choice(known)
            caller = before["caller"]
            body = {**before["body"], "lesion_id": before["lesion_id"], "patient_id": None}
            body |= {"examined_on": draw.choice(["2026-02-27", "2026-03-01"]), "hair": "black"}
        else:
            caller = draw.choice(DOCTORS)
            self._patients += 1
            body["patient_code"] = f"{self._patients:04}29031975"
        return self._create(Creation(caller, SURVEYS, {}, body, new_key(draw)))

    def open_slot(self, draw: Random) -> str | None:
        lesions = self.history.lesions()
        if not lesions:
            return None
        lesion, file = draw.choice(lesions), draw.choice(files())
        kind = "macroscopic" if draw.random() < 0.2 else "dermoscopic"
        form = {"kind": kind, **declaration(file)}
        ids = {"lesion_id": lesion["lesion_id"]}
        return self._create(Creation(lesion["caller"], SLOTS, ids, form, new_key(draw), file))

    def repeat_request(self, draw: Random) -> str | None:
        """The same request again: mostly because no answer came, at times without any reason."""
        waiting = [each for each in self.history.creations if each.unanswered]
        if waiting and draw.random() < 0.8:
            return self._send(draw.choice(waiting))
        if not self.history.creations:
            return None
        return self._send(draw.choice(self.history.creations))

    def change_request(self, draw: Random) -> str | None:
        """Another body under a key that has been used."""
        used = [each for each in self.history.creations if each.made is not None]
        if not used:
            return None
        creation = draw.choice(used)
        change = {"hair": "red"} if creation.file is None else {"sha256": "0" * 64}
        answer = self._ask("POST", creation, {**creation.body, **change})
        creation.changed.append(answer)
        return outcome(answer)

    def _create(self, creation: Creation) -> str:
        self.history.creations.append(creation)
        return self._send(creation)

    def _send(self, creation: Creation) -> str:
        answer = self._ask("POST", creation, creation.body)
        creation.answers.append(answer)
        if answer is not None and answer.status == 201:
            self._made(creation, answer.body)
        return outcome(answer)

    def _made(self, creation: Creation, made: Mapping[str, Any]) -> None:
        if creation.file is None:
            self.did(creation.caller, "survey.created", made["survey_id"])
            return
        # Who repeats the request for an image that is not awaited any more is told so by its state.
        awaited = made["state"] == "awaiting_upload"
        image_id, ends = made["image_id"], made["upload"]["expires_at"] if awaited else ""
        photo = self.history.photos.setdefault(image_id, Photo(image_id, creation, ends))
        photo.form_ends = max(photo.form_ends, ends)
        self.did(creation.caller, "image.slot_opened", image_id)

    def _ask(self, method: str, creation: Creation, body: Mapping[str, Any]) -> Answered | None:
        headers = {"idempotency-key": creation.key}
        return self.answer(
            method,
            creation.path,
            caller=creation.caller,
            body=body,
            headers=headers,
            ids=creation.ids,
        )

    # --- uploads ----------------------------------------------------------------------------------

    def upload(self, draw: Random) -> str | None:
        """Send the file that was announced, while the form opens anything; some never do."""
        open_now = [
            photo for photo in self._with_live_forms() if not photo.uploads and not photo.forgotten
        ]
        if not open_now:
            return None
        photo = draw.choice(open_now)
        if draw.random() < 0.08:
            photo.forgotten = True
            return "forgotten"
        return self._put(photo, photo.file.data)

    def overwrite(self, draw: Random) -> str | None:
        """The same file through the same form again, or other bytes past what S3 checks."""
        sent = [photo for photo in self.history.photos.values() if photo.uploads]
        if not sent:
            return None
        photo = draw.choice(sent)
        return self._put(photo, draw.choice([photo.file, *files()]).data)

    def renew_slot(self, draw: Random) -> str | None:
        waiting = [photo for photo in self.history.photos.values() if not photo.uploads]
        if not waiting:
            return None
        photo, path = draw.choice(waiting), "/v1/images/{image_id}/upload"
        answer = self.answer(
            "POST", path, caller=photo.creation.caller, ids={"image_id": photo.image_id}
        )
        if answer is not None and answer.status == 201:
            photo.form_ends = max(photo.form_ends, answer.body["upload"]["expires_at"])
            self.did(photo.creation.caller, "image.slot_renewed", photo.image_id)
        return outcome(answer)

    def _with_live_forms(self) -> list[Photo]:
        now = timestamp(self.stage.true_time)
        return [photo for photo in self.history.photos.values() if photo.form_ends > now]

    def _put(self, photo: Photo, data: bytes) -> str:
        bucket, key = self.stage.platform.settings.bucket_uploads, upload_key(photo.image_id)
        version = str(put_object({"Bucket": bucket, "Key": key, "Body": data})["VersionId"])
        photo.uploads[version] = data
        self.lambdas.uploaded(key, version)
        return "put"

    # --- looking and correcting -------------------------------------------------------------------

    def look(self, draw: Random) -> str | None:
        """A doctor looks at an image, at a patient or for one, or through the list."""
        lesions = self.history.lesions()
        if not lesions:
            return None
        lesion = draw.choice(lesions)
        caller, patient_id = lesion["caller"], lesion["patient_id"]
        match draw.randrange(4):
            case 0:
                answer = self.answer("GET", "/v1/patients", caller=caller)
                act = "patients.listed", caller["clinic_id"]
            case 1:
                ids = {"patient_id": patient_id}
                answer = self.answer("GET", "/v1/patients/{patient_id}", caller=caller, ids=ids)
                act = "patient.viewed", patient_id
            case 2:
                code = {"patient_code": lesion["body"]["patient_code"]}
                answer = self.answer("POST", "/v1/patients/lookup", caller=caller, body=code)
                act = "patient.looked_up", patient_id
            case _:
                return self._look_at_image(draw)
        return self._looked(caller, answer, *act)

    def _look_at_image(self, draw: Random) -> str | None:
        if not self.history.photos:
            return None
        photo = draw.choice(list(self.history.photos.values()))
        caller, ids = photo.creation.caller, {"image_id": photo.image_id}
        answer = self.answer("GET", "/v1/images/{image_id}", caller=caller, ids=ids)
        if answer is not None and answer.status == 200:
            self.history.images_shown.append((photo.image_id, answer.body))
        return self._looked(caller, answer, "image.viewed", photo.image_id)

    def _looked(self, caller: Mapping[str, str], answer: Answered | None, act: str, on: str) -> str:
        if answer is not None and answer.status == 200:
            self.did(caller, act, on)
        return outcome(answer)

    def correct_survey(self, draw: Random) -> str | None:
        lesions = self.history.lesions()
        if not lesions:
            return None
        lesion, path = draw.choice(lesions), "/v1/surveys/{survey_id}"
        change = {"mole_count": draw.choice(["up_to_5", "5_to_20", "over_20"])}
        ids = {"survey_id": lesion["survey_id"]}
        answer = self.answer("PATCH", path, caller=lesion["caller"], body=change, ids=ids)
        return self._looked(lesion["caller"], answer, "survey.corrected", lesion["survey_id"])
