"""The monthly bill of a load: amounts × prices, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from infra.cost.load import DAYS_A_YEAR, HOURS, READINGS, Load
from infra.cost.prices import Prices
from infra.cost.releases import SHARD_BYTES

GB: Final = 1024**3
PART_BYTES: Final = 8 * 1024**2
"""A shard is uploaded in parts of so many bytes."""
SERVICES: Final = (
    *("Lambda", "API Gateway", "DynamoDB", "S3", "Data transfer", "Cognito", "CloudWatch"),
    *("KMS and secrets", "SQS"),
)
ROTATIONS_CHARGED: Final = 2
"""A rotating key costs more after its first two rotations, one a year."""
POLL_SECONDS: Final = 20
POLLED_QUEUES: Final = 4
"""Queues that feed a function (app.py)."""
MESSAGED: Final = ("assign_reader", "deliver_webhook")
"""The functions behind two of them: one invocation a message, the dearest way. What `build_release` and
`evaluate` are called for is reckoned, not measured (`Releases.messages`)."""


@dataclass(frozen=True)
class Line:
    """One line: so many units of what `price` names, in dollars a month."""

    service: str
    what: str
    price: str
    amount: float
    dollars: float


def bill(load: Load, prices: Prices, *, years: float) -> list[Line]:
    """The lines of a month after `years` of this load."""
    amounts = _amounts(replace(load, years=years), years)
    return [
        Line(service, what, price, amount, prices.cost(price, amount))
        for service, what, price, amount in amounts
    ]


def total(lines: list[Line], service: str | None = None) -> float:
    """Dollars a month, of one service or of all."""
    return sum(line.dollars for line in lines if service in (None, line.service))


Amount = tuple[str, str, str, float]


def _amounts(load: Load, years: float) -> Iterator[Amount]:
    yield from _work(load)
    yield from _tables(load, years)
    yield from _objects(load, years)
    yield "Cognito", "people who sign in", "cognito.user", load.people
    yield from _watching(load)
    yield from _keys(load, years)
    polls = POLLED_QUEUES * load.assumed.sqs_pollers * HOURS * 3600 / POLL_SECONDS
    messages = sum(load.invocations[function] for function in MESSAGED) + load.releases.messages
    # Sent, received and deleted, each by itself.
    yield "SQS", "messages, empty polls", "sqs.request", 3 * messages + polls


def _work(load: Load) -> Iterator[Amount]:
    invocations = sum(load.invocations.values()) + load.releases.messages
    yield "Lambda", "invocations", "lambda.request", invocations
    yield "Lambda", "memory × time", "lambda.gb_second", load.gigabyte_seconds
    yield "API Gateway", "requests", "api.request", load.requests


def _tables(load: Load, years: float) -> Iterator[Amount]:
    yield "DynamoDB", "writes, with indexes", "dynamodb.write", load.write_units()
    yield "DynamoDB", "reads", "dynamodb.read", load.read_units()
    yield "DynamoDB", "reads of selections", "dynamodb.read", load.releases.read_units
    stored, own = (years * load.stored_bytes(indexes=with_them) / GB for with_them in (True, False))
    yield "DynamoDB", "storage, with indexes", "dynamodb.storage", stored
    yield "DynamoDB", "recovery to a point in time", "dynamodb.recovery", own


def _objects(load: Load, years: float) -> Iterator[Amount]:
    assumed, standing = load.assumed, load.usage.standing
    kept = years * (assumed.image_bytes + assumed.thumbnail_bytes)
    passing = assumed.image_bytes * min(years, standing.uploads_days / DAYS_A_YEAR)
    copies = READINGS + assumed.to_senior
    passing += copies * assumed.image_bytes * min(years, standing.assigned_days / DAYS_A_YEAR)
    yield "S3", "storage", "s3.storage", load.images * (kept + passing) / GB
    made = load.releases
    yield "S3", "storage of releases", "s3.storage", made.stored_bytes / GB
    put = load.calls_of("s3.PutObject", "s3.CopyObject")
    parts = made.shards_written * SHARD_BYTES / PART_BYTES
    yield "S3", "objects put and copied", "s3.put", put + parts
    thumbnails = load.images_a_month * assumed.thumbnails_per_image
    pictures = load.images_a_month * assumed.pictures_per_image
    pictures += load.readings * assumed.pictures_per_reading
    fetched = load.calls_of("s3.GetObject", "s3.HeadObject") + pictures + thumbnails
    fetched += made.pictures_read
    yield "S3", "objects fetched", "s3.get", fetched
    out = (pictures * assumed.image_bytes + thumbnails * assumed.thumbnail_bytes) / GB
    yield "Data transfer", "pictures to browsers", "s3.out", out
    yield "Data transfer", "releases and units of tests", "s3.out", made.fetched_bytes / GB
    visits, pages = load.sessions, load.usage.pages
    answers = sum(times * load.usage.acts[name].answer_bytes for name, times in load.acts.items())
    sent = (answers + visits * pages.bytes) / GB
    yield "Data transfer", "pages and answers", "cloudfront.out", sent
    asked = load.requests + visits * pages.requests
    yield "Data transfer", "requests through the CDN", "cloudfront.request", asked


def _watching(load: Load) -> Iterator[Amount]:
    assumed, standing, acts = load.assumed, load.usage.standing, load.usage.acts
    written: dict[str, float] = {
        f"ColdStarts {function}": times for function, times in load.cold_starts.items()
    }
    said = load.requests * assumed.access_log_bytes
    said += sum(load.invocations.values()) * assumed.platform_log_bytes
    for name, times in load.acts.items():
        said += times * acts[name].log_bytes
        for metric, values in acts[name].metrics.items():
            written[metric] = written.get(metric, 0) + times * values
    yield "CloudWatch", "logs taken in", "cloudwatch.log_in", said / GB
    months = standing.log_days / DAYS_A_YEAR * 12
    kept = said * months * assumed.stored_log_share / GB
    yield "CloudWatch", "logs kept", "cloudwatch.log_stored", kept
    # Charged by the hour in which a metric is written: at most one hour for each value.
    metrics = sum(min(HOURS, times) for times in written.values()) / HOURS
    yield "CloudWatch", "metrics of ours", "cloudwatch.metric", metrics
    yield "CloudWatch", "alarms", "cloudwatch.alarm", standing.alarms
    yield "CloudWatch", "dashboard", "cloudwatch.dashboard", standing.dashboards


def _keys(load: Load, years: float) -> Iterator[Amount]:
    standing = load.usage.standing
    rotations = min(ROTATIONS_CHARGED, max(0, round(years) - 1))
    keys = standing.keys + standing.rotating_keys * rotations
    yield "KMS and secrets", "keys", "kms.key", keys
    yield "KMS and secrets", "requests to keys", "kms.request", key_requests(load)
    yield "KMS and secrets", "secrets", "secrets.secret", standing.secrets


def key_requests(load: Load) -> float:
    """Requests to KMS in a month: codes of patients, and the keys of tables and buckets."""
    objects = load.calls_of("s3.PutObject", "s3.CopyObject", "s3.GetObject", "s3.HeadObject")
    windows = HOURS * 60 / load.assumed.table_key_minutes
    tables = 0.0
    for function, made in load.invocations.items():
        used = {
            t for act in load.usage.acts.values() if act.function == function for t in act.tables
        }
        tables += len(used) * min(windows, made)
    return load.calls_of("kms.GenerateMac") + tables + objects * load.assumed.bucket_key_share
