"""Every reason for refusal comes with a sentence for its sender, and costs nothing to import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.images.problems import SENTENCES, Problem

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_a_sentence_in_both_languages(problem: Problem) -> None:
    sentences = SENTENCES[problem]
    assert set(sentences) == {"ru", "en"}
    assert re.search("[а-яё]", sentences["ru"])
    assert not re.search("[а-яё]", sentences["en"])
    for sentence in sentences.values():
        assert sentence.endswith(".")
        assert sentence.count(".") >= 2, "one sentence says what is wrong, the next what to do"


def test_sentences_are_all_different() -> None:
    said = [sentence for sentences in SENTENCES.values() for sentence in sentences.values()]
    assert len(set(said)) == len(said)


def test_importing_the_problems_loads_nothing_heavy() -> None:
    code = (
        "import sys; import chalicelib.images.problems; "
        "print(sorted({'numpy', 'PIL', 'onnxruntime', 'pydantic', 'boto3'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
