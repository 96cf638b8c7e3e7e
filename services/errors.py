"""The one error a person can mend."""

from __future__ import annotations


class UserError(Exception):
    """Something the reader can put right.

    Parameters
    ----------
    message : what is wrong, naming the file, column, row, key or value
    hint : what to do about it
    details : further lines, one finding each
    status : the HTTP status a JSON answer carries
    """

    def __init__(
        self, message: str, hint: str = "", details: tuple[str, ...] = (), status: int = 422
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(details)
        self.status = status

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def to_json(self) -> dict[str, object]:
        """The body of an error answer: ``{"error": {"message", "hint", "details"}}``."""
        return {
            "error": {"message": self.message, "hint": self.hint, "details": list(self.details)}
        }
