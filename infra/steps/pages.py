"""The built web pages, in the bucket that the CDN reads."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from infra.steps.deployment import Change, Deployment, Refused
from infra.web_files import HASHED, WEB, cache_control, content_type


def changes(deployment: Deployment, web: Path = WEB) -> Iterator[Change]:
    """Upload what differs: the hashed files first, so that no page names one that is not there yet.

    Files of earlier builds stay: a page that was opened before still loads its parts from them.
    """
    if not (web / "index.html").is_file():
        raise Refused(
            "The pages are not built. `make deploy` builds them; or `npm run build` in web."
        )
    paths = [path.relative_to(web).as_posix() for path in web.rglob("*") if path.is_file()]
    there = _there(deployment)
    differing = [path for path in paths if there.get(path) != _md5(web / path)]
    for path in sorted(differing, key=lambda path: (not path.startswith(HASHED), path)):
        yield Change(f"page file {path}", lambda path=path: _upload(deployment, web, path))  # type: ignore[misc]
    distribution = deployment.outputs.get("DistributionId")
    if distribution and any(not path.startswith(HASHED) for path in differing):
        yield Change(
            "the CDN forgets the pages it keeps", lambda: _forget(deployment, distribution)
        )


def _there(deployment: Deployment) -> dict[str, str]:
    """MD5 by key: with the bucket's own encryption, S3's ETag of a file sent in one piece."""
    pages = deployment.client("s3").get_paginator("list_objects_v2")
    return {
        entry["Key"]: entry["ETag"].strip('"')
        for page in pages.paginate(Bucket=deployment.outputs["BucketPages"])
        for entry in page.get("Contents", [])
    }


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _upload(deployment: Deployment, web: Path, path: str) -> None:
    deployment.client("s3").put_object(
        Bucket=deployment.outputs["BucketPages"],
        Key=path,
        Body=(web / path).read_bytes(),
        ContentType=content_type(path),
        CacheControl=cache_control(path),
    )


def _forget(deployment: Deployment, distribution: str) -> None:
    # Files with a hash in their names never change; all else is few files.
    paths = {"Quantity": 1, "Items": ["/*"]}
    deployment.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={"Paths": paths, "CallerReference": deployment.moment()},
    )
