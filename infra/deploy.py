"""Deploys one copy of the system to AWS: `make deploy STAGE=prod`.

    python -m infra.deploy STAGE            whatever differs is put right, step after step
    python -m infra.deploy STAGE --plan     tells what would be done, and does nothing
    python -m infra.deploy STAGE --undeploy removes the functions and the API, and no data

Repeating it is safe: a step that finds nothing different does nothing, and one that failed goes on
where it was. Credentials and region are those that boto3 finds; AWS_ENDPOINT_URL is honoured.
Exit status: 0 done, 1 refused (the last sentence says why), 2 wrong arguments.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.at import told
from infra.steps import (
    account,
    drift,
    events,
    functions,
    gateway,
    layers,
    model,
    pages,
    smoke,
    stack,
)
from infra.steps.deployment import GATEWAY_STAGE, Change, Deployment, NotYet, Refused

Step = Callable[[Deployment], Iterator[Change]]

STEPS: Final[dict[str, Step]] = {
    "account": account.changes,
    "stack": stack.changes,
    "settings": drift.changes,
    "model": model.changes,
    "layers": layers.changes,
    "functions": functions.changes,
    "events": events.changes,
    "gateway": gateway.changes,
    "addresses": stack.changes,
    "origins": drift.changes,
    "alarms": stack.watching,
    "settings of alarms": drift.watching,
    "pages": pages.changes,
    "smoke test": smoke.changes,
}


def deploy(deployment: Deployment) -> int:
    """Take every step; how many changes were made. Raises `Refused`."""
    return sum(_taken(deployment, name, step) for name, step in STEPS.items())


def _taken(deployment: Deployment, name: str, step: Step) -> int:
    began, made = time.monotonic(), 0
    deployment.forget()
    deployment.say(f"{name}:")
    try:
        for change in step(deployment):
            deployment.say(f"  + {change.what}")
            change.make()
            made += 1
    except NotYet as missing:
        raise Refused(f"Missing, although the steps before have ended: {missing}.") from None
    except ClientError as error:
        said = error.response["Error"].get("Message", "")
        raise Refused(f"{told(error)} {said} Put that right and repeat.") from error
    took = time.monotonic() - began
    deployment.say(f"  {made or 'nothing'} changed, {took:.0f} s")
    return made


def plan(deployment: Deployment) -> int:
    """Tell what `deploy` would change, as far as can be known; how many changes."""
    told_of = 0
    for name, step in STEPS.items():
        deployment.say(f"{name}:")
        try:
            for change in step(deployment):
                deployment.say(f"  + {change.what}")
                told_of += 1
        except NotYet as missing:
            deployment.say(f"  cannot be told before this is there: {missing}")
            told_of += 1
    return told_of


def undeploy(deployment: Deployment) -> None:
    """Remove the functions, the API, the layers and the alarms. Tables, buckets, keys, accounts stay.

    What is gone already is passed over, so that an attempt that failed can be repeated.
    """
    list(account.changes(deployment))
    if deployment.record:
        functions.delete(deployment)
    else:
        deployment.say("  no functions are recorded as deployed")
    layers.delete(deployment)
    stack.delete_watching(deployment)


def summary(deployment: Deployment) -> str:
    """Where everything is."""
    deployment.forget()
    outputs = deployment.outputs
    lines = {
        "pages": deployment.web_url,
        "API": f"{deployment.web_url}/api/v1",
        "API directly": f"https://{deployment.api_domain}/{GATEWAY_STAGE}/v1",
        "dashboard": f"https://{deployment.region}.console.aws.amazon.com/cloudwatch/home"
        f"?region={deployment.region}#dashboards/dashboard/{deployment.name}",
        "user pool": outputs["UserPoolId"],
    }
    return "\n".join(f"  {what:13} {where}" for what, where in lines.items())


def main(arguments: list[str]) -> int:
    """Carry out one command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.deploy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stage", help="the copy of the system: dev, prod …")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--plan", action="store_true", help="tell what would be done")
    what.add_argument("--undeploy", action="store_true", help="remove functions and API, no data")
    asked = parser.parse_args(arguments)
    try:
        if region := os.environ.get("AWS_REGION"):
            os.environ["AWS_DEFAULT_REGION"] = region  # the one that boto3 reads
        deployment = Deployment(asked.stage, boto3.Session(), say=_say)
        if asked.plan:
            print(f"{plan(deployment)} changes in all. Nothing was done.")
        elif asked.undeploy:
            undeploy(deployment)
            print(f"{asked.stage} has no functions any more. Its data is untouched.")
        else:
            made = deploy(deployment)
            print(f"{asked.stage} is deployed: {made or 'nothing'} changed.")
            print(summary(deployment))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(told(error), file=sys.stderr)
        return 1
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
