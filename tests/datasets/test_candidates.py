"""What the tables say of images that may be chosen, read in few calls."""

from typing import Any

from boto3.dynamodb.conditions import Key as Where

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.planning.condition_fields import FIELDS
from chalicelib.datasets.selection.candidate import OWN_SOURCE, Candidate, Consent
from chalicelib.datasets.selection.candidates import load
from chalicelib.images import labels
from chalicelib.images.selectable import INDEX, selectable
from chalicelib.images.store import ImageStore
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.platform import keys
from chalicelib.platform.table import Change
from tests.classification.taking_in import PHOTO, take_in
from tests.datasets.choosing import candidate, plan
from tests.datasets.shelf import Shelf
from tests.images.making import awaited_image, upload
from tests.merging.clinic import Clinic
from tests.patients.asking import Client
from tests.world import World

LABEL = {
    "diagnosis": "nevus",
    "rule": "two_agree",
    "verification": "medium",
    "retrospective": False,
}


def loaded(world: World, **of: Any) -> dict[str, Candidate]:
    return {one.image_id: one for one in load(world.platform, plan(**of))}


def test_an_image_enters_the_index_when_it_is_accepted_and_leaves_it_when_withdrawn(
    world: World,
) -> None:
    awaited_image(world, PHOTO)
    assert loaded(world) == {}
    take_in(world, upload(world, PHOTO))
    (one,) = loaded(world).values()
    assert (one.width, one.height, one.settled, one.look) == (one.width, one.height, False, None)
    image = ImageStore(world.platform.cases).get("image1")
    assert image is not None
    assert image.intake is not None
    size = world.platform.images.size(image.intake.clean_key)
    assert image.intake.bytes == size
    ImageTombstones(world.platform.cases).withdraw("image1", now=world.clock.now())
    assert loaded(world) == {}
    shard = selectable("image1")["selectable_shard"]
    where = Where("selectable_shard").eq(shard)
    assert world.platform.cases.query_all(where, index=INDEX) == []


def test_a_clinics_image_comes_with_its_survey_its_consent_and_its_readers_judgement(
    world: World, in_app: None
) -> None:
    clinic = Clinic(world, Client(world, "doctor1", "clinic1"))
    patient = clinic.patient(consent={"research": True, "publication": True})
    image_id = clinic.classified(patient["lesion_id"])
    labels.decide(world.platform, image_id, LABEL)
    Shelf(world).read_by(
        image_id,
        expert1={"diagnosis": "nevus"},
        expert2={"diagnosis": "nevus", "quality": "poor"},
        expert3={"diagnosis": "nevus", "quality": "unusable", "final": False},
    )
    one = loaded(world)[image_id]
    assert (one.patient_id, one.lesion_id) == (patient["patient_id"], patient["lesion_id"])
    assert (one.consent, one.source, one.settled) == (Consent.PUBLICATION, OWN_SOURCE, True)
    assert (one.age, one.sex, one.site, one.skin_type) == (50, "female", "torso", "II")
    facts = {key: one.fact(key) for key in FIELDS}
    assert facts["hair"] == "light_brown"
    assert facts["clinical_diagnosis"] == "nevus"
    assert (facts["diagnosis"], facts["rule"]) == ("nevus", "two_agree")
    assert facts["image_quality"] == "poor"
    assert facts["device_make"] is None


def test_an_archives_image_has_what_the_archive_recorded(shelf: Shelf) -> None:
    world = shelf.world
    source = {"import_id": "i1", "name": "Atlas", "licence": "CC0", "legal_basis": "Published."}
    world.platform.cases.insert(keys.import_("i1"), source)
    shelf.patient("p1", import_id="i1", consent=None)
    shelf.image("a", "melanoma", owner="p1")
    told = {
        "import_id": "i1",
        "external_image_id": "private",
        "survey": {"age": 61, "site": "legs"},
    }
    world.platform.cases.update(
        keys.image("a"), Change(set={"source": told, "clinic_id": "import-i1"})
    )
    one = loaded(world)["a"]
    assert (one.source, one.licence, one.consent) == ("i1", "CC0", Consent.LEGAL_BASIS)
    assert (one.age, one.site, one.skin_type) == (61, "legs", None)
    assert "private" not in repr(one)
    assert loaded(world, sources=["clinic1"])["a"].survey == {}


def test_who_was_merged_into_another_is_that_other(shelf: Shelf) -> None:
    cases = shelf.world.platform.cases
    shelf.image("a", "nevus")
    shelf.patient("kept", publication=False, absorbed={"p-a"})
    shelf.lesion("l-kept", "kept", hair="black")
    for key, into in ((keys.patient("p-a"), "kept"), (keys.lesion("l-a"), "l-kept")):
        cases.update(key, Change(set={"merged_into": into}, remove=["consent"]))
    one = loaded(shelf.world)["a"]
    assert (one.patient_id, one.lesion_id, one.consent) == ("kept", "l-kept", Consent.RESEARCH)
    assert (one.former_patients, one.fact("hair")) == (("p-a",), "black")


def test_of_several_surveys_the_one_by_the_day_of_the_image_counts(shelf: Shelf) -> None:
    shelf.image("a", "nevus")
    answers = {
        f"s{year}": {"answers": {"examined_on": f"{year}-05-05", "age": year - 1975}}
        for year in (2024, 2025, 2026)
    }
    cases = shelf.world.platform.cases
    cases.update(keys.lesion("l-a"), Change(set={"surveys": answers}))
    for taken_on, age in (("2025-06-01", 50), ("2020-01-01", 49), (None, 51)):
        capture = {"taken_on": taken_on} if taken_on else {}
        cases.update(keys.image("a"), Change(set={"capture": capture}))
        assert loaded(shelf.world)["a"].age == age


def test_each_field_that_criteria_may_name_is_found_where_it_is_kept() -> None:
    survey = {key for key, field in FIELDS.items() if field.group == "survey"}
    label = {key for key, field in FIELDS.items() if field.group == "label"}
    own = {"age": 52, "sex": "male", "site": "legs", "skin_type": "II", "quality": "good"}
    sizes = {"width": 600, "height": 450, "kind": "macroscopic"}
    lens = {"pixel_spacing_mm": 0.02, "contact": True, "polarized": False}
    one = candidate(
        "a",
        **own,
        **sizes,
        capture={"device": {"make": "Heine", "model": "Delta"}, **lens},
        label={key: f"label {key}" for key in label},
        survey={key: f"survey {key}" for key in survey},
    )
    assert {key: one.fact(key) for key in FIELDS} == {
        **{key: f"survey {key}" for key in survey},
        **{key: own[key] for key in ("age", "sex", "site", "skin_type")},
        **{key: f"label {key}" for key in label},
        **sizes,
        **lens,
        "device_make": "Heine",
        "device_model": "Delta",
        "image_quality": "good",
    }
    assert {candidate("a", capture=None, label=None).fact(key) for key in label} == {None}


def test_withdrawn_patients_allow_nothing_and_missing_ones_neither(shelf: Shelf) -> None:
    shelf.image("a", "nevus")
    shelf.image("b", "nevus", owner="nobody")
    shelf.withdraw("p-a")
    found = loaded(shelf.world)
    assert (found["a"].consent, found["b"].consent) == (Consent.WITHDRAWN, Consent.NONE)


def test_loading_costs_a_query_a_shard_and_a_read_for_each_hundred(shelf: Shelf) -> None:
    shelf.images(3)
    shelf.image("d", "nevus", look="technical_defect")
    with shelf.world.counted() as calls:
        found = loaded(shelf.world)
    assert (len(found), found["d"].look) == (7, Look.TECHNICAL_DEFECT)
    assert calls == {"dynamodb.Query": 16, "dynamodb.BatchGetItem": 3}
