"""The REST API, as far as Chalice cannot say it: refusals of its own, throttling, access logs, name.

`chalice deploy` imports the whole API anew, which takes away its gateway responses; and they take
effect only with a deployment after them. So each deployment of ours is described by the digest of
the responses, and a stage that shows another one is deployed again.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.existing import is_missing
from infra.gateway_responses import RESPONSES, GatewayResponse
from infra.steps.deployment import GATEWAY_STAGE, Change, Deployment, NotYet
from infra.throttling import METHODS, STAGE, Rate

LOG_ROLE: Final = "rodinka-apigateway-logs"
"""API Gateway writes logs with one role for the whole account and region."""
ACCESS_LOG: Final = {
    # No address is among these: a resource path has names in place of ids, and an account's id is
    # no person's name. The caller's address stays out.
    "at": "$context.requestTimeEpoch",
    "request_id": "$context.requestId",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "ms": "$context.responseLatency",
    "integration_ms": "$context.integrationLatency",
    "authorizer_ms": "$context.authorizer.latency",
    "refusal": "$context.error.responseType",
}


def changes(deployment: Deployment) -> Iterator[Change]:
    """Name, refusals, throttling, access log."""
    api = deployment.api_id
    if api is None:
        raise NotYet("the API")
    yield from _name(deployment, api)
    yield from _refusals(deployment, api)
    yield from _stage(deployment, api)
    if arn := deployment.options.get("ApiWebAclArn"):
        yield from _firewall(deployment, api, arn)


def _name(deployment: Deployment, api: str) -> Iterator[Change]:
    """Chalice calls every stage's API `rodinka`; metrics and alarms tell APIs by their name."""
    client = deployment.client("apigateway")
    if client.get_rest_api(restApiId=api)["name"] != deployment.name:
        rename = {"op": "replace", "path": "/name", "value": deployment.name}
        yield Change(
            f"the API is called {deployment.name}",
            lambda: client.update_rest_api(restApiId=api, patchOperations=[rename]),
        )


def _refusals(deployment: Deployment, api: str) -> Iterator[Change]:
    client, origin = deployment.client("apigateway"), deployment.web_url
    items = client.get_gateway_responses(restApiId=api, limit=100)["items"]
    found = {item["responseType"]: item for item in items}
    for response in RESPONSES.values():
        wanted = _as_gateway_takes_it(response, origin)
        there = found.get(response.type, {})
        if any(there.get(what) != value for what, value in wanted.items()):
            yield Change(
                f"{response.type} is answered with {response.status} in our form",
                lambda type_=response.type, wanted=wanted: client.put_gateway_response(  # type: ignore[misc]
                    restApiId=api, responseType=type_, **wanted
                ),
            )
    described = _described(origin)
    if _deployed(deployment, api) != described:
        yield Change(
            "the API with these answers goes into its stage",
            lambda: client.create_deployment(
                restApiId=api, stageName=GATEWAY_STAGE, description=described
            ),
        )


def _as_gateway_takes_it(response: GatewayResponse, origin: str) -> dict[str, Any]:
    # A page that asks the API by its own address could not read a refusal without this header.
    headers = {**response.headers, "Access-Control-Allow-Origin": origin}
    return {
        "statusCode": str(response.status),
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()
        },
        "responseTemplates": {"application/json": response.body(None)},
    }


def _described(origin: str) -> str:
    wanted = [_as_gateway_takes_it(response, origin) for response in RESPONSES.values()]
    text = json.dumps(wanted, sort_keys=True, ensure_ascii=False)
    return f"with gateway responses {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _deployed(deployment: Deployment, api: str) -> str:
    client = deployment.client("apigateway")
    stage = client.get_stage(restApiId=api, stageName=GATEWAY_STAGE)
    found = client.get_deployment(restApiId=api, deploymentId=stage["deploymentId"])
    return str(found.get("description", ""))


def _stage(deployment: Deployment, api: str) -> Iterator[Change]:
    """Throttling and access log of the stage."""
    client = deployment.client("apigateway")
    stage = client.get_stage(restApiId=api, stageName=GATEWAY_STAGE)
    wanted = {"*/*": STAGE}
    wanted |= {f"{_escaped(path)}/{method}": rate for (method, path), rate in METHODS.items()}
    settings = {_plain(where): each for where, each in stage.get("methodSettings", {}).items()}
    patches = [
        patch
        for where, rate in wanted.items()
        if _rate(settings.get(_plain(where), {})) != rate
        for patch in _throttled(where, rate)
    ]
    if not settings.get("*/*", {}).get("metricsEnabled"):
        patches.append(_replace("/*/*/metrics/enabled", "true"))
    if patches:
        yield Change("throttling and metrics of the API", lambda: _patch(deployment, api, patches))
    log = {"destinationArn": deployment.outputs["AccessLogGroupArn"], "format": _format()}
    if stage.get("accessLogSettings") != log:
        yield from _log_role(deployment)
        logged = [_replace(f"/accessLogSettings/{what}", value) for what, value in log.items()]
        yield Change("access log of the API", lambda: _patch(deployment, api, logged))


def _format() -> str:
    return json.dumps(ACCESS_LOG)


def _escaped(path: str) -> str:
    """A resource path within a patch's path, as RFC 6901 writes it."""
    return path.replace("~", "~0").replace("/", "~1")


def _plain(where: str) -> str:
    """The key of a method's settings, however the API answers it: escaped, with a slash or without."""
    return where.replace("~1", "/").lstrip("/")


def _rate(settings: dict[str, Any]) -> Rate | None:
    if "throttlingRateLimit" not in settings:
        return None
    return Rate(settings["throttlingRateLimit"], settings["throttlingBurstLimit"])


def _throttled(where: str, rate: Rate) -> list[dict[str, str]]:
    return [
        _replace(f"/{where}/throttling/rateLimit", f"{rate.rate:g}"),
        _replace(f"/{where}/throttling/burstLimit", str(rate.burst)),
    ]


def _replace(path: str, value: str) -> dict[str, str]:
    return {"op": "replace", "path": path, "value": value}


def _patch(deployment: Deployment, api: str, patches: list[dict[str, str]]) -> None:
    deployment.client("apigateway").update_stage(
        restApiId=api, stageName=GATEWAY_STAGE, patchOperations=patches
    )


def _log_role(deployment: Deployment) -> Iterator[Change]:
    """API Gateway refuses an access log in an account that has named no role for it."""
    client = deployment.client("apigateway")
    if not client.get_account().get("cloudwatchRoleArn"):
        yield Change(
            f"API Gateway of this account may write logs (role {LOG_ROLE})",
            lambda: _let_it_log(deployment),
        )


def _let_it_log(deployment: Deployment) -> None:
    iam = deployment.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    writes = ("CreateLogGroup", "CreateLogStream", "PutLogEvents", "DescribeLogGroups")
    reads = ("DescribeLogStreams", "GetLogEvents", "FilterLogEvents")
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": [f"logs:{action}" for action in (*writes, *reads)],
            "Resource": "*",
        },
    }
    try:
        arn = iam.get_role(RoleName=LOG_ROLE)["Role"]["Arn"]
    except ClientError as error:
        if not is_missing(error):
            raise
        made = iam.create_role(RoleName=LOG_ROLE, AssumeRolePolicyDocument=json.dumps(trust))
        arn = made["Role"]["Arn"]
        iam.put_role_policy(
            RoleName=LOG_ROLE, PolicyName="write-logs", PolicyDocument=json.dumps(policy)
        )
        deployment.wait(
            0 if deployment.emulated else 10
        )  # a new role is not known everywhere at once
    deployment.client("apigateway").update_account(
        patchOperations=[_replace("/cloudwatchRoleArn", arn)]
    )


def _firewall(deployment: Deployment, api: str, acl: str) -> Iterator[Change]:
    waf = deployment.client("wafv2")
    stage = (
        f"arn:{deployment.partition}:apigateway:{deployment.region}::"
        f"/restapis/{api}/stages/{GATEWAY_STAGE}"
    )
    if waf.get_web_acl_for_resource(ResourceArn=stage).get("WebACL", {}).get("ARN") != acl:
        yield Change(
            "the API stands behind its web ACL",
            lambda: waf.associate_web_acl(ResourceArn=stage, WebACLArn=acl),
        )
