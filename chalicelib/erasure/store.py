"""The erasure log, in the table of the audit trail: it must outlive a restore of the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.erasure.model import Asked, Assigned, Erasure, Subject
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import Change, ConditionFailed, Item, Table


@dataclass(frozen=True)
class ErasureLog:
    """Entries by patient or image id. They are added to, and never removed."""

    table: Table

    def get(self, subject_id: str) -> Erasure | None:
        item = self.table.get(keys.erasure(subject_id))
        return read_erasure(item) if item else None

    def all(self) -> list[Erasure]:
        """Every erasure there ever was."""
        items = self.table.query_all(Where("pk").eq(keys.erasure("")[0]))
        return [read_erasure(item) for item in items]

    def begin(self, subject: Subject, subject_id: str, asked: Asked) -> Erasure:
        """Enter an erasure; the entry that is there already stays as it is."""
        entry = {
            "subject": subject.value,
            "subject_id": subject_id,
            "asked_by": asked.by,
            "asked_as": asked.role,
            "asked_at": timestamp(asked.at),
            "looks": 0,
            "found": False,
        }
        images = {subject_id} if subject is Subject.IMAGE else set()
        try:
            return read_erasure(
                self.table.insert(
                    keys.erasure(subject_id),
                    entry | ({"images": images, "left": images} if images else {}),
                )
            )
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_erasure(error.found)

    def note(
        self,
        erasure: Erasure,
        *,
        lesions: Iterable[str] = (),
        images: Iterable[str] = (),
        assignments: Iterable[Assigned] = (),
        pixels: Iterable[tuple[str, str]] = (),
        histologies: Iterable[str] = (),
        accounts: Iterable[str] = (),
        questions: Iterable[str] = (),
    ) -> Erasure:
        """Add what was found to belong to the subject; nothing is written when all is known."""
        new = {
            "lesions": set(lesions) - erasure.lesions,
            "images": set(images) - erasure.images,
            "assignments": {_written(one) for one in set(assignments) - erasure.assignments},
            "pixels": {" ".join(pair) for pair in set(pixels) - erasure.pixels},
            "histologies": set(histologies) - erasure.histologies,
            "accounts": set(accounts) - erasure.accounts,
            "questions": set(questions) - erasure.questions,
        }
        new["left"] = new["images"]
        new["histologies_left"] = new["histologies"]
        added = {name: members for name, members in new.items() if members}
        if not added:
            return erasure
        return self._update(erasure, Change(add=added, set={"found": True}))

    def image_done(self, erasure: Erasure, image_id: str, *, found: bool, versions: int) -> Erasure:
        """This look is through with an image; `found` when there was something to erase."""
        return self._done(erasure, "left", image_id, found=found, versions=versions)

    def histology_done(
        self, erasure: Erasure, histology_id: str, *, found: bool, versions: int
    ) -> Erasure:
        """This look is through with a histology result."""
        left = "histologies_left"
        return self._done(erasure, left, histology_id, found=found, versions=versions)

    def _done(
        self, erasure: Erasure, left: str, one: str, *, found: bool, versions: int
    ) -> Erasure:
        change = Change(
            discard={left: {one}},
            add={"versions": versions},
            set={"found": True} if found else {},
        )
        return self._update(erasure, change)

    def note_releases(self, erasure: Erasure, releases: Iterable[str]) -> Erasure:
        """Let this look go through these releases, too; nothing is written when it knows of them."""
        new = set(releases) - erasure.releases
        if not new:
            return erasure
        return self._update(erasure, Change(add={"releases": new, "releases_left": new}))

    def release_done(self, erasure: Erasure, release_id: str) -> Erasure:
        """Nothing of the subject is in a release (any more)."""
        return self._update(erasure, Change(discard={"releases_left": {release_id}}))

    def released(self, erasure: Erasure, release_id: str) -> Erasure:
        """The subject was found in a release, which is erased by a worker."""
        return self._update(erasure, Change(add={"released": {release_id}}, set={"found": True}))

    def begin_look(self, erasure: Erasure, at: datetime) -> Erasure:
        """All has been gone through; go through it again, not before `at`."""
        change = Change(
            set={"look_at": timestamp(at), "looks": erasure.looks + 1, "found": False},
            add=_all_of(erasure),
            remove=["releases"],
        )
        same = (
            Attr("looks").eq(erasure.looks)
            & Attr("left").not_exists()
            & Attr("histologies_left").not_exists()
            & Attr("releases_left").not_exists()
        )
        try:
            return read_erasure(
                self.table.update(keys.erasure(erasure.subject_id), change, when=same)
            )
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_erasure(error.found)  # another worker was first

    def finish(self, erasure: Erasure, at: datetime) -> Erasure:
        """Nothing is left. The hashes go; the ids stay for a repetition after a restore."""
        change = Change(
            set={"erased_at": timestamp(at)},
            remove=[
                "pixels",
                "left",
                "histologies_left",
                "releases",
                "releases_left",
                "look_at",
                "found",
            ],
        )
        return self._update(erasure, change)

    def reopen(self, erasure: Erasure) -> Erasure:
        """Begin an erasure anew, because a restore may have brought its subject back."""
        change = Change(
            set={"looks": 0, "found": False},
            add=_all_of(erasure),
            remove=["erased_at", "look_at", "releases", "releases_left"],
        )
        return self._update(erasure, change)

    def _update(self, erasure: Erasure, change: Change) -> Erasure:
        return read_erasure(self.table.update(keys.erasure(erasure.subject_id), change))


def _all_of(erasure: Erasure) -> dict[str, int | set[str]]:
    """Everything that a look goes through."""
    every = {"left": set(erasure.images), "histologies_left": set(erasure.histologies)}
    return {name: ids for name, ids in every.items() if ids}


def _written(one: Assigned) -> str:
    return f"{one.image_id} {one.account_id} {one.assignment_id}"


def _read_assigned(text: str) -> Assigned:
    image_id, account_id, assignment_id = text.split(" ")
    return Assigned(image_id=image_id, account_id=account_id, assignment_id=assignment_id)


def _read_pixels(text: str) -> tuple[str, str]:
    image_id, pixel_hash = text.split(" ")
    return image_id, pixel_hash


def read_erasure(item: Item) -> Erasure:
    """The entry in an item of the table."""
    return Erasure(
        subject=Subject(item["subject"]),
        subject_id=item["subject_id"],
        asked=Asked(by=item["asked_by"], role=item["asked_as"], at=moment(item["asked_at"])),
        lesions=frozenset(item.get("lesions", ())),
        images=frozenset(item.get("images", ())),
        assignments=frozenset(map(_read_assigned, item.get("assignments", ()))),
        pixels=frozenset(map(_read_pixels, item.get("pixels", ()))),
        left=frozenset(item.get("left", ())),
        histologies=frozenset(item.get("histologies", ())),
        histologies_left=frozenset(item.get("histologies_left", ())),
        releases=frozenset(item.get("releases", ())),
        releases_left=frozenset(item.get("releases_left", ())),
        released=frozenset(item.get("released", ())),
        accounts=frozenset(item.get("accounts", ())),
        questions=frozenset(item.get("questions", ())),
        looks=item["looks"],
        look_at=moment(item["look_at"]) if "look_at" in item else None,
        found=item.get("found", False),
        versions=item.get("versions", 0),
        erased_at=moment(item["erased_at"]) if "erased_at" in item else None,
    )
