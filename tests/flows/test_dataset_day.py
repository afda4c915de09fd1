"""From an archive to a registered dataset and a verdict on a service, over HTTP on the running stack."""

import hashlib
from pathlib import Path

import httpx

from client.datasets import Release
from client.datasets.__main__ import main as fetch
from tests.datasets.planning import CALIBRATION, DEFECT, TRAINING, a_class
from tests.flows.archives import alike, archive, black, drawn, examined, red, registered, released
from tests.flows.staff import new_person
from tests.stack import RunningStack


def test_an_archive_becomes_a_dataset_for_all_and_hidden_ones_that_tell_good_from_bad(
    stack: RunningStack, tmp_path: Path
) -> None:
    curator = stack.sign_in("curator")
    both = ["melanoma", "nevus"]
    classes = [a_class("melanoma", "positive", "melanoma"), a_class("mole", "negative", "nevus")]
    hidden = {**CALIBRATION, "inclusion": [], "exclusion": [], "classes": classes}

    learning = archive(stack, curator, [drawn(both[n % 2], 100 + n) for n in range(12)])
    known = released(
        curator,
        {**TRAINING, "sources": [learning], "inclusion": [], "exclusion": [], "classes": classes},
    )
    folder = tmp_path / "set"
    assert fetch(["fetch", known, "--server", stack.url, "--to", str(folder)]) == 0
    release = Release(folder)
    assert len(release.frame()) == 12
    assert {image.size for image, _ in (release.pictures()[n] for n in range(3))} == {(720, 540)}
    assert "README.ru.pdf" in {path.name for path in folder.iterdir()}
    page = httpx.get(f"{stack.url}/api/v1/registry/{known}").json()
    assert page["versions"][0]["version"] == "1.0.0"

    calibration = archive(stack, curator, [drawn(both[n % 2], 200 + n) for n in range(8)])
    clinical = released(curator, {**hidden, "sources": [calibration]})
    unusable = black()
    functional = archive(
        stack, curator, [*(drawn(both[n % 2], 300 + n) for n in range(4)), ("nevus", unusable)]
    )
    self_test = {**hidden, "purpose": "self_test", "sources": [functional], "units": 5}
    shown = hashlib.sha256(_as_stored(curator, functional)).hexdigest()
    technical = released(curator, {**self_test, "classes": [*classes, DEFECT]}, defect=shown)
    refused = httpx.post(f"{stack.url}/api/v1/downloads", json={"code": clinical})
    assert refused.status_code == 404

    good, bad = new_person(stack, "vendor").client, new_person(stack, "vendor").client
    algorithm, other = registered(good, "Red"), registered(bad, "Alike")
    assert examined(good, red, "FT-I", technical, algorithm)["report"]["verdict"]["passed"]
    passed = examined(good, red, "KlT-I", clinical, algorithm)
    assert passed["report"]["verdict"]["passed"], passed["report"]["verdict"]
    assert httpx.get(passed["reports"][-1]["pdf"]["ru"]).content.startswith(b"%PDF")
    assert examined(bad, alike, "FT-I", technical, other)["report"]["verdict"]["passed"]
    failed = examined(bad, alike, "KlT-I", clinical, other)["report"]
    assert not failed["verdict"]["passed"]
    assert failed["auc"]["target"]["value"] == 0.5


def _as_stored(curator: httpx.Client, import_id: str) -> bytes:
    """The clean copy of the archive's last picture, which is the unusable one."""
    images = curator.get(f"/api/v1/imports/{import_id}/images").json()["items"]
    view = curator.get(f"/api/v1/images/{images[-1]['image_id']}").json()
    return httpx.get(view["urls"]["image"]).raise_for_status().content
