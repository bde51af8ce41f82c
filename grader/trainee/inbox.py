"""Take a trainer's feedback in, from a file or from the exchange, and keep it for reading.

Apart from the card that offers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.errors import HandInError, SubmissionError
from grader.files import safe
from grader.formats import exchange, feedback
from grader.formats.archives import plainly
from grader.formats.statement import PUBLIC_KEY
from grader.places import Course, Home, Learner
from grader.trainee import hand_in, released
from grader.trainee.feedback_file import all_in
from grader.trainee.released import Feedback
from grader.trainee.trust import Proof, Trust, claimed, proofs, trust

UNSIGNED = "It is not signed with the key of your course. Please ask your trainer if they sent it."
CHANGED = "It was changed after it was signed. Please ask your trainer to send it again."
MARKS_ONLY = "Signed: the marks only. Nobody has signed the words on its page."
UNCHECKED = "Your browser cannot check who signed it. A newer browser can."
WORDS = {
    Trust.WHOLE: "",
    Trust.MARKS: MARKS_ONLY,
    Trust.CHANGED: CHANGED,
    Trust.OTHERS: UNSIGNED,
    None: UNCHECKED,
}
MODULE = re.compile(r"[0-9]{2}-[a-z0-9-]{1,40}")


def keep_feedback(learner: Learner, content: bytes) -> list[str]:
    """Keep what a trainer's feedback file holds and return the modules it is on.

    That is the zip file as it was sent, packed anew, several in one, or the page alone.
    The page inside is shown later by a server that lets it do nothing but be read.

    Raises
    ------
    HandInError
        Where this is not a feedback file of this course, some of it is somebody else's, two
        pages are on one module, or one is older than what is here, or not signed while that
        is; then nothing is kept.
    """
    try:
        with plainly():
            found = list(_ours_in(learner.course, content))
            if not found:
                raise ValueError("nothing")
    except SubmissionError as error:
        raise HandInError(_why_not(content)) from error
    _check_owners(learner, [one.facts for one in found])
    _check_age(learner, found)
    for one in found:
        if _lacks_signature(learner, one.facts.module, one):
            raise HandInError(_signed_here(learner, one))
    for one in found:
        _keep(learner.home, one.facts.module, one.page, one.numbers)
    return [one.facts.module for one in found]


def to_prove(learner: Learner, content: bytes) -> Iterator[Proof]:
    """Yield what a browser has to check before `keep_feedback` decides on this file.

    That is what the file claims, and what is kept here on the same modules.
    """
    try:
        with plainly():
            found = list(_ours_in(learner.course, content))
    except SubmissionError:
        return
    for one in found:
        yield from proofs(one)
        if here := released.kept(learner.home, one.facts.module):
            yield from proofs(here)


def _ours_in(course: Course, content: bytes) -> Iterator[Feedback]:
    for one in all_in(content):
        module = one.facts.module
        if not MODULE.fullmatch(module) or not (course.exercises / module).is_dir():
            raise ValueError(module)
        yield one


def _why_not(content: bytes) -> str:
    try:
        feedback.parse(content)
    except ValueError:
        return "This is not a feedback file. Choose the one that ends in -feedback.zip"
    return (
        "This is not a feedback file, only its numbers. Choose feedback.html, which lies beside it"
    )


def _check_owners(learner: Learner, found: list[feedback.Released]) -> None:
    mine, here = hand_in.read_trainee(learner.home), _whose_is_here(learner)
    for other in {facts.trainee for facts in found} - {"", mine or here}:
        if mine or here or len({facts.trainee for facts in found}) > 1:
            whose = f", and what is here is for {here}" if here else ", and some is for others"
            whose = f", and your code is {mine}" if mine else whose
            message = f"This feedback is for {ascii(other)[1:-1]}{whose}"
            raise HandInError(f"{message}. Please tell your trainer")
    modules = [facts.module for facts in found]
    if len(set(modules)) < len(modules):
        message = "This file holds two pages of feedback on one module"
        raise HandInError(f"{message}. Unpack it, and open the newest one")


def _whose_is_here(learner: Learner) -> str:
    """Return the code of the first feedback that is here: a home is one person's."""
    modules = sorted(folder.name for folder in learner.course.exercises.iterdir())
    kept = (released.released(learner.home, module) for module in modules)
    return next((one.trainee for one in kept if one), "")


def _check_age(learner: Learner, found: list[Feedback]) -> None:
    for one in found:
        kept = _in_the_way(learner, one)
        if kept and kept.outdates(one.facts):
            message = "This is a draft, and you have the final feedback on this already"
            raise HandInError(f"{message}. It stays as it is")
        if kept and kept.is_on_later(one.facts):
            raise _on_later(learner.home, one.facts.module)


def _on_later(home: Home, module: str) -> HandInError:
    message = "You have feedback on a later hand-in here already. It stays as it is"
    # A trainer can let an earlier hand-in count.
    how = f"remove {home.feedback_numbers(module)}, and get this one again"
    return HandInError(f"{message}. If your trainer says that the earlier one counts, {how}")


def _in_the_way(learner: Learner, found: Feedback) -> feedback.Released | None:
    """Return what is kept and may be newer: never what less of is signed than of this."""
    kept = released.kept(learner.home, found.facts.module)
    if kept is None or _rank(learner, kept) >= _rank(learner, found):
        return kept and kept.facts
    return kept.facts if _cannot_check(learner, found) else None


def _rank(learner: Learner, found: Feedback) -> int:
    """Return how much of feedback is signed; where nobody can check, how much it claims."""
    said = trust(learner.course, found) if _has_key(learner.course) else None
    return (said or claimed(found)).rank


def _cannot_check(learner: Learner, found: Feedback) -> bool:
    return _has_key(learner.course) and trust(learner.course, found) is None


def _has_key(course: Course) -> bool:
    return (course.lessons / PUBLIC_KEY).is_file()


def _keep(home: Home, module: str, page: bytes, numbers: bytes | None) -> None:
    try:
        safe.write_safely(home.feedback_page(module), page)
        released.keep(home, module, numbers)
    except OSError as error:
        raise HandInError(f"The feedback could not be kept ({error.strerror})") from error


def fetch_feedback(learner: Learner) -> list[str]:
    """Keep new feedback from the exchange and return the modules that have some.

    Raises
    ------
    HandInError
        With nbgrader's reason; or where all that is there is on an earlier hand-in.
    """
    place = exchange.find_exchange()
    if place is None:
        return []
    modules = sorted(folder.name for folder in learner.course.exercises.iterdir())
    pages = exchange.fetch_feedback(place, modules)
    found = {module: _read_page(module, page) for module, page in pages.items()}
    older = [module for module, one in found.items() if _is_older(learner, one)]
    rest = [module for module in pages if module not in older]
    newer = [module for module in rest if not _outdated(learner, found[module])]
    lacking = [module for module in newer if _lacks_signature(learner, module, found[module])]
    taken = [module for module in newer if module not in lacking]
    for module in taken:
        one = found[module]
        _keep(learner.home, module, pages[module], one and one.numbers)
    if older and not taken:
        raise _on_later(learner.home, older[0])
    if lacking and not taken:
        raise HandInError(_signed_here(learner, found[lacking[0]], lacking[0]))
    return taken


def _read_page(module: str, page: bytes) -> Feedback | None:
    """Return a page with the numbers that it carries, None where they are not of this module."""
    numbers = feedback.numbers_in(page)
    try:
        found = Feedback(page, numbers, feedback.parse(numbers)) if numbers else None
    except ValueError:
        return None
    return found if found and found.facts.module == module else None


def _is_older(learner: Learner, found: Feedback | None) -> bool:
    """Tell whether feedback on a later hand-in is here already."""
    kept = _in_the_way(learner, found) if found else None
    return bool(kept and found and kept.is_on_later(found.facts))


def _outdated(learner: Learner, found: Feedback | None) -> bool:
    """Tell whether the final feedback is here already, and this a draft of it."""
    kept = _in_the_way(learner, found) if found else None
    return bool(kept and found and kept.outdates(found.facts))


def signed_words(learner: Learner, module: str) -> str:
    """Say of final feedback what the key of the course has not signed of it; else nothing.

    Also where the course has no key.
    """
    found = released.kept(learner.home, module)
    if found is None or found.facts.draft or not _has_key(learner.course):
        return ""
    return WORDS[trust(learner.course, found)]


def _lacks_signature(learner: Learner, module: str, found: Feedback | None) -> bool:
    """Tell whether more is signed of what is here than of this, which would replace it."""
    kept = released.kept(learner.home, module)
    if kept is None:
        return False
    return _rank(learner, kept) > (_rank(learner, found) if found else 0)


def _signed_here(learner: Learner, found: Feedback | None, module: str = "") -> str:
    module = found.facts.module if found else module
    why = (WORDS[trust(learner.course, found)] if found else "") or UNSIGNED
    where = learner.home.feedback_numbers(module)
    message = f"You have signed feedback on {module} here already. It stays as it is. {why}"
    return message if learner.home.hidden else f"{message} To take it all the same, remove {where}"
