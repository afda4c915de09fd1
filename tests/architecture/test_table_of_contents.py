"""Routes, functions, queues and configuration fit together."""

import json
from pathlib import Path

from chalice.app import ChaliceAuthorizer

import app
from chalicelib.people.permissions import PUBLIC, TABLE
from chalicelib.platform.routes import OPENAPI_FILE
from infra import openapi, template

ROOT = Path(__file__).parents[2]
ROUTES = {
    (method, path): entry
    for path, methods in app.app.routes.items()
    for method, entry in methods.items()
}
EVENT_FUNCTIONS = {event.name: event.handler_string for event in app.app.event_sources} | {
    handler.name: handler.handler_string for handler in app.app.builtin_auth_handlers
}


def test_every_route_is_public_by_name_or_has_a_row_and_the_authorizer() -> None:
    for route, entry in ROUTES.items():
        if route in PUBLIC:
            assert entry.authorizer is None, route
        else:
            assert route in TABLE, route
            assert isinstance(entry.authorizer, ChaliceAuthorizer), route
            assert entry.authorizer.name == "authorize", route


def test_every_row_of_the_permission_table_is_a_route() -> None:
    assert set(TABLE) | PUBLIC == set(ROUTES)


def test_the_public_list_is_short_and_what_it_takes_is_secrets() -> None:
    assert len(PUBLIC) <= 8
    # What a controlled dataset asks for is a grant, what a patient's account asks for a one-time code;
    # and secrets are not for addresses.
    assert {route for route in PUBLIC if route[0] != "GET"} == {
        ("POST", "/v1/downloads"),
        ("POST", "/v1/access/redeem"),
    }


def test_the_configuration_names_functions_that_exist() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    for place in (config, *config["stages"].values()):
        for function in place.get("lambda_functions", {}):
            assert function in {"api_handler", *EVENT_FUNCTIONS}, function
    # Of these Chalice heeds the limits, and drops environment variables without a word.
    for limits in config["lambda_functions"].values():
        assert "environment_variables" not in limits


def test_event_functions_live_in_app_so_that_lambda_imports_the_app() -> None:
    assert set(EVENT_FUNCTIONS) == {
        *("authorize", "classify", "assign_reader", "deliver_webhook", "build_release"),
        *("evaluate", "sweep", "measure_agreement", "compare_pictures", "seal_audit"),
    }
    assert all(entry == f"app.{name}" for name, entry in EVENT_FUNCTIONS.items())


def test_every_queue_has_a_dead_letter_queue_or_is_one() -> None:
    queues = template.load().of_type("AWS::SQS::Queue")
    assert queues
    for queue in queues:
        is_dead_letters = "dead" in str(queue.properties["QueueName"])
        assert is_dead_letters or "RedrivePolicy" in queue.properties, queue.logical_id


def test_visibility_is_six_times_the_functions_time() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    queues = {
        queue.logical_id: queue.properties
        for queue in template.load().of_type("AWS::SQS::Queue")
        if "RedrivePolicy" in queue.properties
    }
    fed = {"LabellingQueue": "assign_reader", "WebhooksQueue": "deliver_webhook"}
    fed |= {"BuildsQueue": "build_release", "EvaluationsQueue": "evaluate"}
    assert queues.keys() == fed.keys()
    for name, function in fed.items():
        timeout = config["lambda_functions"][function]["lambda_timeout"]
        assert queues[name]["VisibilityTimeout"] >= 6 * timeout


def test_the_committed_openapi_document_is_the_generated_one() -> None:
    committed = OPENAPI_FILE.read_text()
    assert committed == openapi.written(), "run `make openapi`"
