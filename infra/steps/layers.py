"""The layers as published versions; one that says the same digest is used as it is."""

from collections.abc import Iterator

from infra import build_layers
from infra.build_layers import Layer
from infra.steps.deployment import Change, Deployment, NotYet


def changes(deployment: Deployment) -> Iterator[Change]:
    """Publish each layer whose content is not published yet."""
    for layer in build_layers.layers():
        if _published(deployment, layer) is None:
            yield Change(
                f"publish layer {layer_name(deployment, layer)} ({layer.digest[:12]})",
                lambda layer=layer: _publish(deployment, layer),  # type: ignore[misc]
            )


def layer_name(deployment: Deployment, layer: Layer) -> str:
    return f"{deployment.name}-{layer.name}"


def arns(deployment: Deployment) -> dict[str, str]:
    """ARN of the published version of each layer. Raises `NotYet`."""
    found = {layer.name: _published(deployment, layer) for layer in build_layers.layers()}
    if None in found.values():
        raise NotYet("the layers")
    return {name: arn for name, arn in found.items() if arn}


def delete(deployment: Deployment) -> None:
    """Remove every version of every layer."""
    client = deployment.client("lambda")
    for layer in build_layers.layers():
        name = layer_name(deployment, layer)
        for page in client.get_paginator("list_layer_versions").paginate(LayerName=name):
            for version in page["LayerVersions"]:
                client.delete_layer_version(LayerName=name, VersionNumber=version["Version"])


def _published(deployment: Deployment, layer: Layer) -> str | None:
    pages = deployment.client("lambda").get_paginator("list_layer_versions")
    for page in pages.paginate(LayerName=layer_name(deployment, layer)):
        for version in page["LayerVersions"]:
            if version.get("Description") == layer.digest:
                return str(version["LayerVersionArn"])
    return None


def _publish(deployment: Deployment, layer: Layer) -> None:
    # Always by way of S3: the direct way ends at 50 MB, and numpy with a runtime is more.
    built = build_layers.built(layer, deployment.say)
    bucket, key = deployment.artifacts, f"layers/{built.zip.name}"
    deployment.client("s3").upload_file(str(built.zip), bucket, key)
    deployment.client("lambda").publish_layer_version(
        LayerName=layer_name(deployment, layer),
        Description=layer.digest,
        Content={"S3Bucket": bucket, "S3Key": key},
        CompatibleRuntimes=[f"python{build_layers.RUNTIME}"],
        CompatibleArchitectures=[build_layers.ARCHITECTURE],
    )
