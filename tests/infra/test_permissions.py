"""Each function may do what it does, and nothing else: everything is run, and every call is seen."""

from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

import app
from chalicelib.people.permissions import ROUTES
from infra.permissions import FUNCTIONS, policy
from infra.provision import ACCOUNT_ID
from tests.infra.calling_code import calling_code
from tests.infra.granted_rights import UNSEEN, grants, is_allowed, matches, unused
from tests.infra.needed_rights import Cloud, Right
from tests.infra.recorded_calls import EVENT_FUNCTIONS, Recorder
from tests.infra.scenes import ACTS
from tests.infra.whole_life import Life, new_life
from tests.world import REGION, World

BY_TOOLS_ONLY: Final = {
    "chalicelib/classification/registry.py register": "a model comes with a deployment",
    "chalicelib/classification/registry.py note_carried": "which notes what the layer has",
    "chalicelib/erasure/store.py ErasureLog.get": "who operates the system asks how an erasure stands",
    "chalicelib/erasure/store.py ErasureLog.all": "and repeats them after a restore",
    "chalicelib/platform/audit.py Audit._faults": "and verifies the chains",
}
"""Code that calls AWS and belongs to no function: what it is for."""


@dataclass
class Seen:
    """What the functions did in all scenes."""

    names: dict[str, str | list[str]] = field(default_factory=dict)
    """Of the stage in which it was seen."""
    recorders: list[Recorder] = field(default_factory=list)
    _rights: dict[str, dict[str, Right]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, life: Life) -> None:
        names = names_of(life.world)
        assert self.names in ({}, names), "the same in every world"
        self.names = names
        self.recorders.append(life.recorder)
        cloud = Cloud(life.recorder.session)
        for call in life.recorder.calls:
            for right in cloud.rights(call):
                self._rights[call.function][str(right)] = right

    def needed(self, function: str) -> list[Right]:
        """What a function needed, each right once."""
        return list(self._rights[function].values())

    def policy(self, function: str) -> dict[str, Any]:
        return policy(function, self.names)


@pytest.fixture(scope="module")
def seen() -> Seen:
    found = Seen()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        for act in ACTS:
            with new_life() as life:
                for scene in act:
                    scene(life)
                found.add(life)
    return found


def names_of(world: World) -> dict[str, str | list[str]]:
    """What the deployment knows of a stage, of a world of moto's."""
    settings, platform = world.platform.settings, world.platform
    table = platform.client("dynamodb").describe_table(TableName=settings.table_cases)["Table"]
    keys = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key"
    return {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT_ID,
        "Stage": settings.stage,
        "DataKeyArn": table["SSEDescription"]["KMSMasterKeyArn"],
        "CodeKeyArns": [f"{keys}/{key_id}" for key_id in settings.code_key_ids.values()],
        "UserPoolId": settings.issuer.rsplit("/", 1)[-1],
    }


# --- everything was tried ----------------------------------------------------------------------------


def test_each_function_of_the_app_has_a_policy_and_nothing_else_has_one() -> None:
    handlers = (app.app.event_sources, app.app.builtin_auth_handlers, app.app.pure_lambda_functions)
    named = {handler.name for several in handlers for handler in several}
    assert set(FUNCTIONS) == named | {"api_handler"}
    assert set(EVENT_FUNCTIONS) == named


def test_every_route_did_what_it_is_for(seen: Seen) -> None:
    routes = {route for part in ROUTES.values() for route in part}
    assert routes - {route for each in seen.recorders for route in each.answered} == set()


def test_every_place_in_the_code_that_calls_aws_was_at_work(seen: Seen) -> None:
    at_work = {place for each in seen.recorders for place in each.places}
    idle = [each for each in calling_code() if not each.was_at_work(at_work)]
    assert [str(each) for each in idle if each.place not in BY_TOOLS_ONLY] == []
    assert {each.place for each in idle} == set(BY_TOOLS_ONLY)


# --- nothing is missing, and nothing is unused -------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_all_that_it_does(seen: Seen, function: str) -> None:
    assert missing(seen.policy(function), seen.needed(function)) == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_nothing_that_it_does_not(seen: Seen, function: str) -> None:
    unasked = unused(seen.policy(function), seen.needed(function))
    assert [str(each) for each in unasked if each.sid not in UNSEEN] == []


def test_what_is_used_outside_the_process_is_not_used_inside_it(seen: Seen) -> None:
    """So that none of these exceptions hides another right."""
    for function in FUNCTIONS:
        needed = seen.needed(function)
        hidden = [each for each in grants(seen.policy(function)) if each.sid in UNSEEN]
        assert [str(each) for each in hidden if any(map(each.is_used_by, needed))] == []


def test_forms_and_links_need_the_rights_of_who_signed_them(seen: Seen) -> None:
    signed = {
        (call.function, call.operation, call.values["Key"].split("/")[0])
        for each in seen.recorders
        for call in each.calls
        if call.signed
    }
    assert signed == {
        ("api_handler", "PutObject", "uploads"),
        *(
            ("api_handler", "GetObject", what)
            for what in ("clean", "thumbnails", "assigned", "reports", "tested", "files", "private")
        ),
    }


def missing(document: Mapping[str, Any], needed: list[Right]) -> list[str]:
    return [str(right) for right in needed if not is_allowed(document, right)]


# --- and these tests would tell ----------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_any_action_taken_away_is_missed(seen: Seen, function: str) -> None:
    whole, needed = seen.policy(function), seen.needed(function)
    for place, statement in enumerate(whole["Statement"]):
        if statement["Sid"] in UNSEEN:
            continue
        for action in statement["Action"]:
            less = deepcopy(whole)
            less["Statement"][place]["Action"].remove(action)
            told = [right.action for right in needed if not is_allowed(less, right)]
            assert told, (statement["Sid"], action)
            assert all(matches(action, each) for each in told)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_anything_added_is_named(seen: Seen, function: str) -> None:
    more = seen.policy(function)
    first = more["Statement"][0]
    first["Action"].append("dynamodb:Scan")
    first["Resource"].append("arn:aws:dynamodb:somewhere")
    unasked = unused(more, seen.needed(function))
    assert {each.action for each in unasked} >= {"dynamodb:Scan"}
    assert {each.resource for each in unasked} >= {"arn:aws:dynamodb:somewhere"}
