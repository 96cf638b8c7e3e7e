# Frozen answers of R for the subgroups page.
#
#   Rscript tests/oracles/make_subgroups_page.R
#
# Reads the bundled E3A06 and, where it is, ../shared/data/adam/random_cdisc_data (only its answers
# are kept), as a person with R would: no line of this project's code. Made with R 4.2.2, survival
# 3.5-3. Rows are coxph within a level, tests anova() of two nested models on the same patients.
suppressMessages({library(survival); library(jsonlite)})

file_arg <- grep("^--file=", commandArgs(FALSE), value = TRUE)
here <- dirname(sub("^--file=", "", file_arg))
root <- file.path(here, "..", "..")
exact <- coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 100)
read <- function(...) read.csv(file.path(...), na.strings = c("", "NA"), colClasses = "character",
                               check.names = FALSE)

at <- function(part, time) {
  if (!nrow(part)) return(c(NA, NA))
  s <- summary(survfit(Surv(time, event) ~ 1, data = part), times = time, extend = TRUE)
  if (max(part$time) < time && s$surv > 0) return(c(NA, NA))
  c(s$surv, s$std.err)
}
row <- function(part, arms, time, strata) {
  own <- lapply(arms, function(a) part[part$arm == a, ])
  n <- sapply(own, nrow)
  d <- sapply(own, function(p) sum(p$event))
  out <- list(n = n, events = d,
    median = sapply(own, function(p) if (nrow(p))
      unname(summary(survfit(Surv(time, event) ~ 1, data = p))$table["median"]) else NA),
    survival = sapply(own, function(p) at(p, time)[1]))
  s <- sapply(own, at, time)
  se <- sqrt(sum(s[2, ]^2))
  out$difference <- c(s[1, 2] - s[1, 1], se)
  if (all(n > 0) && all(d > 0)) {
    part$x <- as.numeric(part$arm == arms[2])
    part$s <- if (length(strata)) interaction(part[strata], drop = TRUE) else factor(1)
    fit <- suppressWarnings(coxph(Surv(time, event) ~ x + strata(s), data = part, control = exact))
    out$beta <- unname(coef(fit))
    out$se <- unname(sqrt(vcov(fit)[1, 1]))
  }
  out
}
test <- function(part, name, arms, strata) {
  part$x <- as.numeric(part$arm == arms[2])
  part$f <- factor(part[[name]])
  part$s <- if (length(strata)) interaction(part[strata], drop = TRUE) else factor(1)
  small <- suppressWarnings(coxph(Surv(time, event) ~ x + f + strata(s), part, control = exact))
  large <- suppressWarnings(coxph(Surv(time, event) ~ x * f + strata(s), part, control = exact))
  a <- anova(small, large)
  df <- sum(!is.na(coef(large))) - sum(!is.na(coef(small)))
  list(chi2 = 2 * (large$loglik[2] - small$loglik[2]), df = df, missing = NA, anova = a[2, "Chisq"])
}
forest <- function(d, names, arms, time, strata = character(0)) {
  d <- d[d$arm %in% arms, ]
  groups <- list()
  for (name in names) {
    known <- d[!is.na(d[[name]]), ]
    held <- setdiff(strata, name)
    levels <- sort(unique(known[[name]]))
    rows <- lapply(levels, function(v) row(known[known[[name]] == v, ], arms, time, held))
    names(rows) <- levels
    t <- test(known, name, arms, held)
    t$missing <- sum(is.na(d[[name]]))
    groups[[name]] <- list(rows = rows, test = t)
  }
  list(overall = row(d, arms, time, strata), groups = groups)
}

adsl <- read(root, "data", "studies", "e3a06", "adsl.csv")
adtte <- read(root, "data", "studies", "e3a06", "adtte.csv")
adsl$AGE <- as.numeric(adsl$AGE)
adsl$AGEGR1 <- as.character(cut(adsl$AGE, c(-Inf, 65, 75, Inf), c("< 65", "65-74", ">= 75"), right = FALSE))
points <- (as.numeric(adsl$BMPC) > 20) + (as.numeric(adsl$MPROT) > 2) + (as.numeric(adsl$FLCR) > 20)
adsl$MAYO2018 <- c("Low", "Intermediate", "High", "High")[points + 1]
adsl[["AGE:60/70"]] <- as.character(cut(adsl$AGE, c(-Inf, 60, 70, Inf), c("< 60", "60 to < 70", ">= 70"), right = FALSE))
e3a06 <- function(param) {
  t <- adtte[adtte$PARAMCD == param, ]
  d <- merge(t[c("USUBJID", "AVAL", "CNSR")], adsl, by = "USUBJID")
  d$time <- as.numeric(d$AVAL) / 30.4375
  d$event <- as.numeric(as.numeric(d$CNSR) == 0)
  d$arm <- d$TRT01P
  d
}
names <- c("TSDIAGGR", "SEX", "AGEGR1", "MAYO2018", "RACE", "ECOGBL", "IMPARES", "CYTOGEN", "AGE:60/70")
arms <- c("Observation", "Lenalidomide")
pfs <- e3a06("PFS")
out <- list(
  e3a06 = forest(pfs, names, arms, 24),
  e3a06_stratified = forest(pfs, names, arms, 24, c("TSDIAGGR", "SEX")),
  e3a06_women = forest(pfs[pfs$SEX == "F", ], setdiff(names, "SEX"), arms, 24))

folder <- file.path(root, "..", "shared", "data", "adam", "random_cdisc_data")
if (dir.exists(folder)) {
  adsl <- read(folder, "cadsl.csv")
  t <- read(folder, "cadtte.csv")
  t <- t[t$PARAMCD == "OS", c("USUBJID", "AVAL", "AVALU", "CNSR")]
  d <- merge(t, adsl, by = "USUBJID")
  stopifnot(all(d$AVALU == "DAYS"))
  d$time <- as.numeric(d$AVAL) / 30.4375
  d$event <- as.numeric(as.numeric(d$CNSR) == 0)
  d$arm <- d$ARM
  d <- d[d$ITTFL == "Y", ]
  three <- c("SEX", "STRATA1", "STRATA2", "BMRKR2")
  out$random_a <- forest(d, three, c("B: Placebo", "A: Drug X"), 12)
  out$random_c <- forest(d, three, c("B: Placebo", "C: Combination"), 12, "STRATA1")
}
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE),
           file.path(here, "subgroups_page.json"))
