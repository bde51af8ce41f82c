"""Hand-ins come as mail, browsers, file managers and learning platforms leave them."""

from __future__ import annotations

import io
import json
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import FULL, MODULE, WHEN, answers_json, make_course

from grader.files.litter import is_litter
from grader.trainer.collect.collect import COLLECTED, REFUSED, Collected, collect
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import WAITING

GOOD = answers_json(FULL)
BOM = b"\xef\xbb\xbf"
Files = dict[str, bytes]
LITTER = {
    "__MACOSX/._handin.json": b"\x00\x05\x16\x07",
    ".DS_Store": b"Bud1",
    "._answers.json": b"\x00\x05\x16\x07",
    "desktop.ini": b"[.ShellClassInfo]",
    "Thumbs.db": b"\xd0\xcf",
    "~$exercise.ipynb": b"x",
    **{f"__MACOSX/._{number}": b"x" for number in range(20)},
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make_course(tmp_path / "course")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def parts(trainee: str = "trainee-017", answers: bytes = GOOD) -> Files:
    facts = {"format": 1, "trainee": trainee, "module": MODULE, "handed_in": WHEN}
    return {
        "answers.json": answers,
        "exercise.ipynb": b"{}",
        "handin.json": json.dumps(facts).encode(),
    }


def below(folder: str, files: Files) -> Files:
    return {f"{folder}{name}": content for name, content in files.items()}


def zipped(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def streamed(files: Files) -> bytes:
    """Pack as Finder does: sizes come after each file (data descriptors)."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    packed = Pipe()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    assert b"PK\x07\x08" in packed.getvalue()
    return packed.getvalue()


def zip64(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            with pack.open(name, "w", force_zip64=True) as file:
                file.write(content)
    assert struct.pack("<HH", 1, 16) in packed.getvalue()
    return packed.getvalue()


def with_folders(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        for folder in sorted({name.rpartition("/")[0] for name in files} - {""}):
            pack.mkdir(folder)
        for name, content in files.items():
            pack.writestr(name, content)
    return packed.getvalue()


def backslashed(files: Files) -> bytes:
    """Pack as some Windows tools do; Python itself would turn the names around."""
    raw = zipped({name.replace("/", "|"): content for name, content in files.items()})
    return raw.replace(b"Hand-in|", b"Hand-in\\")


def marked(files: Files) -> Files:
    return {name: BOM + content for name, content in files.items()}


def wide(files: Files) -> Files:
    return files | {"handin.json": files["handin.json"].decode().encode("utf-16")}


# One hand-in ----------------------------------------------------------------------------

PACKED_ANEW: dict[str, bytes] = {
    "litter beside it": zipped(parts() | LITTER),
    "one folder": zipped(below("Hand-in/", parts())),
    "folder in a folder": zipped(below("Hand-in/Hand-in/", parts())),
    "Finder": streamed(below("Hand-in/", parts() | LITTER) | below("__MACOSX/x/", parts())),
    "Explorer, with folders named": with_folders(below("Hand-in/", parts())),
    "backslashes": backslashed(below("Hand-in/", parts())),
    "dot and slash": zipped(below("./", parts())),
    "data descriptors": streamed(parts()),
    "zip64": zip64(parts()),
    "mark before the text": zipped(marked(parts())),
    "two bytes a letter": zipped(wide(parts())),
    "in another zip file": zipped({"07-advice.zip": zipped(parts())}),
    "in a zip file, in a folder": zipped({"mail/7.ZIP": zipped(below("Hand-in/", parts()))}),
    "a remark at its end": zipped(parts())[:-2] + b"\x05\x00hello",
    "words before it": b"Dear trainer\r\n" + zipped(parts()),
}  # fmt: skip


@fault(
    COLLECT,
    "A hand-in packed anew by Finder, Explorer or a mail program, with a folder or litter in it",
    "It is taken. Litter is left out, and so is one folder around everything.",
)
@pytest.mark.parametrize("case", PACKED_ANEW)
def test_a_hand_in_packed_anew_is_taken(course: Path, inbox: Path, case: str) -> None:
    path = inbox / "bundle (1).zip"
    path.write_bytes(PACKED_ANEW[case])
    (done,) = collect(course, [inbox])
    assert (done.outcome, done.trainee, done.reason) == (COLLECTED, "trainee-017", "")
    placed = course / "submitted" / "trainee-017" / MODULE / "answers.json"
    assert placed.read_bytes().removeprefix(BOM) == GOOD


def test_answers_with_a_mark_before_them_are_graded(course: Path, inbox: Path) -> None:
    (inbox / "x.zip").write_bytes(zipped(marked(parts())))
    collect(course, [inbox])
    (graded,) = grade(course, MODULE)
    assert (graded.outcome, graded.points) == (WAITING, 6.0)


# Folders --------------------------------------------------------------------------------


def write(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def outcomes(done: list[Collected]) -> dict[str, str]:
    return {one.source: one.trainee or one.outcome for one in done}


def test_an_unzipped_hand_in_is_taken_as_a_folder(course: Path, inbox: Path) -> None:
    write(inbox / "Safari", parts() | LITTER)
    assert outcomes(collect(course, [inbox / "Safari"])) == {"Safari/handin.json": "trainee-017"}


@fault(
    COLLECT,
    "Unzipped hand-ins, folders in folders, and files that systems leave behind",
    "Each hand-in is taken. What is none is refused by name; litter is nobody’s.",
)
def test_answers_that_may_be_another_s_are_not_guessed_at(course: Path, inbox: Path) -> None:
    files = parts()
    own = {"answers (1).json": files.pop("answers.json"), "answers.json": b"somebody's"}
    done = collect(course, [write(inbox / "Downloads", files | own)])
    assert {one.outcome for one in done} == {REFUSED}
    assert any("more than one file of answers" in one.reason for one in done)
    assert not (course / "submitted" / "trainee-017").exists()


def test_nested_downloads_are_all_looked_through(course: Path, inbox: Path) -> None:
    write(inbox, LITTER)
    write(inbox / "Week 1" / "unpacked", parts("trainee-001") | LITTER)
    write(inbox / "Week 1", {"b.zip": zipped(parts("trainee-002"))})
    write(inbox / "Mila_4_assignsubmission_file_", {"a.zip": zipped(parts("trainee-003"))})
    write(inbox / "Jon_5_assignsubmission_file_", {"photo.jpg": b"x", "more/note.txt": b"x"})
    write(inbox, below("Ada_6_assignsubmission_file_", parts("trainee-004")))
    write(inbox, {"letter.docx": zipped({"word/document.xml": b"x"})})
    assert outcomes(collect(course, [inbox])) == {
        "Week 1/unpacked/handin.json": "trainee-001",
        "Week 1/b.zip": "trainee-002",
        "Mila_4_assignsubmission_file_/a.zip": "trainee-003",
        "Jon_5_assignsubmission_file_": REFUSED,
        "inbox/Ada_6_assignsubmission_file_handin.json": "trainee-004",
        "letter.docx": REFUSED,
    }


@pytest.mark.parametrize("name", ["handin.json", "answers.json"])
def test_a_link_in_an_unzipped_hand_in_is_not_followed(
    course: Path, inbox: Path, name: str
) -> None:
    write(inbox / "x", parts())
    other = inbox.parent / "other"
    (inbox / "x" / name).rename(other)
    (inbox / "x" / name).symlink_to(other)
    (done,) = collect(course, [inbox])
    assert (done.outcome, done.reason) == (REFUSED, f"{name} is a link, not a file.")


def test_a_folder_behind_a_link_is_refused(course: Path, inbox: Path) -> None:
    away = write(inbox.parent / "away", parts())
    (inbox / "link").symlink_to(away)
    (done,) = collect(course, [inbox])
    assert "it is a link" in done.reason


def test_folders_without_end_come_to_one(course: Path, inbox: Path) -> None:
    write(inbox.joinpath(*"abcdefghij"), parts())
    (done,) = collect(course, [inbox])
    assert done.outcome == REFUSED
    assert collect(course, [inbox.joinpath(*"abcde")])[0].outcome == COLLECTED


def test_a_lone_part_of_a_hand_in_says_what_it_is(course: Path, inbox: Path) -> None:
    write(inbox, {"answers.json": GOOD})
    (done,) = collect(course, [inbox])
    assert done.reason == (
        "it is the answers.json of an unzipped hand-in, and no handin.json is with it; "
        "ask for the file as the course made it."
    )


# Many in one zip file -------------------------------------------------------------------


def moodle(code: str) -> str:
    return f"Name {code}_12345_assignsubmission_file_"


MANY: dict[str, Callable[[str], Files]] = {
    "Moodle, in folders": lambda code: {f"{moodle(code)}/bundle.zip": zipped(parts(code))},
    "Moodle, flat": lambda code: {f"{moodle(code)}bundle.zip": zipped(parts(code))},
    "Moodle, unzipped by Safari": lambda code: below(f"{moodle(code)}/", parts(code)),
    "Moodle, unzipped and flat": lambda code: below(moodle(code), parts(code)),
    "Moodle, a folder in each": lambda code: below(f"{moodle(code)}/07-advice/", parts(code)),
    "Canvas": lambda code: {f"name{code[-3:]}_123_456_bundle-1.zip": zipped(parts(code))},
    "Canvas, unzipped": lambda code: {
        f"name{code[-3:]}_123_{number}_{name}": content
        for number, (name, content) in enumerate(parts(code).items(), 456)
    },
    "Canvas, unzipped and sent again": lambda code: {
        f"name{code[-3:]}_123_{number}_{name.replace('.', '-1.')}": content
        for number, (name, content) in enumerate(parts(code).items(), 456)
    },
    "copies by a browser": lambda code: {
        f"{code}/{name.replace('.', ' (2).')}": content for name, content in parts(code).items()
    },
    "zipped by hand": lambda code: {f"hand-ins/{code} (1).zip": zipped(parts(code))},
    "packed anew, each": lambda code: {f"{code}.zip": zipped(below("x/", parts(code) | LITTER))},
}


@fault(
    COLLECT,
    "A zip file of many hand-ins, as Moodle and Canvas make it",
    "Every hand-in in it is taken, and what is none is refused by name.",
)
@pytest.mark.parametrize("case", MANY)
def test_every_hand_in_of_a_download_is_taken(course: Path, inbox: Path, case: str) -> None:
    codes = [f"trainee-{number:03}" for number in range(5)]
    files = LITTER | {name: content for code in codes for name, content in MANY[case](code).items()}
    (inbox / "download.zip").write_bytes(zipped(files | {"Jon_9_/photo.jpg": b"x"}))
    done = collect(course, [inbox])
    assert [one.trainee for one in done if one.outcome == COLLECTED] == codes
    (refused,) = [one for one in done if one.outcome == REFUSED]
    assert refused.source == "download.zip/Jon_9_/photo.jpg"
    assert "not a zip file" in refused.reason


def bomb() -> bytes:
    return zipped(parts() | {"answers.json": bytes(20 << 20)})


def lying_bomb() -> bytes:
    return bomb().replace(struct.pack("<L", 20 << 20), struct.pack("<L", 1000))


def linked() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        for name, content in parts().items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = ((stat.S_IFLNK if name == "answers.json" else 0) | 0o777) << 16
            pack.writestr(entry, b"/etc/passwd" if name == "answers.json" else content)
    return packed.getvalue()


BAD_INSIDE: dict[str, tuple[bytes, str]] = {
    "bomb": (bomb(), "larger than 1024 KiB"),
    "lying bomb": (lying_bomb(), "damaged"),
    "large": (bytes(9 << 20), "larger than 8192 KiB"),
    "link": (linked(), "is a link"),
    "climbs": (zipped(parts() | {"../../x": b"x"}), "no bundle of this course has"),
    "own key": (zipped(parts() | {"solutions/07-advice/items.yaml": b"x"}), "no bundle"),
    "many": (zipped(parts() | {f"{n}": b"x" for n in range(20)}), "more than 10"),
    "zip in zip in zip": (zipped({"b.zip": zipped(parts())}), "unpack the outer one first"),
    "cut off": (zipped(parts())[:-60], "damaged"),
    "no zip": (b"Dear trainer", "not a zip file"),
    "someone else's": (zipped({"holiday.jpg": b"x"}), "no bundle of this course has"),
    "empty zip": (zipped({}), "holds no handin.json"),
}


@pytest.mark.parametrize("case", BAD_INSIDE)
def test_in_a_download_the_same_is_refused_and_stops_no_other(
    course: Path, inbox: Path, case: str
) -> None:
    content, said = BAD_INSIDE[case]
    files = {"a.zip": zipped(parts("trainee-001")), "b.zip": content}
    files |= {"c.zip": zipped(parts("trainee-003"))}
    (inbox / "download.zip").write_bytes(zipped(files))
    first, bad, last = collect(course, [inbox])
    assert (first.trainee, bad.outcome, last.trainee) == ("trainee-001", REFUSED, "trainee-003")
    assert said in bad.reason
    assert bad.source == "download.zip/b.zip"


@pytest.mark.parametrize(
    "name", ["../../../evil.zip", "/etc/x.zip", "a/../../b.zip", "C:/x.zip", "C:\\x.zip", "a\0.zip"]
)
def test_a_name_that_leads_away_is_refused(course: Path, inbox: Path, name: str) -> None:
    files = {name.replace("\0", "|"): zipped(parts()), "b.zip": zipped(parts("trainee-018"))}
    raw = zipped(files) if "\0" not in name else zipped(files).replace(b"a|.zip", b"a\0.zip")
    (inbox / "download.zip").write_bytes(raw)
    bad, good = collect(course, [inbox])
    assert (bad.outcome, good.trainee) == (REFUSED, "trainee-018")
    assert "which no bundle of this course has" in bad.reason
    assert sorted(path.name for path in course.parent.iterdir()) == ["course", "inbox"]


@pytest.mark.parametrize("folder", ["../", "/home/x/", "C:/Users/x/", "../../x/"])
def test_a_hand_in_that_leads_away_as_a_whole_is_refused(
    course: Path, inbox: Path, folder: str
) -> None:
    (inbox / "bundle.zip").write_bytes(zipped(below(folder, parts())))
    assert {one.outcome for one in collect(course, [inbox])} == {REFUSED}


def test_two_of_the_same_name_in_a_download_are_both_read(course: Path, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "download.zip", "w") as pack:
        for code in ("trainee-001", "trainee-002"):
            entry = zipfile.ZipInfo("bundle.zip")
            if code == "trainee-002":
                with pytest.warns(UserWarning, match="Duplicate"):
                    pack.writestr(entry, zipped(parts(code)))
            else:
                pack.writestr(entry, zipped(parts(code)))
    assert [one.trainee for one in collect(course, [inbox])] == ["trainee-001", "trainee-002"]


def test_a_download_of_too_many_files_is_refused(course: Path, inbox: Path) -> None:
    (inbox / "x.zip").write_bytes(zipped({f"{n}.zip": b"" for n in range(20_001)}))
    (done,) = collect(course, [inbox])
    assert "more than 20000 files" in done.reason


def test_a_download_that_unfolds_without_measure_is_refused_unread(
    course: Path, inbox: Path
) -> None:
    nothing = bytes(1 << 20)
    (inbox / "x.zip").write_bytes(zipped({f"{n}.zip": nothing for n in range(520)}))
    (done,) = collect(course, [inbox])
    assert "unpacks to more than 512 MiB" in done.reason


def test_a_large_download_is_read_without_holding_files_open(course: Path, inbox: Path) -> None:
    """More zip files in zip files than a process may have open at once."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for number in range(120):
        files = {"bundle.zip": zipped(parts(f"trainee-{number:03}"))}
        (inbox / f"{number:03}.zip").write_bytes(zipped(files))
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
    try:
        done = collect(course, [inbox])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert {one.outcome for one in done} == {COLLECTED}
    assert len(done) == 120


def test_a_download_beyond_one_bundle_s_size_is_taken(course: Path, inbox: Path) -> None:
    large = {f"{n}.zip": zipped(parts(f"trainee-{n:03}")) for n in range(3)}
    with zipfile.ZipFile(inbox / "download.zip", "w") as pack:
        for name, content in large.items():
            pack.writestr(name, content)
        pack.writestr("film.mp4", bytes(9 << 20))  # stored as it is
    assert (inbox / "download.zip").stat().st_size > 8 << 20
    outcome = [one.outcome for one in collect(course, [inbox])]
    assert outcome == [COLLECTED, COLLECTED, COLLECTED, REFUSED]


# Litter ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["__MACOSX", ".DS_Store", ".ds_store", "._x", "desktop.ini", "Desktop.INI", "Thumbs.db",
     "~$letter.docx", ".~lock.roster.csv#", "$RECYCLE.BIN", "@eaDir", "#recycle", "lost+found",
     ".Trash-1000", "System Volume Information", ".stversions", "Icon\r", "found.000"],
)  # fmt: skip
def test_what_systems_leave_behind_is_litter(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize(
    "name",
    ["trainee-017", "handin.json", "desktop.ini.zip", "icon", "~draft", "_x", ".", "", "a._b"],
)
def test_anything_else_is_somebody_s_work(name: str) -> None:
    assert not is_litter(name)


def test_a_folder_of_litter_alone_is_nobody_s(course: Path, inbox: Path) -> None:
    write(inbox, LITTER)
    assert collect(course, [inbox]) == []
    shutil.rmtree(inbox)


@pytest.mark.parametrize(
    "copy", [" - Kopie", " - Copy", " - Copy (2)", " copy", " Kopie 2", " (1)", " - copie"]
)
def test_copies_of_unzipped_files_belong_together(course: Path, inbox: Path, copy: str) -> None:
    for name, content in parts().items():
        stem, kind = name.split(".")
        (inbox / f"{stem}{copy}.{kind}").write_bytes(content)
    (done,) = collect(course, [inbox])
    assert (done.outcome, done.trainee, done.reason) == (COLLECTED, "trainee-017", "")
