"""The page on a study's data: what was read of its files, and how."""

from __future__ import annotations

from typing import Any

from services.json_text import to_json
from services.names import count
from services.pages.data.records import DataPage
from services.pages.export import study_header
from services.study.model import Study
from services.views.study import View


def data_page(study: Study, view: View) -> DataPage:
    """The page of ``study``; ``view`` goes along, for its links."""
    files = ", ".join(name for name, _, _ in study.report.files)
    rests_on = [("Patients", f"{len(study.subjects):,}, no filter")]
    rests_on += [("Files", files)] if files else []
    return DataPage(study=study, view=view, answer=_in_short(study), provenance=tuple(rests_on))


def data_json(page: DataPage) -> dict[str, Any]:
    """The body of ``/study/<id>/data.json``: the import report."""
    study = page.study
    return {
        "study": study_header(study),
        "answer": page.answer,
        "report": to_json(study.report),
    }


def _in_short(study: Study) -> str:
    """ "254 patients in 3 arms, 1 endpoint, 1,191 adverse events." """
    parts = [
        f"{count(len(study.subjects), 'patient')} in {count(len(study.arms), 'arm')}",
        count(len(study.endpoints), "endpoint"),
    ]
    if study.adverse_events is not None:
        parts.append(count(len(study.adverse_events), "adverse event"))
    warnings = sum(f.severity == "warning" for f in study.report.findings)
    checked = f"{count(warnings, 'item')} to check." if warnings else "No problems were found."
    return f"{', '.join(parts)}. {checked}"
