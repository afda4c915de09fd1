"""Where a deployment must stop and say why, before it does harm."""

import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra import build_layers
from infra.deploy import undeploy
from infra.steps import account, functions, package, pages, stack
from infra.steps.deployment import Deployment, Refused, function_name, includes
from infra.steps.stack import Wanted
from tests.infra.pumping import REGION
from tests.infra.test_stack_step import TEMPLATE

ROOT = Path(__file__).parents[2]
# ---- account --------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_another_interpreter_is_refused_with_what_to_do(version: tuple[int, int]) -> None:
    with pytest.raises(Refused, match=r"deploy from 3\.12 or 3\.13.*DEPLOY_PYTHON"):
        account.check_interpreter(version)


@pytest.mark.parametrize("version", [(3, 12), (3, 13)])
def test_an_interpreter_that_lambda_can_run_is_taken(version: tuple[int, int]) -> None:
    account.check_interpreter(version)


@pytest.fixture
def right_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "check_interpreter", lambda _: None)


@pytest.mark.usefixtures("right_interpreter")
@pytest.mark.parametrize("stage", ["local", "test", "Prod", "p", "prod-eu", "averylongname"])
def test_a_stage_that_cannot_be_one_is_refused(stage: str) -> None:
    with pytest.raises(Refused, match=f"{stage} cannot be the name of a stage"):
        list(account.changes(Deployment(stage, boto3.Session(region_name=REGION))))


@pytest.mark.usefixtures("right_interpreter")
def test_an_account_without_room_for_the_reserved_functions_is_refused(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limits(executions: int) -> None:
        answer = {"AccountLimit": {"ConcurrentExecutions": executions}}
        monkeypatch.setattr(deployment.client("lambda"), "get_account_settings", lambda: answer)

    limits(10)  # what a new account has
    with pytest.raises(Refused, match=r"may run 10 functions at once; 4 are.*Service Quotas"):
        list(account.changes(deployment))
    limits(1000)
    assert list(account.changes(deployment)) == []


# ---- what a service answers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "as_wanted"),
    [
        ({"Rules": [{"Algorithm": "kms", "Blocked": ["SSE-C"]}]}, True),
        ({"Rules": [{"Algorithm": "AES256"}]}, False),
        ({"Rules": [{"Algorithm": "kms"}, {"Algorithm": "kms"}]}, False),
        ({"Rules": []}, False),
        (None, False),
    ],
)
def test_what_a_service_adds_to_what_was_wanted_is_no_difference(
    found: Any, as_wanted: bool
) -> None:
    assert includes(found, {"Rules": [{"Algorithm": "kms"}]}) is as_wanted


# ---- functions, layers, pages ---------------------------------------------------------------------


def test_functions_are_called_as_chalice_calls_them() -> None:
    assert function_name("prod", "api_handler") == "rodinka-prod"
    assert function_name("prod", "sweep") == "rodinka-prod-sweep"


def test_an_api_of_a_deployment_that_failed_is_removed_again(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = deployment.client("apigateway")
    other = client.create_rest_api(name="rodinka")["id"]  # of another stage, just being deployed
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text('{"key": "secret"}')

    def fails(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        client.create_rest_api(name="rodinka")
        return subprocess.CompletedProcess([], 1)

    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(Refused, match="chalice deploy"):
        functions._chalice(deployment, tmp_path, None, "deploy")
    assert [api["id"] for api in client.get_rest_apis()["items"]] == [other]
    assert not (tmp_path / ".chalice" / "config.json").exists()


@pytest.mark.usefixtures("right_interpreter")
def test_what_is_gone_already_is_passed_over_when_a_stage_is_taken_down(
    deployment: Deployment, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "_check_concurrency", lambda _: None)
    [change] = stack._changes(
        deployment, Wanted("rodinka-trial-watching", TEMPLATE, {"Stage": "t"})
    )
    change.make()
    for _ in range(2):
        undeploy(deployment)
    assert said.count("  no functions are recorded as deployed") == 2
    assert deployment.client("cloudformation").describe_stacks()["Stacks"] == []


def test_only_functions_that_read_images_reckon_or_draw_carry_a_layer() -> None:
    assert package.LAYERS == {
        "classify": ("inference",),
        "sweep": ("inference",),
        "assign_reader": ("numeric",),
        "measure_agreement": ("numeric",),
        "compare_pictures": ("numeric",),
        "build_release": ("documents",),
        "evaluate": ("documents",),
    }


def test_a_layer_is_known_by_all_that_goes_into_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    layers = build_layers.layers()
    assert [layer.name for layer in layers] == ["documents", "inference", "numeric"]
    assert build_layers.layers() == layers
    monkeypatch.setattr(build_layers, "RUNTIME", "3.99")
    for before, after in zip(layers, build_layers.layers(), strict=True):
        assert before.digest != after.digest


def test_a_tree_is_packed_to_the_same_bytes_without_tests_headers_and_stubs(
    tmp_path: Path,
) -> None:
    tree = tmp_path / "tree"
    of_others = ("fontTools/ttLib/a.py", "matplotlib/backends/backend_qtagg.py", "PIL/_avif.x.so")
    needed = ("matplotlib/backends/backend_svg.py", "fontTools/agl.py", "pack/a.py", "pack/d.so")
    unused = ("pack/tests/t.py", "pack/b.pyi", "pack/include/c.h", *of_others)
    for name in (*needed, *unused):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
    build_layers.strip(tree)
    found = {p.relative_to(tree).as_posix() for p in tree.rglob("*") if p.is_file()}
    assert found == set(needed)
    packed = []
    for run in ("one", "two"):
        (tree / "pack" / "a.py").touch()
        build_layers.pack(tree, tmp_path / f"{run}.zip")
        packed.append((tmp_path / f"{run}.zip").read_bytes())
    assert packed[0] == packed[1]


def test_pages_that_are_not_built_are_refused(deployment: Deployment, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not built"):
        list(pages.changes(deployment, tmp_path))


def test_a_page_comes_after_what_it_names(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("index.html", "assets/z.js", "favicon.svg", "assets/a.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    deployment.__dict__["outputs"] = {"BucketPages": "pages", "DistributionId": "E1"}
    s3 = deployment.client("s3")
    s3.create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": REGION})
    told = [change.what for change in pages.changes(deployment, tmp_path)]
    assert told == [
        "page file assets/a.css",
        "page file assets/z.js",
        "page file favicon.svg",
        "page file index.html",
        "the CDN forgets the pages it keeps",
    ]
