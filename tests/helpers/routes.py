"""Print every address of the host's application, as patterns, in JSON.

A process of its own: a server of Jupyter's is one for each process.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tornado.routing import PathMatches, Router

from grader.places import this_learner
from grader.server.addresses import OtherName
from grader.server.host import LearnApp
from grader.server.pages import host_config
from grader.trainee.home import prepare_home


def patterns(router: Router) -> Iterator[str]:
    """Return the patterns of a router, and of those within it."""
    for rule in router.rules:
        if isinstance(rule.target, Router):
            yield from patterns(rule.target)
        elif isinstance(rule.matcher, PathMatches):
            yield rule.matcher.regex.pattern
        elif rule.target is not OtherName:  # that is for every address, by its host
            raise TypeError(f"an address of another kind: {rule}")


if __name__ == "__main__":
    prepare_home(this_learner())
    config = host_config(this_learner(), None, open_browser=False)
    application = LearnApp.initialize_server(argv=[], config=config).web_app
    print(json.dumps(list(patterns(application.default_router))))
