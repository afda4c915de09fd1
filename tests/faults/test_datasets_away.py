"""SQS down, DynamoDB throttled, a clock set back: a release and a test of a service go on afterwards."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.datasets.model import ReleaseState
from chalicelib.people.model import Role
from tests.classification.taking_in import run_sweep
from tests.datasets.manifests import a_unit
from tests.datasets.releasing import Workshop
from tests.evaluation.hidden_sets import MELANOMA, NEVUS, plan, publish
from tests.evaluation.taking import GOOD, answer, begun, messages, next_unit, registered, view
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def shop(world: World, away: set[str]) -> Workshop:
    return Workshop(world, [a_unit(number) for number in range(4)]).open()


@pytest.fixture
def vendor(world: World, away: set[str]) -> Client:
    return Client(world, "vendor1", "", role=Role.VENDOR)


def test_a_release_asked_for_while_the_queue_is_down_is_built_afterwards(
    shop: Workshop, away: set[str], world: World
) -> None:
    away.add("sqs")
    assert shop.request(key="k").status in {202, 500}
    away.clear()
    again = shop.request(key="k")
    assert again.status == 202
    world.clock.advance(minutes=15)
    run_sweep(world)
    shop.settle()
    assert shop.release(again.body["release_id"]).state is ReleaseState.PUBLISHED
    assert len(shop.frozen) == 1


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_a_build_in_a_throttled_minute_goes_on_after_it_with_nothing_written_twice(
    shop: Workshop, away: set[str], service: str
) -> None:
    release_id = shop.request().body["release_id"]
    away.add(service)
    with pytest.raises(ClientError):
        shop.deliver()
    away.clear()
    shop.world.clock.advance(minutes=15)
    run_sweep(shop.world)
    shop.settle()
    assert shop.release(release_id).state is ReleaseState.PUBLISHED
    assert shop.frozen == [release_id]


def test_the_last_answer_counts_though_the_queue_is_down_and_the_clock_is_set_back(
    vendor: Client, away: set[str], world: World
) -> None:
    publish(world, "DS", [NEVUS, MELANOMA], plan())
    evaluation_id = begun(vendor, registered(vendor), "DS")
    for last in (False, True):
        unit_id = next_unit(vendor, evaluation_id).body["unit_id"]
        world.clock.advance(hours=-1)
        away |= {"sqs"} if last else set()
        taken = answer(vendor, evaluation_id, unit_id, GOOD)
        assert taken.status in {200, 500}
        away.clear()
        taken = answer(vendor, evaluation_id, unit_id, GOOD)
        assert (taken.status, taken.body["seconds"]) == (200, 0)
    world.clock.advance(hours=3)
    run_sweep(world)
    assert {"evaluation_id": evaluation_id} in messages(world)
    assert view(vendor, evaluation_id)["answered"] == 2
