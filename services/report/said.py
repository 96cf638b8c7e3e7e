"""What every format says of an item, in its order."""

from __future__ import annotations

from services.report.records import Item


def said(item: Item) -> list[tuple[str, str]]:
    """Kind and words of each paragraph above the figure.

    Kinds: "comment", "published", "made-up" or "answer", "detail", "reason".
    """
    before = f"{item.whose_answer}: " if item.whose_answer else ""
    answer = ("made-up", "Illustrative. ") if item.made_up else ("answer", before)
    told = [
        ("comment", item.comment),
        *(("published", words) for words in item.published),
        (answer[0], item.answer and answer[1] + item.answer),
        ("detail", item.detail),
        ("reason", item.reason and f"No numbers: {item.reason}"),
    ]
    return [(kind, words) for kind, words in told if words]


def described(item: Item) -> str:
    """The figure in words, for who does not see it."""
    return f"{item.title}. {item.answer or item.reason}".strip()
