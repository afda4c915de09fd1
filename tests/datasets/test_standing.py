"""How releases stand on their dataset, whoever speaks late and however the clock is set."""

from datetime import timedelta

import pytest

from chalicelib.datasets.model import ReleaseState, leading_to
from chalicelib.datasets.releases.claims import Claims
from chalicelib.datasets.store import DatasetStore
from tests.datasets.planning import TRAINING, plan, plan_form
from tests.datasets.shelf import Shelf
from tests.patients.asking import Client

PUBLISHED, TAKEN_DOWN = ReleaseState.PUBLISHED, ReleaseState.TAKEN_DOWN


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_release_that_is_down_stays_so_though_a_late_worker_says_it_is_published(
    shelf: Shelf, later: timedelta
) -> None:
    store, code = DatasetStore(shelf.world.platform.catalogue), shelf.dataset(plan(TRAINING)).code

    def note(state: ReleaseState) -> None:
        store.note_release(code, "1.0.0", "r1", state, shelf.world.clock.now())

    note(PUBLISHED)
    shelf.world.clock.moment += later
    note(TAKEN_DOWN)
    assert store.releases(code)["1.0.0"]["state"] == "taken_down"
    shelf.world.clock.advance(hours=5)
    for state in (PUBLISHED, ReleaseState.DEPRECATED):
        note(state)
    assert store.releases(code)["1.0.0"]["state"] == "taken_down"
    first = store.releases(code)
    shelf.world.clock.advance(minutes=1)
    note(TAKEN_DOWN)
    assert store.releases(code) == first


def test_nothing_leads_back_to_what_is_published() -> None:
    assert leading_to(PUBLISHED) == {"requested", "building", "documenting"}
    assert leading_to(TAKEN_DOWN) == leading_to(PUBLISHED) | {"published", "deprecated"}


def test_what_is_being_released_is_not_hidden_meanwhile(shelf: Shelf, curator: Client) -> None:
    code = shelf.dataset(plan(TRAINING, purpose="dynamic", unit="series")).code
    Claims(shelf.world.platform.catalogue).claim(code, "r1")
    hidden = plan_form(TRAINING, purpose="dynamic", unit="series", access="hidden")
    change = {"revision": 1, "plan": hidden}
    answer = curator.ask("PATCH", "/v1/datasets/{code}", change, code=code)
    assert (answer.status, set(answer.error["fields"])) == (422, {"plan.access"})
    Claims(shelf.world.platform.catalogue).leave(code, "r1")
    assert curator.ask("PATCH", "/v1/datasets/{code}", change, code=code).status == 200
