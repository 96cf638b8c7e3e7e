"""The methods page: how each number is made, in words, with formula and reference."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version

from services.pages.methods.departures import DEPARTURES, MAKERS
from services.pages.methods.records import DataCard, Method, MethodsPage
from services.pages.methods.self_check import self_check
from services.settings import ROOT
from services.studies import BUNDLED
from services.study.model import Study

_DOI = "https://doi.org/"

METHODS: tuple[Method, ...] = (
    Method(
        "Kaplan-Meier curve",
        "The share of patients without the event, stepping down at each event by the share of those"
        " still watched who have it. Censored patients leave without a step. Times whose gap is at"
        " most 1.5e-8 of the mean time are one time, as in R; an event at time 0 counts. Everyone"
        " is taken as watched from time 0.",
        "S(t) = Π over tᵢ ≤ t of (1 − dᵢ / nᵢ), with dᵢ events among nᵢ at risk at tᵢ",
        "Kaplan and Meier 1958",
        _DOI + "10.1080/01621459.1958.10501452",
    ),
    Method(
        "Its confidence interval",
        "Greenwood's variance, on the log-log scale unless another is chosen; the kind always"
        " stands under the chart.",
        "log-log: S(t)^exp(± z·σ / log S(t)),  σ² = Σ dᵢ / (nᵢ (nᵢ − dᵢ))",
        "Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2002",
    ),
    Method(
        "Medians and quartiles",
        "The first time the curve is at or below the share asked for. Where it lies exactly on it"
        " over a flat stretch and falls again, the middle of the stretch, as R prints it; where it"
        " never falls again, the first time on it. The limits are where the band's limits"
        " cross it. NR: not reached; NE: the limit cannot be estimated.",
        "t(p) = min { t : S(t) ≤ 1 − p }",
        "Brookmeyer and Crowley 1982",
        _DOI + "10.2307/2530286",
    ),
    Method(
        "Percent at a landmark",
        "The curve read at that time with its interval. Beyond an arm's last time it is not"
        " estimable, unless the curve is already at 0.",
    ),
    Method(
        "Difference at a landmark",
        "Its limits are recovered from the two arms' own (MOVER), so that it stays within −100 and"
        " +100 points. An arm in which all or none had the event has no interval of its own: the"
        " exact one (Clopper-Pearson) of those whose state is known stands in. With plain intervals"
        " chosen, the difference has R's normal interval, which may leave that range. p is that of"
        " the normal test with Greenwood's variances in both cases.",
        "lower = a − b − √((a − a_low)² + (b_up − b)²), upper likewise",
        "Zou and Donner 2008",
        _DOI + "10.1002/sim.3095",
    ),
    Method(
        "Numbers at risk",
        "Patients whose time is at least the tick's. At risk, with an event before, and censored"
        " before add up to all patients of the arm.",
        "n(t) = # { i : Tᵢ ≥ t }",
    ),
    Method(
        "Follow-up",
        "The median of the curve in which censoring is the event and the event censors (reverse"
        " Kaplan-Meier).",
        reference="Schemper and Smith 1996",
        link=_DOI + "10.1016/0197-2456(96)00075-X",
    ),
    Method(
        "Hazard ratio",
        "Cox model with Efron's rule for ties, fitted to the end by Newton's method. Below 1"
        " favors the arm named first, above 1 where the event is good (a response); reference and"
        " direction are always written. With no event in an arm it is not estimable, and the"
        " reason is shown.",
        "λ(t | x) = λ₀(t)·exp(βx);  HR = exp(β), 95% limits exp(β ± 1.96·SE)",
        "Cox 1972; Efron 1977",
        _DOI + "10.1111/j.2517-6161.1972.tb00899.x",
    ),
    Method(
        "Log-rank test",
        "At each event time the events of an arm are compared with those expected if the arms did"
        " not differ. With strata, both sums run within strata first.",
        "χ² = (Σ (O − E))² / Σ V for two arms",
        "Mantel 1966; Peto and Peto 1972",
        _DOI + "10.2307/2344317",
    ),
    Method(
        "Proportional hazards",
        "The exact score test of a coefficient that changes with time, on the Kaplan-Meier scale of"
        " time, as cox.zph of R's survival 3 does it. A small p says that one ratio does not"
        " describe the whole follow-up.",
        reference="Grambsch and Therneau 1994",
        link=_DOI + "10.1093/biomet/81.3.515",
    ),
    Method(
        "Restricted mean",
        "The area under the curve up to a horizon: the average event-free time within it. Its"
        " limits are normal for log(−log(μ/τ)), so that they stay within 0 and τ; without an event"
        " before τ the lower one is τ times the exact limit of survival there. Differences"
        " as at a landmark. With plain intervals chosen, both are R's: μ ± z·SE.",
        "μ(τ) = ∫₀^τ S(t) dt,  Var = Σ (∫ from tᵢ to τ of S)² dᵢ / (nᵢ (nᵢ − dᵢ))",
        "Royston and Parmar 2013",
        _DOI + "10.1186/1471-2288-13-152",
    ),
    Method(
        "Competing events",
        "Where another event can come first, the share that had the event (Aalen-Johansen), not 1 −"
        " Kaplan-Meier, which would be too high. Gray's test compares arms.",
        "F(t) = Σ over tᵢ ≤ t of S(tᵢ−)·dᵢ / nᵢ",
        "Aalen and Johansen 1978; Gray 1988",
        _DOI + "10.1214/aos/1176350951",
    ),
    Method(
        "Subgroups",
        "The model is fitted again within each level. One likelihood-ratio test of interaction per"
        " variable on the same complete cases; no p-value per row. The boxes' area follows the"
        " information.",
        reference="Cuzick 2005",
        link=_DOI + "10.1016/S0140-6736(05)67061-X",
    ),
    Method(
        "Adverse events",
        "A patient counts once per term at the worst grade, of all treated patients by actual arm."
        " Differences of proportions, risk ratios and odds ratios have score intervals.",
        reference="Miettinen and Nurminen 1985",
        link=_DOI + "10.1002/sim.4780040211",
    ),
    Method(
        "Adverse events over time",
        "Patients are watched from the first dose until 30 days after the last, death or the last"
        " contact; who is out of contact before is censored, on the day of the last dose too."
        " Rates are first events per 100 patient-years with exact Poisson intervals; time to a"
        " first event is a cumulative incidence, with death and end of treatment competing.",
        reference="Garwood 1936",
        link=_DOI + "10.1093/biomet/28.3-4.437",
    ),
    Method(
        "Benefit and harm of 100 patients",
        "Kaplan-Meier for the benefit (cumulative incidence where another event competes),"
        " cumulative incidence of a first severe event for the harm, at one time; the harm no"
        " later than every arm was watched for it. The difference of the harm combines the arms'"
        " own intervals (MOVER). Numbers needed are 1 / difference, not shown where the interval"
        " includes no difference.",
        reference="Zou and Donner 2008",
        link=_DOI + "10.1002/sim.3095",
    ),
    Method(
        "Response",
        "Responders of all patients assigned to an arm, without those never treated whose response"
        " is blank; treated patients with a blank count as without a response. With the exact"
        " interval of a proportion.",
        reference="Clopper and Pearson 1934",
        link=_DOI + "10.1093/biomet/26.4.404",
    ),
    Method(
        "Patients at the start",
        "Mean with standard deviation; median with quartiles that interpolate between values (R's"
        " type 7); range. Percentages are of all patients of the arm; missing values are counted"
        " on their own.",
    ),
    Method(
        "Risk models",
        "Groups by each model's published cut-offs. A free light chain ratio below 1 is"
        " kappa/lambda of a patient with more lambda and counts by its inverse in every model;"
        " other units are asked about, never changed. A missing value leaves the group open where"
        " it could change it.",
    ),
    Method(
        "Whether a subgroup difference can be believed",
        "The five core questions of ICEMAN for trials, in its order: expected direction, earlier"
        " evidence, chance, number of variables, cut points. What one trial's data cannot know"
        " stays open.",
        reference="Schandelmaier et al. 2020",
        link=_DOI + "10.1503/cmaj.200077",
    ),
    Method(
        "Published facts",
        "Restated from abstracts, registries and reviews, each with its source, how far it was"
        " checked, and where sources differ. Nothing is pooled here, and trials are never compared"
        " with each other. “Not found” is never 0. Numbers keep the digits they were published"
        " with.",
    ),
    Method(
        "Units",
        "Weeks are days / 7, months days / 30.4375, years days / 365.25. What is computed here is"
        " printed so: hazard ratios with 2 decimals, p with 3 and as “<0.001” below, percentages"
        " with 1, in the answers of pages mostly with none; times with 1, in years with 2; more"
        " where a number would print as one that it is not. Exports carry full precision.",
    ),
)


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """This project and what it computes and draws with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = ("lifelines", "numpy", "scipy", "pandas", "dash", "plotly")
    return (
        ("SMM Outcomes", project["version"]),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in packages),
    )


def data_cards(studies: Iterable[Study]) -> tuple[DataCard, ...]:
    """The cards of the bundled studies; a study from elsewhere has none."""
    cards = []
    for study in studies:
        file = BUNDLED / study.id / "CARD.md"
        if file.is_file():
            title = study.metadata.short_title or study.title
            cards.append(DataCard(study.id, title, _below_title(file.read_text("utf-8"))))
    return tuple(cards)


def _below_title(text: str) -> str:
    """A card without its own heading, and its others two levels lower, under the page's."""
    lines = text.strip().splitlines()
    if lines and lines[0].startswith("# "):
        lines = lines[1:]
    return "\n".join("##" + line if line.startswith("#") else line for line in lines).strip()


def methods_page(studies: Iterable[Study]) -> MethodsPage:
    """Everything on the page; the self-check runs now."""
    return MethodsPage(METHODS, versions(), data_cards(studies), self_check(), DEPARTURES, MAKERS)
