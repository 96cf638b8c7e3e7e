"""The evidence page. Oracle: the YAML files, read here by plain PyYAML."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.errors import UserError
from services.evidence import load as evidence
from services.evidence.cite import arms_rows
from services.evidence.cited import Cited
from services.json_text import to_text
from services.pages.evidence.export import evidence_csv, evidence_json
from services.pages.evidence.page import evidence_page
from services.pages.evidence.records import EvidencePage
from services.studies import Catalogue
from services.views.site import EvidenceView

ALL = EvidenceView(reports="all")


def raw(name: str) -> Any:
    """A file with every scalar as the text it is written as."""
    path = Path(evidence.FOLDER) / f"{name}.yaml"
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def digits(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def numbers(value: Any) -> set[str]:
    """Every number in a YAML value as it is written, those inside its texts too."""
    if isinstance(value, dict):
        return set().union(*(numbers(v) for v in value.values()), set())
    if isinstance(value, list):
        return set().union(*(numbers(v) for v in value), set())
    return digits(value)


def shown(page: EvidencePage) -> list[tuple[str, Cited]]:
    """Every number of the page with the acronym it stands under."""
    found = [(r.acronym, r.cited) for f in (*page.forests, page.subgroups) for r in f.rows]
    for rows in (page.landmarks, page.responses, page.events):
        found += [(r.acronym, cited) for r in rows for _, cited in r.arms]
    found += [(r.acronym.split(",")[0], c) for r in page.single_arm for _, c in r.results]
    found += [(s.acronym, p.cited) for s in page.follow_up for p in s.points]
    return found


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


def test_every_pooled_number_is_one_of_its_file() -> None:
    known = numbers(raw("meta_analyses"))
    for row in evidence_page(EvidenceView()).meta:
        assert digits(row.row.cited.text) <= known


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


def test_every_randomized_trial_has_its_rows() -> None:
    page = evidence_page(EvidenceView())
    wanted = {t.acronym for t in evidence.evidence().trials if t.randomized} - {
        "DETER-SMM (EAA173)",
        "ITHACA",
    }
    for forest in page.forests:
        assert {r.acronym for r in forest.rows} == wanted, forest.id
        for row in forest.rows:
            assert (row.estimate is None) == bool(row.reason)


def test_the_latest_report_is_the_last_one() -> None:
    (row,) = (r for r in evidence_page(EvidenceView()).forests[0].rows if r.acronym == "QuiRedex")
    assert (row.estimate, row.follow_up_months, row.report) == (0.28, 150, "Mateos 2022")
    earlier = [r for r in evidence_page(ALL).forests[0].rows if r.acronym == "QuiRedex"]
    assert [r.follow_up_months for r in earlier] == [40, 75, 150]


def test_an_odds_ratio_stays_off_the_axis_of_hazard_ratios() -> None:
    (row,) = (r for r in evidence_page(EvidenceView()).forests[1].rows if r.trial == "mp_riccardi")
    assert (row.measure, row.estimate) == ("OR", None)
    assert row.cited.text == "1.17 (0.57 to 2.42)"


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


def test_follow_up_of_quiredex() -> None:
    series = {(s.acronym, s.family): s for s in evidence_page(EvidenceView()).follow_up}
    points = series["QuiRedex", "OS"].points
    assert [(p.months, p.estimate) for p in points] == [(40, 0.31), (75, 0.43), (150, 0.57)]
    assert len(series["E3A06", "PFS"].points) == len(series["AQUILA", "PFS"].points) == 1


def test_running_trials() -> None:
    rows = {r.acronym: r for r in evidence_page(EvidenceView()).timeline}
    assert (rows["ITHACA"].start, rows["ITHACA"].end) == ("2020-06-16", "2033-10-21")
    assert (rows["B-PRISM"].start, rows["B-PRISM"].end, rows["B-PRISM"].n) == ("", "", None)
    assert "AQUILA" not in rows


def test_links_lead_to_studies_of_this_site() -> None:
    page = evidence_page(ALL)
    ids = set(Catalogue().ids())
    links = {r.link for f in page.forests for r in f.rows} | {r.link for r in page.single_arm}
    inside = {link for link in links if link.startswith("/")}
    assert {link.removeprefix("/study/") for link in inside} <= ids
    assert inside >= {"/study/e3a06", "/study/aquila", "/study/quiredex"}
    assert all(link.startswith("https://") for link in links - inside if link)


def test_json_and_csv() -> None:
    body = evidence_json(EvidenceView(drug=("Anti-CD38 antibody",)))
    assert "aquila" in {t["id"] for t in body["trials"]}
    assert "e3a06" not in {t["id"] for t in body["trials"]}
    assert "not randomized against each other" in body["note"]
    lines = evidence_csv(EvidenceView()).splitlines()
    assert any(line.startswith("AQUILA,Dimopoulos 2025,PFS,") for line in lines)


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
