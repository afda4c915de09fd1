# mypy: allow-subclassing-any
"""Turn a trained network into the one ONNX file that is served, and prove the two agree.

The file takes the pixels as they come, uint8 RGB, and holds all the rest: normalisation, averaging
with the mirror image, the shift to other class frequencies, temperature, softmax and evidence.
"""

import copy
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import fuse_conv_bn_eval, fuse_linear_bn_eval

from training.evidence import evidence
from training.network import LesionNetwork, Outputs
from training.serve import open_session

OPSET = 17
TOLERANCE = 1e-4
OUTPUT_NAMES = ("probabilities", "outline", "embedding", "saliency", "kinds")


class Served(NamedTuple):
    """What the file answers for N photographs, in the order of `OUTPUT_NAMES`.

    probabilities (N, 8); outline (N, H/2, W/2), each place's probability to be lesion; embedding
    (N, d) of unit length; saliency (N, h, w), the evidence for the likeliest class, from 0 to 1 at
    its strongest; kinds (N, 4), probabilities.
    """

    probabilities: Tensor
    outline: Tensor
    embedding: Tensor
    saliency: Tensor
    kinds: Tensor


class ServingNetwork(nn.Module):
    """uint8 (N, H, W, 3) to `Served`: means over the photograph and its mirror image.

    `shift` (classes,) is added to the logits: training draws rare classes more often than they
    occur, and log(wanted share / drawn share) takes that back (Saerens et al. 2002).
    """

    def __init__(self, network: LesionNetwork, shift: Tensor, temperature: float) -> None:
        super().__init__()
        self.network = _rounded(_fused(network))
        self.register_buffer("shift", shift.float())
        self.register_buffer("temperature", torch.tensor(float(temperature)))

    def logits(self, pixels: Tensor) -> Tensor:
        """The shifted logits, before temperature, (N, classes)."""
        logits: Tensor = _mean(self._both(pixels).logits) + self.shift
        return logits

    def forward(self, pixels: Tensor) -> Served:
        out = self._both(pixels)
        logits = _mean(out.logits) + self.shift
        drawn, mirrored = torch.sigmoid(out.outline).chunk(2)
        likeliest = functional.one_hot(logits.argmax(dim=1), logits.shape[1]).float()
        found = evidence(
            self.network, out.before.chunk(2)[0], out.inside.chunk(2)[0], likeliest
        ).clamp_min(0)
        return Served(
            probabilities=torch.softmax(logits / self.temperature, dim=1),
            outline=(drawn + mirrored.flip(2)) / 2,
            embedding=functional.normalize(_mean(out.embedding), dim=1),
            saliency=found / found.amax(dim=(1, 2), keepdim=True).clamp_min(1e-6),
            kinds=torch.softmax(_mean(out.kinds), dim=1),
        )

    def _both(self, pixels: Tensor) -> Outputs:
        upright = pixels.permute(0, 3, 1, 2).float() / 255.0
        said: Outputs = self.network(torch.cat([upright, upright.flip(3)]))
        return said


def _mean(of_both: Tensor) -> Tensor:
    upright, mirrored = of_both.chunk(2)
    return (upright + mirrored) / 2


def class_shift(wanted: NDArray[np.float64], drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log(wanted share / drawn share) of each class; both must be positive everywhere."""
    if (wanted <= 0).any() or (drawn <= 0).any():
        raise ValueError("every class must occur in the training photographs")
    shift: NDArray[np.float64] = np.log(wanted) - np.log(drawn)
    return shift


def export(network: ServingNetwork, example: NDArray[np.uint8], path: Path) -> float:
    """Write the ONNX file and return its largest difference from PyTorch on the example.

    example: uint8 (N, H, W, 3) photographs, N of at least 2; they fix H and W but not N. Raises
    `ValueError` when an output differs by more than `TOLERANCE`.
    """
    pixels = torch.from_numpy(example)
    with warnings.catch_warnings():
        # The TorchScript exporter is the one whose graph ONNX Runtime folds to plain convolutions.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            (pixels,),
            str(path),
            input_names=["pixels"],
            output_names=list(OUTPUT_NAMES),
            dynamic_axes={name: {0: "N"} for name in ("pixels", *OUTPUT_NAMES)},
            opset_version=OPSET,
            dynamo=False,
        )
    with torch.inference_mode():
        expected = [output.numpy() for output in network(pixels)]
    model = onnx.load(str(path))
    _store_weights_in_half(model)
    fix_shapes(model, [output.shape[1:] for output in expected])
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
    got = open_session(path).run(list(OUTPUT_NAMES), {"pixels": example})
    worst = max(float(np.abs(np.asarray(a) - b).max()) for a, b in zip(got, expected, strict=True))
    if worst > TOLERANCE:
        raise ValueError(f"ONNX differs from PyTorch by {worst:.2g}, more than {TOLERANCE:.0e}")
    return worst


def fix_shapes(model: onnx.ModelProto, shapes: Sequence[tuple[int, ...]]) -> None:
    """Write the shape of each output, without the number of photographs, into the file."""
    for output, shape in zip(model.graph.output, shapes, strict=True):
        for side, length in zip(output.type.tensor_type.shape.dim[1:], shape, strict=True):
            side.dim_value = length


def _fused(network: LesionNetwork) -> LesionNetwork:
    """Return a copy in which every normalisation is folded into the layer before it."""
    fused: LesionNetwork = copy.deepcopy(network).eval()
    fused.to(memory_format=torch.contiguous_format)
    for module in fused.modules():
        if isinstance(module, nn.Sequential) and [type(m) for m in module] == [
            nn.Conv2d,
            nn.BatchNorm2d,
        ]:
            module[0] = fuse_conv_bn_eval(module[0], module[1])
            del module[1]
    fused.hide = fuse_linear_bn_eval(fused.hide, fused.hide_norm)
    fused.hide_norm = nn.Identity()
    return fused


def _rounded(network: LesionNetwork) -> LesionNetwork:
    """Round the weights to half precision, as the file stores them."""
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim > 1:
                parameter.copy_(parameter.half().float())
    return network


def _store_weights_in_half(model: onnx.ModelProto) -> None:
    """Store the weights as float16 with a cast, which the runtime folds away when it opens them.

    The weights were rounded before, so this halves the file and changes no result.
    """
    graph = model.graph
    casts = []
    for tensor in list(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT or len(tensor.dims) < 2:
            continue
        values = numpy_helper.to_array(tensor)
        halves = values.astype(np.float16)
        if not np.array_equal(halves.astype(np.float32), values):
            continue
        graph.initializer.remove(tensor)
        stored = f"{tensor.name}.half"
        graph.initializer.append(numpy_helper.from_array(halves, stored))
        casts.append(helper.make_node("Cast", [stored], [tensor.name], to=TensorProto.FLOAT))
    for node in reversed(casts):
        graph.node.insert(0, node)
