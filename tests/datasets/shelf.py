"""Images in the tables as the other parts leave them, ready to be chosen."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.datasets.dataset import Dataset
from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.store import DatasetStore
from chalicelib.images.model import Intake
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.selectable import selectable
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.table import Change
from tests.images.making import awaited_image
from tests.world import World

SURVEY = {"age": 52, "sex": "female", "site": "torso", "skin_type": "II", "hair": "brown"}


@dataclass
class Shelf:
    """What datasets choose from, in a world of its own."""

    world: World

    def patient(self, patient_id: str, *, publication: bool = True, **of: Any) -> None:
        consent = {"research": True, "publication": publication}
        item = {"patient_id": patient_id, "clinic_id": "clinic1", "consent": consent, **of}
        self.world.platform.cases.insert(keys.patient(patient_id), item)

    def lesion(self, lesion_id: str, patient_id: str, **answers: Any) -> None:
        survey = {"answers": {**SURVEY, "examined_on": "2026-03-01", **answers}}
        item = {"lesion_id": lesion_id, "patient_id": patient_id, "surveys": {"one": survey}}
        self.world.platform.cases.insert(keys.lesion(lesion_id), item)

    def image(
        self,
        name: str,
        diagnosis: str,
        *,
        look: str | None = "clear",
        pixels: str | None = None,
        size: int | None = 1000,
        owner: str | None = None,
        rule: str = "two_agree",
    ) -> str:
        """A labelled image of a patient of its own, who agreed to publication."""
        platform, patient_id = self.world.platform, owner or f"p-{name}"
        if owner is None:
            self.patient(patient_id)
            self.lesion(f"l-{name}", patient_id)
        image = awaited_image(
            self.world, b"", image_id=name, lesion_id=f"l-{name}", patient_id=patient_id
        )
        pixel_hash = pixels or hashlib.sha256(name.encode()).hexdigest()
        clean_key = f"clean/{name}.jpg"
        platform.images.put(clean_key, b"x" * (size or 10), content_type="image/jpeg")
        intake = Intake(
            clean_key=clean_key,
            thumbnail_key=f"thumbnails/{name}.jpg",
            content_type="image/jpeg",
            width=200,
            height=150,
            pixel_hash=pixel_hash,
            duplicate=None,
            bytes=size,
        )
        PixelIndex(platform.cases).enter(image, pixel_hash)
        label = {"diagnosis": diagnosis, "rule": rule, "verification": "medium"}
        told = {"look": look, "at": timestamp(self.world.clock.now()), "by": "curator1"}
        values: dict[str, Any] = {
            "state": "labelled",
            "intake": asdict(intake),
            "label": {**label, "retrospective": False},
            **selectable(name),
            **({"look": told} if look else {}),
        }
        change = Change(set=values, remove=["due_shard", "due_at"])
        platform.cases.update(keys.image(name), change)
        return name

    def images(self, number: int, prefix: str = "", **of: Any) -> list[str]:
        """So many of each of two classes."""
        return [
            self.image(f"{prefix}{diagnosis[0]}{each}", diagnosis, **of)
            for diagnosis in ("melanoma", "nevus")
            for each in range(number)
        ]

    def read_by(self, image_id: str, **slots: dict[str, Any]) -> None:
        """A case with final readings, by account: `diagnosis`, `round`, `outline`, `quality`."""
        held = {}
        for account, told in slots.items():
            reading = {
                "reading_id": f"r-{account}",
                "diagnosis": told["diagnosis"],
                "differential": [],
                "quality": told.get("quality", "good"),
                "comment": "not for release",
                "seconds": 12.5,
                "at": timestamp(self.world.clock.now()),
            }
            held[account] = {
                "assignment_id": f"a-{account}-{image_id}",
                "round": told.get("round", "first"),
                "protocol": 1,
                "final": told.get("final", True),
                "reading": reading,
            }
            assignment = {
                "assignment_id": f"a-{account}-{image_id}",
                "outline": told.get("outline"),
            }
            key = keys.assignment(account, f"a-{account}-{image_id}")
            self.world.platform.labelling.insert(key, assignment)
        case = {"image_id": image_id, "slots": held}
        self.world.platform.labelling.insert(keys.case(image_id), case)

    def dataset(self, plan: Plan) -> Dataset:
        return DatasetStore(self.world.platform.catalogue).create(
            plan,
            request_id=self.world.platform.ids.new(),
            by="curator1",
            at=self.world.clock.now(),
        )

    def withdraw(self, patient_id: str) -> None:
        """What an erasure writes first."""
        change = Change(set={"withdrawn_at": timestamp(self.world.clock.now())})
        self.world.platform.cases.update(keys.patient(patient_id), change)

    def pixels(self, image_id: str) -> str:
        item = self.world.platform.cases.get(keys.image(image_id)) or {}
        return str(item["intake"]["pixel_hash"])

    def look(self, image_id: str) -> Look | None:
        item = self.world.platform.cases.get(keys.image(image_id)) or {}
        return Look(item["look"]["look"]) if "look" in item else None
