"""Tell the folders that computers leave about from those of people.

Shared disks, sync programs and recycle bins put folders of their own beside the trainees',
some with the same modules inside. None of them is anybody.
"""

from __future__ import annotations

import re

_NAMES = {
    "@eadir", "@recently-snapshot", "@recycle", "@sharesnap", "@tmp",  # disks in the network
    "#recycle", "#snapshot", "~snapshot", "_gsdata_",
    "$recycle.bin", "recycled", "recycler", "system volume information",  # Windows
    "desktop.ini", "ehthumbs.db", "thumbs.db",
    "__macosx", "icon\r", "network trash folder", "temporary items",  # macOS
    "lost+found", "__pycache__",
}  # fmt: skip
_FOUND = re.compile(r"found\.[0-9]{3}")  # what Windows makes when it mends a disk
# What sync programs call the second copy of something; a code may hold the word alone.
_COPY = re.compile(r"[._-](?:sync-)?conflict-?[0-9]{8}|.*[ (\[].*(?:conflict|konflikt|conflit)")


def is_litter(name: str) -> bool:
    """Tell whether a folder of this name is a computer's own, and so nobody's."""
    low = name.casefold()
    own = low in _NAMES or low.startswith((".", "~$")) or _FOUND.fullmatch(low)
    return bool(own) or is_conflict(name)


def is_conflict(name: str) -> bool:
    """Tell whether a folder is the second copy that a sync program made of somebody's."""
    return _COPY.search(name.casefold()) is not None
