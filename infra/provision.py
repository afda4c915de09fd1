"""Creates everything in `resources.yaml` through the services' own APIs, on whatever endpoint.

Why not moto's CloudFormation: it answers CREATE_COMPLETE and leaves out bucket versioning, CORS,
lifecycle, the public access block, TTL, point-in-time recovery and Cognito. Half of the file would
then be applied by CloudFormation and the other half here, each half blind to the other; this way
one reading applies it all. On AWS the template goes to CloudFormation itself.

Left out on purpose (`LEFT_TO_AWS`): bucket and queue policies. Their conditions (TLS only) are not
evaluated by moto, so the denial would hold for everyone and lock the local buckets.
"""

import re
from collections.abc import Callable
from typing import Any

import boto3

from infra import template as templates
from infra.creators import CREATE, Created
from infra.template import Template

ACCOUNT_ID = "123456789012"
"""The account that moto pretends to be."""

LEFT_TO_AWS = frozenset({"AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"})


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


def setting_name(output: str) -> str:
    """`TableCases` → `RODINKA_TABLE_CASES`."""
    return "RODINKA_" + re.sub(r"(?<!^)(?=[A-Z])", "_", output).upper()


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
    ) -> None:
        self.template = template or templates.load()
        self.secret = secret
        self._session = session
        self._endpoint_url = endpoint_url
        self._clients: dict[str, Any] = {}
        self._made: dict[str, Created | None] = {}
        parameters = self.template.parameters
        self._known: dict[str, Any] = {
            **parameters,
            "Stage": stage,
            "WebOrigins": web_origins or str(parameters["WebOrigins"]).split(","),
            "AWS::Region": session.region_name,
            "AWS::AccountId": ACCOUNT_ID,
            "AWS::Partition": "aws",
        }

    def create(self) -> None:
        """Create every resource of the template that is not there yet."""
        for logical_id in self.template.resources:
            self.created(logical_id)

    def client(self, service: str) -> Any:
        """A boto3 client, made once."""
        if service not in self._clients:
            make: Any = self._session.client
            self._clients[service] = make(service, endpoint_url=self._endpoint_url)
        return self._clients[service]

    def created(self, logical_id: str) -> Created | None:
        """Create the resource unless it is there; none for what is left to AWS."""
        if logical_id not in self._made:
            resource = self.template.resources[logical_id]
            self._made[logical_id] = None
            if resource.type not in LEFT_TO_AWS:
                create = CREATE[resource.type]
                self._made[logical_id] = create(self, self.resolved(resource.properties))
        return self._made[logical_id]

    def resolved(self, value: Any) -> Any:
        """`value` of the template with every Ref, Sub and GetAtt answered."""
        return templates.resolve(value, ref=self._ref, get_att=self._get_att)

    def environment(self) -> dict[str, str]:
        """The outputs as settings, with the secret's value in place of its ARN."""
        values = {
            setting_name(name): str(self.resolved(value))
            for name, value in self.template.outputs.items()
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
