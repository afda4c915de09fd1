# mypy: allow-subclassing-any
"""Turn a trained network into the one ONNX file that is served, and prove the two agree.

The file takes the pixels as they come, uint8 RGB, and holds all the rest: normalisation, averaging
over four mirror images, the return to natural class frequencies, temperature and softmax.
"""

import copy
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import fuse_conv_bn_eval, fuse_linear_bn_eval

from training.network import LesionNetwork

OPSET = 17
TOLERANCE = 1e-4
OUTPUT_NAMES = ("probabilities", "outline", "embedding")


class ServingNetwork(nn.Module):
    """uint8 (N, H, W, 3) to probabilities (N, 8), outline (N, H/2, W/2), embedding (N, d).

    `prior_shift` (classes,) is added to the logits: training draws rare classes more often than
    they occur, and log(natural share / drawn share) takes that back (Saerens et al. 2002).
    """

    def __init__(self, network: LesionNetwork, prior_shift: Tensor, temperature: float) -> None:
        super().__init__()
        self.network = _rounded(_fused(network))
        self.register_buffer("prior_shift", prior_shift.float())
        self.register_buffer("temperature", torch.tensor(float(temperature)))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits, outline, embedding = self.raw(pixels)
        probabilities = torch.softmax(logits / self.temperature, dim=1)
        return probabilities, outline, functional.normalize(embedding, dim=1)

    def raw(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits at natural class frequencies, outline probabilities and the embedding.

        A lesion has no left or right: all three are means over the photograph and its three mirror
        images.
        """
        upright = pixels.permute(0, 3, 1, 2).float() / 255.0
        across, down = upright.flip(3), upright.flip(2)
        views = torch.cat([upright, across, down, across.flip(2)])
        out = self.network(views)
        logits = torch.stack(out.logits.chunk(4)).mean(dim=0) + self.prior_shift
        embedding = torch.stack(out.embedding.chunk(4)).mean(dim=0)
        drawn = torch.sigmoid(out.outline).chunk(4)
        outline = (drawn[0] + drawn[1].flip(2) + drawn[2].flip(1) + drawn[3].flip(2).flip(1)) / 4
        return logits, outline, embedding


def natural_shift(natural: NDArray[np.float64], drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log(natural share / drawn share) of each class; both must be positive everywhere."""
    if (natural <= 0).any() or (drawn <= 0).any():
        raise ValueError("every class must occur in the training photographs")
    shift: NDArray[np.float64] = np.log(natural) - np.log(drawn)
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
    model = onnx.load(str(path))
    _store_weights_in_half(model)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
    with torch.inference_mode():
        expected = [output.numpy() for output in network(pixels)]
    got = open_session(path).run(list(OUTPUT_NAMES), {"pixels": example})
    worst = max(float(np.abs(np.asarray(a) - b).max()) for a, b in zip(got, expected, strict=True))
    if worst > TOLERANCE:
        raise ValueError(f"ONNX differs from PyTorch by {worst:.2g}, more than {TOLERANCE:.0e}")
    return worst


def open_session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """Open the file on the processor with so many threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )


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
    fused.embed = fuse_linear_bn_eval(fused.embed, fused.embed_norm)
    fused.embed_norm = nn.Identity()
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
