"""The evidence page as JSON and CSV. Oracle: the papers' own digits."""

from __future__ import annotations

import csv
import json

from services.json_text import to_text
from services.pages.evidence.export import evidence_csv, evidence_json
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView
from tests.services.pages.evidence.shown import ALL, shown


def test_printed_zeros_stay_on_the_page_and_in_exports() -> None:
    """Oracle: the papers' own digits, as Gao 2014 prints its limits."""
    page = evidence_page(ALL)
    said = {c.text for _, c in shown(page)} | {m.row.cited.text for m in page.meta}
    for text in ("8.58 (3.20 to 23.00)", "0.31 (0.10 to 0.91)", "0.50 (0.24 to 1.04)", "93.0%"):
        assert text in said
    exported = to_text(evidence_json(ALL))
    assert '"estimate": 8.58, "lower": 3.20, "upper": 23.00' in exported
    assert json.loads(exported) == json.loads(json.dumps(evidence_json(ALL)))
    assert "OR,8.58,3.20,23.00," in evidence_csv(ALL)


def test_json_and_csv() -> None:
    body = evidence_json(EvidenceView(drug=("Anti-CD38 antibody",)))
    assert "aquila" in {t["id"] for t in body["trials"]}
    assert "e3a06" not in {t["id"] for t in body["trials"]}
    assert "not randomized against each other" in body["note"]
    lines = evidence_csv(EvidenceView()).splitlines()
    assert any(line.startswith("AQUILA,Dimopoulos 2025,PFS,") for line in lines)


def test_the_csv_carries_every_kind_of_number_with_its_source() -> None:
    """Oracle: the abstracts and reports named in the rows."""
    lines = [line for line in evidence_csv(ALL).splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    told = {(r["trial"], r["measure"], r["arm"]): r["value"] for r in rows if r["value"]}
    assert told["AQUILA", "Deaths", "Active monitoring"] == "26 of 196"
    assert told["AQUILA", "Infections, grade 3-4", "Daratumumab SC"] == "31 of 193 (16.1%)"
    assert told["EMN15/HOVON147", "Undetectable residual disease", "Rd"] == "5%"
    assert told["ITHACA", "Does it run?", ""] == "running"
    assert all(r["sources"] and r["verification"] for r in rows)
    (early,) = (r for r in rows if r["estimate"] == "0.28" and r["endpoint"] == "PFS")
    assert early["note"] == "early look, about 30 events (our arithmetic)"


def test_the_patients_of_a_result_are_the_same_in_json_and_csv() -> None:
    """Oracle: Witzig 2013 randomized 35 and 33; each file says what the other does."""
    lines = [line for line in evidence_csv(ALL).splitlines() if not line.startswith("#")]
    by_csv = {
        (r["trial"], r["patients"])
        for r in csv.DictReader(lines)
        if r["measure"] == "HR" and r["patients"] and not r["subgroup"]
    }
    by_json = {
        (t["acronym"], "" if e["patients"] is None else str(e["patients"]))
        for t in evidence_json(ALL)["trials"]
        for e in t["endpoints"]
    }
    assert ("Thal/ZLD", "68") in by_csv & by_json
    assert by_csv <= by_json
    # Ntanasis-Stathopoulos 2025: 844 in five trials, of which three had the outcome.
    told = {r["endpoint"]: r for r in csv.DictReader(lines)}["Time to progression, 3 trials"]
    assert (told["patients"], told["note"]) == ("", "the analysis pooled 5 trials, 844 patients")
