"""Where the numbers rightly or by choice depart from R, and why: for ``/methods``.

Each is also a test of the statistic it is about. What agrees with R is not listed.
"""

from __future__ import annotations

from services.pages.methods.records import Departure, Maker

DEPARTURES: tuple[Departure, ...] = (
    Departure(
        "Medians and quartiles on a flat stretch",
        "Where the curve lies exactly on the share and falls again, the middle of the stretch;"
        " where it never falls again, the first time on it, as print(survfit) has it.",
        "quantile() of a curve that never falls again gives the middle to the last time.",
    ),
    Departure(
        "Landmarks before the first event",
        "On the log-log scale there is no interval.",
        "summary() prints 1 to 1, which would claim certainty.",
    ),
    Departure(
        "Beyond the last time",
        "Not estimable, unless the curve is at 0 (of an incidence: unless nobody is left). The same"
        " holds for restricted means beyond follow-up.",
        "summary(extend = TRUE) carries the last value on.",
    ),
    Departure(
        "Hazard ratio without an event in an arm",
        "Not estimable, with the reason; there is no test of proportional hazards then.",
        "coxph() prints an estimate of about 0 or of millions with p near 1 and a warning.",
    ),
    Departure(
        "Gray's test",
        "Not estimable where its variance is not positive.",
        "cmprsk returns a chi-square of -1 and p = 1.",
    ),
    Departure(
        "Variance of a cumulative incidence",
        "That of survfit (infinitesimal jackknife), and the interval is log-log; at 0 and at 100%"
        " there is none, or the exact one is named.",
        "cmprsk's variance (Aalen) is larger by about n / (n - 1); survfit's default interval is"
        " on the log scale.",
    ),
    Departure(
        "Three arms and more",
        "Each arm against the reference is a Cox model of its own pair.",
        "coxph() of all arms at once shares the baseline; the two mostly agree to two digits.",
    ),
    Departure(
        "p beside a hazard ratio",
        "The interval is Wald's and the p shown the log-rank test's; p by Wald, score and"
        " likelihood ratio are in the JSON. Ties are Efron's.",
        "summary(coxph) prints all of them; survdiff() the log-rank test.",
    ),
    Departure(
        "Proportional hazards with strata",
        "Test and residuals follow the strata of the page, on one Kaplan-Meier clock of all"
        " patients, as those of cox.zph do. The unstratified test stands second.",
        "cox.zph() of the stratified model gives the same; without strata() it is the second.",
    ),
    Departure(
        "Missing strata",
        "Patients without a value are a stratum of their own. In a subgroup, strata that are"
        " constant drop out, and a variable leaves its own rows.",
        "strata() drops patients with a missing value.",
    ),
    Departure(
        "Test of interaction",
        "Degrees of freedom count the cells that can be estimated; levels without events are kept"
        " at their limit.",
        "coxph() needs many iterations for the same likelihood and counts every coefficient.",
    ),
    Departure(
        "Horizon and headline",
        "The restricted mean goes to the smaller of the arms' last times, and the headline takes"
        " the latest landmark with 10 at risk in every arm, so that a filter can change both.",
        "Both are chosen by the user.",
    ),
    Departure(
        "Differences of survival and of restricted means",
        "MOVER from the arms' own intervals, restricted means log-log: within 100 points and within"
        " the horizon. An arm at 0 or 100% lends its exact interval. ci=plain gives R's.",
        "The normal formula, whose limits can leave what is possible; an arm at 100% adds nothing.",
    ),
    Departure(
        "Comparisons of adverse events",
        "Miettinen and Nurminen's score intervals with N / (N - 1) for differences, risk and odds"
        " ratios; Garwood's for rates; a score interval without N / (N - 1) for their difference.",
        "prop.test() and epitools have Wald or Newcombe limits.",
    ),
    Departure(
        "Time at risk of adverse events",
        "Until 30 days after the last dose. These days over, or the study's own status of treatment"
        " (EOTSTT), are the end of treatment, which competes; who is out of contact before is"
        " censored, also on the day of the last dose. Events outside that time are counted in"
        " tables, not in rates, and their number is told.",
        "R has no rule; other programs count such patients as having ended treatment.",
    ),
    Departure(
        "Times that are equal",
        "Gaps up to 1.5e-8 of the mean time are one time, as survfit's timefix has it relatively."
        " A month is 30.4375 days.",
        "R also takes gaps below 1.5e-8 as equal whatever the times are.",
    ),
    Departure(
        "Late entry",
        "No page takes entry times: everyone is taken as watched from time 0. In the engine, a"
        " patient is at risk after entry up to the own time.",
        "Surv(entry, time, event); between event times summary() counts who enters before the"
        " next.",
    ),
    Departure(
        "Smooth of the hazard ratio over time",
        "A natural spline of four degrees of freedom as plot.cox.zph draws it, with a band at the"
        " confidence level of the page.",
        "The band is two standard errors.",
    ),
)

# The design shows the same table; a test holds the two together.
MAKERS: tuple[Maker, ...] = (
    Maker(
        "Kaplan-Meier curve of every arm, level and small chart shown",
        "lifelines, KaplanMeierFitter",
        "",
        "test_lifelines_makes_the_curve_that_numpy_makes",
    ),
    Maker(
        "Curves with entry times",
        "numpy",
        "lifelines counts an entry at t as at risk at t, and refuses an early risk set of nobody.",
        "test_left_truncation_with_an_early_empty_risk_set",
    ),
    Maker(
        "Intervals, quartiles and landmarks of a curve",
        "numpy, from the curve of lifelines",
        "lifelines takes the band for 0 where survival is 0, so a median gets a finite upper limit"
        " that R does not print.",
        "test_median_upper_limit_is_not_reached_when_the_last_observation_is_an_event",
    ),
    Maker(
        "Differences of survival and of restricted means",
        "numpy, from the curves of lifelines",
        "lifelines has neither the intervals nor, for the mean, the variance of the estimate.",
        "test_variance_is_not_that_of_the_restricted_times",
    ),
    Maker(
        "Median follow-up (censoring as the event)",
        "numpy",
        "A second curve of the same patients for one number: no arm is fitted twice.",
        "test_follow_up_against_r",
    ),
    Maker(
        "Log-rank tests, plain, stratified and weighted",
        "numpy",
        "lifelines has no stratified test, and fails on weighted tests with an event at time 0.",
        "test_fleming_harrington_with_an_event_at_time_zero",
    ),
    Maker(
        "Hazard ratios (Cox), unstratified and stratified",
        "numpy",
        "lifelines stops before its estimate is exact, 4e-5 off R on some data.",
        "test_lifelines_stops_early_where_we_do_not",
    ),
    Maker(
        "Test of proportional hazards",
        "numpy",
        "lifelines has the older approximation of Grambsch and Therneau; R has the exact score"
        " test since survival 3.0.",
        "test_lifelines_is_the_old_approximation",
    ),
    Maker(
        "Subgroup forest: rows and tests of interaction",
        "numpy, all rows at once",
        "One model for each row by lifelines takes seconds where a click has a quarter of one;"
        " each row equals the single analysis.",
        "test_rows_are_single_analyses_of_their_subjects",
    ),
    Maker(
        "Cumulative incidence and Gray's test",
        "numpy",
        "lifelines moves tied times apart at random before it estimates, and has no test.",
        "test_incidence_against_survfit",
    ),
    Maker(
        "Shares, rates and their differences",
        "numpy and scipy",
        "lifelines has none.",
        "test_score_intervals_against_likelihoods_maximised_by_r",
    ),
)
