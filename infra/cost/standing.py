"""What the templates, the functions' configuration and the built pages say: nothing here is measured
by running it."""

import gzip
import json
from pathlib import Path
from typing import Any, Final

from infra import template as templates
from infra.cost.usage import Pages, Standing
from infra.permissions import FUNCTIONS
from infra.template import Resource

ROOT: Final = Path(__file__).parents[2]
CONFIGURATION: Final = ROOT / ".chalice" / "config.json"
_TEMPLATE_MARK: Final = "AWSTemplateFormatVersion"


def standing(folder: Path = ROOT / "infra") -> Standing:
    """Count what costs money by standing there, over all templates in `folder`."""
    resources = [
        resource
        for path in sorted(folder.glob("*.yaml"))
        if path.read_text("utf-8").startswith(_TEMPLATE_MARK)
        for resource in templates.load(path).resources.values()
    ]

    def of_type(type_: str) -> list[Resource]:
        return [resource for resource in resources if resource.type == type_]

    keys = of_type("AWS::KMS::Key")
    buckets = {resource.logical_id: resource for resource in of_type("AWS::S3::Bucket")}
    return Standing(
        alarms=sum(_metrics_of(alarm) for alarm in of_type("AWS::CloudWatch::Alarm")),
        dashboards=len(of_type("AWS::CloudWatch::Dashboard")),
        keys=len(keys),
        rotating_keys=sum(key.properties.get("EnableKeyRotation") is True for key in keys),
        secrets=len(of_type("AWS::SecretsManager::Secret")),
        uploads_days=_kept_days(buckets["UploadsBucket"], ""),
        assigned_days=_kept_days(buckets["ImagesBucket"], "assigned/"),
        log_days=int(templates.load().parameters["LogRetentionDays"]),
    )


def megabytes() -> dict[str, int]:
    """The memory of each function."""
    configuration = json.loads(CONFIGURATION.read_text("utf-8"))
    usual = configuration["lambda_memory_size"]
    own = configuration["lambda_functions"]
    return {name: own.get(name, {}).get("lambda_memory_size", usual) for name in FUNCTIONS}


def pages(dist: Path = ROOT / "web" / "dist") -> Pages | None:
    """Requests and packed bytes of a first visit; None where the pages are not built.

    Everything that `index.html` names, and all further parts but those of the API's reference.
    """
    if not (dist / "index.html").is_file():
        return None
    index = (dist / "index.html").read_text("utf-8")
    files = [
        path
        for path in sorted(dist.rglob("*"))
        if path.is_file() and (path.name in index or b"swagger" not in path.read_bytes())
    ]
    return Pages(
        requests=len(files),
        bytes=sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files),
    )


def _metrics_of(alarm: Resource) -> int:
    """An alarm is charged by the metrics that it watches."""
    queries: list[Any] = alarm.properties.get("Metrics", [])
    return sum("MetricStat" in query for query in queries) or 1


def _kept_days(bucket: Resource, prefix: str) -> int:
    """Days from an object's arrival until its last byte is gone: it expires, and its version is kept
    for a while as one that is no more current."""
    rules = bucket.properties["LifecycleConfiguration"]["Rules"]
    expires: list[int] = [
        rule["ExpirationInDays"]
        for rule in rules
        if rule.get("Prefix") == prefix and "ExpirationInDays" in rule
    ]
    kept: list[int] = [
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if "NoncurrentVersionExpiration" in rule
    ]
    return min(expires) + min(kept)
