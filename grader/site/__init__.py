"""The course as a link: a folder that any web host serves, with the browser alone as its host.

`build` writes the folder, `pack` says what Python and data go into it, and `browser` answers
inside the browser. Uses the pages and everything of a trainee's side.
"""

__all__ = ["around", "browser", "build", "links", "pack", "pages"]
