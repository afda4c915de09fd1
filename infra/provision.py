"""Creates everything in `resources.yaml` through the services' own APIs, on whatever endpoint.

Why not moto's CloudFormation: it answers CREATE_COMPLETE and leaves out bucket versioning, CORS,
lifecycle, the public access block, TTL, point-in-time recovery and Cognito. Half of the file would
then be applied by CloudFormation and the other half here, each half blind to the other; this way
one reading applies it all. On AWS the template goes to CloudFormation itself.

Left out on purpose (`LEFT_TO_AWS`): bucket and queue policies, whose conditions (TLS only) moto does
not evaluate, so that the denial would hold for everyone and lock the local buckets; and what only
AWS has a use for: the CDN, log groups, alarms. `UNUSED_LOCALLY` can be made, but is not asked for:
the local front serves the pages from the checkout.
"""

import re
import secrets
import string
from collections.abc import Callable, Collection, Mapping
from typing import Any

import boto3

from chalicelib.platform.settings import PREFIX, Settings
from infra import template as templates
from infra.creators import CREATE, Created
from infra.template import Template

ACCOUNT_ID = "123456789012"
"""The account that moto pretends to be."""

LEFT_TO_AWS = frozenset(
    {
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::CloudFront::Distribution",
        "AWS::CloudFront::Function",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Logs::LogGroup",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
    }
)
"""Types that `provision` does not make, even where there is a way (of alarms, for a rehearsal)."""
SAID_BY_AWS = frozenset({"WebUrl"})
"""Outputs about what is left to AWS; whoever serves the pages elsewhere says where."""
UNUSED_LOCALLY = frozenset({"ArtifactsBucket", "PagesBucket"})
"""Logical ids that only a deployment has a use for."""


def provision(
    session: boto3.Session,
    *,
    secret: Callable[[int], str],
    stage: str = "local",
    endpoint_url: str | None = None,
    web_origins: list[str] | None = None,
    template: Template | None = None,
) -> dict[str, str]:
    """Create all resources of the template; the environment that `Settings.load` reads.

    `session` decides the region and the credentials, `endpoint_url` the server (none: whatever
    boto3 is told otherwise, for instance a `moto.mock_aws()` around the call). `secret(n)` gives n
    random letters and digits for generated secrets. Fails with botocore's ClientError where
    something exists already.
    """
    stack = Stack(
        session,
        secret=secret,
        stage=stage,
        endpoint_url=endpoint_url,
        web_origins=web_origins,
        template=template,
    )
    stack.create()
    return stack.environment()


def letters(length: int) -> str:
    """So many random letters and digits."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def setting_name(output: str) -> str:
    """`TableCases` → `RODINKA_TABLE_CASES`."""
    return PREFIX + re.sub(r"(?<!^)(?=[A-Z])", "_", output).upper()


def is_setting(output: str) -> bool:
    """Whether the functions read this output; the others are for the deployment."""
    return setting_name(output).removeprefix(PREFIX).lower() in Settings.model_fields


class Stack:
    """The resources made so far; one is made when it is first referred to, in whatever order."""

    def __init__(
        self,
        session: boto3.Session,
        *,
        secret: Callable[[int], str],
        stage: str = "local",
        endpoint_url: str | None = None,
        web_origins: list[str] | None = None,
        template: Template | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """As `provision`; `parameters` of the template in place of their defaults."""
        self.template = template or templates.load()
        self.secret = secret
        self._session = session
        self._endpoint_url = endpoint_url
        self._clients: dict[str, Any] = {}
        self._made: dict[str, Created | None] = {}
        if unknown := (parameters or {}).keys() - self.template.parameters:
            raise ValueError(f"The template has no parameter {', '.join(sorted(unknown))}.")
        given = {**self.template.parameters, **(parameters or {})}
        self._known: dict[str, Any] = {
            **given,
            "Stage": stage,
            "WebOrigins": web_origins or str(given.get("WebOrigins", "")).split(","),
            "AWS::Region": session.region_name,
            "AWS::AccountId": ACCOUNT_ID,
            "AWS::Partition": "aws",
        }

    def create(self, *, without: Collection[str] = UNUSED_LOCALLY) -> None:
        """Create every resource of the template that is not there yet, save those in `without`."""
        for logical_id in self.template.resources:
            if logical_id not in without:
                self.created(logical_id)

    def client(self, service: str) -> Any:
        """A boto3 client, made once."""
        if service not in self._clients:
            make: Any = self._session.client
            self._clients[service] = make(service, endpoint_url=self._endpoint_url)
        return self._clients[service]

    def created(self, logical_id: str) -> Created | None:
        """Create the resource unless it is there; none for what is left to AWS or not wanted."""
        if logical_id not in self._made:
            resource = self.template.resources[logical_id]
            self._made[logical_id] = None
            condition = resource.attributes.get("Condition")
            wanted = condition is None or self.holds(condition)
            if wanted and resource.type not in LEFT_TO_AWS:
                create = CREATE[resource.type]
                self._made[logical_id] = create(self, self.resolved(resource.properties))
        return self._made[logical_id]

    def resolved(self, value: Any) -> Any:
        """`value` of the template with every call answered."""
        return templates.resolve(value, ref=self._ref, get_att=self._get_att, holds=self.holds)

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template is met with these parameters."""
        return bool(self.resolved(self.template.conditions[condition]))

    def environment(self) -> dict[str, str]:
        """The outputs that are settings, with the secret's value in place of its ARN."""
        values = {
            setting_name(name): str(self.resolved(value))
            for name, value in self.template.outputs.items()
            if is_setting(name) and name not in SAID_BY_AWS
        }
        arn = values["RODINKA_SIGNING_KEY"]
        found = self.client("secretsmanager").get_secret_value(SecretId=arn)
        return {
            **values,
            "AWS_REGION": self._session.region_name,
            "RODINKA_SIGNING_KEY": found["SecretString"],
        }

    def _ref(self, name: str) -> Any:
        return self._known[name] if name in self._known else self._existing(name).ref

    def _get_att(self, logical_id: str, attribute: str) -> str:
        return self._existing(logical_id).attributes[attribute]

    def _existing(self, logical_id: str) -> Created:
        made = self.created(logical_id)
        if made is None:
            raise ValueError(f"{logical_id} is referred to in a circle, or exists on AWS only.")
        return made
