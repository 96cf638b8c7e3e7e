"""What the reader of a study learns on the way, gathered for the import report."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from services.reading.formats.table import Table
from services.study.model import Finding, ImportReport


@dataclass
class Notes:
    """The report while it is being written."""

    files: list[tuple[str, int, int]] = field(default_factory=list)
    mapped: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def file(self, table: Table) -> None:
        """A file that was read, with what was assumed in reading it."""
        self.files.append((table.name, *table.frame.shape))
        for note in table.notes:
            self.note(f"{table.name}: {note}")
        self.findings += [
            replace(found, message=f"{table.name}: {found.message}") for found in table.findings
        ]

    def map(self, meaning: str, rule: str) -> None:
        """What something was taken from."""
        self.mapped.append((meaning, rule))

    def note(self, message: str, count: int | None = None, remedy: str = "") -> None:
        """Something assumed."""
        self.findings.append(Finding("note", message, remedy, count))

    def warn(self, message: str, count: int | None = None, remedy: str = "") -> None:
        """Something left out, or that looks wrong."""
        self.findings.append(Finding("warning", message, remedy, count))

    def report(self) -> ImportReport:
        """The finished report; warnings come before notes."""
        rank = {"error": 0, "warning": 1, "note": 2}
        return ImportReport(
            tuple(self.files),
            tuple(self.mapped),
            tuple(sorted(self.findings, key=lambda f: rank[f.severity])),
        )
