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
            *_hold_out(card["hold_out"], card["classes"], card["file"]),
            *_confusion(card["hold_out"], card["classes"]),
            *_groups(card["hold_out"]["groups"]),
            *_calibration(card),
            *_not_judged(card),
            *_explained(card),
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


def _hold_out(figures: dict[str, Any], classes: list[str], card_file: str) -> list[str]:
    rows = [
        ("melanoma AUC", figures["melanoma_auc"]),
        ("malignant AUC", figures["malignant_auc"]),
        *((f"{name} AUC", figures["class_auc"][name]) for name in classes if name != "melanoma"),
        ("balanced accuracy", figures["balanced_accuracy"]),
        ("balanced accuracy of seven, AK and SCC as one", figures["balanced_accuracy_of_seven"]),
        ("accuracy", figures["accuracy"]),
        ("melanoma alert, sensitivity", figures["melanoma_alert"]["sensitivity"]),
        ("melanoma alert, specificity", figures["melanoma_alert"]["specificity"]),
        ("expected calibration error", figures["calibration_error"]),
        ("outline, Dice", figures["outline_dice"]),
        ("outline, median error of the area", figures["outline_area_error"]),
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
        f"![How the figures grew with training]({_stem(card_file)}-run.svg)",
        "",
    ]


def _stem(file: str) -> str:
    return file.removesuffix(".onnx")


def _of(row: dict[str, float] | None) -> str:
    return f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})" if row else "too few"


def _groups(groups: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [
        "## By sex, age, site and skin tone",
        "",
        "With the 95 % interval. Skin tone is a proxy: the individual typology angle of the skin in the "
        "photograph, whose colours are not calibrated.",
        "",
        "| | photographs | melanoma AUC | malignant AUC | accuracy |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {divided_by}: {group['group']} | {group['images']} | {_of(group['melanoma_auc'])} | "
            f"{_of(group['malignant_auc'])} | {_of(group['accuracy'])} |"
            for divided_by, several in groups.items()
            for group in several
        ),
        "",
    ]


def _not_judged(card: dict[str, Any]) -> list[str]:
    names = {
        "dermatoscopic": "held-out dermatoscopic photographs",
        "photograph": "photographs by phone",
        "skin": "skin without a lesion, under a dermatoscope",
        "other": "other pictures",
    }
    lines = [
        "## Pictures that are not judged",
        "",
        f"A picture is not judged when its probability to be dermatoscopic is below "
        f"{card['kinds']['threshold']:.4f} ({card['kinds']['fitted']}). Of pictures and files that had "
        "no part in training:",
        "",
        "| | pictures | not judged |",
        "| --- | --- | --- |",
        *(
            f"| {names[kind]} | {row['images']} | {row['refused']:.1%} |"
            for kind, row in card["kinds"]["refused"].items()
        ),
    ]
    if "other_source" in card:
        other = card["other_source"]
        lines.append(f"| {other['name']} | {other['images']} | {other['refused']:.1%} |")
        lines += [
            "",
            f"On these {other['images']} images of another source, {other['melanomas']} of them "
            f"melanomas, the melanoma AUC is {_of(other['melanoma_auc'])}.",
        ]
    return [*lines, ""]


def _explained(card: dict[str, Any]) -> list[str]:
    covered, measured = card["hold_out"]["saliency"], card["measuring"]
    return [
        "## Evidence and measurements",
        "",
        f"When the fifth of a picture that the saliency map marks most is covered, the probability of the "
        f"answer falls by {covered['salient']:.3f}; when as large a part chosen by chance is, by "
        f"{covered['by_chance']:.3f} ({covered['images']} photographs).",
        "",
        f"Median error of the area, of lesions seen whole: {measured['area_error']:.1%} "
        f"({measured['images']} photographs). How errors of single measurements follow: "
        "[follow-up](../follow-up.md).",
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
            f"{calibration['ece_after']:.3f} after."
        ),
        "",
        f"![Of photographs with such a probability, so many had the diagnosis]({_stem(card['file'])}-reliability.svg)",
        "",
        (
            f"Class frequencies the probabilities rest on, evenness {card['class_frequencies']['evenness']:g} "
            f"({card['class_frequencies']['fitted']}): "
            + ", ".join(f"{c} {n:.3f}" for c, n in card["class_frequencies"]["shares"].items())
            + "."
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
            "A missed melanoma weighs more than a false alarm. A melanoma "
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
        *_trained_on(card),
    ]


def _trained_on(card: dict[str, Any]) -> list[str]:
    if "trained_on_images" not in card:
        return []
    listed = card["trained_on_images"]
    return [
        f"Pictures it was trained or validated on: {listed['count']}, by hash in "
        f"`chalicelib/classification/training_images/{listed['file']}`. No test of it may have one.",
        "",
    ]
