"""Comparing in the background: what is flagged, once, whatever is cut short or erased meanwhile."""

from datetime import timedelta
from unittest.mock import patch

from chalicelib.duplicates.comparing import READ_AGAIN, Memory
from chalicelib.duplicates.matching import Gallery as Matching
from chalicelib.duplicates.model import MOST_PAIRS
from chalicelib.duplicates.store import PairStore
from chalicelib.images.likeness import Likeness
from chalicelib.platform import keys
from chalicelib.platform.table import Change
from tests import pictures
from tests.classification.taking_in import take_in
from tests.duplicates.looking import Gallery, changed, embedded, listed, random_hash
from tests.erasure.journeys import withdraw
from tests.images.making import awaited_image, image_of, upload
from tests.patients.asking import Client


def test_uploads_of_one_photograph_are_found_though_no_byte_is_the_same(
    gallery: Gallery, curator: Client
) -> None:
    photo = pictures.photograph(320, 240)
    other = pictures.quarters(320, 240)
    files = (pictures.jpeg(photo), pictures.png(photo.rotate(180)), pictures.jpeg(other))
    for number, data in enumerate(files):
        kind = "image/png" if number == 1 else "image/jpeg"
        awaited_image(
            gallery.world,
            data,
            image_id=f"image{number}",
            content_type=kind,
            patient_id=f"patient{number}",
        )
        take_in(
            gallery.world,
            upload(gallery.world, data, image_id=f"image{number}"),
            image_id=f"image{number}",
        )
    assert gallery.compare() == 3
    (pair,) = listed(curator)
    shown = {one["image_id"] for side in pair["pictures"] for one in side["images"]}
    assert (pair["relation"], shown) == ("another_patient", {"image0", "image1"})
    intake = image_of(gallery.world, "image0").intake
    assert intake is not None
    assert len(intake.perceptual_hash or "") == 64


def test_a_pair_is_entered_once_however_often_it_is_found(
    gallery: Gallery, curator: Client
) -> None:
    first, _ = gallery.two_alike()
    assert [gallery.compare(), gallery.compare()] == [2, 0]
    intake = image_of(gallery.world, first).intake
    assert intake is not None
    again = Likeness(perceptual_hash=random_hash(1))
    gallery.index.look_anew(intake.pixel_hash, again, at=gallery.world.clock.now())
    assert gallery.compare() == 1
    assert len(listed(curator)) == 1


def test_nothing_new_costs_one_look_at_each_list_and_a_quiet_picture_one_call(
    gallery: Gallery,
) -> None:
    gallery.two_alike()
    gallery.compare()
    with gallery.world.counted() as calls:
        gallery.compare()
    assert calls == {"dynamodb.Query": 8}
    lesion_id = gallery.clinic.patient(patient_code="333301021980", age=46)["lesion_id"]
    gallery.image(lesion_id, Likeness(perceptual_hash=random_hash(9)))
    with gallery.world.counted() as calls:
        assert gallery.compare() == 1
    assert calls == {"dynamodb.Query": 8, "dynamodb.GetItem": 1, "dynamodb.UpdateItem": 2}


def test_a_worker_that_dies_anywhere_leaves_no_half_a_pair(
    gallery: Gallery, curator: Client
) -> None:
    gallery.two_alike()
    with gallery.world.counted() as calls, gallery.world.crash_after(100):
        gallery.compare(Memory(Matching))
    (pair,) = listed(curator)
    for died in range(9, calls.total()):
        gallery.world.platform.cases.delete(keys.pair(pair["pair_id"]))
        now = gallery.world.clock.now()
        for item in gallery.rows("pixels"):
            pixel_hash = item["pk"].partition("#")[2]
            gallery.index.unname(pair["pair_id"], [pixel_hash])
            seen = Likeness(perceptual_hash=item["perceptual_hash"])
            gallery.index.look_anew(pixel_hash, seen, at=now)
        with gallery.world.crash_after(died):
            gallery.compare(Memory(Matching))
        gallery.compare(Memory(Matching))
        found = [each["pair_id"] for each in listed(curator)]
        assert found == [pair["pair_id"]], died


def test_a_container_that_missed_a_run_reads_anew(gallery: Gallery, curator: Client) -> None:
    mine, others = Memory(Matching), Memory(Matching)
    lesion_id = gallery.clinic.patient()["lesion_id"]
    for number, memory in enumerate((mine, others, mine)):
        alike = Likeness(perceptual_hash=changed(random_hash(1), number))
        gallery.image(lesion_id, alike)
        assert gallery.compare(memory) == 1
    assert len(listed(curator)) == 3


def test_two_runs_at_once_do_not_both_go_on(gallery: Gallery) -> None:
    gallery.two_alike()
    late = Memory(Matching)
    real = PairStore.last_run

    def overtaken(store: PairStore) -> object:
        seen = real(store)
        with patch.object(PairStore, "last_run", real):
            assert gallery.compare() == 2
        return seen

    with patch.object(PairStore, "last_run", overtaken):
        assert gallery.compare(late) == 0
    assert late.known is None


def test_what_an_index_hid_is_compared_once_more_when_pictures_are_read_again(
    gallery: Gallery, curator: Client
) -> None:
    gallery.two_alike()
    with patch.object(Matching, "near", lambda *_: []):
        gallery.compare()
    assert listed(curator) == []
    gallery.world.clock.advance(seconds=(READ_AGAIN + timedelta(minutes=1)).total_seconds())
    lesion_id = gallery.clinic.patient(patient_code="333301021980", age=46)["lesion_id"]
    gallery.image(lesion_id, Likeness(perceptual_hash=random_hash(9)))
    gallery.compare()
    assert len(listed(curator)) == 1


def test_twins_are_a_pair_while_two_images_show_them(gallery: Gallery, curator: Client) -> None:
    lesion_id = gallery.clinic.patient()["lesion_id"]
    seen = Likeness(perceptual_hash=random_hash(1))
    first, pixel_hash = gallery.image(lesion_id, seen)
    gallery.image(lesion_id, seen, pixels=pixel_hash)
    gallery.compare()
    (pair,) = listed(curator)
    assert (pair["same_pixels"], pair["relation"], len(pair["pictures"])) == (
        True,
        "same_lesion",
        1,
    )
    path = "/v1/images/{image_id}"
    gone = curator.ask("DELETE", path, {"reason": "Twice"}, image_id=first)
    assert gone.status == 204
    assert listed(curator) == []
    assert gallery.index.pairs(pixel_hash) == []


def test_the_next_models_embedding_takes_the_place_of_the_last_ones(
    gallery: Gallery, curator: Client
) -> None:
    lesion_id = gallery.clinic.patient()["lesion_id"]
    far = changed(random_hash(1), 60)
    _, one = gallery.image(lesion_id, embedded(random_hash(1), 0.0))
    _, other = gallery.image(lesion_id, embedded(far, 1.0))
    gallery.compare()
    assert listed(curator) == []
    for pixel_hash, perceptual in ((one, random_hash(1)), (other, far)):
        seen = embedded(perceptual, 0.0, model="rodinka 3")
        gallery.index.look_anew(pixel_hash, seen, at=gallery.world.clock.now())
    gallery.compare()
    (pair,) = listed(curator)
    assert (pair["distance"], pair["cosine"]) == (60, 1.0)


def test_consent_taken_back_takes_the_pair_too(gallery: Gallery, curator: Client) -> None:
    first, second = gallery.two_alike()
    gallery.compare()
    (pair,) = listed(curator)
    patient_id = image_of(gallery.world, first).patient_id
    assert withdraw(gallery.clinic.doctor, patient_id).status == 200
    assert listed(curator) == []
    assert gallery.named(second) == []
    assert gallery.rows("pair") == []
    (left,) = gallery.rows("pixels")
    assert pair["pair_id"] not in str(left)
    # What stands in memory still is near, and is not flagged.
    lesion_id = image_of(gallery.world, second).lesion_id
    gallery.image(lesion_id, Likeness(perceptual_hash=changed(random_hash(1), 3)))
    gallery.compare()
    assert [each["relation"] for each in listed(curator)] == ["same_lesion"]


def test_an_erasure_in_the_middle_of_a_pair_leaves_nothing(
    gallery: Gallery, curator: Client
) -> None:
    first, second = gallery.two_alike()
    patient_id = image_of(gallery.world, first).patient_id
    real = PairStore._put

    def put(store: PairStore, pair: object) -> bool:
        with patch.object(PairStore, "_put", real):
            withdraw(gallery.clinic.doctor, patient_id)
            return real(store, pair)  # type: ignore[arg-type]

    with patch.object(PairStore, "_put", put):
        gallery.compare()
    assert listed(curator) == []
    assert gallery.named(second) == []
    assert gallery.rows("pair") == []


def test_a_pair_whose_picture_is_no_more_is_cleared_when_pictures_are_read(
    gallery: Gallery, curator: Client
) -> None:
    first, second = gallery.two_alike()
    gallery.compare()
    (pair,) = listed(curator)
    intake = image_of(gallery.world, first).intake
    assert intake is not None
    gallery.world.platform.cases.delete(keys.pixels(intake.pixel_hash))
    assert listed(curator) == []
    lesion_id = image_of(gallery.world, second).lesion_id
    gallery.image(lesion_id, Likeness(perceptual_hash=random_hash(9)))
    gallery.compare(Memory(Matching))
    assert gallery.world.platform.cases.get(keys.pair(pair["pair_id"])) is None


def test_a_picture_in_too_many_pairs_gets_no_more(gallery: Gallery, curator: Client) -> None:
    _, second = gallery.two_alike()
    intake = image_of(gallery.world, second).intake
    assert intake is not None
    full = Change(add={"pairs": {f"pair{number}" for number in range(MOST_PAIRS)}})
    gallery.world.platform.cases.update(keys.pixels(intake.pixel_hash), full)
    assert gallery.compare() == 2
    assert listed(curator) == []
