"""Run by a bare interpreter, as on Lambda: sees the packaged zip and, where it is named, a layer.

    python -I -S -B on_lambda.py TASK http             the API handler answers a request
    python -I -S -B on_lambda.py TASK image OPT FILE   an image is examined with the layer at OPT
    python -I -S -B on_lambda.py TASK document OPT FILE   the README of a release is typeset, with its plots

Prints one JSON line. Not a test itself, and imports nothing of the checkout.
"""

import json
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace


def http() -> dict[str, object]:
    import app

    imported = time.perf_counter()
    context = {
        "httpMethod": "GET",
        "resourcePath": "/v1/health",
        "path": "/api/v1/health",
        "requestId": "r",
        "identity": {"sourceIp": "192.0.2.1"},
    }
    event = {
        "requestContext": context,
        "headers": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": {},
        "body": None,
        "isBase64Encoded": False,
        "stageVariables": None,
    }
    answer = app.app(event, SimpleNamespace(aws_request_id="r"))
    return {"status": answer["statusCode"], "import_seconds": imported - BEGAN}


def image(opt: str, file: str) -> dict[str, object]:
    import hashlib
    from pathlib import Path

    sys.path.append(f"{opt}/python")
    import app
    from chalicelib.classification.inference.classifier import Classifier
    from chalicelib.classification.inference.examination import examine
    from chalicelib.classification.inference.picture import Declared, Limits

    imported = time.perf_counter()
    data = Path(file).read_bytes()
    found = examine(
        data,
        declared=Declared(
            content_type="image/jpeg", bytes=len(data), sha256=hashlib.sha256(data).hexdigest()
        ),
        limits=Limits(),
        classifier=Classifier.load(Path(opt) / "model" / "rodinka-2.onnx"),
    )
    assert found.prediction is not None
    return {
        "entry": callable(app.classify),
        "probabilities": found.prediction.probabilities,
        "fingerprint": found.picture.pixel_hash,
        "import_seconds": imported - BEGAN,
    }


def document(opt: str, file: str) -> dict[str, object]:
    from pathlib import Path

    sys.path.append(f"{opt}/python")
    import app
    from chalicelib.documents import readme
    from chalicelib.events import builds, evaluations

    imported = time.perf_counter()
    told = json.loads(Path(file).read_text("utf-8"))
    typeset = readme.pdf(told["manifest"], told["counts"], (), "ru")
    return {
        "entries": [callable(each) for each in (app.build_release, app.evaluate)],
        "handlers": [callable(builds.wanted), callable(evaluations.wanted)],
        "pdf": typeset[:5].decode(),
        "bytes": len(typeset),
        "import_seconds": imported - BEGAN,
    }


if __name__ == "__main__":
    BEGAN = time.perf_counter()
    task, what, *rest = sys.argv[1:]
    sys.path.insert(0, task)
    tried: dict[str, Callable[..., dict[str, object]]] = {
        "http": http,
        "image": image,
        "document": document,
    }
    found = tried[what](*rest)
    outside = [
        path
        for path in (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        if path and "site-packages" in path
    ]
    heavy = sorted({"numpy", "PIL", "onnxruntime", "matplotlib", "typst"} & set(sys.modules))
    print(json.dumps({**found, "outside": outside, "heavy": heavy}))
