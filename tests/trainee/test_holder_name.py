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


@pytest.mark.parametrize(
    "name",
    [
        *(
            "\uff2b\uff49\uff4d \uff53\uff49\uff47\uff4e\uff45\uff44",
            "Kim s\u0456gned",
            "\u0405IGNED",
            "S\u0399G\u039dED Kim",
        ),
        *("Certified.by.the.trainers", "Kim, Trainers", "Kim S-i-g-n-e-d", "Certi-fied Kim"),
        *(
            "Kim\u2019signed",
            "Kim Signed\u2011by\u2011all",
            "s i g n e d",
            "Kim s\u00edgned",
            "Kim-Verified",
        ),
        *("Kim Signatures", "Kim si\u0301gne\u0301d", "\u0440assed Kim"),
        *("\ua4e2\ua4f2\ua4d6\ua4e0\ua4f0\ua4d3 Kim", "\u13daigned", "\uabaaigned", "\u2ca3assed"),
        *("\ua731\u026a\u0262\u0274\u1d07\u1d05", "\u0282igned", "sign\u01ddd", "Tra\u0269ner"),
        *("Tralner Kim", "unsignedname", "certifiedby", "Gepr\u00fcft", "Approved by all"),
    ],
)
def test_so_is_one_that_does_in_letters_that_look_alike(name: str) -> None:
    with pytest.raises(CertificateError, match="type your name alone"):
        check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Grace Pass",
            "Sean O'Brien",
            "Siobh\u00e1n N\u00ed Dhomhnaill",
            "Jos\u00e9-Mar\u00eda d\u2019Or",
        ),
        *("Signe Hansen", "Anne Trainor", "Vera Fiedler", "Grace Passe-Dubois"),
        *(
            "\u0410\u043d\u043d\u0430 \u0421\u0435\u0440\u0433\u0435\u0435\u0432\u0430",
            "\u041f\u0451\u0442\u0440 \u0420\u043e\u0441\u0442\u043e\u0432",
            "\u0395\u03bb\u03ad\u03bd\u03b7 \u03a1\u03af\u03c4\u03b1",
        ),
        *(
            PERSIAN,
            HINDI,
            "\u674e\u660e",
            "\u0545\u0578\u0582\u0580\u056b",
            "Th\u1ecb Nguy\u1ec5n",
            "I\u015f\u0131l Y\u0131ld\u0131z",
        ),
    ],
)
def test_names_of_people_stay_free(name: str) -> None:
    assert check_name(name) == name


def test_a_joiner_stays_between_letters_that_join_and_nowhere_else() -> None:
    assert name_shown(PERSIAN) == PERSIAN
    assert name_shown(f"K\u200dim {PERSIAN}\u200d") == f"Kim {PERSIAN}"


@pytest.mark.parametrize(
    "name",
    [
        "\u018aan \u0198asa",
        "I\u015f\u0131l",
        "Lila Ilgaz",
        "\u13e3\u13b3\u13a9",
        "Traian",
        "\ua4ee\ua4da\ua4f2",
    ],
)
def test_names_in_such_letters_that_claim_nothing_are_fine(name: str) -> None:
    assert check_name(name) == name
