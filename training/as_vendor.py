"""A model takes a test as an outside vendor does, over HTTP: `python -m training.as_vendor --help`.

It is registered as an algorithm with the SHA-256 of its file, asked unit by unit, and answers with its
probabilities, or refuses what it takes for no dermatoscopic picture. With --out the evaluations are written to
a file, of which `python -m infra.models record` makes the record that admits the model, if it passed its
calibration test. The same command again goes on where it was cut short.
"""

import argparse
import getpass
import hashlib
import io
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
from PIL import Image
from tqdm import tqdm

from chalicelib.classification.inference.card import TRAINED_CLASSES
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.images.reasons import NOT_JUDGED
from client.api import Api
from client.asking import Refused
from client.words import Stop, Text

MODELS: Final = Path("layers/inference/model")
MALIGNANT: Final = (
    "melanoma",
    "actinic_keratosis",
    "basal_cell_carcinoma",
    "squamous_cell_carcinoma",
)
WAIT_SECONDS: Final = 600.0
SHARPNESS: Final = 4
"""Of answers by chance: the higher, the surer they sound."""

LATE: Final = Text(
    "Отчёта всё ещё нет. Повторите ту же команду позже.",
    "The report is not there yet. Repeat the same command later.",
)
NOTHING_LEFT: Final = Text(
    "Отчёта не будет: согласие на все снимки набора отозвано.",
    "There will be no report: consent to every image of the set was taken back.",
)

Answer = Mapping[str, Any]
Service = Callable[[bytes], Answer]


def of_model(path: Path) -> tuple[Service, str]:
    """What the model says of a picture, and the SHA-256 of its file. Raises `BadModel`."""
    classifier = Classifier.load(path)

    def answer(data: bytes) -> Answer:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            said = classifier.classify(image.convert("RGB"))
        if said.reason in NOT_JUDGED:
            return {"refused": True, "reason": f"not a dermatoscopic image: {said.reason}"}
        return {"probabilities": {name: said.probabilities[name] for name in TRAINED_CLASSES}}

    return answer, classifier.card.sha256


def by_chance(service: Service, seed: int) -> Service:
    """A service that refuses what another does, and else answers by chance: no test should pass it."""
    chance = random.Random(seed)

    def answer(data: bytes) -> Answer:
        said = service(data)
        if "refused" in said:
            return said
        drawn = [chance.random() ** SHARPNESS for _ in TRAINED_CLASSES]
        shares = [each / sum(drawn) for each in drawn]
        return {"probabilities": dict(zip(TRAINED_CLASSES, shares, strict=True))}

    return answer


def take(api: Api, service: Service, *, algorithm_id: str, dataset: str, test: str) -> Answer:
    """Take one test to its end; the evaluation with its report. Raises `Refused` and `Stop`."""
    wanted = {"algorithm_id": algorithm_id, "dataset": dataset, "test": test}
    begun = api.post("/evaluations", wanted, key=_key(wanted))
    path = f"/evaluations/{begun['evaluation_id']}"
    with httpx.Client(timeout=60) as plain, tqdm(total=begun["units"], unit="unit") as shown:
        while True:
            try:
                unit = api.get(f"{path}/next")
            except Refused as refused:
                if refused.code == "all_answered":
                    break
                raise
            data = plain.get(unit["image_url"]).raise_for_status().content
            api.post(f"{path}/results", {"unit_id": unit["unit_id"], **service(data)})
            shown.update(unit["number"] - shown.n)
    ends_at = time.monotonic() + WAIT_SECONDS
    while (found := api.get(path))["state"] not in {"complete", "expired"}:
        if time.monotonic() > ends_at:
            raise Stop(LATE)
        time.sleep(1)
    if not found["reports"]:
        raise Stop(NOTHING_LEFT)
    report: Answer = found
    return report


def main() -> int:
    """Exit status: 0 when every test was passed, 1 when one was not, 2 when none could be taken."""
    asked = _parser().parse_args()
    password = os.environ.get("RODINKA_PASSWORD") or getpass.getpass()
    service, sha256 = of_model(MODELS / f"{asked.model}.onnx")
    if asked.chance is not None:
        service = by_chance(service, asked.chance)
    api = Api(
        asked.server,
        asked.login,
        password,
        code=lambda: getpass.getpass("One-time code: "),
        language="en",
        connections=2,
        stopped=threading.Event(),
    )
    try:
        algorithm = _algorithm(asked, sha256)
        registered = api.post("/algorithms", algorithm, key=_key(algorithm))
        taken = {}
        for each in asked.test:
            test, _, dataset = each.partition("=")
            found = take(
                api,
                service,
                algorithm_id=registered["algorithm_id"],
                dataset=dataset,
                test=test,
            )
            taken[test] = found
            _tell(test, found)
    except (Refused, Stop) as no:
        print(getattr(no, "message", no), file=sys.stderr)
        return 2
    finally:
        api.close()
    if asked.out:
        asked.out.write_text(json.dumps(taken, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if all(found["reports"][-1]["passed"] for found in taken.values()) else 1


def _key(body: Answer) -> str:
    """An Idempotency-Key by which the same request gets the same again."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _algorithm(asked: argparse.Namespace, sha256: str) -> dict[str, Any]:
    by_model = asked.chance is None
    return {
        "name": asked.model if by_model else f"Chance {asked.chance}",
        "version": asked.version,
        "vendor": asked.vendor,
        "description": {
            "ru": "Вероятности восьми классов по дерматоскопическому снимку.",
            "en": "Probabilities of eight classes from a dermatoscopic image.",
        },
        "classes": list(TRAINED_CLASSES),
        "positive": list(MALIGNANT),
        "claimed": {
            "auc": asked.auc,
            "sensitivity": asked.sensitivity,
            "specificity": asked.specificity,
            "threshold": asked.threshold,
        },
        **({"model_sha256": sha256} if by_model else {}),
    }


def _tell(test: str, found: Answer) -> None:
    verdict = found["report"]["verdict"]
    print(f"{test}: {'passed' if verdict['passed'] else 'not passed'}")
    for reason in verdict["reasons"]:
        print(f"  {'+' if reason['passed'] else '-'} {reason['en']}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.as_vendor", description=__doc__)
    parser.add_argument("test", nargs="+", help="tests in their order: FT-I=CODE KlT-I=CODE")
    parser.add_argument("--server", default="http://127.0.0.1:8000")
    parser.add_argument("--login", default="vendor")
    parser.add_argument("--vendor", default="Rodinka", help="the name in reports")
    parser.add_argument("--model", default="rodinka-2", help="a model of layers/inference/model")
    parser.add_argument(
        "--chance",
        type=int,
        metavar="SEED",
        help="answer by chance instead: no test should pass it",
    )
    parser.add_argument("--version", default="1.0")
    claimed = parser.add_argument_group(
        "what is claimed; by default the AUC on rodinka-2's card, and what it reaches on validation lesions"
    )
    claimed.add_argument("--auc", type=float, default=0.925)
    claimed.add_argument("--sensitivity", type=float, default=0.92)
    claimed.add_argument("--specificity", type=float, default=0.79)
    claimed.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--out", type=Path, help="where the evaluations are written as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
