"""The journal: what was written stays, whoever is killed, and one journal is one import's."""

import subprocess
import sys
from pathlib import Path

import pytest

from client.importer.journal import Entry, Journal, Step
from client.importer.report import Totals
from client.words import Stop

SENT = Entry("a", 2, Step.SENT, image_id="image-a", unmapped="site=elbow")


def test_an_image_is_known_after_its_journal_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.put(SENT)
    journal.close()
    assert Journal(path).get("a") == SENT
    assert path.stat().st_mode & 0o077 == 0, "external ids are private"


def test_what_was_written_survives_a_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from client.importer.journal import Entry, Journal, Step\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "[journal.put(Entry(str(n), n, Step.SENT)) for n in range(50)]\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == -9
    assert Journal(path).count(Step.SENT) == 50


def test_only_an_image_that_was_sent_can_end_and_only_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.put(SENT)
    assert not journal.end("image-b", state="classified", reason="", message="")
    assert journal.end("image-a", state="rejected", reason="damaged", message="Damaged.")
    assert not journal.end("image-a", state="classified", reason="", message="")
    ended = journal.get("a")
    assert ended is not None
    assert (ended.step, ended.state, ended.reason) == (Step.ENDED, "rejected", "damaged")


def test_a_journal_of_another_import_is_refused(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.bind({"server": "http://one", "manifest": "1"})
    journal.bind({"server": "http://one", "manifest": "1"})
    with pytest.raises(Stop, match="another import"):
        journal.bind({"server": "http://one", "manifest": "2"})


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_text("something else entirely" * 100)
    with pytest.raises(Stop, match="cannot be opened"):
        Journal(path)


def test_the_totals_count_every_row_once_with_its_reason(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    for number in range(250):
        journal.put(Entry(str(number), number, Step.ENDED, state="classified"))
    journal.put(Entry("x", 300, Step.ENDED, state="rejected", reason="damaged"))
    journal.put(Entry("y", 301, Step.REFUSED, reason="no_file", unmapped="site=elbow; sex=x"))
    journal.put(Entry("z", 302, Step.SENT, unmapped="site=elbow"))
    journal.refuse_line(303, "y", "duplicate_id", "")
    totals = Totals.of(journal.entries(), rows=300)
    assert totals.outcomes == {"classified": 250, "refused": 3, "at_work": 1, "not_sent": 46}
    assert totals.reasons == {"damaged": 1, "no_file": 1, "duplicate_id": 1}
    assert totals.unmapped == {"site=elbow": 2, "sex=x": 1}
