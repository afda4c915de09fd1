"""The package of the functions, as `chalice deploy` takes it: a tree of its own, put together anew.

    app.py, chalicelib/         the code, compiled
    vendor/                     the pinned packages of requirements-functions.lock, likewise
    .chalice/config.json        the stage as rendered here: environment, layers, limits, policies
    .chalice/policy-<name>.json what the function may do

The checkout's own `.chalice/config.json` holds the limits that all stages share and no stage's
settings: a signing key is among those, and that file is committed.
"""

import hashlib
import inspect
import json
import shutil
from pathlib import Path
from typing import Any, Final

import chalice.app

from infra import permissions
from infra.build_layers import PLATFORM, RUNTIME, Layer, compiled, install
from infra.steps.deployment import GATEWAY_STAGE, Deployment

LOCK: Final = "requirements-functions.lock"
SERVICES: Final = frozenset({"cognito-idp", "dynamodb", "kms", "s3", "sqs", "sts"})
"""What the functions talk to: boto's descriptions of all other services stay out (20 MB)."""
LAYERS: Final = {
    "classify": ("inference",),
    "sweep": ("inference",),
    "assign_reader": ("numeric",),
    "measure_agreement": ("numeric",),
    "compare_pictures": ("numeric",),
    "build_release": ("documents",),
    "evaluate": ("documents",),
}
"""Which functions carry which layers; the others must start fast."""
UNPACKED_AT: Final = "/var/task"


def config(
    deployment: Deployment, settings: dict[str, str], arns: dict[str, str]
) -> dict[str, Any]:
    """`.chalice/config.json` with this stage. `arns`: layer name → ARN of its version."""
    shared: dict[str, Any] = json.loads((deployment.root / ".chalice/config.json").read_bytes())
    functions = {
        name: {
            "iam_policy_file": f"policy-{name}.json",
            "layers": [arns[layer] for layer in LAYERS.get(name, ())],
        }
        for name in permissions.FUNCTIONS
    }
    stage = {
        "api_gateway_stage": GATEWAY_STAGE,
        # The pages' CDN stands before it; a second one of API Gateway's own would only cost time.
        "api_gateway_endpoint_type": "REGIONAL",
        "autogen_policy": False,
        "environment_variables": {**shared["environment_variables"], **settings},
        "tags": {"rodinka:stage": deployment.stage},
        "lambda_functions": functions,
    }
    return {**shared, "stages": {deployment.stage: stage}}


def digest(deployment: Deployment, rendered: dict[str, Any], policies: dict[str, Any]) -> str:
    """Of everything that goes into the functions: the same digest, the same functions."""
    seen = hashlib.sha256(_packages(deployment.root).encode())
    seen.update(json.dumps([rendered, policies], sort_keys=True).encode())
    for path in _code(deployment.root):
        seen.update(f"\0{path.relative_to(deployment.root)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def assemble(deployment: Deployment, rendered: dict[str, Any], policies: dict[str, Any]) -> Path:
    """Put the tree together; where it is. The packages are fetched only if the lock has changed."""
    tree, root = deployment.build, deployment.root
    _vendor(tree, root)
    shutil.rmtree(tree / "chalicelib", ignore_errors=True)
    for path in _code(root):
        target = tree / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    compiled(tree / "chalicelib", at=f"{UNPACKED_AT}/chalicelib")
    _let_everybody_read(tree)
    settings = tree / ".chalice"
    settings.mkdir(exist_ok=True)
    for name, policy in policies.items():
        (settings / f"policy-{name}.json").write_text(json.dumps(policy, indent=1))
    written = settings / "config.json"
    written.touch(mode=0o600)  # it holds the signing key
    written.write_text(json.dumps(rendered, indent=1))
    return tree


def unpacked_bytes(tree: Path, carried: list[Layer]) -> int:
    """What a function has on Lambda's disk, without Chalice's own two modules."""
    own = [tree / "app.py", *(tree / "chalicelib").rglob("*"), *(tree / "vendor").rglob("*")]
    return sum(path.stat().st_size for path in own if path.is_file()) + sum(
        layer.unpacked_bytes for layer in carried
    )


def _let_everybody_read(tree: Path) -> None:
    """Modes go into the zip, and on Lambda another user runs the code than the one who packed it.

    Chalice adds two modules of its own from where it is installed.
    """
    parts = [tree / "app.py", *(tree / "chalicelib").rglob("*"), *(tree / "vendor").rglob("*")]
    for path in (*parts, *(Path(inspect.getfile(module)) for module in (chalice, chalice.app))):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _packages(root: Path) -> str:
    """What `vendor/` is made of: another answer, another folder."""
    return f"{RUNTIME} {PLATFORM} {sorted(SERVICES)}\n{(root / LOCK).read_text()}"


def _vendor(tree: Path, root: Path) -> None:
    vendor, mark, wanted = tree / "vendor", tree / "vendor.lock", _packages(root)
    if mark.is_file() and mark.read_text() == wanted:
        return
    shutil.rmtree(vendor, ignore_errors=True)
    install(root / LOCK, vendor, at=UNPACKED_AT)
    for folder in (vendor / "botocore" / "data").iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    mark.write_text(wanted)


def _code(root: Path) -> list[Path]:
    """What of the checkout is shipped: code and data, nothing that an interpreter left there."""
    modules = (root / "chalicelib").rglob("*")
    shipped = (path for path in modules if path.is_file() and path.suffix != ".pyc")
    return [root / "app.py", *sorted(shipped)]
