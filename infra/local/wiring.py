"""What calls what: the pump's sources and targets, read from the app's own declarations.

Chalice keeps a list of event sources on the app; reading it here means that the local stack cannot
call a function that the deployment would not, nor leave one out.
"""

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from chalice.app import Chalice, S3EventConfig, ScheduledEventConfig, SQSEventConfig
from chalice.config import Config

from infra.local.pump import Function, ObjectEvents, Pump, QueueMapping, Schedule

_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


def wire(
    module: ModuleType,
    config: Config,
    *,
    sqs: Any,
    s3: Any,
    region: str,
    dead_letters: dict[str, str],
    tick_seconds: float | None,
    log: Callable[[str], None],
    holds: Callable[[str], bool] = lambda queue_url: True,
) -> Pump:
    """A pump for every event source that `module.app` declares.

    `dead_letters`: function name → URL of its on-failure queue. `tick_seconds` replaces the
    interval of every schedule; `holds` is the pump's. Raises `NotImplementedError` for a kind of source the local stack
    does not know.
    """
    app: Chalice = module.app
    objects, mappings, schedules = [], [], []
    for source in app.event_sources:
        function = _function(module, source.handler_string, source.name, config)
        match source:
            case S3EventConfig():
                queue_url = _notified_queue(sqs, s3, source)
                objects.append(ObjectEvents(function, queue_url))
            case SQSEventConfig():
                name = source.queue or str(source.queue_arn).rsplit(":", 1)[-1]
                queue_url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
                mappings.append(
                    QueueMapping(function, queue_url, _arn(sqs, queue_url), source.batch_size)
                )
            case ScheduledEventConfig():
                seconds = tick_seconds or rate_seconds(source.schedule_expression)
                schedules.append(Schedule(function, seconds))
            case _:
                raise TypeError(f"{source.name}: the pump cannot deliver a {type(source).__name__}")
    return Pump(
        sqs=sqs,
        s3=s3,
        region=region,
        objects=objects,
        mappings=mappings,
        schedules=schedules,
        dead_letters=dead_letters,
        log=log,
        holds=holds,
    )


def rate_seconds(expression: Any) -> float:
    """`rate(5 minutes)`, or Chalice's object for it, in seconds. Raises ValueError for others."""
    text = expression if isinstance(expression, str) else expression.to_string()
    match = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", text)
    if match is None:
        raise ValueError(f"Only rates are run locally, not {text}.")
    return float(match.group(1)) * _SECONDS[match.group(2)]


def _function(module: ModuleType, handler: str, name: str, config: Config) -> Function:
    # "app.classify": Lambda imports the module and calls the attribute.
    scoped = config.scope(config.chalice_stage, name)
    return Function(
        name=name,
        call=getattr(module, handler.rsplit(".", 1)[-1]),
        timeout_seconds=scoped.lambda_timeout or 60,
        memory_mb=scoped.lambda_memory_size or 128,
    )


def _notified_queue(sqs: Any, s3: Any, source: S3EventConfig) -> str:
    """A queue that exists only here and gets the bucket's events: moto has no way to a function."""
    queue_url: str = sqs.create_queue(QueueName=f"{source.bucket}-events")["QueueUrl"]
    rules = [("prefix", source.prefix), ("suffix", source.suffix)]
    s3.put_bucket_notification_configuration(
        Bucket=source.bucket,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "Id": source.name,
                    "QueueArn": _arn(sqs, queue_url),
                    "Events": source.events,
                    "Filter": {
                        "Key": {
                            "FilterRules": [
                                {"Name": name, "Value": value} for name, value in rules if value
                            ]
                        }
                    },
                }
            ]
        },
    )
    return queue_url


def _arn(sqs: Any, queue_url: str) -> str:
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return str(found["Attributes"]["QueueArn"])
