"""What the steps share: which copy of the system, in which account, and what a change is."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import boto3
import yaml
from botocore.exceptions import ClientError

from infra import template as templates
from infra.at import Unreachable, environment
from infra.existing import Existing, is_missing

ROOT: Final = Path(__file__).parents[2]
STAGES: Final = ROOT / "infra" / "stages.yaml"
RECORD: Final = "deployments/functions.json"
"""In the artifacts bucket: `{"digest": …, "code": …, "chalice": Chalice's own record}`."""
GATEWAY_STAGE: Final = "api"
"""The stage of API Gateway, hence the first part of every address."""


class Refused(Exception):
    """The deployment cannot go on; the sentence says what to do."""


class NotYet(Exception):
    """A plan cannot look so far: what this step compares with does not exist yet."""


class Outputs(dict[str, str]):
    """A stack's outputs by name."""

    def __missing__(self, name: str) -> str:
        raise NotYet(f"the stack's {name}")


@dataclass(frozen=True)
class Change:
    """One difference between what is wanted and what is there."""

    what: str
    """Told to whoever deploys, after a +."""
    make: Callable[[], object]
    """Puts it right."""


@dataclass
class Deployment:
    """One copy of the system in one account and region."""

    stage: str
    session: boto3.Session
    say: Callable[[str], None] = print
    wait: Callable[[float], None] = time.sleep
    root: Path = ROOT
    _clients: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the stack, and the beginning of every physical name."""
        return f"rodinka-{self.stage}"

    @cached_property
    def options(self) -> dict[str, str]:
        """This stage's parameters of the templates, from `infra/stages.yaml`."""
        stages = yaml.safe_load(STAGES.read_text("utf-8")) or {}
        return {name: str(value) for name, value in (stages.get(self.stage) or {}).items()}

    @property
    def build(self) -> Path:
        """Where this stage's package is put together; may be deleted at any time."""
        return self.root / "build" / "deploy" / self.stage

    @property
    def region(self) -> str:
        return str(self.session.region_name)

    @cached_property
    def identity(self) -> dict[str, str]:
        """The account and ARN of whoever deploys."""
        found: dict[str, str] = self.client("sts").get_caller_identity()
        return found

    @property
    def account_id(self) -> str:
        return self.identity["Account"]

    @property
    def partition(self) -> str:
        """`aws`, or the name of one of AWS's separate partitions."""
        return self.identity["Arn"].split(":")[1]

    @cached_property
    def emulated(self) -> bool:
        """Whether the endpoint is not AWS's own (`AWS_ENDPOINT_URL`): nothing runs there."""
        host = str(self.client("sts").meta.endpoint_url).partition("://")[2].split("/")[0]
        return not host.endswith((".amazonaws.com", ".amazonaws.com.cn"))

    def client(self, service: str) -> Any:
        """A boto3 client, made once."""
        if service not in self._clients:
            make: Any = self.session.client
            self._clients[service] = make(service)
        return self._clients[service]

    @property
    def existing(self) -> Existing:
        """The resources of `resources.yaml` as they are, found by their names."""
        return self.existing_of(templates.load())

    def existing_of(self, template: templates.Template) -> Existing:
        """The resources of a template as they are."""
        return Existing(
            self.session,
            stage=self.stage,
            account_id=self.account_id,
            partition=self.partition,
            parameters=self.parameters,
            template=template,
            emulated=self.emulated,
        )

    def forget(self) -> None:
        """Look at the stack and the record anew: a step before may have changed them."""
        for name in ("outputs", "record"):
            self.__dict__.pop(name, None)

    @cached_property
    def outputs(self) -> dict[str, str]:
        """What the stack says of itself. What it does not say raises `NotYet`."""
        if self.emulated:
            return Outputs(self.existing.outputs())
        try:
            [stack] = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                raise NotYet("the stack") from error
            raise
        return Outputs({one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])})

    @property
    def settings(self) -> dict[str, str]:
        """The environment of the functions, `RODINKA_*`, with the signing key in it."""
        try:
            if self.emulated:
                found = self.existing.environment()
            else:
                found = environment(self.session, self.stage)
        except (Unreachable, ValueError) as error:
            raise NotYet("the stack") from error
        # Lambda sets the region itself, and refuses it among a function's settings.
        return {name: value for name, value in found.items() if name != "AWS_REGION"}

    @property
    def names(self) -> dict[str, str | list[str]]:
        """What the placeholders of `infra/permissions.yaml` stand for."""
        outputs = self.outputs
        keys = f"arn:{self.partition}:kms:{self.region}:{self.account_id}:key/"
        ids = [pair.partition("=")[2] for pair in outputs["CodeKeys"].split(",")]
        return {
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::AccountId": self.account_id,
            "Stage": self.stage,
            "DataKeyArn": outputs["DataKeyArn"],
            "UserPoolId": outputs["UserPoolId"],
            "CodeKeyArns": [keys + key_id for key_id in ids],
        }

    @property
    def web_url(self) -> str:
        """Where people open the pages. Raises `NotYet` before there is a CDN.

        On an endpoint that is not AWS, and has none, the address of the bucket stands for it.
        """
        if domain := self.options.get("WebDomain"):
            return f"https://{domain}"
        if self.emulated:
            return f"https://{self.name}-pages-{self.account_id}.s3.{self.region}.amazonaws.com"
        return self.outputs["WebUrl"]

    @cached_property
    def record(self) -> dict[str, Any]:
        """What the last deployment of the functions wrote down; nothing before the first."""
        try:
            found = self.client("s3").get_object(Bucket=self.artifacts, Key=RECORD)
        except ClientError as error:
            if is_missing(error):
                return {}
            raise
        written: dict[str, Any] = json.loads(found["Body"].read())
        return written

    @property
    def api_id(self) -> str | None:
        """Of the REST API, once it has been deployed."""
        for resource in self.record.get("chalice", {}).get("resources", ()):
            if resource["resource_type"] == "rest_api":
                return str(resource["rest_api_id"])
        return None

    @property
    def api_domain(self) -> str | None:
        """Where the API answers without the CDN."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        api = self.api_id
        return None if api is None else f"{api}.execute-api.{self.region}.{suffix}"

    @property
    def parameters(self) -> dict[str, str]:
        """Of the templates: the stage's own, and the addresses that are known by now."""
        known = {"Stage": self.stage, **self.options}
        if domain := self.api_domain:
            known["ApiDomain"] = domain
        with suppress(NotYet):
            known.setdefault("WebOrigins", self.web_url)
        return known

    @property
    def artifacts(self) -> str:
        """The bucket of layers and of the record of what was deployed."""
        return f"{self.name}-artifacts-{self.account_id}"

    def moment(self) -> str:
        """Now, as a part of a name."""
        return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")

    def function(self, name: str) -> str:
        """The name on AWS of a function of `app.py`."""
        return function_name(self.stage, name)


def function_name(stage: str, name: str) -> str:
    """The name on AWS of a function of `app.py`; Chalice gives its routes' function no suffix."""
    return f"rodinka-{stage}" if name == "api_handler" else f"rodinka-{stage}-{name}"


def includes(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is there. Services add defaults of their own to what they were given."""
    match wanted:
        case dict():
            return isinstance(found, dict) and all(
                includes(found.get(k), v) for k, v in wanted.items()
            )
        case list():
            return (
                isinstance(found, list)
                and len(found) == len(wanted)
                and all(map(includes, found, wanted))
            )
        case _:
            return bool(found == wanted)
