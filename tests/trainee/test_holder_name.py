"""A name on a certificate looks like nothing but a name, in every script."""

from __future__ import annotations

import pytest

from grader.errors import CertificateError
from grader.trainee.holder_name import check_name, name_shown

PERSIAN = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
HINDI = "\u0915\u094d\u200d\u0937\u092e\u093e"


@pytest.mark.parametrize(
    "name",
    ["", "Kim", "Anne-Marie O\u2019Neill", "J. R. D\u00edaz, Jr.", "\u674e\u660e", PERSIAN, HINDI],
)
def test_names_of_all_scripts_stay_as_they_are(name: str) -> None:
    assert check_name(name) == name


def test_a_name_is_kept_in_one_form() -> None:
    assert check_name("  Jose\u0301   Diaz ") == "Jos\u00e9 Diaz"


@pytest.mark.parametrize(
    "name",
    [
        *("K\u200bim", "K\u200dim", f"{PERSIAN}\u200c", "\u202eKim", "K\u2060im", "\ufeffKim"),
        *("Kim \u2713", "Kim (10 of 10)", "Kim 100", "Kim <b>", "Kim: Lee", "a b c d e f g h i"),
        "K" * 81,
    ],
)
def test_what_no_name_has_is_refused(name: str) -> None:
    with pytest.raises(CertificateError, match="Please use letters"):
        check_name(name)


@pytest.mark.parametrize("name", ["This name is signed", "Kim, SIGNED.", "Verified Kim"])
def test_a_name_that_speaks_of_signatures_is_refused(name: str) -> None:
    with pytest.raises(CertificateError, match="type your name alone"):
        check_name(name)


def test_a_joiner_stays_between_letters_that_join_and_nowhere_else() -> None:
    assert name_shown(PERSIAN) == PERSIAN
    assert name_shown(f"K\u200dim {PERSIAN}\u200d") == f"Kim {PERSIAN}"
