"""The page on risk as JSON and CSV."""

from __future__ import annotations

import io
from typing import Any

from services.csv_text import write_table
from services.json_text import to_json
from services.pages.export import asked, methods_told
from services.pages.risk.page import risk_page
from services.pages.risk.records import RiskPage
from services.pages.risk.values import read
from services.views.site import RiskView, encode_site


def risk_json(view: RiskView) -> dict[str, Any]:
    """The body of ``/risk.json``: the values, each model's group and its published risks."""
    page = risk_page(view)
    return {
        "note": "Published risks of groups of patients. Not a medical device, not for individual"
        " decisions.",
        **methods_told(page.methods),
        "values": asked(view),
        "warnings": list(page.warnings),
        "questions": [
            {
                "field": q.field,
                "text": q.text,
                "waits": q.waits,
                "accept": encode_site(q.accepted) if q.accepted else None,
                "keep": encode_site(q.kept) if q.kept else None,
            }
            for q in page.questions
        ],
        "counted": to_json(read(view)) | {"questions": None},
        "chains": page.chains or None,
        "results": [
            {
                "model": r.model.title,
                "group": r.group.name if r.group else None,
                "reason": r.reason or None,
                "published": [{"years": y, "percent": p} for y, p, _ in r.group.risks]
                if r.group
                else [],
                "same_rule": [
                    {"model": title, "years": y, "percent": c.text}
                    for title, y, c in (r.group.elsewhere if r.group else ())
                ],
                "points": r.total,
                "factors": to_json(r.factors),
            }
            for r in page.results
        ],
        "trials": to_json(page.trials),
        "natural_history": to_json(page.history),
        "models": to_json(page.models),
    }


def risk_csv(view: RiskView) -> str:
    """One row per group and horizon of every published model."""
    out = io.StringIO()
    out.write("# Published risks of progression without treatment, by model and group\n")
    page = risk_page(view)
    rows = (
        (model.title, group.name, group.rule, years, percent, cited.verification,
         "; ".join(s.link or s.title for s in cited.sources))
        for model in page.models
        for group in model.groups
        for years, percent, cited in group.risks
    )  # fmt: skip
    columns = ("model", "group", "rule", "years", "percent", "verification", "sources")
    write_table(out, columns, rows)
    if page.results or page.trials:
        _write_values(out, page)
    return out.getvalue()


def _write_values(out: io.StringIO, page: RiskPage) -> None:
    """What the values give: a row per factor of each model, and per criterion of each trial."""
    out.write(f"# Of the values typed in. {page.chains}".rstrip() + "\n")
    for text in page.warnings:
        out.write(f"# {text}\n")
    factors = (
        (r.model.title, r.group and r.group.name, r.reason, f.name, f.threshold, f.value, f.points)
        for r in page.results
        for f in r.factors
    )
    columns = ("model", "group", "reason", "factor", "cut-off", "value", "points")
    write_table(out, columns, factors)
    out.write("# Trials: whether the values meet their entry criteria\n")
    criteria = (
        (t.acronym, t.state, *criterion, *(c and c.text for c in (t.result, t.group_result)))
        for t in page.trials
        for criterion in t.criteria
    )
    head = ("trial", "state", "criterion", "holds", "result", "result in the group")
    write_table(out, head, criteria)
