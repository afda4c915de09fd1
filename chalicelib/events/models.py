"""The session of the active model, made once a container."""

from functools import cache

from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import active_model_file
from chalicelib.platform.runtime import Platform


@cache
def classifier(platform: Platform) -> Classifier:
    """Load the active model at its first use. Raises `NoSuchModel`."""
    return Classifier.load(active_model_file(platform))
