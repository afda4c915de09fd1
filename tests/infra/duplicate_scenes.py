"""Near-duplicates through the entry points of the functions: found, settled, erased."""

from typing import Any, Final
from unittest.mock import patch

from chalicelib.duplicates.model import Pair
from chalicelib.duplicates.store import PairStore
from chalicelib.events.duplicates import memory
from chalicelib.platform import keys
from tests import pictures
from tests.erasure.journeys import Journey, withdraw
from tests.images.making import image_of
from tests.infra.daily_scenes import done, refused
from tests.infra.whole_life import Life
from tests.simulation import dynamodb

PAIR: Final = "/v1/duplicates/{pair_id}"


def near_duplicates_are_settled(life: Life) -> None:
    """One photograph of two patients, coded otherwise; and another, twice the same file."""
    one, _ = _one_photograph(life, seed=101)
    data = life.photo()
    for _ in range(2):
        life.classified(data)
    life.compare()
    life.compare()
    curator = life.curator
    image = done(curator.ask("GET", "/v1/images/{image_id}", image_id=one.image_id))
    found = done(curator.ask("GET", "/v1/duplicates", query={"relation": "another_patient"}))
    near = {pair["pair_id"] for pair in found["items"]} & set(image["near_duplicates"])
    assert near
    for pair_id in near:
        done(curator.ask("GET", PAIR, pair_id=pair_id))
        done(curator.ask("POST", PAIR, {"decision": "different"}, pair_id=pair_id))
    refused(curator.ask("GET", PAIR, pair_id="nobody"), "not_found")
    another_container_finds_a_pair_without_its_picture(life)


def another_container_finds_a_pair_without_its_picture(life: Life) -> None:
    """As after a restore; it reads all pictures, and clears the pair."""
    one, _ = _one_photograph(life, seed=505)
    life.compare()
    before = _pairs(life)
    intake = image_of(life.world, one.image_id).intake
    assert intake is not None
    with life.recorder.by_others():
        life.world.platform.cases.delete(keys.pixels(intake.pixel_hash))
    memory.cache_clear()
    life.classified()
    life.compare()
    assert set(before) - set(_pairs(life))


def _pairs(life: Life) -> list[str]:
    table = life.world.platform.settings.table_cases
    return [row["pk"]["S"] for row in dynamodb.rows(table) if row["sk"]["S"] == "pair"]


def near_duplicates_are_erased(life: Life) -> None:
    """By a request, by the sweep, and just while they are being paired."""
    for calls in (None, 4):
        one, _ = _one_photograph(life, seed=202 if calls else 303)
        data = life.photo()
        twin, _ = life.classified(data), life.classified(data)
        life.compare()
        for case in (one, twin):
            with life.recorder.dies_after(calls):
                withdraw(life.doctor, case.patient_id)
        for _ in range(3):
            life.sweep(minutes=61)
    one, _ = _one_photograph(life, seed=404)
    data = life.photo()
    twin, _ = life.classified(data), life.classified(data)
    for gone, pictures_of_it in ((twin, 1), (one, 2)):
        with _beside_a_pair(life, gone, pictures_of_it):
            life.compare()
        life.classified(pictures.jpeg(pictures.photograph(96, 72, seed=404), quality=60))


def _one_photograph(life: Life, *, seed: int) -> tuple[Journey, Journey]:
    """Of two patients, in two codings."""
    picture = pictures.photograph(96, 72, seed=seed)
    one = life.classified(pictures.jpeg(picture))
    other = life.classified(pictures.jpeg(picture, quality=80))
    return one, other


def _beside_a_pair(life: Life, gone: Journey, pictures_of_it: int) -> Any:
    """Once, before a pair of the patient's picture is put, he takes the consent back."""
    real, left = PairStore._put, [gone]
    intake = image_of(life.world, gone.image_id).intake
    assert intake is not None

    def put(store: PairStore, pair: Pair) -> bool:
        of_it = intake.pixel_hash in pair.pictures and len(pair.pictures) == pictures_of_it
        if left and of_it:
            with life.recorder.by_others():
                done(left.pop().withdraw())
        return real(store, pair)

    return patch.object(PairStore, "_put", put)
