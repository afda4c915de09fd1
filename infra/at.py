"""Runs one of the operator's commands with the environment of a stage on AWS.

    python -m infra.at STAGE infra.erasure check PATIENT_ID
    python -m infra.at STAGE infra.pause status

The environment is what the stack `rodinka-<stage>` says in its outputs, and the value of the secret
that it names. It holds for this process only, and no value of it is printed. A variable `RODINKA_*`
that is set already is kept and named: so a command works on a restored table
(`RODINKA_TABLE_CASES=… python -m infra.at …`). AWS is asked with the credentials and the region that
boto3 finds (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL).

Exit status: the command's own; 2 when the stage cannot be reached, or AWS refuses the command.
"""

import argparse
import os
import runpy
import sys
from collections.abc import MutableMapping
from importlib.util import find_spec
from typing import Any, Final

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

from chalicelib.platform.settings import PREFIX, Settings, SettingsError
from infra.provision import setting_name

FAILED: Final = 2
SECRET: Final = PREFIX + "SIGNING_KEY"
"""The stack names the secret; whoever asks for the environment gets its value."""
_SETTINGS: Final = {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}


class Unreachable(Exception):
    """The stage, or AWS itself, is out of reach; the sentence says what to do."""


def environment(session: boto3.Session, stage: str) -> dict[str, str]:
    """The variables of a stage as `Settings.load` reads them, and AWS_REGION.

    Two calls to AWS. Raises `Unreachable` when the stack is not there or not whole, and when AWS
    does not let us ask.
    """
    try:
        outputs = _outputs(session, stage)
        found = {setting_name(name): value for name, value in outputs.items()}
        values = {name: value for name, value in found.items() if name in _SETTINGS}
        missing = [n for n, field in _SETTINGS.items() if field.is_required() and n not in values]
        if missing:
            raise Unreachable(
                f"The stack rodinka-{stage} does not tell {', '.join(missing)}. "
                f"Deploy the stage once more: make deploy STAGE={stage}"
            )
        secrets: Any = session.client("secretsmanager")
        values[SECRET] = secrets.get_secret_value(SecretId=values[SECRET])["SecretString"]
    except (BotoCoreError, ClientError) as error:
        raise Unreachable(told(error)) from error
    return {**values, "AWS_REGION": str(session.region_name)}


def told(error: BotoCoreError | ClientError) -> str:
    """What AWS or its library refused, as a sentence without any value that was sent."""
    match error:
        case ClientError():
            code = error.response["Error"]["Code"]
            return f"AWS refused {error.operation_name}: {code}."
        case NoCredentialsError() | PartialCredentialsError():
            return "There are no AWS credentials here. Sign in, or name a profile in AWS_PROFILE."
        case NoRegionError():
            return "No AWS region is set. Set AWS_REGION, for instance AWS_REGION=eu-central-1."
        case _:
            return f"{error}".rstrip(".") + "."


def main(arguments: list[str], environ: MutableMapping[str, str] = os.environ) -> None:
    """Run the module that `arguments` name; it ends with SystemExit, as the module does."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.at",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stage", help="the deployed copy of the system: dev, prod …")
    parser.add_argument("module", help="one of the operator's modules, infra.<name>")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what the module is told")
    asked = parser.parse_args(arguments)
    if not _is_ours(asked.module):
        parser.error(f"{asked.module} is none of the operator's modules (infra.<name>)")
    try:
        _take(environ, _of_stage(asked.stage, environ), asked.stage)
        sys.argv = [asked.module, *asked.arguments]
        runpy.run_module(asked.module, run_name="__main__", alter_sys=True)
    except (Unreachable, SettingsError) as refused:
        _fail(str(refused))
    except (BotoCoreError, ClientError) as error:
        _fail(told(error))


def _is_ours(module: str) -> bool:
    try:
        return module.startswith("infra.") and find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _of_stage(stage: str, environ: MutableMapping[str, str]) -> dict[str, str]:
    try:
        session = boto3.Session(region_name=environ.get("AWS_REGION"))
        return _rehearsed(session, stage) or environment(session, stage)
    except BotoCoreError as error:  # a profile that does not exist
        raise Unreachable(told(error)) from error


def _rehearsed(session: boto3.Session, stage: str) -> dict[str, str] | None:
    """The same of a rehearsal AWS, whose stack does not know all that was made; none on AWS."""
    from infra.steps.deployment import Deployment, NotYet

    deployment = Deployment(stage, session)
    if not session.region_name or not deployment.emulated:
        return None
    try:
        return {**deployment.settings, "AWS_REGION": deployment.region}
    except NotYet:
        raise Unreachable(f"{stage} is not deployed there: make deploy STAGE={stage}") from None


def _take(environ: MutableMapping[str, str], found: dict[str, str], stage: str) -> None:
    """Put the stage's values into `environ`, under those of the operator's own."""
    own = sorted(n for n in _SETTINGS if environ.get(n) and environ[n] != found.get(n))
    if PREFIX + "STAGE" in own:
        raise Unreachable(
            f"{PREFIX}STAGE is set to another stage than {stage}. Unset it, or name that stage."
        )
    if own:
        print("Kept as set here, not as the stage has it:", ", ".join(own), file=sys.stderr)
    environ.update({name: value for name, value in found.items() if name not in own})
    # boto3 itself reads this one, and only Lambda sets both.
    environ["AWS_DEFAULT_REGION"] = found["AWS_REGION"]


def _outputs(session: boto3.Session, stage: str) -> dict[str, str]:
    name = f"rodinka-{stage}"
    cloudformation: Any = session.client("cloudformation")
    try:
        [stack] = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise Unreachable(
            f"There is no stack {name} in {session.region_name} of this account. Is the profile the "
            f"right one? Otherwise deploy the stage first: make deploy STAGE={stage}"
        ) from None
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def _fail(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])
