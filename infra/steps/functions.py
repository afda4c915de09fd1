"""The functions: packaged, and deployed by `chalice deploy`, when anything in them has changed.

Chalice keeps a record of what it made, and without it would make a second REST API. The record lies
in the artifacts bucket, so whoever deploys next finds it.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra import build_layers, permissions
from infra.build_layers import UNPACKED_LIMIT
from infra.existing import is_missing
from infra.steps import layers, package
from infra.steps.deployment import RECORD, Change, Deployment, Refused


def changes(deployment: Deployment) -> Iterator[Change]:
    """Deploy the functions when package, configuration or policies differ, or somebody changed them."""
    rendered = package.config(deployment, deployment.settings, layers.arns(deployment))
    policies = {name: permissions.policy(name, deployment.names) for name in permissions.FUNCTIONS}
    digest = package.digest(deployment, rendered, policies)
    why = _why(deployment, rendered, digest)
    if why:
        yield Change(
            f"chalice deploy: {why}", lambda: _deploy(deployment, rendered, policies, digest)
        )


def delete(deployment: Deployment) -> None:
    """Remove functions, roles, schedules, notification and API; nothing that holds data."""
    # Chalice wants a configuration, and takes what to remove from its record alone.
    none = dict.fromkeys((layer.name for layer in build_layers.layers()), "")
    rendered = package.config(deployment, deployment.settings, none)
    tree = package.assemble(deployment, rendered, {})
    _chalice(deployment, tree, deployment.record["chalice"], "delete")
    deployment.client("s3").delete_object(Bucket=deployment.artifacts, Key=RECORD)


def _why(deployment: Deployment, rendered: dict[str, Any], digest: str) -> str:
    """In what the functions are not as they should be; nothing if they are."""
    record = deployment.record
    if not record:
        return "first deployment"
    if record["digest"] != digest:
        return "code, packages, settings or policies have changed"
    for name in permissions.FUNCTIONS:
        found = _configuration(deployment, name)
        if found is None:
            return f"{name} is gone"
        if found["CodeSha256"] != record["code"]:
            return f"{name} has other code than was deployed"
        if amiss := _amiss(deployment, found, rendered, name):
            return f"{name} has another {amiss} than was deployed"
    return ""


def _amiss(
    deployment: Deployment, found: dict[str, Any], rendered: dict[str, Any], name: str
) -> str:
    limits = rendered["lambda_functions"].get(name, {})
    wanted = rendered["stages"][deployment.stage]
    pairs = {
        "memory": (
            found["MemorySize"],
            limits.get("lambda_memory_size", rendered["lambda_memory_size"]),
        ),
        "timeout": (found["Timeout"], limits.get("lambda_timeout", rendered["lambda_timeout"])),
        "runtime": (found["Runtime"], f"python{build_layers.RUNTIME}"),
        "environment": (found["Environment"]["Variables"], wanted["environment_variables"]),
        "set of layers": (
            [layer["Arn"] for layer in found.get("Layers", [])],
            wanted["lambda_functions"][name]["layers"],
        ),
    }
    if not deployment.emulated:  # an emulator may not keep it
        pairs["key"] = (found.get("KMSKeyArn"), deployment.outputs["DataKeyArn"])
    return next((what for what, (there, here) in pairs.items() if there != here), "")


def _configuration(deployment: Deployment, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = deployment.client("lambda").get_function_configuration(
            FunctionName=deployment.function(name)
        )
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return found


def _encrypt(deployment: Deployment) -> None:
    """The environment holds the signing key: only who may use the data key can read it."""
    client, key = deployment.client("lambda"), deployment.outputs["DataKeyArn"]
    settled = client.get_waiter("function_updated_v2")
    for name in permissions.FUNCTIONS:
        function = deployment.function(name)
        settled.wait(FunctionName=function)
        client.update_function_configuration(FunctionName=function, KMSKeyArn=key)
        settled.wait(FunctionName=function)


def _deploy(
    deployment: Deployment, rendered: dict[str, Any], policies: dict[str, Any], digest: str
) -> None:
    tree = package.assemble(deployment, rendered, policies)
    _check_sizes(deployment, tree)
    chalice = _chalice(deployment, tree, deployment.record.get("chalice"), "deploy")
    zips = (tree / ".chalice" / "deployments").glob("*.zip")
    packed = max(zips, key=lambda path: path.stat().st_mtime)
    code = base64.b64encode(hashlib.sha256(packed.read_bytes()).digest()).decode()
    record = json.dumps({"digest": digest, "code": code, "chalice": chalice}, indent=1)
    deployment.client("s3").put_object(
        Bucket=deployment.artifacts, Key=RECORD, Body=record.encode()
    )
    _encrypt(deployment)


def _check_sizes(deployment: Deployment, tree: Path) -> None:
    """Tell what each function weighs. Raises `Refused` above Lambda's limit."""
    built = {
        layer.name: build_layers.built(layer, deployment.say) for layer in build_layers.layers()
    }
    for name in permissions.FUNCTIONS:
        carried = [built[layer] for layer in package.LAYERS.get(name, ())]
        size = package.unpacked_bytes(tree, carried)
        deployment.say(f"  {name}: {size / 2**20:.0f} MB unpacked, with its layers")
        if size > UNPACKED_LIMIT:
            raise Refused(
                f"{name} would be {size / 2**20:.0f} MB unpacked with its layers; Lambda takes "
                f"{UNPACKED_LIMIT // 2**20}. Strip more in infra/build_layers.py."
            )


def _chalice(deployment: Deployment, tree: Path, record: Any, command: str) -> Any:
    """Run Chalice on the tree with the record of the last time; its record of this time."""
    deployed = tree / ".chalice" / "deployed" / f"{deployment.stage}.json"
    deployed.parent.mkdir(exist_ok=True)
    deployed.unlink(missing_ok=True)
    if record is not None:
        deployed.write_text(json.dumps(record))
    chalice = [sys.executable, "-c", "from chalice.cli import main; main()"]
    before = _apis(deployment)
    try:
        done = subprocess.run(
            [*chalice, command, "--stage", deployment.stage],
            cwd=tree,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    finally:
        (tree / ".chalice" / "config.json").unlink()  # the signing key stays on no disk
    if done.returncode:
        # Chalice finds functions and roles again by their names, an API by its record alone.
        for api in _apis(deployment) - before:
            deployment.client("apigateway").delete_rest_api(restApiId=api)
        raise Refused(
            f"`chalice {command}` failed; what it said stands above. What it had made stays, and "
            "repeating this command goes on from there."
        )
    return json.loads(deployed.read_text()) if deployed.is_file() else None


def _apis(deployment: Deployment) -> set[str]:
    """Ids of the account's APIs that bear Chalice's name for ours."""
    pages = deployment.client("apigateway").get_paginator("get_rest_apis")
    items = (item for page in pages.paginate() for item in page["items"])
    return {item["id"] for item in items if item["name"] == "rodinka"}
