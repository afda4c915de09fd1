"""One page about the model for people, generated from its card."""

from typing import Any


def render_page(card: dict[str, Any]) -> str:
    """Return the Markdown page of a card."""
    return "\n".join(
        [
            f"# {card['name'].capitalize()} {card['version']}",
            "",
            f"{card['summary']} {card['licence']['use'].capitalize()}.",
            f"Generated from `{card['file'].removesuffix('.onnx')}.json`; do not edit.",
            "",
            *_facts(card),
            *_hold_out(card["hold_out"], card["classes"]),
            *_confusion(card["hold_out"], card["classes"]),
            *_calibration(card),
            *_data(card),
            "## Limits",
            "",
            *(f"- {limit}" for limit in card["limits"]),
            "",
        ]
    )


def _facts(card: dict[str, Any]) -> list[str]:
    size = card["preprocessing"]
    tensors = [
        f"| {role} `{tensor['name']}` | {tensor['type']} "
        f"[{', '.join(str(side) for side in tensor['shape'])}] |"
        for role, tensors in (("input", card["inputs"]), ("output", card["outputs"]))
        for tensor in tensors
    ]
    return [
        "| | |",
        "| --- | --- |",
        f"| made on | {card['date']} |",
        f"| file | `{card['file']}`, {card['bytes'] / 1e6:.1f} MB, SHA-256 `{card['sha256']}` |",
        (
            f"| picture | the whole image squeezed to {size['width']} x {size['height']}, "
            f"{size['resample']} |"
        ),
        *tensors,
        f"| time | {card['training']['milliseconds_an_image']} ms an image on one core |",
        f"| training | {card['training']['minutes']:.0f} minutes. {card['training']['note']} |",
        f"| licence | {card['licence']['model']}: {card['licence']['reason']} |",
        "",
    ]


def _hold_out(figures: dict[str, Any], classes: list[str]) -> list[str]:
    rows = [
        ("melanoma AUC", figures["melanoma_auc"]),
        ("malignant AUC", figures["malignant_auc"]),
        *((f"{name} AUC", figures["class_auc"][name]) for name in classes if name != "melanoma"),
        ("balanced accuracy", figures["balanced_accuracy"]),
        (
            "balanced accuracy, classes equally frequent",
            figures["balanced_accuracy_at_equal_frequencies"],
        ),
        ("accuracy", figures["accuracy"]),
        ("melanoma alert, sensitivity", figures["melanoma_alert"]["sensitivity"]),
        ("melanoma alert, specificity", figures["melanoma_alert"]["specificity"]),
        ("outline, Dice", figures["outline_dice"]),
    ]
    again = figures["same_lesion_found"]
    return [
        "## On held-out lesions",
        "",
        (
            f"{figures['images']} photographs of {figures['lesions']} lesions that had no part in "
            f"training, choice or calibration. {figures['interval']}. "
            f"Malignant: {', '.join(figures['malignant_classes'])}."
        ),
        "",
        "| figure | value | 95 % interval |",
        "| --- | --- | --- |",
        *(
            f"| {name} | {row['value']:.3f} | {row['low']:.3f} to {row['high']:.3f} |"
            for name, row in rows
        ),
        "",
        (
            f"Of {again['images']} photographs whose lesion was photographed again, the nearest by "
            f"embedding shows the same lesion for {again['share']:.0%}."
        ),
        "",
    ]


def _confusion(figures: dict[str, Any], classes: list[str]) -> list[str]:
    counts = figures["confusion"]["counts"]
    return [
        "Rows: true class. Columns: class of highest probability, in the same order.",
        "",
        f"| | {' | '.join(str(k + 1) for k in range(len(classes)))} |",
        f"| --- |{' --- |' * len(classes)}",
        *(
            f"| {k + 1} {name} | {' | '.join(str(n) for n in row)} |"
            for k, (name, row) in enumerate(zip(classes, counts, strict=True))
        ),
        "",
    ]


def _calibration(card: dict[str, Any]) -> list[str]:
    calibration, abstention = card["calibration"], card["abstention"]
    held_out = abstention["hold_out"]
    return [
        "## Probabilities and abstention",
        "",
        (
            f"{calibration['method'].capitalize()}: {calibration['temperature']:.3f}. Expected "
            f"calibration error on validation {calibration['ece_before']:.3f} before, "
            f"{calibration['ece_after']:.3f} after; on held-out lesions "
            f"{calibration['ece_hold_out']:.3f}."
        ),
        "",
        (
            f"When the highest probability is below {abstention['threshold']:.2f} the answer is "
            f"`unknown`. {abstention['fitted'].capitalize()}. On held-out lesions it answers for "
            f"{held_out['coverage']:.0%} of the photographs, and {held_out['error']:.1%} of these "
            "answers are wrong."
        ),
        "",
        (
            "Nevi are so frequent that the most probable class is rarely melanoma. A melanoma "
            f"probability of {card['melanoma_alert']['threshold']:.4f} or more is therefore an "
            f"alert of its own: {card['melanoma_alert']['fitted']}."
        ),
        "",
    ]


def _data(card: dict[str, Any]) -> list[str]:
    parts = card["split"]["parts"]
    return [
        "## Data",
        "",
        *(
            f"- **{source['name']}** ({source['authors']}), {source['licence']}. "
            f"{source['citation']}. Changed: {source['changes']}."
            for source in card["training_data"]
        ),
        "",
        f"Split: {card['split']['rule']}. Seed `{card['split']['seed']}`.",
        "",
        "| part | photographs | lesions |",
        "| --- | --- | --- |",
        *(f"| {name} | {n['images']} | {n['lesions']} |" for name, n in parts.items()),
        "",
    ]
