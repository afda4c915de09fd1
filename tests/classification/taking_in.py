"""Taking in uploads on a world of moto, with the model that is shipped."""

from functools import cache

from chalicelib.classification import service
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import SHIPPED
from chalicelib.images.model import Image, upload_key
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from chalicelib.sweep import sweep
from tests import pictures
from tests.world import World

PHOTO = pictures.jpeg()


@cache
def model() -> Classifier:
    return Classifier.load(CHECKOUT_MODEL_DIR / f"{SHIPPED}.onnx")


def no_model() -> Classifier:
    raise AssertionError("the dermoscopic model was asked about a phone photograph")


def take_in(world: World, version: str | None, image_id: str = "image1") -> Image | None:
    return service.take_in(
        world.platform, model, key=upload_key(image_id), version=version, trace="trace"
    )


def run_sweep(world: World) -> int:
    return sweep(world.platform, model, trace="sweep")


def queued_messages(world: World) -> list[str]:
    answer = world.platform.client("sqs").receive_message(
        QueueUrl=world.platform.settings.queue_labelling, MaxNumberOfMessages=10
    )
    return [message["Body"] for message in answer.get("Messages", [])]


def stored_keys(world: World) -> set[str]:
    bucket = world.platform.settings.bucket_images
    listed = world.platform.client("s3").list_objects_v2(Bucket=bucket)
    return {entry["Key"] for entry in listed.get("Contents", [])}
