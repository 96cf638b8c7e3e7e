"""What leads pages of reconsidered times where patients are simulated."""

from __future__ import annotations

from services import names
from services.pages.lead import Unpublished, of_endpoint
from services.pages.records import PageRecord


def moved(page: PageRecord) -> bool:
    """Whether any number of the page is of other times than the study gives."""
    return page.what_if is not None and (
        page.view.landmark is not None or bool(page.what_if.movers)
    )


def unpublished(page: PageRecord) -> Unpublished:
    """What of moved times no publication gives: any of it.

    Beside it stand numbers of the data as given, which may have been published.
    """
    kind = "comparison" if len(page.arms) > 1 else "result"
    endpoint = page.study.endpoint(page.view.endpoint)
    label, since = names.label(endpoint.label), page.view.since
    how = f"from {since} on" if since else "with intercurrent events handled in this way"
    # Groups made at a landmark, and filters by what they hide, have no numbers as given.
    given = not page.view.known and of_endpoint(page, endpoint) is None
    numbers = f"the numbers from {since} on are" if since else "the numbers that come of it are"
    return Unpublished(f"{kind} of {label} {how}", below=numbers if given else "what follows is")
