"""What sets the functions going, as far as Chalice cannot say it.

- A batch of a queue may fail in part: only the failed messages come again.
- What `classify` fails on three times goes to its dead-letter queue: Lambda would drop it.
- A schedule's event is not repeated and not kept: the next one comes within minutes, and a heap of
  old ones would only keep the sweep from the present.
- The uploads bucket tells `classify`. Chalice sets this; an update of the bucket may take it away.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.existing import is_missing
from infra.steps.deployment import Change, Deployment, NotYet, includes

PARTIAL: Final = ["ReportBatchItemFailures"]
FED: Final = {
    "assign_reader": "LabellingQueueArn",
    "deliver_webhook": "WebhooksQueueArn",
    "build_release": "BuildsQueueArn",
    "evaluate": "EvaluationsQueueArn",
}
"""Functions that a queue feeds, and the output that names it."""
SCHEDULED: Final = ("sweep", "measure_agreement", "compare_pictures", "seal_audit")
PREFIX: Final = "uploads/"


def changes(deployment: Deployment) -> Iterator[Change]:
    """Event source mapping, retries and destinations, the bucket's notification."""
    for name, queue in FED.items():
        yield from _partial_batches(deployment, name, queue)
    dead = {"OnFailure": {"Destination": deployment.outputs["ClassifyDeadQueueArn"]}}
    yield from _asynchronous(deployment, "classify", MaximumRetryAttempts=2, DestinationConfig=dead)
    for name in SCHEDULED:
        yield from _asynchronous(
            deployment, name, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60
        )
    yield from _notification(deployment)


def _partial_batches(deployment: Deployment, name: str, output: str) -> Iterator[Change]:
    client, queue = deployment.client("lambda"), deployment.outputs[output]
    found = client.list_event_source_mappings(EventSourceArn=queue)["EventSourceMappings"]
    if not found:
        raise NotYet("the functions")
    for mapping in found:
        if mapping.get("FunctionResponseTypes") != PARTIAL:
            yield Change(
                f"{name} may fail on a part of a batch",
                lambda uuid=mapping["UUID"]: client.update_event_source_mapping(  # type: ignore[misc]
                    UUID=uuid, FunctionResponseTypes=PARTIAL
                ),
            )


def _asynchronous(deployment: Deployment, name: str, **wanted: Any) -> Iterator[Change]:
    client, function = deployment.client("lambda"), deployment.function(name)
    try:
        found = client.get_function_event_invoke_config(FunctionName=function)
    except ClientError as error:
        if not is_missing(error):
            raise
        found = {}
    amiss = [what for what in wanted if not includes(found.get(what), wanted[what])]
    if amiss:
        yield Change(
            f"{name}: {', '.join(amiss)}",
            lambda: client.put_function_event_invoke_config(FunctionName=function, **wanted),
        )


def _notification(deployment: Deployment) -> Iterator[Change]:
    s3, bucket = deployment.client("s3"), deployment.outputs["BucketUploads"]
    found = s3.get_bucket_notification_configuration(Bucket=bucket)
    found.pop("ResponseMetadata", None)
    function = deployment.client("lambda").get_function_configuration(
        FunctionName=deployment.function("classify")
    )
    arn = function["FunctionArn"]
    told = found.get("LambdaFunctionConfigurations", [])
    if any(one["LambdaFunctionArn"] == arn and PREFIX in json.dumps(one) for one in told):
        return
    rule = {
        "LambdaFunctionArn": arn,
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": PREFIX}]}},
    }
    yield Change(
        "the uploads bucket tells classify of new objects",
        lambda: s3.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration={**found, "LambdaFunctionConfigurations": [*told, rule]},
        ),
    )
