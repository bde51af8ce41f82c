"""Tests of grader.cli: commands, exit codes and plain errors."""

from __future__ import annotations

import contextlib
import json
import shlex
import shutil
import socket

import pytest
from helpers.paths import REPOSITORY
from helpers.varied import real_course

from grader.cli import main
from grader.formats import answers

COMMANDS = ("learn", "handin", "check", "code", "score", "teach", "release", "collect", "grade")
COMMANDS += ("feedback", "export", "demo", "site", "kit")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"Example: alongside {command}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["sing"], ["learn", "--port", "x"], ["grade", "--no"]])
def test_wrong_use_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


WRONG = """
    grade
    grade --force
    grade ""
    feedback
    feedback --release
    feedback --trainee trainee-017
    collect
    collect --json
    collect inbox --list
    collect --list trainee-017 07-advice 1
    collect --list --use trainee-017 07-advice 1
    collect --use trainee-017 07-advice
    collect --use trainee-017 07-advice one
    collect --use trainee-017 07-advice -1
    collect inbox --use trainee-017 07-advice 1
    whose --same
    whose --instead
    whose --other trainee-018
    whose trainee-017 --other ../x
    whose trainee-017 --other ''
    whose trainee-017 --same --instead
    handin
    handin 07-advice --code "two words"
    new
    new song 07-advice/late-bus
    new choice late-bus
    new choice 07-advice/Late
    new rating 07-advice/late-bus --graded
    show
    learn --port 0
    learn --only songs
    export pdf
    verify
    demo one two
    code one two
    release --song
"""


@pytest.mark.parametrize("words", [line.strip() for line in WRONG.strip().splitlines()])
@pytest.mark.parametrize("where", ["course", "elsewhere"])
def test_wrong_use_is_told_from_what_is_to_mend(words, where, root, tmp_path, capsys):
    before = sorted(tmp_path.rglob("*"))
    with contextlib.chdir(root if where == "course" else tmp_path):
        try:
            code = main(shlex.split(words))
        except SystemExit as stopped:
            code = stopped.code
    said = capsys.readouterr().err
    assert code == 2
    assert "Traceback" not in said
    assert said.strip().splitlines()[-1].startswith("alongside")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_is_no_course_is_one_plain_sentence(tmp_path, capsys):
    assert main(["grade", "07-advice", "--root", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "is not a course folder; go to the one with nbgrader_config.py" in error


@pytest.mark.parametrize("command", ["grade", "feedback"])
def test_an_unknown_module_names_the_nearest(command, root, capsys):
    assert main([command, "07-advise", "--root", str(root)]) == 1
    assert "did you mean '07-advice'?" in capsys.readouterr().err


def test_grade_asks_which_module(root, capsys):
    assert main(["grade", "--root", str(root)]) == 2
    error = capsys.readouterr().err
    assert "Name one (" in error
    assert "07-advice" in error
    assert "or give --all" in error


def test_a_port_in_use_is_said_with_what_to_do(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["learn", "--home", str(tmp_path), "--port", port, "--no-browser"]) == 1
    assert f"Port {port} is in use; close the other program or choose" in capsys.readouterr().err


def test_a_home_that_cannot_be_made_is_said_with_what_to_do(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    assert main(["learn", "--home", str(tmp_path / "taken"), "--no-browser"]) == 1
    assert "choose another with --home" in capsys.readouterr().err


def test_a_trainee_can_hand_in_without_a_browser(tmp_path, capsys):
    home = ["--home", str(tmp_path / "home")]
    assert main(["handin", "07-advice", *home, "--code", "trainee-017"]) == 0
    assert "Your file is ready: 07-advice-trainee-017-" in capsys.readouterr().out
    assert len(list((tmp_path / "home" / "hand-in").glob("*.zip"))) == 1


def test_a_bad_code_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["handin", "07-advice", "--home", str(tmp_path), "--code", "../x"])
    assert stopped.value.code == 2
    assert "letters, digits" in capsys.readouterr().err


def test_handing_in_an_unknown_module_names_the_nearest(tmp_path, capsys):
    assert main(["handin", "7-advice", "--home", str(tmp_path)]) == 1
    assert "did you mean '07-advice'?" in capsys.readouterr().err


def test_collect_without_anything_to_collect_says_so(root, capsys):
    assert main(["collect", "--root", str(root)]) == 2
    assert "nothing to collect" in capsys.readouterr().err


def test_collect_reports_a_refused_file_and_goes_on(root, tmp_path, capsys):
    main(["handin", "07-advice", "--home", str(tmp_path / "home"), "--code", "trainee-017"])
    inbox = tmp_path / "home" / "hand-in"
    (inbox / "a-holiday-picture.zip").write_bytes(b"no zip")
    capsys.readouterr()
    assert main(["collect", str(inbox), "--root", str(root), "--json"]) == 1
    outcomes = {one["source"]: one for one in json.loads(capsys.readouterr().out)}
    assert len(outcomes) == 2
    assert (root / "submitted" / "trainee-017" / "07-advice" / "answers.json").is_file()


def test_grading_before_collecting_says_what_to_do(root, capsys):
    assert main(["grade", "07-advice", "--root", str(root)]) == 1
    assert "run 'alongside collect FOLDER' first" in capsys.readouterr().err


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory):
    root = real_course(tmp_path_factory.mktemp("graded") / "course", "07-advice")
    submit_choice(root, "trainee-017", "a")
    assert main(["grade", "07-advice", "--root", str(root)]) == 0
    return root


@pytest.fixture
def graded(graded_once, tmp_path):
    """Have one trainee graded, by the command."""
    return shutil.copytree(graded_once, tmp_path / "course")


def submit_choice(root, trainee, pick):
    record = root / "submitted" / trainee / "07-advice" / "answers.json"
    record.unlink(missing_ok=True)
    answers.save_response(record, "07-advice", "graded-cake-for-gran", "choice", pick)


def test_grading_again_says_that_nothing_changed(graded, capsys):
    assert main(["grade", "--all", "--root", str(graded)]) == 0
    assert "1 of them as before: nothing about them has changed." in capsys.readouterr().out


def test_a_dry_run_says_whose_marks_would_change_and_keeps_them(graded, capsys):
    submit_choice(graded, "trainee-017", "b")
    gradebook = (graded / "gradebook.db").read_bytes()
    assert main(["grade", "07-advice", "--dry-run", "--root", str(graded)]) == 0
    said = capsys.readouterr().out
    assert "Marks that change: 1 hand-in." in said
    assert "points before" in said
    assert "nothing is written" in said
    assert (graded / "gradebook.db").read_bytes() == gradebook
    assert main(["grade", "07-advice", "--root", str(graded)]) == 0
    assert said.split("\n\n")[0] in capsys.readouterr().out


def test_a_program_reads_the_changes_as_json(graded, capsys):
    submit_choice(graded, "trainee-017", "b")
    assert main(["grade", "07-advice", "--json", "--root", str(graded)]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert one["changes"][0]["item"] == "graded-cake-for-gran"


def test_a_gradebook_that_is_put_back_is_said(graded, capsys):
    assert main(["grade", "07-advice", "--force", "--root", str(graded)]) == 0
    (graded / "gradebook.db").write_bytes(b"rubbish")
    assert main(["export", "--root", str(graded)]) == 1
    assert "is damaged; run 'alongside grade'" in capsys.readouterr().err
    assert main(["grade", "07-advice", "--root", str(graded)]) == 0
    assert "alongside: gradebook.db was damaged." in capsys.readouterr().err


def test_a_table_stays_a_table_whatever_a_folder_is_called(graded, capsys):
    submit_choice(graded, "two\nlines\udcff\u202e", "a")
    assert main(["grade", "07-advice", "--root", str(graded)]) == 1
    assert r"two\nlines\udcff\u202e" in capsys.readouterr().out


def test_a_table_that_cannot_be_written_is_said_plainly(root, tmp_path, capsys):
    main(["handin", "07-advice", "--home", str(tmp_path / "home"), "--code", "trainee-017"])
    main(["collect", str(tmp_path / "home" / "hand-in"), "--root", str(root)])
    main(["grade", "07-advice", "--root", str(root)])
    (root / "exports").write_text("a file where a folder should be")
    assert main(["export", "csv", "--root", str(root)]) == 1
    assert "choose another with --out" in capsys.readouterr().err


def test_nothing_in_a_folder_is_passed_over_in_silence(root, tmp_path, capsys):
    inbox = tmp_path / "inbox"
    (inbox / "sub-folder").mkdir(parents=True)
    (inbox / "letter.docx").write_text("x")
    main(["handin", "07-advice", "--home", str(tmp_path / "home"), "--code", "trainee-017"])
    (bundle,) = (tmp_path / "home" / "hand-in").iterdir()
    bundle.rename(inbox / "TRAINEE.ZIP")
    capsys.readouterr()
    assert main(["collect", str(inbox), "--root", str(root)]) == 1
    said = capsys.readouterr().out
    assert "letter.docx: refused (it is not a zip file" in said
    assert "sub-folder: refused (it is a folder without a hand-in" in said
    assert "trainee-017 07-advice: collected" in said


def test_feedback_tells_of_replies_that_nobody_has_read(root, tmp_path, capsys):
    home = tmp_path / "home"
    main(["handin", "07-advice", "--home", str(home), "--code", "trainee-017"])
    record = home / "exercises" / "07-advice" / "answers.json"
    answers.save_response(record, "07-advice", "graded-reply-choir", "reply", "How is it now?")
    main(["handin", "07-advice", "--home", str(home)])
    main(["collect", str(home / "hand-in"), "--root", str(root)])
    main(["grade", "07-advice", "--root", str(root)])
    main(["feedback", "07-advice", "--root", str(root)])
    assert "1 has replies that no trainer has read yet" in capsys.readouterr().out


def test_an_exercise_that_does_not_fit_its_items_is_not_released(root, capsys):
    shutil.copytree(REPOSITORY / "course", root / "course")
    items = root / "solutions" / "07-advice" / "items.yaml"
    text = items.read_text(encoding="utf-8")
    items.write_text(text.replace("graded-reply-choir", "graded-reply-song"), encoding="utf-8")
    assert main(["release", "--root", str(root)]) == 1
    assert "graded-reply-song" in capsys.readouterr().err


def test_release_check_fails_on_one_changed_byte(root, capsys):
    assert main(["release", "--check", "--root", str(root)]) == 0
    path = root / "exercises" / "07-advice" / "items.json"
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    assert main(["release", "--check", "--root", str(root)]) == 1
    assert "exercises/07-advice/items.json: differs" in capsys.readouterr().out


def test_code_reads_a_file_and_reports_a_bad_line(tmp_path, capsys):
    replies = tmp_path / "replies.jsonl"
    replies.write_text('{"id": 1, "reply": "how was your week"}\nnot json\n')
    assert main(["code", str(replies)]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["acts"][0]["act"] == "open_question"
    assert second["line"] == 2


def test_code_says_when_a_file_is_missing(tmp_path, capsys):
    assert main(["code", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl cannot be read (No such file or directory)" in capsys.readouterr().err


def test_check_is_clean_on_the_course(capsys):
    assert main(["check"]) == 0
    assert "no problems" in capsys.readouterr().out


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("alongside ")
