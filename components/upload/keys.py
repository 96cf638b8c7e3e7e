"""What only the uploader of a study may do; ``assets/keys.js`` fills it in.

The link of an upload lets others see it. Its key, which the browser that uploaded it keeps, lets
correct and delete it. The server does not know whose browser it is: it sends the buttons hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import html


def for_the_uploader(buttons: Sequence[Any], study_id: str) -> Any:
    """Buttons shown where the key of the study is known; to everybody if ``study_id`` is ""."""
    if not study_id:
        return html.Div(*buttons, className="uploader")
    return html.Div(*buttons, className="uploader hidden", data_needs_key=study_id)


def key_place(study_id: str, title: str, subjects: int = 0, *, needed: bool = False) -> Any:
    """Where a key is shown once, or asked for.

    Parameters
    ----------
    needed : the page is of no use without it: it is asked for in a notice, not in a closed line
    """
    return html.Div(
        className="key-place",
        data_key_needed="" if needed else None,
        data_key_of=study_id,
        data_title=title,
        data_subjects=str(subjects),
    )
