"""The transition table of an image is what the store enforces."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.images.model import FOLLOWS, ForbiddenStep, State, image_of_upload, upload_key
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.platform.due import overdue
from tests.images.making import awaited_image, image_of, states_of
from tests.world import World, new_world


def test_every_state_can_be_reached_and_only_withdrawn_is_final_for_ever() -> None:
    reached = {State.AWAITING_UPLOAD}.union(*FOLLOWS.values())
    assert reached == set(State)
    assert [state for state, after in FOLLOWS.items() if not after] == [State.WITHDRAWN]


def test_consent_can_be_taken_back_in_every_other_state() -> None:
    assert all(State.WITHDRAWN in after for state, after in FOLLOWS.items() if after)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(State), max_size=8), st.integers(0, 2**32))
def test_whatever_steps_are_tried_the_history_follows_the_table(
    wanted: list[State], seed: int
) -> None:
    with new_world(seed) as world:
        store = ImageStore(world.platform.cases)
        image = awaited_image(world, b"x")
        for state in wanted:
            allowed = state in FOLLOWS[image.state]
            try:
                image = store.step(image, state, now=world.clock.now())
            except ForbiddenStep:
                assert not allowed
            else:
                assert allowed
        history = [State(name) for name in states_of(image_of(world))]
        assert all(after in FOLLOWS[before] for before, after in pairwise(history))
        assert history[-1] is image_of(world).state


def test_of_two_workers_with_the_same_view_only_one_makes_the_step(world: World) -> None:
    store = ImageStore(world.platform.cases)
    seen = awaited_image(world, b"x")
    store.step(seen, State.ABANDONED, now=world.clock.now())
    with pytest.raises(LostStep) as lost:
        store.step(seen, State.WITHDRAWN, now=world.clock.now())
    assert lost.value.found is not None
    assert lost.value.found.state is State.ABANDONED


def test_a_finished_image_leaves_the_due_index(world: World) -> None:
    store = ImageStore(world.platform.cases)
    image = awaited_image(world, b"x")
    world.clock.advance(hours=1)
    assert len(list(overdue(world.platform.cases, now=world.clock.now()))) == 1
    store.step(image, State.ABANDONED, now=world.clock.now())
    assert list(overdue(world.platform.cases, now=world.clock.now())) == []


def test_a_lease_is_taken_over_only_after_its_end(world: World) -> None:
    store = ImageStore(world.platform.cases)
    awaited_image(world, b"x")
    now = world.clock.now()
    leased = store.pin("image1", "v1", now=now, until=now + timedelta(seconds=90))
    with pytest.raises(LostStep):
        store.lease(leased, now=now, until=now + timedelta(seconds=180))
    later = now + timedelta(seconds=91)
    assert store.lease(leased, now=later, until=later + timedelta(seconds=90)).attempts == 2


@given(st.text(max_size=40))
def test_only_keys_of_our_slots_name_an_image(key: str) -> None:
    image_id = image_of_upload(key)
    assert image_id is None or upload_key(image_id) == key


def test_a_slot_that_is_opened_twice_is_one_image(world: World) -> None:
    first = awaited_image(world, b"x")
    world.clock.advance(minutes=3)
    second = awaited_image(world, b"x")
    assert second.created_at == first.created_at
