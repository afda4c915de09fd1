"""The network and its served form. Needs torch, which is not among the development requirements."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; see training/README.md")

from torch.nn import functional  # noqa: E402

from training.augment import blend, close_ups, random_views  # noqa: E402
from training.evidence import _gates, evidence  # noqa: E402
from training.export import ServingNetwork, export  # noqa: E402
from training.hairs import draw_hairs  # noqa: E402
from training.losses import embedding_loss  # noqa: E402
from training.network import Architecture, LesionNetwork, pool  # noqa: E402
from training.pixels import Examples  # noqa: E402
from training.plan import Phase, Plan  # noqa: E402
from training.taught import train_all  # noqa: E402

SMALL = Architecture(stem=8, widths=(8, 16, 24, 32), depths=(1, 1, 1, 1), hidden=16, embedding=8)


@pytest.fixture
def network() -> LesionNetwork:
    torch.manual_seed(1)
    made = LesionNetwork(SMALL)
    torch.nn.init.normal_(made.amend.weight, std=0.1)
    for block in made.stages:
        torch.nn.init.ones_(block[0].second[1].weight)
    made.train()
    for _ in range(3):  # running statistics that are not those of the beginning
        made(torch.rand(8, 3, 72, 96))
    made.eval()
    return made


def test_evidence_is_the_gradient_times_the_map(network: LesionNetwork) -> None:
    served = ServingNetwork(network, torch.zeros(8), 1.0).network
    pixels = torch.rand(2, 3, 72, 96)
    with torch.no_grad():
        out = served(pixels)
    before = out.before.clone().requires_grad_(True)
    (block,) = served.stages[-1]
    second = block.second(functional.relu(block.first(before)))
    features = functional.relu(block.shortcut(before) + second * _gates(block, second).detach())
    pooled = pool(features, out.inside)
    logits = served.classify(functional.relu(served.hide(pooled))) + served.amend(pooled)
    chosen = functional.one_hot(logits.argmax(dim=1), 8).float()
    ((logits * chosen).sum(dim=1) - logits.mean(dim=1)).sum().backward()
    oracle = (before.grad * before).sum(dim=1).detach()
    with torch.no_grad():
        found = evidence(served, out.before, out.inside, chosen)
    assert torch.allclose(found, oracle, atol=1e-5)


def test_the_file_says_what_the_network_says(network: LesionNetwork, tmp_path: Path) -> None:
    serving = ServingNetwork(network, torch.zeros(8), 0.8)
    pixels = np.random.default_rng(0).integers(0, 256, (4, 72, 96, 3)).astype(np.uint8)
    assert export(serving, pixels, tmp_path / "model.onnx") <= 1e-4


def test_views_stay_pictures_and_keep_their_outline() -> None:
    generator = torch.Generator().manual_seed(2)
    rng = np.random.default_rng(2)
    images = torch.from_numpy(rng.integers(0, 256, (6, 60, 80, 3)).astype(np.uint8))
    outlines = torch.full((6, 60, 80), 255, dtype=torch.uint8)
    hairs = draw_hairs(pictures=3, height=36, width=48, rng=rng)
    for views, drawn in (
        random_views(images, outlines, height=36, width=48, generator=generator, hairs=hairs),
        close_ups(images, outlines, height=36, width=48, generator=generator),
    ):
        assert views.shape == (6, 3, 36, 48)
        assert 0 <= float(views.min()) <= float(views.max()) <= 1
        assert torch.allclose(drawn, torch.ones_like(drawn))


def test_a_blended_view_is_mostly_itself() -> None:
    views = torch.rand(40, 3, 4, 4)
    blended, partners, weights = blend(views, share=0.5, generator=torch.Generator().manual_seed(1))
    assert sorted(partners.tolist()) == list(range(40))
    assert 0 < float(weights.max()) <= 0.4
    untouched = weights == 0
    assert torch.equal(blended[untouched], views[untouched])


def test_views_of_one_lesion_that_lie_together_cost_less() -> None:
    apart = torch.eye(4)
    together = apart[[0, 0, 1, 1]]
    lesions, counted = torch.tensor([0, 0, 1, 1]), torch.ones(4, dtype=torch.bool)
    assert embedding_loss(together, lesions, counted) < embedding_loss(apart, lesions, counted)
    assert float(embedding_loss(apart, torch.arange(4), counted)) == 0


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shown = Examples(
        rng.integers(0, 256, (32, 36, 48, 3)).astype(np.uint8),
        np.arange(32) % 8,
        tuple(map(str, range(32))),
        np.zeros((32, 36, 48), np.uint8),
        np.ones(32, np.bool_),
    )
    teacher = Plan(phases=(Phase(1, 48, 36),), architecture=SMALL, batch=16)
    plan = Plan(
        phases=(Phase(2, 48, 36),), architecture=SMALL, batch=16, teachers=1, taught_by=teacher
    )
    device = torch.device("cpu")
    whole = train_all(plan, shown, shown, tmp_path / "whole", device=device)

    def stop_after_one_epoch(folder: Path) -> None:
        from training import train as module

        real = module.Run.run_epoch
        module.Run.run_epoch = lambda run: real(run) if run.epoch == 0 else _raise()  # type: ignore
        try:
            with pytest.raises(KeyboardInterrupt):
                train_all(plan, shown, shown, folder, device=device)
        finally:
            module.Run.run_epoch = real  # type: ignore

    stop_after_one_epoch(tmp_path / "stopped")
    resumed = train_all(plan, shown, shown, tmp_path / "stopped", device=device)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, other)


def _raise() -> None:
    raise KeyboardInterrupt
