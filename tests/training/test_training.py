"""The labelled replies are sound, learning repeats itself, and the figures do not fall."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from grader.coding.coder import code_reply
from grader.coding.model import CURVE, WEIGHTS, load, model
from grader.content.items import ACTS
from grader.errors import AlongsideError
from grader.training import __main__ as training
from grader.training import calibration, labelled, learn, report
from grader.training import text as training_text
from grader.training.labelled import REPLIES, mistyped, plain, read_rows
from grader.training.learn import train
from grader.training.own import hidden_figures, options, own_figures
from grader.training.yardsticks import advice_or_question, likely_acts, main_class

HELD_BACK, APART = REPLIES / "heldback.tsv", REPLIES / "apart.tsv"


@pytest.fixture(scope="module")
def rows() -> list[labelled.Row]:
    return read_rows()


@pytest.fixture(scope="module")
def held() -> report.Figures:
    return report.held_back_figures(report.read_held_back(HELD_BACK), read_rows())


def test_there_are_enough_replies_of_every_act(rows):
    counts = Counter(act for row in rows for act in row.acts)
    assert len(rows) >= 2500
    assert min(counts[act] for act in ACTS) >= 120


def test_no_reply_stands_twice(rows):
    # A question mark may be all that tells two lines of a pair apart.
    counts = Counter(plain(row.reply) + "?" * ("?" in row.reply) for row in rows)
    assert not [reply for reply, times in counts.items() if times > 1 and reply]


def test_nothing_is_learned_from_the_yardsticks(rows):
    assert HELD_BACK.is_file()
    assert APART.is_file()
    assert not {"heldback", "apart"} & {row.file for row in rows}


def test_a_reply_that_is_measured_on_is_not_learned(tmp_path):
    (tmp_path / "own.tsv").write_text("other\tBye now!\t\n", encoding="utf-8")
    (tmp_path / "apart.tsv").write_text("other\tBye, now.\t\n", encoding="utf-8")
    with pytest.raises(AlongsideError, match=r"apart\.tsv: 'Bye, now\.' is learned too"):
        train(tmp_path / "weights", tmp_path)


def test_an_act_is_placed_on_its_best_sentence():
    import numpy as np

    first, *_, last = ACTS
    wanted = labelled.table_of([frozenset([first]), frozenset([last]), frozenset([first])])
    scores = np.full((6, len(ACTS)), -1.0)
    scores[1, 0] = -0.5  # the best of the first reply, however weak
    scores[4:, 0] = 0.2, 0.4  # two clear ones
    found = learn.placed(scores, np.array([0, 0, 1, 1, 2, 2]), wanted)
    assert found[:, 0].tolist() == [False, True, False, False, True, True]
    assert found[:, -1].tolist() == [False, False, True, True, False, False]
    assert found.sum() == 5


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("reflection\tHm.", "write the acts"),
        ("reflection\t\t", "write the acts"),
        ("advice\tHm.\t", "no act named 'advice'"),
        ("other+reflection\tHm.\t", "stands alone"),
    ],
)
def test_a_faulty_line_is_named(tmp_path, line, says):
    (tmp_path / "own.tsv").write_text(f"other\tHi.\t\n{line}\n", encoding="utf-8")
    with pytest.raises(AlongsideError, match=says) as caught:
        read_rows(tmp_path)
    assert "own.tsv, line 2" in str(caught.value)


def test_plain_drops_marks_and_capitals():
    assert plain("Don’t—well, DON'T you?!") == "dont well dont you"


def test_slips_of_the_finger_are_the_same_each_time():
    reply = "That must have been a very long week for all of you"
    once, again = (mistyped(reply, random.Random(1), 0.3) for _ in range(2))  # noqa: S311
    assert once == again != reply


def test_a_small_folder_learns_the_same_bytes_twice(rows, tmp_path):
    folder = tmp_path / "replies"
    folder.mkdir()
    for at in range(3):
        lines = [f"{'+'.join(sorted(row.acts))}\t{row.reply}\t\n" for row in rows[at:450:3]]
        (folder / f"{at}.tsv").write_text("".join(lines), encoding="utf-8")
    for name in ("one", "two"):
        train(tmp_path / name, folder)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert set(load(tmp_path / "one").acts) == set(ACTS)


@pytest.mark.full
def test_the_shipped_weights_are_what_the_replies_give(tmp_path):
    train(tmp_path / "weights.json")
    assert (tmp_path / "weights.json").read_bytes() == WEIGHTS.read_bytes()


def test_the_weights_are_small_and_readable():
    # 3 MB held for half as many replies; seeing contempt in 58 instead of 34 % is worth the rest.
    assert WEIGHTS.stat().st_size <= 4_000_000
    features = json.loads(WEIGHTS.read_text(encoding="utf-8"))["features"]
    assert all(name.partition(":")[0] in learn.KINDS for name in features)


def test_the_held_back_figures_do_not_fall(held):
    assert held.replies >= 400
    assert held.macro >= 0.85
    assert held.kappa >= 0.80
    assert held.shares[0.8] >= 0.90
    f1 = {act: row["f1"] for act, row in held.per_act.items()}
    assert f1["directive_advice"] >= 0.85
    assert min(f1["open_question"], f1["closed_question"]) >= 0.85
    assert min(f1["permission"], f1["tentative_suggestion"]) >= 0.85
    assert min(f1.values()) >= 0.70


def test_marks_and_capitals_cost_little(held):
    assert held.macro - held.rough["no punctuation, lower case"] <= 0.05


def test_a_coder_that_sees_nothing_would_be_noticed(monkeypatch):
    nothing = code_reply("")
    monkeypatch.setattr(report, "code_reply", lambda reply: nothing)
    held = report.read_held_back(HELD_BACK)
    assert report.held_back_figures(held, []).macro < 0.1


def test_two_labellings_are_joined_and_differences_listed(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("other\tHi.\t\nreflection\tHm.\tx\nother\tBye.\t\n", encoding="utf-8")
    second.write_text("other\tHi.\njudgement\tHm.\nboundary\tBye.\n", encoding="utf-8")
    settled, left, out = (tmp_path / name for name in ("settled", "left", "out"))
    settled.write_text("2\treflection\n", encoding="utf-8")
    paths = [str(path) for path in (first, second, settled, left, out)]
    assert training.main(["join", *paths]) == 0
    assert out.read_text(encoding="utf-8").splitlines() == [
        "other\tother\tother\tHi.\t",
        "reflection\tjudgement\treflection\tHm.\tx",
        "other\tboundary\t\tBye.\t",
    ]
    assert left.read_text(encoding="utf-8") == "3\tother\tboundary\tBye.\t\n"


def test_the_agreement_counts_the_replies_that_differ(tmp_path):
    file = tmp_path / "held.tsv"
    same, settled, left = (
        "other\tother\tother\tHi.\t\n",
        "reflection\tjudgement\treflection\tHm.\t\n",
        "other\tboundary\t\tBye.\t\n",
    )
    file.write_text(2 * same + settled + left, encoding="utf-8")
    held = report.read_held_back(file)
    found = report.agreement(held)
    assert (found.replies, found.differing, found.unsettled, found.share) == (4, 2, 1, 0.5)
    assert found.kappa["other"] == pytest.approx(0.5)
    assert report.held_back_figures(held, []).replies == 3
    text = training_text._agreement(found)
    assert "differ for 2 of 4 replies" in text
    assert "not measured: 1." in text


def test_labellings_that_are_all_but_equal_are_not_taken_as_proof():
    def text(share: float) -> str:
        found = report.Agreement(100, 1, 0, share, dict.fromkeys(ACTS, 1.0))
        return training_text._agreement(found)

    assert "Do not take it as proof" in text(0.998)
    assert "Do not take it as proof" not in text(0.85)


def test_a_missing_file_is_one_plain_sentence(tmp_path, capsys):
    paths = [str(tmp_path / name) for name in "abcde"]
    assert training.main(["join", *paths]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_acting_on_danger_is_no_question_on_a_yardstick():
    assert main_class("Please ring 999 now.") == "therapist_input"
    assert main_class("Are you thinking of ending your life?") == "question"


def test_a_text_without_words_can_be_measured():
    assert len(likely_acts("Um.")) == len(ACTS)


def test_a_question_mark_decides_where_neither_advice_nor_question_is_coded():
    assert advice_or_question("Thank you so much for telling me.") == ("advice", False)
    assert advice_or_question("You should go to bed earlier.") == ("advice", True)
    assert advice_or_question("What happened next?") == ("question", True)
    assert advice_or_question("So you felt left out?") == ("question", False)


def test_a_pair_holds_what_one_of_its_lines_holds(tmp_path):
    file = tmp_path / "apart.tsv"
    lines = ["judgement\tYou are so lazy.\t", "reflection\tYou are so tired.\t"]
    lines += ["directive_advice\tJust ring him.\t", "closed_question\tDid you ring him?\t"]
    file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    judging, advice = hidden_figures(file, [])
    assert (judging.what, judging.lines, judging.lookalikes) == ("judgement", 1, 1)
    assert (advice.what, advice.lines, advice.lookalikes) == ("advice", 1, 1)
    assert (advice.surely, advice.wrongly) == (1, 0)


def test_the_options_of_the_course_are_measured():
    root = REPLIES.parents[2]
    wanted = options(root)
    assert len(wanted) >= 700  # each text once: twins share theirs
    assert all(acts <= set(ACTS) for acts in wanted.values())
    assert own_figures(root).unsure <= 0.25


def test_learning_and_coding_turn_scores_into_the_same_likelihoods():
    import numpy as np

    weights = model()
    curve = {name: list(getattr(weights, name)) for name in CURVE}
    scores = np.random.default_rng(3).normal(-0.8, 0.7, (50, len(ACTS)))
    ours = [weights._likely(list(row)) for row in scores]
    assert np.allclose(ours, calibration.likelihoods(scores, curve), atol=1e-9)
    assert min(map(max, ours)) > 0.2  # every reply holds some act
