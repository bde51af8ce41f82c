"""What the check of a certificate reads is what a reader sees: a doctored file never holds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.command import run

from grader.content.passing import PassRule
from grader.errors import CertificateError
from grader.formats import statement
from grader.formats.statement import PUBLIC_KEY, Signed, Statement
from grader.places import own_course
from grader.trainee.certificate import certificate_html
from grader.trainer.feedback.signing import new_key, signer_of

RULE = PassRule(50, ("07-advice", "08-groups"))
PICTURE = '<img alt="" src="data:image/png;base64,iVBORw0KGgo=" style="position:fixed;inset:0">'
SHOWN = "<h1>Kim passed with 100 of 100 points</h1>"
HIDING = "<style>main { display: none } body::after { content: 'Passed' }</style>"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trainer")
    new_key(folder)
    return folder


def signed(keys: Path, module: str, points: str = "8", trainee: str = "trainee-017") -> Signed:
    plain = Statement(trainee, module, points, "10", "2026-03-01", "0.1.0")
    return signer_of(keys)(statement.judged(plain, RULE, "Listening"))


@pytest.fixture(scope="module")
def true(keys: Path) -> tuple[Signed, ...]:
    return tuple(signed(keys, module, "2") for module in RULE.modules)


def lines_of(found: tuple[Signed, ...]) -> str:
    return "".join(one.text for one in found)


def named(name: str) -> Callable[[str], str]:
    """Put another name on the page, as it stands."""
    return lambda page: page.replace(">Kim<", f">{name}<")


def swapped(old: str, new: str) -> Callable[[str], str]:
    def change(page: str) -> str:
        assert old in page
        return page.replace(old, new, 1)

    return change


def first_last(text: str, between: str) -> str:
    """Put something between the two statements of a text."""
    first, second = text.split("Alongside statement")[1:]
    return f"Alongside statement{first}{between}Alongside statement{second}"


# A true statement inside something else that says more.
AROUND: dict[str, Callable[[str], str | bytes]] = {
    "in a comment": lambda text: f"{SHOWN}<!-- {text} -->",
    "in a comment of a whole page": lambda text: f"<!doctype html><HTML>{SHOWN}<!-- {text} -->",
    "in a hidden element": lambda text: f"{SHOWN}<div hidden>{text}</div>",
    "in an element that is not displayed": lambda text: f'{SHOWN}<p style="display:none">{text}',
    "in letters of no size": lambda text: f'{SHOWN}<pre style="font-size:0">{text}</pre>',
    "in white on white": lambda text: f'{SHOWN}<pre style="color:#fff">{text}</pre>',
    "in a script": lambda text: f"<script>/* {text} */ document.write('{SHOWN}')</script>",
    "in a style": lambda text: f"<style>/* {text} */</style>{SHOWN}",
    "in a template": lambda text: f"{SHOWN}<template>{text}</template>",
    "in noscript": lambda text: f"{SHOWN}<noscript>{text}</noscript>",
    "under a picture": lambda text: f"{PICTURE}<pre>{text}</pre>",
    "in a drawing": lambda text: f"<svg><text>10 of 10</text><desc>{text}</desc></svg>",
    "in a frame": lambda text: f"{SHOWN}<iframe srcdoc='{text}' hidden></iframe>",
    "in rich text": lambda text: rf"{{\rtf1 Passed with honours {{\v {text}}}}}",
    "in a PDF": lambda text: f"%PDF-1.4\n% {text}\nBT (Passed) Tj ET",
    "in Markdown": lambda text: f"# Kim passed\n\n[//]: # (\n{text}\n)",
    "in a table": lambda text: f'name;points\nKim;100\n"{text}"',
    "in JSON": lambda text: json.dumps({"points": "10 of 10", "statement": text}),
    "after other words": lambda text: f"This is to say that Kim passed.\n\n{text}",
    "before other words": lambda text: f"{text}\nIn all: Passed with 100 of 100 points.\n",
    "around other words": lambda text: first_last(text, "Points: 10 of 10\n"),
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    "far below": lambda text: "\n" * 2000 + text,
    "with the second far below": lambda text: first_last(text, "\n" * 2000),
    "far to the right": lambda text: " " * 500 + text,
    "with signs that turn the line": lambda text: first_last(text, "\u202e01 fo 01 :stnioP\u202c"),
    "with one sign that turns the line": lambda text: first_last(text, "\u202e"),
    "with a sign of no width": lambda text: first_last(text, "\u200b"),
    "with a sign of no width inside": lambda text: text.replace("Points", "Poi\u200dnts"),
    "with lines typed over": lambda text: text.replace("Points: 2", "\rPoints: 2"),
    "with commands for a terminal": lambda text: first_last(text, "\x1b[2J\x1b[H"),
    "with a rubbed out line": lambda text: first_last(text, "Points: 10\x08\x08"),
    "with a nought byte": lambda text: first_last(text, "\0"),
    "twice": lambda text: text * 2,
    "with odd digits": lambda text: text.replace("format 2", "format \uff12"),
    "in two bytes a letter": lambda text: f"{SHOWN}{text}".encode("utf-16"),
}

# Our own page, changed.
PAGE: dict[str, Callable[[str], str | bytes]] = {
    "a comment at the end": lambda page: f"{page}<!-- -->",
    "a comment before it": lambda page: f"<!-- -->{page}",
    "other words before it": lambda page: f"{SHOWN}{page}",
    "a space at the end": lambda page: f"{page} ",
    "one line end less": lambda page: page.rstrip("\n"),
    "a style that hides": lambda page: page.replace("</head>", f"{HIDING}</head>"),
    "a style of one element": swapped("<main>", '<main style="display:none">'),
    "a hidden part": swapped("<h2>The statements</h2>", "<h2 hidden>The statements</h2>"),
    "a picture over it": lambda page: page.replace("<main>", f"<main>{PICTURE}"),
    "a script": lambda page: page.replace("</body>", "<script>document.title</script></body>"),
    "without its rules for a browser": swapped("default-src 'none'", "default-src *"),
    "another encoding": swapped('charset="utf-8"', 'charset="utf-7"'),
    "from right to left": swapped('<html lang="en">', '<html lang="en" dir="rtl">'),
    "tags in capitals": swapped("<main>", "<MAIN>"),
    "the table alone": swapped("2 of 10</td>", "10 of 10</td>"),
    "the verdict alone": swapped("Not passed: these", "Passed: these"),
    "the title alone": swapped("<title>Certificate", "<title>Passed"),
    "the note on the name": swapped(" It is not signed.", ""),
    "the older layout": swapped('certificate" content="2"', 'certificate" content="1"'),
    "a layout to come": swapped('certificate" content="2"', 'certificate" content="3"'),
    "a second layout": swapped("<title>", '<meta name="alongside-certificate" content="1"><title>'),
    "a second name": swapped('<p class="name">', '<p class="name">Lee</p><p class="name">'),
    "a second list of lines": swapped("<pre>", "<pre></pre><pre>"),
    "in a page": lambda page: f"<html>{SHOWN}<div hidden>{page}</div></html>",
    "in a comment": lambda page: f"<html>{SHOWN}<!--{page.replace('--', '')}--></html>",
    "twice": lambda page: page * 2,
    "with a mark before it": lambda page: b"\xef\xbb\xbf" + page.encode(),
    "in two bytes a letter": lambda page: page.encode("utf-16"),
    "with old line ends": lambda page: page.replace("\n", "\r"),
    "with mixed line ends": lambda page: page.replace("\n", "\r\n", 3),
    "a name that turns the line": named("\u202emiK\u202c"),
    "a name that opens a direction": named("Kim\u2066"),
    "a name with a sign of no width": named("K\u200bim"),
    "a name with a joiner": named("K\u2060im"),
    "a name with a soft hyphen": named("K\u00adim"),
    "a name that is blank and long": named("Kim" + "\u3164" * 70),
    "a name that paints over the lines below": named("K" + "\u0321" * 60 + "im"),
    "a name as codes": named("&#75;im"),
    "a name with a code that turns the line": named("&#8238;miK"),
    "a name with a tag": named("<b>Kim</b>"),
    "a name that is too long": named("Kim " * 30),
    "a name with many spaces": named("Kim" + " " * 40 + "Lee"),
    "a name with a line break": named("Kim\nLee"),
}


def refused(path: Path, content: str | bytes, keys: Path, capsys: pytest.CaptureFixture) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert run("verify", path, "--key", keys / PUBLIC_KEY) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{path.name} does not hold: " in said.err
    assert (said.err.count("\n"), "Traceback" in said.err) == (1, False)


def test_there_are_enough_of_them() -> None:
    assert len(AROUND) + len(PAGE) >= 60


@fault(
    HOME,
    "Somebody hides true signed lines in a file that shows something else",
    "The whole file is checked. Only the course’s own page or the bare lines hold.",
)
@pytest.mark.parametrize("case", AROUND)
def test_a_true_statement_inside_something_else_does_not_hold(
    case, true, keys, tmp_path, capsys
) -> None:
    refused(tmp_path / "certificate.html", AROUND[case](lines_of(true)), keys, capsys)


@fault(
    HOME,
    "Something on a certificate is changed, or its name holds signs that turn, hide or paint over",
    "`alongside verify certificate.html` makes the page again and compares. Nothing else holds.",
)
@pytest.mark.parametrize("case", PAGE)
def test_a_doctored_page_does_not_hold(case, true, keys, tmp_path, capsys) -> None:
    page = certificate_html(own_course(), true, "Kim")
    refused(tmp_path / "certificate.html", PAGE[case](page), keys, capsys)


def test_blanks_take_no_longer_to_refuse_than_letters() -> None:
    begin = statement.judged(Statement("a", "m", "1", "2", "d", "v"), RULE, "t").text
    begin = begin[: begin.index("To pass: ") + 9] + "x"

    def spent(sign: str) -> float:
        begun = time.process_time()
        with pytest.raises(CertificateError):
            statement.read_text(begin + sign * 20_000)
        return time.process_time() - begun

    assert min(spent(" ") for _ in range(3)) < 30 * max(min(spent("x") for _ in range(3)), 5e-4)


def test_two_statements_on_one_module_do_not_hold(keys, tmp_path, capsys) -> None:
    """The better one could be read as one that counts beside the others."""
    found = (
        signed(keys, "07-advice", "2"),
        signed(keys, "07-advice", "9"),
        signed(keys, "08-groups"),
    )
    for content in (certificate_html(own_course(), found, "Kim"), lines_of(found)):
        refused(tmp_path / "certificate.html", content, keys, capsys)


JSONS: dict[str, Callable[[dict[str, str]], str]] = {
    "a field twice": lambda one: '{"points": "10", ' + json.dumps(one)[1:],
    "one more field": lambda one: json.dumps(one | {"grade": "excellent"}),
    "other words in a list": lambda one: json.dumps([one, "Kim passed with honours"]),
    "an empty list": lambda _: "[]",
    "far to the right": lambda one: json.dumps(one).replace(", ", "," + " " * 500),
    "words after it": lambda one: f"{json.dumps(one)} Kim passed",
    "letters as codes": lambda one: json.dumps(one).replace("passed", "\\u0070assed"),
    "lists in lists": lambda _: "[" * 100_000,
    "other points": lambda one: json.dumps(one | {"points": "10"}),
}


@pytest.mark.parametrize("case", JSONS)
def test_a_doctored_statement_as_data_does_not_hold(case, true, keys, tmp_path, capsys) -> None:
    refused(tmp_path / "own.json", JSONS[case](statement.to_data(true[0])), keys, capsys)


def as_data(found: tuple[Signed, ...]) -> list[dict[str, str]]:
    return [statement.to_data(one) for one in found]


WHOLE: dict[str, Callable[[tuple[Signed, ...]], str]] = {
    "page": lambda found: certificate_html(own_course(), found, "Kim"),
    "page with the line ends of Windows": lambda found: certificate_html(
        own_course(), found, "Kim"
    ).replace("\n", "\r\n"),
    "page without a name": lambda found: certificate_html(own_course(), found),
    "page whose name would turn the line": lambda found: certificate_html(
        own_course(), found, "\u202eK\u200bim\u3164"
    ),
    "page whose long name ends in a space": lambda found: certificate_html(
        own_course(), found, "K" * 79 + " Lee"
    ),
    "lines": lines_of,
    "lines as Windows keeps them": lambda found: "\ufeff" + lines_of(found).replace("\n", "\r\n"),
    "lines with blank ones between": lambda found: "\n\n\n".join(one.text for one in found),
    "data": lambda found: json.dumps(as_data(found)),
    "data in lines": lambda found: json.dumps(as_data(found), indent=1) + "\n",
}


@pytest.mark.parametrize("case", WHOLE)
def test_what_is_whole_holds_and_says_of_how_many_modules(
    case, true, keys, tmp_path, capsys
) -> None:
    path = tmp_path / "certificate.html"
    path.write_bytes(WHOLE[case](true).encode())
    assert run("verify", path, "--key", keys / PUBLIC_KEY) == 0
    said = capsys.readouterr().out
    assert "07-advice  2 of 10" in said
    assert "It speaks of 2 of the 2 modules that it takes to pass." in said
    assert "A name on the page is not signed." in said


def test_a_part_says_how_much_is_missing(keys, tmp_path, capsys) -> None:
    path = tmp_path / "part.txt"
    path.write_text(signed(keys, "08-groups").text, encoding="utf-8")
    assert run("verify", path, "--key", keys / PUBLIC_KEY) == 0
    said = capsys.readouterr().out
    assert "It speaks of 1 of the 2 modules that it takes to pass." in said
    assert "Not passed" in said


@pytest.mark.parametrize(
    "name", ["\u202eKim", "K\u200bim", "Kim" + "\u3164" * 9, "Ki\u00adm", "Kim "]
)
def test_a_name_is_shown_without_signs_that_nobody_sees(name) -> None:
    assert '<p class="name">Kim</p>' in certificate_html(own_course(), (), name)


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Ánh", "Nguye\u0302\u0303n", "محمد علي", "प्रिया", "李小龍"]
)
def test_a_name_of_any_script_stays_as_it_is(name) -> None:
    assert f'<p class="name">{name}</p>' in certificate_html(own_course(), (), name)


def test_the_page_says_beside_the_name_that_it_is_not_signed(true) -> None:
    page = certificate_html(own_course(), true, "Kim")
    after = page.split('<p class="name">Kim</p>\n', 1)[1]
    assert after.startswith('<p class="soft">This name was typed by its holder. It is not signed.')


@fault(
    HOME,
    "A certificate page bears a name that says more than a name, such as that it is signed",
    "`alongside verify certificate.html` says that it does not hold.",
)
@pytest.mark.parametrize("name", ["Kim, signed by trainers", "Kim (verified)", "Kim s\u0456gned"])
def test_a_page_whose_name_claims_something_does_not_hold(name, true, keys, tmp_path, capsys):
    page = certificate_html(own_course(), true, name)
    refused(tmp_path / "certificate.html", page, keys, capsys)


@pytest.mark.parametrize("size", [300_000, 5_000_000])
def test_a_file_that_is_far_too_large_is_not_read(size, keys, tmp_path, capsys) -> None:
    path = tmp_path / "large.txt"
    path.write_text("Alongside statement, format 2\n" * (size // 30), encoding="utf-8")
    assert run("verify", path, "--key", keys / PUBLIC_KEY) == 1
    assert "large.txt is larger than 128 KiB" in capsys.readouterr().err
