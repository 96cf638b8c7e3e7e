"""The evidence page. Oracle: the YAML files, read here by plain PyYAML."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.evidence import load as evidence
from services.evidence.cite import arms_rows
from services.evidence.cited import Cited
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView
from tests.services.pages.evidence.shown import ALL, digits, numbers, raw, shown
from tests.studies import site


@pytest.mark.parametrize("view", [EvidenceView(), ALL], ids=["latest", "all"])
def test_every_number_is_one_of_its_file(view: EvidenceView) -> None:
    known = {t.acronym: numbers(raw(t.id)) for t in evidence.evidence().trials}
    rows = shown(evidence_page(view))
    assert len(rows) > 90
    for acronym, cited in rows:
        assert digits(cited.text) <= known[acronym], (acronym, cited.about, cited.text)
        assert cited.sources, cited.about


def test_a_conflict_opens_from_each_number_it_is_about() -> None:
    page = evidence_page(ALL)

    def titles(cited: Cited | None) -> set[str]:
        assert cited is not None
        return {c.title for c in cited.conflicts}

    arms, stopped = "Which arm has 92 patients", "How many stopped for toxicity"
    forest = {(r.acronym, r.endpoint): r for f in page.forests for r in f.rows}
    assert arms in titles(forest["E3A06", "PFS"].patients)
    assert "Upper limit of the hazard ratio" in titles(forest["E3A06", "PFS"].cited)
    deaths = next(r for r in page.landmarks if (r.acronym, r.what) == ("E3A06", "Deaths"))
    assert arms in titles(deaths.arms[0][1])
    response = next(r for r in page.responses if r.acronym == "E3A06")
    assert titles(response.arms[0][1]) == {"Response of 50% or 48.9%"}
    trial = evidence.trial("e3a06")
    exposure = {what: c for row in arms_rows(trial, trial.exposure) for what, c in [
        (row.what, row.arms[0][1])]}  # fmt: skip
    assert stopped in titles(exposure["Stopped because of toxicity"])
    running = {r.acronym: r for r in page.timeline}
    assert titles(running["ITHACA"].patients) == {"Number of patients"}
    assert titles(running["DETER-SMM (EAA173)"].cited) == {"Entry criteria"}


def test_no_conflict_is_left_without_a_number() -> None:
    """Each disagreement of a trial's file is opened by at least one number of its pages."""
    page = evidence_page(ALL)
    cited = [c for _, c in shown(page)]
    cited += [c for f in page.forests for r in f.rows for c in (r.patients, r.follow_up) if c]
    cited += [c for r in page.timeline for c in (r.cited, r.patients) if c]
    for trial in evidence.evidence().trials:
        facts = (*trial.exposure, *trial.outcomes, *trial.second_malignancies)
        cited += [c for row in arms_rows(trial, facts) for _, c in row.arms]
    opened = {c.title for number in cited for c in number.conflicts}
    told = {c.title for t in evidence.evidence().trials for c in t.conflicts}
    told |= {c.title for t in evidence.evidence().trials for e in t.endpoints for c in e.conflicts}
    assert told <= opened


def test_the_latest_report_is_the_last_one() -> None:
    (row,) = (r for r in evidence_page(EvidenceView()).forests[0].rows if r.acronym == "QuiRedex")
    assert (row.estimate, row.follow_up_months, row.report) == (0.28, 150, "Mateos 2022")
    earlier = [r for r in evidence_page(ALL).forests[0].rows if r.acronym == "QuiRedex"]
    assert [r.follow_up_months for r in earlier] == [40, 75, 150]


def test_filters() -> None:
    antibody = evidence_page(EvidenceView(drug=("Anti-CD38 antibody",)))
    assert {r.acronym for r in antibody.forests[0].rows} == {"AQUILA", "CENTAURUS"}
    assert antibody.shown < antibody.total
    single = evidence_page(EvidenceView(design="single-arm"))
    assert single.forests[0].rows == ()
    assert "GEM-CESAR" in {r.acronym for r in single.single_arm}
    high = evidence_page(EvidenceView(risk=("high",), design="randomized"))
    assert len(high.meta) == len(antibody.meta) > 0  # published poolings are not filtered
    with pytest.raises(UserError, match="drug=Aspirin"):
        evidence_page(EvidenceView(drug=("Aspirin",)))


def test_links_lead_to_studies_of_this_site() -> None:
    page = evidence_page(ALL)
    ids = set(site().ids())
    links = {r.link for f in page.forests for r in f.rows} | {r.link for r in page.single_arm}
    inside = {link for link in links if link.startswith("/")}
    assert {link.removeprefix("/study/") for link in inside} <= ids
    assert inside >= {"/study/e3a06", "/study/aquila", "/study/quiredex"}
    assert all(link.startswith("https://") for link in links - inside if link)


@pytest.mark.parametrize("brand", ["Revlimid", "darzalex", "Kyprolis", "Empliciti"])
def test_trials_are_found_by_a_drugs_brand_name(brand: str) -> None:
    """As many as by its generic name, which the page says it took the brand for."""
    found = evidence_page(EvidenceView(q=brand))
    ((said, generic),) = found.taken
    assert said.casefold() == brand.casefold()
    assert 0 < found.shown < found.total
    by_name = evidence_page(EvidenceView(q=generic))
    assert (found.shown, found.timeline) == (by_name.shown, by_name.timeline)
    assert evidence_page(EvidenceView(q=f"{brand} nowhere")).shown == 0
