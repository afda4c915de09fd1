"""Tiny ONNX models made by code, and the cards that describe them."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from chalicelib.classification.inference.card import TRAINED_CLASSES

SIDE = 16


def fixed_model(
    path: Path,
    scores: list[float],
    *,
    outline: NDArray[np.float32] | None = None,
    others: Mapping[str, NDArray[np.float32]] | None = None,
    input_name: str = "pixels",
    output_name: str = "probabilities",
) -> None:
    """A model that gives these scores, outline map and other outputs for whatever it is shown."""
    constants = {output_name: np.array([scores], dtype=np.float32)}
    if outline is not None:
        constants["outline"] = outline[np.newaxis].astype(np.float32)
    for name, one in (others or {}).items():
        constants[name] = one[np.newaxis].astype(np.float32)
    nodes, outputs = [], []
    for name, value in constants.items():
        tensor = numpy_helper.from_array(value, name)
        nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, value.shape))
    _write(path, nodes, outputs, input_name)


def reddest_model(path: Path) -> None:
    """A model that looks: melanoma gets the share of red, nevus of green, the other six of blue.

    Its scores are the means of the channels over their sum.
    """
    weights = np.zeros((3, 8), dtype=np.float32)
    weights[1, 0] = weights[0, 1] = 1
    weights[2, 2:] = 1 / 6
    axes = numpy_helper.from_array(np.array([1, 2], dtype=np.int64), "axes")
    nodes = [
        helper.make_node("Cast", ["pixels"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats", "axes"], ["means"], keepdims=0),
        helper.make_node("MatMul", ["means", "weights"], ["raw"]),
        helper.make_node("ReduceSum", ["raw", "last"], ["sum"], keepdims=1),
        helper.make_node("Div", ["raw", "sum"], ["probabilities"]),
    ]
    last = numpy_helper.from_array(np.array([1], dtype=np.int64), "last")
    output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 8])
    initial = [numpy_helper.from_array(weights, "weights"), axes, last]
    _write(path, nodes, [output], "pixels", initial)


def _write(
    path: Path,
    nodes: list[onnx.NodeProto],
    outputs: list[onnx.ValueInfoProto],
    input_name: str,
    initial: list[onnx.TensorProto] | None = None,
) -> None:
    given = helper.make_tensor_value_info(input_name, TensorProto.UINT8, [1, SIDE, SIDE, 3])
    graph = helper.make_graph(nodes, "tiny", [given], outputs, initial or [])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def write_card(model: Path, **changes: Any) -> None:
    """The card beside a model, true unless changed; a change to None leaves the field out."""
    card = {
        "name": "tiny",
        "version": "0.1.0",
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "classes": list(TRAINED_CLASSES),
        "preprocessing": {"width": SIDE, "height": SIDE, "mode": "RGB"},
        "abstention": {"threshold": 0.5, "answered": 0.9},
        "licence": "for tests",
    } | changes
    present = {name: value for name, value in card.items() if value is not None}
    model.with_suffix(".json").write_text(json.dumps(present))
