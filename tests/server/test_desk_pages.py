"""The trainer's desk on its server: pages, decisions, runs and files, for whoever is signed in."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.cohort import FULL, MODULE, answers_json, submit, write_bundle
from helpers.desks import DANGER, REPLIES, TYPED, desk_with, mark_of, reading_of
from helpers.servers import Server, serving
from helpers.visitor import Visitor, visitor

from grader.desk.deciding import MARK, Wish, decide
from grader.desk.place import Desk
from grader.desk.undoing import undo
from grader.server.desk.work import MOST_UPLOAD


@pytest.fixture(scope="module")
def desk(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    course = tmp_path_factory.mktemp("desk") / "course"
    shutil.copytree(prepared, course)
    return desk_with(course, REPLIES | {"trainee-009": DANGER})


@pytest.fixture(scope="module")
def server(desk: Desk) -> Iterator[Server]:
    with serving(desk.root.parent / "home", "teach", "--root", str(desk.root)) as running:
        yield running


@pytest.fixture
def ana(server: Server) -> Visitor:
    return visitor(server)


def path_of(desk: Desk, trainee: str) -> str:
    return f"desk/mark/{MODULE}/{TYPED}/{reading_of(desk, trainee).notebook}"


def run_to_end(who: Visitor) -> str:
    for _ in range(600):
        if '"over": true' in who.open("desk/run/state").text:
            return who.open("desk/run").text
        time.sleep(0.1)
    raise AssertionError("the run never ended")


def test_the_desk_is_opened_first(server: Server) -> None:
    assert server.address.startswith(f"{server.base}/desk?token=")


def test_the_overview_says_who_to_read_first_and_what_to_do_next(ana: Visitor) -> None:
    page = ana.open("desk")
    assert page.text.index("Please read first") < page.text.index("Modules")
    assert "Please read this first: 1 reply." in page.text
    assert "Nobody watches the course live" in page.text
    assert "no danger" not in page.text.lower()


def test_pages_run_their_own_script_alone_and_are_kept_nowhere(ana: Visitor, desk: Desk) -> None:
    here = f"{MODULE}/{TYPED}"
    for path in ("desk", path_of(desk, "trainee-001"), f"desk/alike/{here}", f"desk/sure/{here}"):
        page = ana.open(path)
        assert page.status == 200, path
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
        assert "unsafe" not in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert "style=" not in page.text
        assert "<script>" not in page.text


def test_a_reply_shows_no_code_until_it_is_asked_for(ana: Visitor, desk: Desk) -> None:
    path = path_of(desk, "trainee-002")
    page = ana.open(path)
    assert "trainee-002" not in page.text
    assert "You should just call" in page.text
    assert "KEYWORD-WANTED" in page.text
    assert "trainee-002" in ana.open(f"{path}?who=1").text


def test_points_are_saved_and_the_next_reply_comes(ana: Visitor, desk: Desk) -> None:
    path = path_of(desk, "trainee-003")
    page = ana.open(path)
    done = ana.send(path, do="mark", seen=page.value("seen"), points="2.5", comment="Go on.")
    assert done.status == 303
    assert "2.5 of 4" in ana.follow(done).text
    mark = mark_of(desk, "trainee-003")
    assert (mark.points, mark.waits, mark.comment) == (2.5, False, "Go on.")
    assert "Taken back: 1 decision." in ana.follow(ana.send(path, do="undo")).text
    assert mark_of(desk, "trainee-003").waits


@pytest.mark.parametrize("points", ["4.5", "-1", "nan", "many"])
def test_points_out_of_range_are_refused_in_words_and_what_was_typed_stays(
    ana: Visitor, desk: Desk, points: str
) -> None:
    path = path_of(desk, "trainee-003")
    page = ana.open(path)
    told = ana.send(path, do="mark", seen=page.value("seen"), points=points, comment="My words.")
    assert told.status == 422
    assert "Points here go from 0 to 4." in told.text
    assert "My words.</textarea>" in told.text
    assert mark_of(desk, "trainee-003").waits


def test_two_trainers_on_one_reply_see_it_on_saving(
    ana: Visitor, server: Server, desk: Desk
) -> None:
    ben, path = visitor(server), path_of(desk, "trainee-003")
    ana.send("desk/name", who="Ana")
    ben.send("desk/name", who="Ben <b>")
    seen = ana.open(path).value("seen")
    assert ben.open(path).value("seen") == seen
    assert ana.send(path, do="mark", seen=seen, points="4", comment="Ana's").status == 303
    late = ben.send(path, do="mark", seen=seen, points="1", comment="Ben's")
    assert late.status == 409
    for words in ("Ana decided on this meanwhile", "4 points", "Ana&#x27;s", "Yours: 1 points"):
        assert words in late.text
    assert mark_of(desk, "trainee-003").points == 4
    again = ben.send(path, do="mark", seen=late.value("seen"), points="1", comment="Ben's")
    assert again.status == 303
    assert mark_of(desk, "trainee-003").points == 1
    assert "by Ben &lt;b&gt;" in ben.open(path).text
    ben.send(path, do="undo")
    ana.send(path, do="undo")


def test_a_flag_and_a_first_reading_are_kept_and_undone(ana: Visitor, desk: Desk) -> None:
    path = path_of(desk, "trainee-009")
    ana.send(path, do="flag", seen=ana.open(path).value("seen"))
    assert "Flagged for a colleague" in ana.open("desk").text
    ana.send(path, do="read", seen=ana.open(path).value("seen"))
    assert "Please read first" not in ana.open("desk").text
    for _ in range(2):
        ana.send("desk/undo")
    page = ana.open("desk").text
    assert "Please read first" in page
    assert "Flagged for a colleague" not in page


def test_a_colleagues_flag_is_not_taken_away_from_a_page_that_does_not_show_it(
    ana: Visitor, server: Server, desk: Desk
) -> None:
    path, ben = path_of(desk, "trainee-003"), visitor(server)
    old = ben.open(path)
    ana.send(path, do="flag", seen=ana.open(path).value("seen"))
    late = ben.send(path, do="flag", seen=old.value("seen"), flagged=old.value("flagged"))
    assert "Somebody changed it since" in ben.follow(late).text
    page = ben.open(path)
    assert "flagged for a colleague" in page.text
    ben.send(path, do="flag", seen=page.value("seen"), flagged=page.value("flagged"))
    assert "flagged for a colleague" not in ben.open(path).text


def test_like_replies_are_marked_together_once_they_were_shown(ana: Visitor, desk: Desk) -> None:
    path = f"desk/alike/{MODULE}/{TYPED}"
    page = ana.open(path).text
    ticked = [part.split('"')[0] for part in page.split('name="reply" value="')[1:]]
    assert len(ticked) == 2
    assert REPLIES["trainee-004"].split("!")[0] in page.replace("</mark>", "")
    told = ana.follow(ana.send(path, reply=ticked, points="3"))
    assert "Marked: 2 replies." in told.text
    assert {mark_of(desk, f"trainee-00{number}").points for number in (1, 4)} == {3.0}
    ana.send("desk/undo")
    assert mark_of(desk, "trainee-001").waits
    assert mark_of(desk, "trainee-004").waits


def test_all_sure_suggestions_are_accepted_after_the_list_and_undone_at_once(
    ana: Visitor, desk: Desk
) -> None:
    path = f"desk/sure/{MODULE}/{TYPED}"
    page = ana.open(path).text
    ticked = [part.split('"')[0] for part in page.split('name="reply" value="')[1:]]
    assert ticked
    assert DANGER not in page
    told = ana.follow(ana.send(path, reply=ticked))
    assert f"Marked: {len(ticked)} repl" in told.text
    sure = [who for who in REPLIES if not mark_of(desk, who).waits]
    assert len(sure) == len(ticked)
    ana.send("desk/undo")
    assert all(mark_of(desk, who).waits for who in REPLIES)


def test_what_somebody_decided_meanwhile_is_left_as_it_is_by_many_at_once(
    ana: Visitor, desk: Desk
) -> None:
    path = f"desk/alike/{MODULE}/{TYPED}"
    ticked = [part.split('"')[0] for part in ana.open(path).text.split('name="reply" value="')[1:]]
    shown = reading_of(desk, "trainee-001")
    decide(desk, "Ben", MARK, [Wish(shown.notebook, shown.queue.cell, shown.state.seen, 0.5)])
    told = ana.follow(ana.send(path, reply=ticked, points="3"))
    assert "Marked: 1 reply. Left as they are, since somebody decided: 1 reply." in told.text
    assert mark_of(desk, "trainee-001").points == 0.5
    ana.send("desk/undo")
    undo(desk, "Ben")


@pytest.mark.parametrize(
    "path",
    [
        f"desk/mark/{MODULE}/no-such-question/{'0' * 32}",
        f"desk/mark/{MODULE}/{TYPED}/{'0' * 32}",
        f"desk/mark/99-nothing/{TYPED}",
        f"desk/alike/99-nothing/{TYPED}",
        "desk/files/x.zip",
        "desk/files/..%2f..%2fgradebook.zip",
        "desk/nothing",
        "desk/feedback.zip",
    ],
)
def test_what_is_not_there_is_said_in_plain_words(ana: Visitor, path: str) -> None:
    page = ana.open(path)
    assert page.status >= 400
    assert "Traceback" not in page.text


def test_a_forged_message_is_refused(ana: Visitor, desk: Desk) -> None:
    path, forger = path_of(desk, "trainee-003"), Visitor(ana.server, dict(ana.cookies))
    seen = ana.open(path).value("seen")
    for wrong in ("", "x"):
        told = forger.send(path, do="mark", seen=seen, points="1", _xsrf=wrong)
        assert told.status == 403
    forger.cookies["_xsrf"] = ""
    assert forger.upload("desk/collect", "x.zip", b"x").status == 403
    assert mark_of(desk, "trainee-003").waits


def test_files_are_collected_graded_finished_and_sent_from_the_desk(
    ana: Visitor, desk: Desk, tmp_path: Path
) -> None:
    bundle = write_bundle(tmp_path, "trainee-031", answers_json({"first-move": "listen"}))
    ana.follow(ana.upload("desk/collect", bundle.name, bundle.read_bytes()))
    assert "trainee-031" in run_to_end(ana)
    assert (desk.root / "submitted" / "trainee-031" / MODULE / "answers.json").is_file()
    assert "<td>1</td><td>0</td>" in ana.open("desk").text  # to grade, and damaged
    ana.send("desk/run/grade")
    assert "1 graded" in run_to_end(ana)
    ana.send("desk/run/feedback")
    assert "New files to send: 1." in run_to_end(ana)
    page = ana.open("desk/send")
    name = f"{MODULE}-trainee-031-feedback.zip"
    assert name in page.text
    assert "mailto:?subject=Your%20feedback" in page.text
    alone, together = ana.open(f"desk/files/{name}"), ana.open("desk/feedback.zip")
    with zipfile.ZipFile(io.BytesIO(together.content)) as zipped:
        assert zipped.read(name) == alone.content
    assert "Noted as sent: 1 file." in ana.follow(ana.send("desk/sent")).text
    ana.send("desk/run/feedback")
    assert "New files to send: 0." in run_to_end(ana)
    ana.send("desk/run/export")
    assert "exports/marks.csv" in run_to_end(ana)
    assert b"trainee-031" in ana.open("desk/marks.csv").content


def test_a_trainee_is_looked_back_at_from_the_desk_and_from_a_reply(
    ana: Visitor, desk: Desk
) -> None:
    assert 'action="' in ana.open("desk").text.split("Look back at one trainee")[1]
    page = ana.open("desk/trainee?code=%20trainee-002%E2%80%8B")
    assert page.status == 200
    assert "Look back at <bdi>trainee-002</bdi>" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert path_of(desk, "trainee-002") in page.text
    reply = ana.open(f"{path_of(desk, 'trainee-002')}?who=1").text
    assert "desk/trainee?code=trainee-002" in reply
    assert "desk/trainee?code=" not in ana.open(path_of(desk, "trainee-002")).text


def test_damaged_hand_ins_and_odd_codes_lead_to_their_trainee(ana: Visitor, desk: Desk) -> None:
    submit(desk.root, "trainee-040", b"{broken")
    submit(desk.root, "trainee-O40", b"{broken")
    ana.send("desk/run/grade")
    run_to_end(ana)
    page = ana.open("desk").text
    shutil.rmtree(desk.root / "submitted" / "trainee-O40")
    assert page.count("desk/trainee?code=trainee-040") == 2  # damaged, and almost another's
    assert ana.open("desk/trainee?code=trainee-040").status == 200


@pytest.mark.parametrize("code", ["", "..%2F..", "%3Cb%3Ex", "nobody-1", "x" * 3000])
def test_a_code_of_nobody_is_said_in_plain_words(ana: Visitor, code: str) -> None:
    page = ana.open(f"desk/trainee?code={code}")
    assert page.status == 404
    assert "code" in page.text
    assert "<b>x" not in page.text
    assert "Traceback" not in page.text


def test_what_is_no_hand_in_is_refused_by_name(ana: Visitor) -> None:
    ana.upload("desk/collect", "../../<b>holiday.zip", b"no zip")
    page = run_to_end(ana)
    assert "bholiday.zip" in page
    assert "<b>" not in page
    assert "refused" in page


def test_an_upload_has_an_end(ana: Visitor) -> None:
    headers = {"Content-Length": str(MOST_UPLOAD + 1), "Content-Type": "multipart/form-data"}
    path = f"desk/collect?_xsrf={ana.cookies['_xsrf']}"
    assert ana.ask("POST", path, b"", headers).status in (400, 413)


def test_what_stops_a_run_is_said_as_the_command_says_it(ana: Visitor, desk: Desk) -> None:
    from filelock import FileLock

    submit(desk.root, "trainee-032", FULL)
    with FileLock(desk.root / ".gradebook.lock"):
        ana.send("desk/run/grade")
        assert "Another grading run is under way here" in run_to_end(ana)
        shutil.rmtree(desk.root / "submitted" / "trainee-032")
