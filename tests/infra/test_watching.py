"""Alarms ring on what the functions really write, and reach somebody; the dashboard shows the same."""

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

import pytest

import app
from chalicelib.platform import metrics
from infra import template as templates
from infra.provision import ACCOUNT_ID
from tests import pictures
from tests.architecture.test_observability_page import first_arguments, rows
from tests.asking import ask
from tests.images.making import awaited_image
from tests.infra import chalice_names
from tests.infra.resolving import REGION, STAGE, Resolved
from tests.world import World

Metric = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions: what CloudWatch keeps figures by."""

WATCHING = Resolved(templates.WATCHING)
ALARMS = {
    str(alarm["AlarmName"]).removeprefix(f"rodinka-{STAGE}-"): alarm
    for alarm in WATCHING.of_type("AWS::CloudWatch::Alarm")
}
FUNCTIONS = chalice_names.functions(STAGE)
API = frozenset({("ApiName", f"rodinka-{STAGE}"), ("Stage", chalice_names.api_stage())})
RESOURCES = Resolved()
TABLES = {str(table["TableName"]) for table in RESOURCES.of_type("AWS::DynamoDB::Table")}
PHOTO = pictures.jpeg(pictures.photograph(160, 120))
QUEUES = {str(queue["QueueName"]) for queue in RESOURCES.of_type("AWS::SQS::Queue")}


def watched(alarm: dict[str, Any]) -> Metric:
    dimensions = frozenset((d["Name"], d["Value"]) for d in alarm.get("Dimensions", []))
    return alarm.get("Namespace", ""), alarm.get("MetricName", ""), dimensions


def drawn() -> Iterator[tuple[dict[str, Any], Metric]]:
    """Each line of the dashboard, with the properties of its picture."""
    for widget in dashboard():
        for namespace, name, *dimensions in widget["properties"]["metrics"]:
            options = dimensions.pop()
            assert isinstance(options, dict)
            pairs = frozenset(zip(dimensions[::2], dimensions[1::2], strict=True))
            yield widget["properties"] | options, (namespace, name, pairs)


def dashboard() -> list[dict[str, Any]]:
    properties = WATCHING.properties("Dashboard")
    assert properties["DashboardName"] == f"rodinka-{STAGE}"
    widgets: list[dict[str, Any]] = json.loads(properties["DashboardBody"])["widgets"]
    return widgets


def written(capsys: pytest.CaptureFixture[str]) -> set[Metric]:
    """The metrics on the standard output, in CloudWatch's embedded format."""
    found = set()
    for line in capsys.readouterr().out.splitlines():
        document = json.loads(line)
        for directive in document.get("_aws", {}).get("CloudWatchMetrics", []):
            for dimensions in directive["Dimensions"]:
                pairs = frozenset((name, document[name]) for name in dimensions)
                found |= {(directive["Namespace"], m["Name"], pairs) for m in directive["Metrics"]}
    return found


TICK = {"id": "t", "account": "1", "region": REGION, "time": "t", "version": "0", "detail": {}}
TICK |= {"source": "aws.events", "detail-type": "", "resources": []}


@pytest.mark.usefixtures("in_app")
def test_a_sweep_that_finds_nothing_writes_the_delay_whose_absence_rings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app.sweep(TICK, None)
    alarm = ALARMS["longest-delay"]
    assert watched(alarm) in written(capsys)
    assert (alarm["TreatMissingData"], alarm["Threshold"]) == ("breaching", 15 * 60)
    assert (alarm["Statistic"], alarm["EvaluationPeriods"]) == ("Maximum", 1)
    assert alarm["Period"] >= 2 * 60, "the sweep runs each minute"


@pytest.mark.usefixtures("in_app")
def test_what_the_sweep_and_the_api_fail_on_is_written_as_their_alarms_look_for_it(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError

    awaited_image(world, PHOTO)
    world.clock.advance(hours=1)
    monkeypatch.setattr("chalicelib.sweep._drive", fail)
    app.sweep(TICK, None)
    assert watched(ALARMS["not-driven-on"]) in written(capsys)
    monkeypatch.setattr("chalicelib.platform.http.routes._call", fail)
    assert ask("GET", "/v1/health", caller=None).status == 500
    assert watched(ALARMS["failed-requests"]) in written(capsys)


def test_every_metric_of_ours_on_the_dashboard_is_written_so_by_that_function(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = {metric for _, metric in drawn() if metric[0] == metrics.NAMESPACE}
    durations = set(first_arguments("seconds", "metrics.seconds"))
    functions = {name: functions for name, _, functions, *_ in rows("Metrics")}
    for _, name, dimensions in shown:
        function = dict(dimensions)["function"]
        assert f"`{function}`" in functions[name].split(", "), f"{name}, as the page says"
        with metrics.metering(function):
            (metrics.seconds if name in durations else metrics.count)(name, 1)
    assert shown == written(capsys)
    assert len(shown) >= 20


def test_every_function_has_alarms_on_errors_throttles_and_time() -> None:
    for function, (name, seconds) in FUNCTIONS.items():
        dimensions = frozenset({("FunctionName", name)})
        for kind, metric in (("errors", "Errors"), ("throttles", "Throttles")):
            alarm = ALARMS[f"{kind}-{function}"]
            assert watched(alarm) == ("AWS/Lambda", metric, dimensions)
            assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)
        alarm = ALARMS[f"duration-{function}"]
        assert watched(alarm) == ("AWS/Lambda", "Duration", dimensions)
        assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 0.8 * seconds * 1000)


def test_every_dead_letter_rings_and_so_does_work_that_waits() -> None:
    queues = {str(queue["QueueName"]): queue for queue in RESOURCES.of_type("AWS::SQS::Queue")}
    dead = {name for name in queues if name.endswith("-dead")}
    for name in dead:
        alarm = ALARMS["dead-" + name.removeprefix(f"rodinka-{STAGE}-").removesuffix("-dead")]
        dimensions = frozenset({("QueueName", name)})
        assert watched(alarm) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions)
        assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 0)
        assert alarm["EvaluationPeriods"] == 1
    assert dead < queues.keys()
    for name in queues.keys() - dead:
        alarm = ALARMS["oldest-" + name.removeprefix(f"rodinka-{STAGE}-")]
        dimensions = frozenset({("QueueName", name)})
        assert watched(alarm) == ("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions)
        # A message that its worker died of comes again once before it rings.
        patience = max(15 * 60, 2 * queues[name]["VisibilityTimeout"])
        assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", patience)


def test_the_api_is_watched_by_the_name_that_chalice_gives_it() -> None:
    assert watched(ALARMS["api-5xx"]) == ("AWS/ApiGateway", "5XXError", API)
    latency = ALARMS["api-latency"]
    assert watched(latency) == ("AWS/ApiGateway", "Latency", API)
    assert latency["ExtendedStatistic"] == "p99"
    assert "Statistic" not in latency


@pytest.mark.parametrize(
    ("kind", "metric"), [("throttled", "ThrottledRequests"), ("system-errors", "SystemErrors")]
)
def test_the_tables_of_requests_and_images_are_watched_over_all_operations(
    kind: str, metric: str
) -> None:
    for table in ("cases", "labelling", "catalogue", "people", "audit"):
        name = f"rodinka-{STAGE}-{table}"
        assert name in TABLES
        (query,) = ALARMS[f"{kind}-{table}"]["Metrics"]
        what, where = query["Expression"].split(" FROM ")
        assert what == f"SELECT SUM({metric})"
        assert where == f"SCHEMA(\"AWS/DynamoDB\", Operation, TableName) WHERE TableName = '{name}'"
        assert (query["ReturnData"], query["Period"]) == (True, 300)


def test_an_alarm_says_what_to_do_and_tells_the_topic_when_it_begins_and_ends() -> None:
    for name, alarm in ALARMS.items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [f"rodinka-{STAGE}-alarms"]
        assert " First: " in alarm["AlarmDescription"]
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
        assert 1 <= alarm["DatapointsToAlarm"] <= alarm["EvaluationPeriods"]
        assert alarm.get("Period", 300) == 300, "as the page says"
        if name != "longest-delay":
            assert alarm["TreatMissingData"] == "notBreaching"
        assert len(alarm["AlarmDescription"]) <= 1024


def test_alarms_may_publish_to_their_topic_and_use_its_key_and_nobody_elses() -> None:
    topic = WATCHING.properties("AlarmTopic")
    assert topic["KmsMasterKeyId"] == "<AlarmKey>", "AWS's own key for SNS shuts alarms out"
    key = WATCHING.properties("AlarmKey")["KeyPolicy"]["Statement"]
    policy = WATCHING.properties("AlarmTopicPolicy")["PolicyDocument"]["Statement"]
    wanted = {("kms:Decrypt", "kms:GenerateDataKey*"), ("sns:Publish",)}
    for statement in (*key, *policy):
        if statement["Principal"] != {"Service": "cloudwatch.amazonaws.com"}:
            continue
        actions = statement["Action"]
        wanted.remove(tuple(actions) if isinstance(actions, list) else (actions,))
        assert statement["Effect"] == "Allow"
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT_ID}
        pattern = statement["Condition"]["ArnLike"]["aws:SourceArn"]
        for alarm in WATCHING.of_type("AWS::CloudWatch::Alarm"):
            arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:{alarm['AlarmName']}"
            assert fnmatch(arn, pattern)
        assert not fnmatch(arn.replace(STAGE, "prod"), pattern)
    assert not wanted
    (tls,) = (s for s in policy if s["Sid"] == "TlsOnly")
    assert (tls["Effect"], tls["Principal"], tls["Action"]) == ("Deny", "*", "sns:Publish")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_somebody_is_written_to_only_where_an_address_is_given() -> None:
    assert list(WATCHING.of_type("AWS::SNS::Subscription")) == []
    told = Resolved(templates.WATCHING, AlarmEmail="duty@clinic.example")
    (subscription,) = told.of_type("AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "duty@clinic.example")
    assert subscription["TopicArn"] == told.output("AlarmTopicArn")


def test_what_the_dashboard_shows_of_aws_belongs_to_this_stage() -> None:
    known = {("FunctionName", name) for name, _ in FUNCTIONS.values()} | API
    known |= {("QueueName", name) for name in QUEUES} | {("TableName", name) for name in TABLES}
    shown = {metric for _, metric in drawn() if metric[0] != metrics.NAMESPACE}
    assert {pair for _, _, dimensions in shown for pair in dimensions} == known
    assert {name for _, name, _ in shown} >= {
        *("Errors", "Throttles", "Duration", "ConcurrentExecutions"),
        *("Count", "4XXError", "5XXError", "Latency"),
        *("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"),
        *("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"),
    }
    for options, (_, name, _) in drawn():
        assert options["region"] == REGION
        if name in ("Duration", "Latency"):
            assert options["stat"] in ("p50", "p90", "p99")


def test_the_pictures_of_the_dashboard_do_not_overlap() -> None:
    squares = [
        (widget["x"] + x, widget["y"] + y)
        for widget in dashboard()
        for x in range(widget["width"])
        for y in range(widget["height"])
    ]
    assert len(squares) == len(set(squares))
    assert max(x for x, _ in squares) < 24, "the width of a dashboard"
