"""The calibration tests that models of a folder passed: `<name>.calibration.json` beside each."""

import hashlib
import json
from pathlib import Path

from chalicelib.classification import calibrations
from chalicelib.classification.calibrations import BadRecord, Calibration
from chalicelib.classification.inference.card import BadModel, Card


def records(folder: Path) -> dict[str, Calibration]:
    """By the model's name. Raises `BadRecord`, also for one that is of another file."""
    found = {}
    for path in sorted(folder.glob("*.onnx")):
        kept = path.with_suffix(calibrations.ENDING)
        if kept.is_file():
            found[path.stem] = _of_this_file(path, calibrations.read(kept))
    return found


def record(report: Path, name: str, folder: Path) -> Path:
    """Keep the test that a model passed; the file written. Raises `BadRecord`.

    `report`: JSON of a report, of an evaluation that has one, or of several by test as
    `training.as_vendor` writes them; of an algorithm with the SHA-256 of the model and its card.
    """
    path = folder / f"{name}.onnx"
    try:
        card = Card.read(path.with_suffix(".json"))
        found = json.loads(report.read_bytes())
    except (BadModel, OSError, ValueError) as error:
        raise BadRecord(str(error)) from None
    for within in (*calibrations.TESTS, "report"):
        if isinstance(found, dict) and within in found:
            found = found[within]
    passed = calibrations.from_report(found)
    if passed.model_sha256 != card.sha256:
        raise BadRecord("the algorithm's SHA-256 is not the one on the card")
    kept = path.with_suffix(calibrations.ENDING)
    text = _of_this_file(path, passed).model_dump_json(indent=2)
    kept.write_text(f"{text}\n", encoding="utf-8")
    return kept


def sha256_of_file(path: Path) -> str:
    """In hexadecimal; empty for a file that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _of_this_file(path: Path, passed: Calibration) -> Calibration:
    if passed.model_sha256 != sha256_of_file(path):
        raise BadRecord(f"the calibration test is not of {path.name} as it is")
    return passed
