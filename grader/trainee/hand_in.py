"""Hand in an exercise, by exchange folder or as one file.

Both ways carry the same files. What leaves the computer is the trainee's code, the
answers to this exercise, the time, and a random mark; never practice, and of the journal only
what is ticked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import places
from grader.errors import HandInError, RecordError, sentence
from grader.files.parsing import parse_json
from grader.formats import answers, exchange
from grader.formats import shared as shared_file
from grader.formats.hand_in import write_bundle, write_facts
from grader.formats.kept import answered_version, still_fits
from grader.kinds.public import View
from grader.kinds.registry import is_scored
from grader.kinds.scoring import is_answered
from grader.kinds.views import answer_lines, load_public_items
from grader.places import Home, Learner
from grader.trainee import order
from grader.trainee.code import OtherCodeError, check_code, own_code, read_trainee, save_trainee
from grader.trainee.handed_in import day_of, last_hand_in, newest_time, remember
from grader.trainee.sharing import shareable, shared_bytes

__all__ = ["OtherCodeError", "check_code", "last_hand_in", "read_trainee", "save_trainee"]


BY_BROWSER = (
    "Your browser saves it now. Is it not among your downloads? "
    "Then press “Save a copy of the file”."
)


@dataclass(frozen=True, slots=True)
class HandInReceipt:
    """What happened, in plain lines; ``bundle`` is the file where one was made.

    ``save`` tells that it lies where nobody can open it, so that the page has to save it.
    """

    lines: tuple[str, ...]
    bundle: Path | None = None
    save: bool = False


# What will be sent --------------------------------------------------------------


def overview(learner: Learner, module: str) -> dict[str, Any]:
    """Return what the hand-in card shows: every answer that will be sent, and where to.

    Returns
    -------
    dict
        JSON-ready.
    """
    home = learner.home
    record = _sent_record(home, module)
    views = _views(home, module).values()
    lines = [_line(view, record) for view in views]
    shared = exchange.find_exchange()
    trainee = exchange.account() if shared else read_trainee(home)
    return {
        "needs_code": not trainee,
        "trainee": trainee,
        "exchange": shared is not None,
        "answered": sum(line["answered"] for line in lines),
        "total": len(lines),
        "lines": lines,
        "notices": [*record.problems, *_gone(home, module)],
        "sends": "Your code, the time, these answers, and a random mark that says nothing of you. "
        "Nothing else, unless you tick it below.",
        "where": _where(to_exchange=shared is not None),
        "last": _last_words(home, module),
        "seen": _digest(record),
        "shareable": shareable(learner, module),
    }


def _views(home: Home, module: str) -> dict[str, View]:
    """Return the questions that can be handed in; what is never scored stays at home."""
    found = load_public_items(home.exercise_folder(module) / places.PUBLIC_ITEMS)
    return {name: view for name, view in found.items() if is_scored(view["kind"])}


def _sent_record(home: Home, module: str) -> answers.Record:
    """Return what a hand-in holds: the answers as they stand, to the questions there are.

    Earlier tries stay at home: nobody looked at them before pressing the button.
    """
    record = answers.open_record(home.exercise_record(module), module)
    views = _views(home, module)
    kept = {
        name: replace(answer, first_response=None, tries=0)
        for name, answer in record.answers.items()
        if name in views
    }
    versions = {name: one for name, one in record.versions.items() if name in kept}
    return answers.Record(module, kept, record.problems, record.seed, versions=versions)


def _gone(home: Home, module: str) -> list[str]:
    """Say how many answers are to questions that the exercise no longer has."""
    record = answers.read_record_or_empty(home.exercise_record(module), module)
    gone = sum(name not in _views(home, module) for name in record.answers)
    if not gone:
        return []
    what = "One answer is" if gone == 1 else f"{gone} answers are"
    stay = "It stays" if gone == 1 else "They stay"
    return [f"{what} to questions that are no longer here. {stay} on your computer."]


def _digest(record: answers.Record) -> str:
    return hashlib.sha256(answers.record_bytes(record)).hexdigest()


def _line(view: View, record: answers.Record) -> dict[str, Any]:
    answer = record.answers.get(view["id"])
    if answer and not (answer.kind == view["kind"] and is_answered(answer.kind, answer.response)):
        answer = None
    stem = view["gentle"] or view["stem"]  # nobody meets a hard story here unasked
    says = stem["says"] or stem["setting"] or view["question"]
    return {
        "question": f"{stem['speaker']}: {says}" if stem["speaker"] else says,
        "answer": _answer_text(view, answer) if answer else "No answer yet.",
        "answered": answer is not None,
        "version": answered_version(view, record) if answer else "",
    }


def _answer_text(view: View, answer: answers.Answer) -> str:
    lines = answer_lines(view, answer.response) if still_fits(view, answer) else ()
    return "\n".join(lines) or "This question has changed since you answered it."


def _where(*, to_exchange: bool) -> str:
    if to_exchange:
        return "Your answers go straight to the shared folder of your course."
    return "You get one file. Send it to your trainer, for example by email."


def _last_words(home: Home, module: str) -> str:
    last = last_hand_in(home, module)
    return f"{last}. You can hand in again; the newest counts." if last else ""


# Handing in ---------------------------------------------------------------------


def contents(  # noqa: PLR0913 - who hands in what, when, and what was ticked
    learner: Learner,
    module: str,
    trainee: str,
    now: datetime,
    share: Mapping[str, str] | None = None,
    *,
    may_teach: bool = False,
) -> dict[str, bytes]:
    """Return the files of one hand-in by name, the same for file and exchange.

    The notebook is the released one: what a trainee may have typed into their own copy
    of it is not an answer and stays at home. ``shared.json`` is there only where a part of
    it was ticked, as `grader.trainee.sharing` says.
    """
    # Drawn at random: it says nothing of the person or the computer.
    device = order.kept_at_random(learner.home.device_mark)
    try:
        record = _sent_record(learner.home, module)
        notebook = (learner.course.exercises / module / places.NOTEBOOK).read_bytes()
    except (OSError, RecordError) as error:
        raise HandInError(
            f"{sentence(f'The exercise could not be read: {error}')} Nothing was sent"
        ) from error
    files = {
        places.ANSWERS: answers.record_bytes(record),
        places.NOTEBOOK: notebook,
        places.HAND_IN: write_facts(trainee, module, now, device, may_teach=may_teach),
    }
    shared = shared_bytes(learner, module, share or {})
    return files | ({shared_file.NAME: shared} if shared else {})


def hand_in(  # noqa: PLR0913 - who hands in what, when, and what was ticked
    learner: Learner,
    module: str,
    now: datetime | None = None,
    seen: str = "",
    share: Mapping[str, str] | None = None,
    *,
    may_teach: bool = False,
) -> HandInReceipt:
    """Hand in by the exchange where one is set up, and as a file otherwise.

    Parameters
    ----------
    learner : Learner
        Who hands in.
    module : str
        Such as ``07-advice``.
    now : datetime, optional
        With a time zone.
    seen : str, optional
        What `overview` gave as ``seen``; the hand-in is refused where answers have changed.
    share : mapping of str to str, optional
        Parts to share and their ``seen``; nothing by default.
    may_teach : bool
        The typed words may be used to improve the reading; ticked for this hand-in alone.

    Returns
    -------
    HandInReceipt

    Raises
    ------
    HandInError
        Where nothing was handed in; the answers stay as they are.
    """
    now, home = now or datetime.now(UTC), learner.home
    stamp = newest_time(home, module, now)
    if seen and seen != _digest(_sent_record(home, module)):
        raise HandInError("Your answers have changed since you looked. Please look once more")
    shared = exchange.find_exchange()
    who = own_code(home) if shared is None else exchange.account()
    files = contents(learner, module, who, stamp, share, may_teach=may_teach)
    if shared is None:
        return _hand_in_file(home, files, now, stamp)
    try:
        exchange.submit(shared, module, files)
    except HandInError as error:
        done = _hand_in_file(home, files, now, stamp)
        return replace(done, lines=(sentence(error), "So here is a file instead.", *done.lines))
    remember(home, module, "exchange", now, stamp)
    return HandInReceipt(
        (f"Handed in on {day_of(now)}. You can still change answers and hand in again.",)
    )


def _hand_in_file(
    home: Home, files: dict[str, bytes], now: datetime, stamp: datetime
) -> HandInReceipt:
    bundle = write_bundle(home.folder / "hand-in", files)
    facts = parse_json(files[places.HAND_IN])
    remember(home, facts["module"], "file", now, stamp, trainee=facts["trainee"])
    where = BY_BROWSER if home.hidden else f"It is in the folder {bundle.parent}."
    return HandInReceipt(
        (
            f"Your file is ready: {bundle.name}.",
            where,
            "It is not sent yet. Please send this file to your trainer. "
            "You can still change answers and make a new file.",
        ),
        bundle,
        save=home.hidden,
    )
