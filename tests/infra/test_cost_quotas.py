"""Where limits are met, and that the limits of our own are those of the code."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from chalice.app import SQSEventConfig

import app
from chalicelib.labelling.finding import ASKED
from chalicelib.labelling.model import BUSY_LOOK, FIRST_READERS
from chalicelib.people.permissions import PUBLIC
from chalicelib.sweep import SPAN
from infra.cost import bill, quotas, standing
from infra.cost.load import FIGURES_SECONDS, ON_THE_CLOCK, READINGS, Load
from infra.cost.quotas import DEMANDS, Quota, Quotas, met_at, share
from infra.cost.tables import LOADS, by_quota
from infra.permissions import FUNCTIONS
from infra.throttling import STAGE
from tests.infra.costing import act, load, sources, usage

SECONDS_A_YEAR = 365.25 * 24 * 3600
PEAK = 365.25 * 24 / 2_000 * 2 * 3
"""Working hours of a year, the busiest of them, and its busiest second."""


def quota(demand: str, limit: float) -> Quota:
    return Quota("a limit", demand, limit, "a second", "aws", "nowhere", "nothing")


def test_a_limit_on_what_every_image_does_once_is_met_where_the_hand_reckons() -> None:
    copies = act("assign_reader", calls={"s3.CopyObject images/assigned": 2})
    own = load(1_000, usage(assign_readers=copies))
    assert own.peak == pytest.approx(PEAK)
    wanted = 3_500 * SECONDS_A_YEAR / (2 * PEAK)
    assert met_at(quota("copies", 3_500), own) == pytest.approx(wanted)
    at = replace(own, images=wanted)
    assert share(quota("copies", 3_500), at) == pytest.approx(1)
    assert share(quota("copies", 3_500), replace(own, images=wanted / 4)) == pytest.approx(0.25)


def test_readers_are_needed_for_two_readings_of_each_image() -> None:
    own = load(1_000, usage(), readings_per_reader=8_800)
    assert met_at(quota("readers_needed", 10), own) == pytest.approx(44_000)


def test_a_list_that_grows_with_load_is_met_by_the_root_of_it() -> None:
    """Each image reads a list as long as there are images: four times the limit, twice the load."""
    search = act("assign_reader", read_units={"people.listing": 1})
    own = load(1_000, usage(assign_readers=search))
    near, far = (met_at(quota("listing_partition", limit), own) for limit in (3_000, 12_000))
    assert far / near == pytest.approx(2, rel=0.02)


def test_work_that_runs_at_once_is_rate_times_duration() -> None:
    classify = act("classify", compute_ms=500.0)
    own = load(10_000_000, usage(classify=classify), warm_minutes=60)
    rate = 10_000_000 / SECONDS_A_YEAR * PEAK
    assert DEMANDS["concurrency"](own) == pytest.approx(len(ON_THE_CLOCK) + rate * 0.5, rel=1e-3)


def test_a_limit_that_nobody_meets_is_never_met() -> None:
    assert met_at(quota("copies", 1), load(1_000, usage())) == float("inf")


def test_every_limit_takes_more_as_load_grows_and_all_of_it_where_it_is_met() -> None:
    own = sources()
    for each in own.quotas.of_load:
        taken = [share(each, own.load(images)) for images in (*LOADS, 1e9)]
        assert all(less <= more for less, more in pairwise(taken)), each.what
        place = met_at(each, own.load(LOADS[0]))
        assert share(each, own.load(place)) == pytest.approx(1, rel=0.01), each.what


def test_the_table_of_limits_begins_with_what_is_met_first() -> None:
    own = sources()
    places = {each.what: met_at(each, own.load(LOADS[0])) for each in own.quotas.of_load}
    told = [row[1] for row in by_quota(own)[1:]]
    assert told == sorted(places, key=places.__getitem__)
    assert len(told) == len(own.quotas.of_load)


def test_every_demand_is_held_against_a_limit_with_a_source_and_advice() -> None:
    table = Quotas.load()
    assert {each.demand for each in table.of_load} == set(DEMANDS)
    assert all(each.source and each.advice and each.limit > 0 for each in table.of_load)
    assert {each.whose for each in table.of_load} == {"aws", "ours", "people"}


def test_the_limits_of_our_own_are_those_of_the_code() -> None:
    ours = {each.demand: each.limit for each in Quotas.load().of_load if each.whose == "ours"}
    configuration = json.loads(standing.CONFIGURATION.read_text())["lambda_functions"]
    assert ours == {
        "candidates_megabytes": configuration["build_release"]["lambda_memory_size"],
        "requests": STAGE.rate,
        "sweep_seconds": SPAN.total_seconds(),
        "seal_seconds": configuration["seal_audit"]["lambda_timeout"],
        "figures_seconds": configuration["measure_agreement"]["lambda_timeout"],
        "figures_megabytes": configuration["measure_agreement"]["lambda_memory_size"],
    }
    assert ours["figures_seconds"] == FIGURES_SECONDS
    polled = [e for e in app.app.event_sources if isinstance(e, SQSEventConfig)]
    assert len(polled) == bill.POLLED_QUEUES
    assert SPAN.total_seconds() == quotas.SWEEP_SECONDS
    assert BUSY_LOOK.total_seconds() == 60 * quotas.BUSY_LOOK_MINUTES
    assert ASKED == quotas.HANDS_ASKED
    assert FIRST_READERS == READINGS
    alone = (configuration[name]["reserved_concurrency"] for name in ON_THE_CLOCK)
    assert set(alone) == {1}


def test_the_functions_that_are_paid_for_are_those_of_the_app() -> None:
    events = {source.handler_string.partition(".")[2] for source in app.app.event_sources}
    admitting = {handler.name for handler in app.app.builtin_auth_handlers}
    assert set(FUNCTIONS) == events | admitting | {"api_handler"}
    assert set(standing.megabytes()) == set(FUNCTIONS)


def test_requests_that_ask_for_nobody_are_the_public_ones() -> None:
    """Configuration and vocabulary cost no authorizer; whatever else pages ask does."""
    public = {("GET", "/v1/config"), ("GET", "/v1/vocabularies")}
    assert public <= PUBLIC
    own = load(12_000, usage(), requests_per_authorization=1)
    asked = own.requests - own.acts["configuration"] - own.acts["vocabularies"]
    assert own.acts["authorize"] == pytest.approx(asked)


def test_fewer_cases_may_wait_the_more_readers_each_look_asks() -> None:
    own = sources()
    loads: list[Load] = [own.load(images) for images in LOADS]
    waiting = [quotas.waiting_cases(each) for each in loads]
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[0] > 500
    one_more = replace(loads[-1], assumed=replace(own.assumed, dynamodb_ms=12))
    # Nearly all of a look is waiting for calls; its own work does not take longer with them.
    assert waiting[-1] / 2 < quotas.waiting_cases(one_more) < 0.6 * waiting[-1]


def test_alarms_are_counted_by_metric_over_all_templates(tmp_path: Path) -> None:
    head = 'AWSTemplateFormatVersion: "2010-09-09"\nParameters: {}\nOutputs: {}\nResources:\n'
    bucket = """  {name}:
    Type: AWS::S3::Bucket
    Properties:
      LifecycleConfiguration:
        Rules:
          - {{ Prefix: "{prefix}", ExpirationInDays: 3 }}
          - {{ Prefix: "", NoncurrentVersionExpiration: {{ NoncurrentDays: 2 }} }}
"""
    alarms = """  One: { Type: AWS::CloudWatch::Alarm, Properties: { MetricName: m } }
  Two:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Metrics:
        - { Id: a, MetricStat: {} }
        - { Id: b, MetricStat: {} }
        - { Id: c, Expression: a + b }
  Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: true } }
  Mac: { Type: AWS::KMS::Key, Properties: {} }
"""
    buckets = bucket.format(name="UploadsBucket", prefix="")
    buckets += bucket.format(name="ImagesBucket", prefix="assigned/")
    (tmp_path / "resources.yaml").write_text(head + buckets)
    (tmp_path / "watching.yaml").write_text(head + alarms)
    (tmp_path / "permissions.yaml").write_text("sweep: []\n")
    found = standing.standing(tmp_path)
    assert (found.alarms, found.keys, found.rotating_keys) == (3, 2, 1)
    assert (found.uploads_days, found.assigned_days) == (5, 5)


def test_a_visit_loads_what_the_index_names_and_leaves_the_reference_out(tmp_path: Path) -> None:
    assert standing.pages(tmp_path) is None
    (tmp_path / "index.html").write_text('<script src="main.js"></script>')
    (tmp_path / "main.js").write_text('import("./swagger-ui.js")')
    (tmp_path / "page.js").write_text("export {}")
    (tmp_path / "swagger-ui.js").write_text("swagger " * 10_000)
    found = standing.pages(tmp_path)
    assert found is not None
    assert found.requests == 3
    assert 50 < found.bytes < 500
