"""Tests of the trainee's hand-in and exchange: what leaves the computer, and how."""

from __future__ import annotations

import io
import json
import os
import stat
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.exercise import MODULE, NOON, answer
from helpers.feedback_file import NUMBERS, feedback_zip, zipped
from helpers.wire import Wire

from grader import places
from grader.cards.own_record import COPIES_GONE, DeleteCard
from grader.cards.sending import FeedbackCard, HandInCard
from grader.errors import HandInError
from grader.files import safe
from grader.formats import answers, exchange, feedback
from grader.places import own_home, this_learner
from grader.server import pages
from grader.server.pages import prepare_home
from grader.trainee import hand_in, handed_in, inbox, released


@pytest.mark.parametrize(
    "code",
    ["a.", "con", "NUL.txt", "../x", "", "a b", "x" * 65, "-x", "a..b", "=cmd()", "å", "a/b"],
)
def test_a_code_that_could_do_harm_is_refused(code):
    with pytest.raises(HandInError, match="letters, digits"):
        hand_in.check_code(code)


@pytest.mark.parametrize("code", ["trainee-017", "A.b_c-9", " trainee-017 "])
def test_a_plain_code_is_kept_for_all_modules(code):
    hand_in.save_trainee(own_home(), code)
    assert hand_in.read_trainee(own_home()) == code.strip()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"trainee": 3}', '{"trainee": "../x"}'])
def test_a_damaged_code_file_only_means_asking_again(content):
    path = places.own_home().folder / "trainee.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert hand_in.read_trainee(own_home()) == ""


def test_the_card_shows_every_answer_that_will_be_sent(folder):
    answer(folder)
    shown = hand_in.overview(this_learner(), MODULE)
    assert shown["answered"] == 1
    assert shown["total"] == len(shown["lines"]) == len(hand_in._views(own_home(), MODULE))
    assert shown["lines"][1]["answer"] == "No answer yet."
    assert not shown["needs_code"]


def test_a_file_carries_answers_code_and_time_and_nothing_else(folder):
    answer(folder)
    (folder / "diary.txt").write_text("private")
    (folder / "exercise.ipynb").write_text("my own notes")
    done = hand_in.hand_in(this_learner(), MODULE, NOON)
    assert done.bundle.name == "07-advice-trainee-017-20260301T120000Z.zip"
    with zipfile.ZipFile(done.bundle) as bundle:
        assert sorted(bundle.namelist()) == ["answers.json", "exercise.ipynb", "handin.json"]
        facts = json.loads(bundle.read("handin.json"))
        sent = json.loads(bundle.read("answers.json"))["items"]
        assert b"my own notes" not in bundle.read("exercise.ipynb")
    kept = json.loads((folder / "answers.json").read_text())["items"]
    assert {name: one["response"] for name, one in sent.items()} == {
        name: one["response"] for name, one in kept.items()
    }
    assert facts["trainee"] == "trainee-017"
    assert facts["handed_in"] == "2026-03-01T12:00:00+00:00"


@pytest.mark.parametrize(("said", "told"), [({}, None), ({"may_teach": True}, True)])
def test_that_words_may_help_to_teach_is_in_the_file_only_where_it_was_ticked(folder, said, told):
    answer(folder)
    wire = Wire(HandInCard(this_learner(), MODULE))
    wire.ask(type="hand_in", share={}, **said)
    (bundle,) = (own_home().folder / "hand-in").glob("*.zip")
    with zipfile.ZipFile(bundle) as pack:
        assert json.loads(pack.read("handin.json")).get("may_teach") is told


@pytest.mark.parametrize("odd", [1, "true", {}, None])
def test_only_a_plain_yes_says_that_words_may_help(folder, odd):
    answer(folder)
    Wire(HandInCard(this_learner(), MODULE)).ask(type="hand_in", share={}, may_teach=odd)
    (bundle,) = (own_home().folder / "hand-in").glob("*.zip")
    with zipfile.ZipFile(bundle) as pack:
        assert "may_teach" not in json.loads(pack.read("handin.json"))


def test_an_untouched_exercise_can_be_handed_in(folder):
    done = hand_in.hand_in(this_learner(), MODULE, NOON)
    with zipfile.ZipFile(done.bundle) as bundle:
        assert json.loads(bundle.read("answers.json"))["items"] == {}


def test_the_map_learns_when_something_was_handed_in(folder):
    assert hand_in.last_hand_in(own_home(), MODULE) == ""
    hand_in.hand_in(this_learner(), MODULE, NOON)
    assert hand_in.last_hand_in(own_home(), MODULE).startswith("Hand-in file made on 1 March 2026")
    assert hand_in.overview(this_learner(), MODULE)["last"].startswith(
        "Hand-in file made on 1 March 2026"
    )


def test_an_earlier_try_stays_at_home(folder):
    path = folder / "answers.json"
    name = answer(folder)
    answers.save_response(path, MODULE, name, "choice", "b", tried=True)
    answers.save_response(path, MODULE, name, "choice", "c")
    with zipfile.ZipFile(hand_in.hand_in(this_learner(), MODULE, NOON).bundle) as bundle:
        sent = json.loads(bundle.read("answers.json"))["items"][name]
    given = {"kind": "choice", "response": "c", "asked": "", "words": ""}
    assert sent == given | {"first_response": None, "tries": 0}


def test_what_was_shown_is_what_is_sent(folder):
    answer(folder, "a")
    seen = hand_in.overview(this_learner(), MODULE)["seen"]
    answer(folder, "b")
    with pytest.raises(HandInError, match="changed since you looked"):
        hand_in.hand_in(this_learner(), MODULE, NOON, seen=seen)
    hand_in.hand_in(
        this_learner(), MODULE, NOON, seen=hand_in.overview(this_learner(), MODULE)["seen"]
    )


def test_a_hard_story_is_not_shown_again_unasked(folder):
    views = json.loads((folder / "items.json").read_text())["items"]
    shown = hand_in.overview(this_learner(), MODULE)["lines"]
    for view, line in zip(views, shown, strict=True):
        if view["content_note"]:
            # A talk's scene says nothing of its own before it begins: its setting tells the story.
            hard, mild = (
                each["says"] or each["setting"] for each in (view["stem"], view["gentle"])
            )
            assert hard not in line["question"]
            assert mild in line["question"]


def test_a_hand_in_names_the_version_of_a_hard_story_that_was_answered(folder):
    choices = [
        view
        for view in json.loads((folder / "items.json").read_text())["items"]
        if view["kind"] == "choice"
    ]
    mild, hard, *_ = (view for view in choices if view["content_note"])
    plain = next(view for view in choices if not view["content_note"])
    path = folder / "answers.json"
    for view, version in ((mild, "gentle"), (hard, "first"), (plain, "gentle")):
        picked = view["options"][0]["id"]
        answers.save_response(path, MODULE, view["id"], "choice", picked, version=version)
    lines = hand_in.overview(this_learner(), MODULE)["lines"]
    assert [line["version"] for line in lines if line["answered"] and line["version"]] == [
        "The answer is to the gentler version of the story.",
        "The answer is to the first version of the story.",
    ]
    with zipfile.ZipFile(hand_in.hand_in(this_learner(), MODULE, NOON).bundle) as bundle:
        sent = json.loads(bundle.read("answers.json"))["versions"]
    assert (sent[mild["id"]], sent[hard["id"]]) == ("gentle", "first")


def test_a_missing_code_is_asked_for():
    prepare_home(this_learner())
    with pytest.raises(HandInError, match="with --code or on the page"):
        hand_in.hand_in(this_learner(), MODULE, NOON)


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(folder):
    answer(folder)
    (places.own_home().folder / "hand-in").write_text("a file where a folder should be")
    with pytest.raises(HandInError, match="Nothing was sent"):
        hand_in.hand_in(this_learner(), MODULE, NOON)
    assert (folder / "answers.json").is_file()


def test_without_a_configuration_there_is_no_exchange():
    assert exchange.find_exchange() is None


def test_the_exchange_gets_the_same_files_as_a_bundle(folder, shared):
    answer(folder)
    files = hand_in.contents(this_learner(), MODULE, exchange.account(), NOON)
    done = hand_in.hand_in(this_learner(), MODULE, NOON)
    (inbound,) = (shared / "inbound").iterdir()
    received = {path.name: path.read_bytes() for path in inbound.iterdir()}
    own = {"timestamp.txt", "submission_secret.txt"}  # nbgrader's
    assert {name: text for name, text in received.items() if name not in own} == files
    assert done.bundle is None
    assert inbound.name.startswith(f"{exchange.account()}+{MODULE}+")


def test_an_exchange_goes_by_the_account_and_asks_for_no_code(shared):
    prepare_home(this_learner())
    shown = hand_in.overview(this_learner(), MODULE)
    assert shown["exchange"]
    assert not shown["needs_code"]
    assert shown["trainee"] == exchange.account()


@fault(
    HOME,
    "The shared folder of the course takes nothing",
    "The trainee gets a file to send instead.",
)
def test_an_exchange_that_refuses_leaves_a_file_instead(folder, shared):
    answer(folder)
    (shared / "inbound").rmdir()
    done = hand_in.hand_in(this_learner(), MODULE, NOON)
    assert "did not take your answers" in done.lines[0]
    assert done.bundle.is_file()


def test_the_letter_that_goes_with_such_a_file_has_the_code_that_is_in_it(folder, shared):
    answer(folder)
    (shared / "inbound").rmdir()
    told = Wire(HandInCard(this_learner(), MODULE)).ask(type="hand_in")
    assert f"My code is {exchange.account()}." in told["letter"]["text"]
    assert told["file"] in told["letter"]["text"]


def test_feedback_comes_back_through_the_exchange(folder, shared):
    from nbgrader.utils import notebook_hash

    hand_in.hand_in(this_learner(), MODULE, NOON)
    assert inbox.fetch_feedback(this_learner()) == []
    (inbound,) = (shared / "inbound").iterdir()
    secret = (inbound / "submission_secret.txt").read_text()
    page = notebook_hash(secret=secret, notebook_id="exercise")
    (shared / "feedback" / f"{page}.html").write_text("<h1>Feedback</h1>")
    assert inbox.fetch_feedback(this_learner()) == [MODULE]
    assert places.own_home().feedback_page(MODULE).read_text() == "<h1>Feedback</h1>"


def test_the_feedback_that_was_written_last_comes_back_whatever_the_clock_said(
    folder, shared, monkeypatch
):
    from nbgrader.utils import notebook_hash

    hand_in.hand_in(this_learner(), MODULE, NOON)
    hand_in.hand_in(this_learner(), MODULE, NOON + timedelta(hours=1))
    for inbound in (shared / "inbound").iterdir():
        secret = (inbound / "submission_secret.txt").read_text()
        page = notebook_hash(secret=secret, notebook_id="exercise")
        (shared / "feedback" / f"{page}.html").write_text(inbound.name)
    pages = sorted((shared / "feedback").iterdir(), key=Path.read_text)
    for later, last in enumerate(pages, 1):  # of the first hand-in, where it is used again
        os.utime(last, (time.time() + 60 * later,) * 2)
        assert inbox.fetch_feedback(this_learner()) == [MODULE]
        assert places.own_home().feedback_page(MODULE).read_text() == last.read_text()


@pytest.mark.parametrize(
    ("module", "there"), [(MODULE, True), ("08-groups", False)], ids=["own", "another module's"]
)
def test_numbers_come_back_through_the_exchange_inside_the_page(folder, shared, module, there):
    from nbgrader.utils import notebook_hash

    hand_in.hand_in(this_learner(), MODULE, NOON)
    (inbound,) = (shared / "inbound").iterdir()
    secret = (inbound / "submission_secret.txt").read_text()
    name = notebook_hash(secret=secret, notebook_id="exercise")
    numbers = escape(json.dumps({**NUMBERS, "module": module}))
    page = f'<head><meta name="alongside-feedback" content="{numbers}"></head><body><h1>x</h1>'
    (shared / "feedback" / f"{name}.html").write_text(page)
    assert inbox.fetch_feedback(this_learner()) == [MODULE]
    assert (released.released(own_home(), MODULE) is not None) == there


@fault(
    HOME,
    "The shared folder holds feedback on an earlier hand-in than the feedback that is here",
    "The later one stays, and one line says so, on the page as with a file.",
)
def test_older_feedback_of_the_exchange_never_replaces_a_later_one(folder, shared):
    from nbgrader.utils import notebook_hash

    hand_in.hand_in(this_learner(), MODULE, NOON)
    (inbound,) = (shared / "inbound").iterdir()
    secret = (inbound / "submission_secret.txt").read_text()
    name = notebook_hash(secret=secret, notebook_id="exercise")
    numbers = escape(json.dumps({**NUMBERS, "handed_in": "2026-03-01T09:00:00+00:00"}))
    page = f'<head><meta name="alongside-feedback" content="{numbers}"></head><body>older</body>'
    (shared / "feedback" / f"{name}.html").write_text(page)
    content = feedback_zip(handed_in="2026-03-02T09:00:00+00:00", trainee="trainee-001")
    places.own_home().folder.joinpath("trainee.json").unlink(missing_ok=True)
    inbox.keep_feedback(this_learner(), content)
    before = places.own_home().feedback_page(MODULE).read_bytes()
    for fetch in (
        lambda: inbox.fetch_feedback(this_learner()),
        FeedbackCard(this_learner())._fetch,
    ):
        with pytest.raises(HandInError, match="feedback on a later hand-in here already"):
            fetch()
        assert places.own_home().feedback_page(MODULE).read_bytes() == before


def test_somebody_elses_feedback_is_refused():
    hand_in.save_trainee(own_home(), "trainee-017")
    content = feedback_zip()
    with pytest.raises(HandInError, match="for trainee-001, and your code is trainee-017"):
        inbox.keep_feedback(this_learner(), content)


def test_a_feedback_file_is_kept():
    assert inbox.keep_feedback(this_learner(), feedback_zip()) == [MODULE]
    assert places.own_home().feedback_page(MODULE).read_bytes() == b"<h1>Hello</h1>"
    kept = released.released(own_home(), MODULE)
    assert (kept.points, kept.max_points, kept.waiting) == (5.5, 10, 1)
    assert kept.items == {"first-move": feedback.Final(2.5, 3, ("demeanour",))}


PAGE = b"<html><head></head><body><h1>Hello</h1></body></html>"


def files(module: str = MODULE, trainee: str = "trainee-001", folder: str = "") -> dict[str, bytes]:
    facts = {**NUMBERS, "module": module, "trainee": trainee}
    return {f"{folder}feedback.html": PAGE, f"{folder}feedback.json": json.dumps(facts).encode()}


def packed(contents: dict[str, bytes]) -> bytes:
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in contents.items():
            bundle.writestr(name, content)
    return pack.getvalue()


def alone(page: bytes = PAGE) -> bytes:
    meta = f'<head><meta name="alongside-feedback" content="{escape(json.dumps(NUMBERS))}">'
    return page.replace(b"<head>", meta.encode())


LITTER = {"__MACOSX/._feedback.html": b"x", ".DS_Store": b"x", "x/desktop.ini": b"x"}
BOM = b"\xef\xbb\xbf"
FEEDBACK: dict[str, bytes] = {
    "packed anew by Finder": packed(files(folder="07-advice/") | LITTER),
    "unpacked twice": packed(files(folder="a/a/")),
    "backslashes": packed(files(folder="07-advice|")).replace(b"07-advice|", b"07-advice\\"),
    "in another zip file": packed({"07-advice-feedback (1).zip": packed(files())}),
    "saved as .htm": packed({"feedback.HTM": PAGE, "feedback.json": files()["feedback.json"]}),
    "renamed page": packed({"My feedback.html": alone()}),
    "mark before the text": packed({name: BOM + text for name, text in files().items()}),
    "the page alone": alone(),
    "the page alone, saved by a browser": BOM + b"\r\n<!-- saved from url=(0014) -->\n" + alone(),
    "the page alone, two bytes a letter": alone().decode().encode("utf-16"),
}


@fault(
    HOME,
    "A feedback file that was packed anew, unpacked, or saved as a page",
    "It is opened like the one that was sent.",
)
@pytest.mark.parametrize("case", FEEDBACK)
def test_feedback_is_kept_however_it_comes(case):
    assert inbox.keep_feedback(this_learner(), FEEDBACK[case]) == [MODULE]
    assert b"<h1>Hello</h1>" in places.own_home().feedback_page(MODULE).read_bytes()
    assert released.released(own_home(), MODULE).points == 5.5


def test_feedback_on_several_modules_in_one_file_is_all_kept():
    both = {"a.zip": packed(files()), "b.zip": packed(files("08-groups"))}
    assert inbox.keep_feedback(this_learner(), packed(both)) == [MODULE, "08-groups"]
    assert released.released(own_home(), "08-groups").module == "08-groups"


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"b.zip": packed(files("08-groups", "trainee-002"))}, "and some is for others"),
        ({"b.zip": packed(files())}, "two pages of feedback on one module"),
        ({"b.zip": packed({"feedback.html": PAGE, "feedback.json": b"{"})}, "not a feedback file"),
        ({"b.zip": b"PK cut off"}, "not a feedback file"),
        ({"b.zip": bytes(9 << 20)}, "not a feedback file"),
        ({f"{number}.zip": packed({}) for number in range(201)}, "not a feedback file"),
    ],
)
def test_of_several_nothing_is_kept_where_one_is_amiss(others, said):
    with pytest.raises(HandInError, match=said):
        inbox.keep_feedback(this_learner(), packed({"a.zip": packed(files())} | others))
    assert not places.own_home().feedback_page(MODULE).exists()


def test_somebody_elses_among_several_is_refused_by_the_code():
    hand_in.save_trainee(own_home(), "trainee-001")
    both = {"a.zip": packed(files()), "b.zip": packed(files("08-groups", "trainee-002"))}
    content = packed(both)
    with pytest.raises(HandInError, match="for trainee-002, and your code is trainee-001"):
        inbox.keep_feedback(this_learner(), content)
    assert not places.own_home().feedback_page(MODULE).exists()


def test_the_numbers_alone_lead_to_the_page():
    with pytest.raises(HandInError, match=r"only its numbers\. Choose feedback\.html"):
        inbox.keep_feedback(this_learner(), json.dumps(NUMBERS).encode())


@fault(
    HOME,
    "Something else is opened as a feedback file",
    "It is refused in plain words, and nothing is kept of it.",
)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no zip",
        zipped(other_txt=b"x"),
        zipped(feedback_json=b"[", feedback_html=b"x"),
        feedback_zip(module="../../x"),
        feedback_zip(module=7),
        feedback_zip(module="99-nothing"),
        zipped(feedback_json=json.dumps(NUMBERS).encode(), feedback_html=bytes(5 << 20)),
        feedback_zip(more="x" * (feedback.MAX_BYTES + 1)),
    ],
    ids=["empty", "not-zip", "other", "cut-off", "path", "type", "unknown", "bomb", "long"],
)
def test_anything_else_is_refused_in_plain_words(content):
    with pytest.raises(HandInError, match="This is not a feedback file"):
        inbox.keep_feedback(this_learner(), content)
    assert not places.own_home().feedback_page(MODULE).exists()


def test_two_windows_that_hand_in_at_once_are_both_remembered(folder, monkeypatch):
    answer(folder)
    locked, left = (
        safe.locked,
        [lambda: handed_in.remember(own_home(), "01-definitions", "file", NOON, NOON)],
    )

    @contextmanager
    def late(path: Path) -> Iterator[None]:
        if path == handed_in._log_file(own_home()) and left:
            left.pop()()
        with locked(path):
            yield

    log = handed_in.log_of

    def read(home: places.Home) -> dict:
        found = log(home)
        if left and found == {}:  # read without the lock: the other window comes in between
            left.pop()()
        return found

    monkeypatch.setattr(safe, "locked", late)
    monkeypatch.setattr(handed_in, "log_of", read)
    handed_in.remember(own_home(), MODULE, "file", NOON, NOON)
    assert set(log(own_home())) == {MODULE, "01-definitions"}


def open_to_others(top: Path) -> list[Path]:
    return [path for path in (top, *top.rglob("*")) if path.stat().st_mode & 0o077]


@fault(
    HOME,
    "nbgrader keeps a copy of each hand-in where other accounts of the computer can read it",
    "The copies are closed to them: when handing in, and at each start those of earlier ones.",
)
@pytest.mark.skipif(os.name != "posix", reason="rights of files there")
def test_the_copies_of_hand_ins_are_for_their_owner_alone(folder, shared, tmp_path):
    answer(folder)
    cache = tmp_path / "cache"
    hand_in.hand_in(this_learner(), MODULE, NOON)
    assert (next(cache.glob("*/*")) / "submission_secret.txt").is_file()
    assert open_to_others(cache) == []
    for path in (cache, *cache.rglob("*")):  # as nbgrader alone leaves it
        path.chmod(0o755)
    pages._meanwhile(this_learner())
    assert open_to_others(cache) == []


@pytest.mark.skipif(os.name != "posix", reason="rights of files there")
def test_while_a_copy_is_made_nobody_can_look_in(folder, shared, tmp_path, monkeypatch):
    from nbgrader.exchange.default import ExchangeSubmit

    seen = []
    copy = ExchangeSubmit.do_copy

    def watched(step, source, target, *rest):
        seen.append(stat.S_IMODE((tmp_path / "cache").stat().st_mode))
        copy(step, source, target, *rest)

    (tmp_path / "cache").mkdir(mode=0o755)
    monkeypatch.setattr(ExchangeSubmit, "do_copy", watched)
    hand_in.hand_in(this_learner(), MODULE, NOON)
    assert seen == [0o700, 0o700]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs a second account")
def test_where_the_copies_lie_with_another_account_a_file_is_made_instead(folder, shared, tmp_path):
    answer(folder)
    (tmp_path / "cache").mkdir(mode=0o777)
    os.chown(tmp_path / "cache", 4242, 4242)
    done = hand_in.hand_in(this_learner(), MODULE, NOON)
    assert "is open to other accounts" in done.lines[0]
    assert done.bundle.is_file()
    assert list((tmp_path / "cache").iterdir()) == []


@fault(
    HOME,
    "A trainee who handed in by the exchange deletes everything",
    "The copies that nbgrader kept go as well, and it says so. Those of other courses stay.",
)
def test_deleting_everything_takes_the_copies_of_hand_ins_as_well(folder, shared, tmp_path):
    answer(folder)
    hand_in.hand_in(this_learner(), MODULE, NOON)
    others = tmp_path / "cache" / "physics" / "me+homework+2026-03-01 09:00:00 UTC"
    others.mkdir(parents=True)
    told = Wire(DeleteCard(this_learner())).ask(type="delete", word="delete")
    assert [path.name for path in (tmp_path / "cache").glob("*/*")] == [others.name]
    assert COPIES_GONE[0] in told["lines"]
    again = Wire(DeleteCard(this_learner())).ask(type="delete", word="delete")
    assert COPIES_GONE[0] not in again["lines"]


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "+2026-12-01 08:37:20.171420 +0545",
        "+2026-12-01 08:37:20.171420 +0545+QmFzZTY0",
        "+2026-12-01 08:37:20.171420 UTC+QmFzZTY0",
    ],
)
def test_a_copy_goes_whatever_stands_behind_its_module(folder, shared, tmp_path, rest):
    copy = tmp_path / "cache" / "alongside" / f"me+{MODULE}{rest}"
    copy.mkdir(parents=True)
    Wire(DeleteCard(this_learner())).ask(type="delete", word="delete")
    assert not copy.exists()
