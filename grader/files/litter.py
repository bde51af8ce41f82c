"""Know the files and folders that systems leave behind on their own: they are nobody's work."""

from __future__ import annotations

import re

_NAMES = frozenset(
    name.casefold()
    for name in (
        # macOS
        "__MACOSX",
        ".DS_Store",
        ".AppleDouble",
        ".AppleDB",
        ".AppleDesktop",
        ".LSOverride",
        ".apdisk",
        ".localized",
        ".fseventsd",
        ".Spotlight-V100",
        ".TemporaryItems",
        ".Trashes",
        ".DocumentRevisions-V100",
        ".VolumeIcon.icns",
        "Icon\r",
        "Network Trash Folder",
        "Temporary Items",
        # Windows
        "desktop.ini",
        "Thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "$RECYCLE.BIN",
        "RECYCLER",
        "RECYCLED",
        "System Volume Information",
        # Linux
        ".directory",
        "lost+found",
        "__pycache__",
        # Jupyter
        ".ipynb_checkpoints",
        # what keeps an empty folder in Git
        ".gitkeep",
        ".gitignore",
        # network drives and what keeps folders in step
        "@eaDir",
        "@Recycle",
        "@Recently-Snapshot",
        "@tmp",
        "#recycle",
        "#snapshot",
        "~snapshot",
        "@sharesnap",
        "_gsdata_",
        ".snapshot",
        ".snapshots",
        ".stfolder",
        ".stversions",
        ".stignore",
        ".sync",
        ".SyncArchive",
        ".dropbox",
        ".dropbox.attr",
        ".dropbox.cache",
        ".owncloudsync.log",
    )
)
_SHAPES = re.compile(
    r"\._.+"  # what macOS notes beside a file on a foreign drive
    r"|~\$.+"  # Office has the file open
    r"|\.~lock\..+#"  # so has LibreOffice
    r"|\.Trash(-\d+)?"
    r"|\.nfs[0-9a-f]+"
    r"|\.fuse_hidden[0-9a-f]+"
    r"|\.goutputstream-\w+"
    r"|\.sync_[0-9a-f]+\.db.*"
    r"|thumbs\.db:.+"
    r"|found\.[0-9]{3}",  # what Windows makes when it mends a disk
    re.IGNORECASE | re.DOTALL,
)

# What sync programs call the second copy of something; a code may hold the word alone.
_COPY = re.compile(r"[._-](?:sync-)?conflict-?[0-9]{8}|.*[ (\[].*(?:conflict|konflikt|conflit)")

_ADDED = re.compile(r"[._-](?:sync-)?conflict-?[0-9]{8}|\s*[ (\[]", re.IGNORECASE)


def is_litter(name: str) -> bool:
    """Tell whether a file or folder of this name, without its path, is nobody's work."""
    return name.casefold() in _NAMES or _SHAPES.fullmatch(name) is not None


def is_conflict(name: str) -> bool:
    """Tell whether a folder is the second copy that a sync program made of somebody's."""
    return _COPY.search(name.casefold()) is not None


def before_conflict(name: str) -> str:
    """Return the name of what a sync program's second copy was made of."""
    return _ADDED.split(name, maxsplit=1)[0]


def is_nobody(name: str) -> bool:
    """Tell whether a folder among those of trainees is none of theirs: hidden, litter or a copy."""
    return name.startswith((".", "~$")) or is_litter(name) or is_conflict(name)
