"""Previews, and the gallery in which curators look at what a preview would choose."""

import json
from typing import Any

import pytest

from chalicelib.datasets.looks.model import PREVIEWS, Waiting, waiting_key
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection import guard, previewing
from chalicelib.datasets.selection.candidates import load
from chalicelib.datasets.selection.freezing import Unfit, freeze
from chalicelib.datasets.selection.previewing import preview
from chalicelib.images import labels
from chalicelib.platform import keys
from chalicelib.platform.due import due
from chalicelib.platform.objects import Version
from chalicelib.platform.table import Change
from infra.absence import looked_through
from tests.classification.taking_in import run_sweep
from tests.datasets.choosing import MELANOMA, NEVUS, plan, planned_class
from tests.datasets.shelf import Shelf
from tests.merging.clinic import Clinic
from tests.patients.asking import Client
from tests.world import World

LOOKS = "/v1/looks"
CONTROLLED = plan(access="controlled")


@pytest.fixture(autouse=True)
def nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "trained_on", lambda platform: frozenset())


def previewed(shelf: Shelf, wanted: Plan = CONTROLLED) -> tuple[str, dict[str, Any]]:
    """The code of a new dataset, and its preview as it is stored."""
    code = shelf.dataset(wanted).code
    return code, again(shelf, code)


def again(shelf: Shelf, code: str) -> dict[str, Any]:
    table, key = shelf.world.platform.catalogue, keys.preview(code)
    now = shelf.world.clock.now()
    table.update(key, Change(set={"asked_at": str(now), **due(key, now)}), when=None)
    preview(shelf.world.platform, code)
    return table.get(key) or {}


def frozen(shelf: Shelf, code: str, name: str) -> int:
    """How many units a release has."""
    told = {"code": code, "number": 1, "plan": CONTROLLED, "change": "First"}
    return freeze(shelf.world.platform, release_id=name, **told).units  # type: ignore[arg-type]


def page(curator: Client, code: str, **query: str) -> dict[str, Any]:
    answer = curator.ask("GET", LOOKS, query={"dataset": code, **query})
    assert answer.status == 200, answer.body
    return dict(answer.body)


def test_a_preview_tells_what_would_be_chosen_and_nothing_is_frozen(shelf: Shelf) -> None:
    shelf.images(6, look=None)
    shelf.image("i", "nevus", look="identifying")
    code, item = previewed(shelf, plan(access="controlled", test={}))
    result = json.loads(item["result"])
    assert "due_at" not in item
    assert (item["plan_revision"], result["version"]) == (1, "1.0.0")
    assert result["counts"]["classes"] == {"melanoma": 6, "nevus": 6}
    assert (result["waiting"], result["unlooked"]) == (12, 12)
    assert (result["privacy"]["reached"], result["privacy"]["combinations"]) == (12, 1)
    assert (result["power"]["positives"], result["power"]["negatives"]) == (6, 6)
    assert result["problems"] == []
    assert [step["step"] for step in result["flow"]][-1] == "privacy"
    assert "frozen" not in (shelf.world.platform.catalogue.get(keys.ledger()) or {})
    # The message again, when it was computed: nothing is computed anew.
    with shelf.world.counted() as calls:
        preview(shelf.world.platform, code)
    assert calls == {"dynamodb.GetItem": 2}


def test_a_preview_says_what_is_wrong(shelf: Shelf) -> None:
    code, item = previewed(shelf)
    assert item["problem"]["en"].startswith("There are no accepted images")
    shelf.images(6)
    shelf.image("d", "dermatofibroma")
    item = again(shelf, code)
    assert "problem" not in item
    wanted = plan(
        access="controlled",
        classes=[MELANOMA | {"units": 9}, NEVUS, planned_class("dermatofibroma")],
        splits=[{"name": "train", "share": 0.5}, {"name": "test", "share": 0.5}],
    )
    _, item = previewed(shelf, wanted.model_copy(update={"target": "OTHER"}))
    told = [each["en"] for each in json.loads(item["result"])["problems"]]
    assert told == [
        "The class “Words” has 6 units, not the 9 that were planned.",
        "The class “Words” has a single unit, so only one split has it.",
    ]
    only = plan(
        access="controlled",
        verification="medium",
        classes=[NEVUS, planned_class("nail") | {"diagnoses": ["unknown"]}],
        target="THIRD",
    )
    _, item = previewed(shelf, only)
    assert item["problem"]["en"].startswith("Only the class “Words” of 2 is left")


def test_the_gallery_shows_what_waits_and_costs_the_same_whatever_its_length(
    shelf: Shelf, curator: Client
) -> None:
    shelf.images(6, look=None)
    code, _ = previewed(shelf)
    for limit in ("3", "100"):
        with shelf.world.counted() as calls:
            page(curator, code, limit=limit)
        assert calls == {"s3.GetObject": 1, "dynamodb.BatchGetItem": 1, "dynamodb.PutItem": 1}
    seen, cursor = [], None
    while True:
        found = page(curator, code, limit="5", **({"cursor": cursor} if cursor else {}))
        seen += [one["image_id"] for one in found["items"]]
        if (cursor := found["next"]) is None:
            break
    assert sorted(seen) == sorted(f"{c}{n}" for c in "mn" for n in range(6))
    one = page(curator, code)["items"][0]
    assert f"clean/{one['image_id']}" in one["image"]
    assert f"thumbnails/{one['image_id']}" in one["thumbnail"]
    assert set(one) == {"image_id", "kind", "image", "thumbnail"}


def test_looked_at_images_leave_the_gallery_and_may_be_released_unless_they_tell(
    shelf: Shelf, curator: Client
) -> None:
    shelf.images(6, look=None)
    code, _ = previewed(shelf)
    with pytest.raises(Unfit):
        freeze(
            shelf.world.platform,
            release_id="r0",
            code=code,
            number=1,
            plan=CONTROLLED,
            change="x",
        )
    looks = [{"image_id": f"{c}{n}", "look": "clear"} for c in "mn" for n in range(6)]
    looks[0] |= {"look": "identifying", "what": "tattoo"}
    with shelf.world.counted() as calls:
        answer = curator.ask("POST", LOOKS, {"looks": looks})
    assert (answer.status, len(answer.body["noted"])) == (200, 12)
    assert calls["dynamodb.BatchGetItem"] == 1
    assert calls["dynamodb.UpdateItem"] == 12
    assert page(curator, code)["items"] == []
    assert curator.ask("POST", LOOKS, {"looks": looks}).body["noted"] == []
    acts = sorted(curator.acts())
    assert acts.count(("image.looked_at.identifying", "m0")) == 1
    assert len([act for act, _ in acts if act == "image.looked_at.clear"]) == 11
    noted = (shelf.world.platform.cases.get(keys.image("m0")) or {})["look"]
    assert (noted["look"], noted["what"], noted["by"]) == ("identifying", "tattoo", "curator1")
    assert frozen(shelf, code, "r1") == 11
    changed = {"looks": [{"image_id": "m0", "look": "clear"}]}
    assert curator.ask("POST", LOOKS, changed).body["noted"] == ["m0"]
    assert frozen(shelf, code, "r2") == 12


def test_a_look_whose_request_died_has_one_record_after_its_repetition(
    shelf: Shelf, curator: Client
) -> None:
    shelf.images(1, look=None)
    looks = {"looks": [{"image_id": name, "look": "clear"} for name in ("m0", "n0")]}

    def calls() -> int:
        with shelf.world.counted() as made:
            answer = curator.ask("POST", LOOKS, looks)
        assert answer.status == 200
        return made.total()

    with shelf.world.crash_after(3):  # both are noted, and none is recorded
        curator.ask("POST", LOOKS, looks)
    assert (shelf.look("m0"), shelf.look("n0")) == ("clear", "clear")
    assert curator.acts() == []
    for _ in range(2):
        assert calls() <= 4
        assert sorted(curator.acts()) == [
            ("image.looked_at.clear", "m0"),
            ("image.looked_at.clear", "n0"),
        ]
    assert curator.ask("POST", LOOKS, looks).body["noted"] == []


def test_bad_looks_are_refused_whole_with_a_sentence_each(shelf: Shelf, curator: Client) -> None:
    shelf.images(1, look=None)
    fine = {"image_id": "m0", "look": "clear"}
    for looks, faults in (
        ([fine, {"image_id": "nobody", "look": "clear"}], {"looks.1.image_id"}),
        ([fine, fine], {"looks.1.image_id"}),
        ([fine, {"image_id": "n0", "look": "nice"}], {"looks.1.look"}),
        ([fine | {"what": "face"}], {"looks.0"}),
        ([], {"looks"}),
        ([{"image_id": f"i{n}", "look": "clear"} for n in range(101)], {"looks"}),
    ):
        answer = curator.ask("POST", LOOKS, {"looks": looks})
        assert (answer.status, set(answer.error["fields"])) == (422, faults), answer.body
    assert shelf.look("m0") is None


def lists(world: World) -> list[Version]:
    return list(world.platform.releases.versions_under(PREVIEWS))


def test_a_new_preview_begins_the_list_anew_wherever_the_curator_was(
    shelf: Shelf, curator: Client
) -> None:
    shelf.images(6, look=None)
    code, _ = previewed(shelf)
    first = page(curator, code, limit="6")
    looks = [{"image_id": one["image_id"], "look": "clear"} for one in first["items"]]
    assert curator.ask("POST", LOOKS, {"looks": looks}).status == 200
    shelf.world.clock.advance(minutes=1)
    again(shelf, code)
    rest = page(curator, code, cursor=first["next"])
    assert len(rest["items"]) == 6
    assert not {one["image_id"] for one in rest["items"]} & {one["image_id"] for one in looks}


def test_who_withdraws_is_named_by_no_list_of_what_waits(world: World, in_app: None) -> None:
    shelf, doctor = Shelf(world), Client(world, "doctor1", "clinic1")
    clinic = Clinic(world, doctor)
    patient = clinic.patient(consent={"research": True, "publication": True})
    image_id = clinic.classified(patient["lesion_id"])
    label = {"diagnosis": "nevus", "rule": "two_agree", "verification": "medium"}
    labels.decide(world.platform, image_id, {**label, "retrospective": False})
    shelf.images(6, look=None)
    code, _ = previewed(shelf)
    again(shelf, code)
    (only,) = lists(world)
    stored = world.platform.releases.get(only.key)
    assert stored is not None
    assert image_id.encode() in stored.data
    path, patient_id = "/v1/patients/{patient_id}/consent/withdraw", patient["patient_id"]
    assert doctor.ask("POST", path, patient_id=patient_id).status == 200
    for _ in range(4):
        world.clock.advance(hours=2)
        run_sweep(world)
    assert [store for store in looked_through(world.platform, patient_id) if store.found] == []
    assert lists(world) == []


def test_a_preview_that_was_asked_for_anew_leaves_the_newer_list(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow worker computes the plan as it was; another, meanwhile, the one that stands now."""
    shelf.images(6, look=None)
    code = shelf.dataset(CONTROLLED).code
    waiting = [f"{c}{n}" for c in "mn" for n in range(6)]
    newer = Waiting((waiting[0],), "later").written()

    def slow(*args: Any) -> Any:
        asked = {"asked_at": str(shelf.world.clock.now()), "asked_revision": 2}
        shelf.world.platform.catalogue.update(keys.preview(code), Change(set=asked))
        shelf.world.platform.releases.put(waiting_key(code), newer, content_type="")
        return load(*args)

    monkeypatch.setattr(previewing, "load", slow)
    shelf.world.clock.advance(minutes=1)
    table, key = shelf.world.platform.catalogue, keys.preview(code)
    table.update(
        key, Change(set={"asked_at": "before", **due(key, shelf.world.clock.now())}), when=None
    )
    preview(shelf.world.platform, code)
    stored = shelf.world.platform.releases.get(waiting_key(code))
    assert stored is not None
    assert stored.data == newer


def test_a_dataset_without_a_preview_and_one_that_is_not_there(
    shelf: Shelf, curator: Client
) -> None:
    code = shelf.dataset(CONTROLLED).code
    missing = curator.ask("GET", LOOKS, query={"dataset": code})
    assert (missing.status, missing.error["code"]) == (409, "no_preview")
    assert curator.ask("GET", LOOKS, query={"dataset": "NONE"}).status == 404
    assert curator.ask("GET", LOOKS).status == 422
    doctor = Client(shelf.world, "doctor1", "clinic1")
    assert doctor.ask("GET", LOOKS, query={"dataset": code}).status == 403
    assert doctor.ask("POST", LOOKS, {"looks": []}).status == 403
