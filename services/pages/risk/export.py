"""The page on risk as JSON and CSV."""

from __future__ import annotations

import io
from typing import Any

from services.csv_text import SafeWriter
from services.json_text import to_json
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
        "values": to_json(view),
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
    writer = SafeWriter(out)
    writer.writerow(("model", "group", "rule", "years", "percent", "verification", "sources"))
    page = risk_page(view)
    for model in page.models:
        for group in model.groups:
            for years, percent, cited in group.risks:
                sources = "; ".join(s.link or s.title for s in cited.sources)
                named = (model.title, group.name, group.rule)
                writer.writerow((*named, years, percent, cited.verification, sources))
    if page.results or page.trials:
        _write_values(out, page)
    return out.getvalue()


def _write_values(out: io.StringIO, page: RiskPage) -> None:
    """What the values give: a row per factor of each model, and per criterion of each trial."""
    writer = SafeWriter(out)
    out.write(f"# Of the values typed in. {page.chains}".rstrip() + "\n")
    for text in page.warnings:
        out.write(f"# {text}\n")
    writer.writerow(("model", "group", "reason", "factor", "cut-off", "value", "points"))
    for r in page.results:
        for f in r.factors:
            group = r.group.name if r.group else ""
            points = "" if f.points is None else f.points
            row = (r.model.title, group, r.reason, f.name, f.threshold, f.value, points)
            writer.writerow(row)
    out.write("# Trials: whether the values meet their entry criteria\n")
    writer.writerow(("trial", "state", "criterion", "holds", "result", "result in the group"))
    for t in page.trials:
        result = t.result.text if t.result else ""
        own = t.group_result.text if t.group_result else ""
        writer.writerows(
            (t.acronym, t.state, words, state, result, own) for words, state in t.criteria
        )
