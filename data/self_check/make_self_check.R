# R's answers for the self-check on /methods, frozen with the data they were asked for.
#
#   Rscript data/self_check/make_self_check.R
#
# Made with R 4.2.2, survival 3.5-3, cmprsk 2.2-11, jsonlite. Writes self_check.json beside it.
# The first case is the simulated E3A06 of this project, the second survival's own
# mgus2 (Mayo Clinic, Kyle 2002), with death as the competing event of progression.
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})
file_arg <- grep("^--file=", commandArgs(FALSE), value = TRUE)
here <- dirname(sub("^--file=", "", file_arg))
exact <- coxph.control(eps = 1e-11, iter.max = 100)

adsl <- read.csv(file.path(here, "../studies/e3a06/adsl.csv"))
adtte <- read.csv(file.path(here, "../studies/e3a06/adtte.csv"))
pfs <- merge(subset(adtte, PARAMCD == "PFS"), adsl[c("USUBJID", "TRT01P", "TSDIAGGR")],
  by = "USUBJID")
arm_of <- if ("TRT01P.y" %in% names(pfs)) "TRT01P.y" else "TRT01P"
e3a06 <- data.frame(time = pfs$AVAL, event = as.integer(pfs$CNSR == 0), arm = pfs[[arm_of]],
  stratum = as.integer(factor(pfs$TSDIAGGR)))

m <- survival::mgus2
mgus2 <- data.frame(time = m$futime, arm = as.character(m$sex),
  event = as.integer(m$death), stratum = as.integer(cut(m$age, c(0, 60, 70, 80, 120))))
mgus2$etime <- with(m, ifelse(pstat == 1, ptime, futime))
mgus2$cause <- with(m, ifelse(pstat == 1, 1L, 2L * death))

answers <- function(d, reference, other, at, tau, unit) {
  when <- paste(paste(at, collapse = ", "), unit)
  d$x <- as.integer(d$arm == other)
  rows <- list()
  add <- function(id, label, value) {
    rows[[length(rows) + 1]] <<- list(id = id, label = label, value = unname(value))
  }
  for (a in c(reference, other)) {
    s <- d[d$arm == a, ]
    for (type in c("log-log", "log", "plain")) {
      fit <- survfit(Surv(time, event) ~ 1, data = s, conf.type = type)
      v <- summary(fit, times = at)
      if (type == "log-log") add(paste("surv", a), paste0(a, ": survival at ", when), v$surv)
      add(paste("lower", type, a), paste0(a, ": lower limit (", type, ") at ", when), v$lower)
      add(paste("upper", type, a), paste0(a, ": upper limit (", type, ") at ", when), v$upper)
    }
    fit <- survfit(Surv(time, event) ~ 1, data = s, conf.type = "log-log")
    q <- quantile(fit, c(0.25, 0.5))
    add(paste("quartile", a), paste0(a, ": first quartile and its limits"),
      c(q$quantile[1], q$lower[1], q$upper[1]))
    r <- summary(fit, rmean = tau)$table[c("rmean", "se(rmean)")]
    add(paste("rmst", a), paste0(a, ": restricted mean to ", tau, " ", unit, " and its SE"), r)
    back <- survfit(Surv(time, 1 - event) ~ 1, data = s, conf.type = "log-log")
    add(paste("follow-up", a), paste0(a, ": median follow-up (reverse Kaplan-Meier)"),
      summary(back)$table["median"])
  }
  add("log-rank", "Log-rank chi-square", survdiff(Surv(time, event) ~ x, data = d)$chisq)
  add("log-rank stratified", "Stratified log-rank chi-square",
    survdiff(Surv(time, event) ~ x + strata(stratum), data = d)$chisq)
  cox <- coxph(Surv(time, event) ~ x, data = d, ties = "efron", control = exact)
  add("cox", "Cox: hazard ratio and its limits", as.vector(summary(cox)$conf.int[c(1, 3, 4)]))
  add("cox se", "Cox: standard error of the log hazard ratio", sqrt(diag(vcov(cox))))
  stratified <- coxph(Surv(time, event) ~ x + strata(stratum), data = d, ties = "efron",
    control = exact)
  add("cox stratified", "Stratified Cox: hazard ratio and its limits",
    as.vector(summary(stratified)$conf.int[c(1, 3, 4)]))
  add("zph", "Proportional hazards: cox.zph chi-square", cox.zph(cox, transform = "km")$table[1, 1])
  rows
}

competing <- function(d, at) {
  rows <- list()
  for (k in 1:2) {
    name <- c("progression", "death first")[k]
    fit <- survfit(Surv(etime, factor(cause, 0:2)) ~ 1, data = d, conf.type = "log")
    v <- summary(fit, times = at)
    rows[[length(rows) + 1]] <- list(id = paste("aj", k),
      label = paste0("Cumulative incidence of ", name, " at ", paste(at, collapse = ", "), " months"),
      value = v$pstate[, k + 1])
  }
  g <- cuminc(d$etime, d$cause, d$arm)
  rows[[3]] <- list(id = "gray", label = "Gray's test of progression, by sex: chi-square",
    value = unname(g$Tests["1", "stat"]))
  f <- crr(d$etime, d$cause, as.integer(d$arm == "M"), failcode = 1, cencode = 0, gtol = 1e-10)
  rows[[4]] <- list(id = "fine-gray", label = "Fine-Gray: subdistribution hazard ratio of progression",
    value = unname(exp(f$coef)))
  rows
}

# Alive without progression, progressed, dead: rows from one to the next, jackknife errors by patient.
states <- function(d, at, tau) {
  n <- nrow(d)
  progressed <- d$cause == 1 & !(d$event == 1 & d$etime == d$time)
  rows <- rbind(
    data.frame(id = seq_len(n), arm = d$arm, from = 0, until = ifelse(progressed, d$etime, d$time),
      to = ifelse(progressed, 1, 2 * d$event)),
    data.frame(id = seq_len(n), arm = d$arm, from = d$etime, until = d$time,
      to = 2 * d$event)[progressed & d$time > d$etime, ])
  rows <- rows[order(rows$id, rows$from), ]
  rows$to <- factor(rows$to, 0:2, c("seen no more", "progressed", "dead"))
  answers <- list()
  for (a in sort(unique(rows$arm))) {
    fit <- survfit(Surv(from, until, to) ~ 1, data = rows[rows$arm == a, ], id = id,
      influence = TRUE)
    v <- summary(fit, times = at)
    means <- survival:::survmean2(survfit0(fit), rmean = tau)$matrix
    for (k in 1:3) {
      name <- c("alive without progression", "alive after progression", "dead")[k]
      one <- function(id, label, value) list(
        id = paste(id, k, a), label = paste0(a, ": ", label, " ", name), value = unname(value))
      answers <- c(answers, list(
        one("in state", paste("probability, at", paste(at, collapse = ", "), "months,"), v$pstate[, k]),
        one("in state se", "its standard error,", v$std.err[, k]),
        one("in state lower", "its lower limit,", v$lower[, k]),
        one("mean time", paste0("mean time to ", tau, " months and its SE,"),
          means[k, c("rmean", "se(rmean)")])))
    }
  }
  answers
}

at1 <- c(365.25, 730.5, 1095.75)
at2 <- c(60, 120, 180)
out <- list(
  made_with = paste0("R ", getRversion(), ", survival ", packageVersion("survival"), ", cmprsk ",
    packageVersion("cmprsk")),
  cases = list(
    list(id = "e3a06", title = "E3A06, simulated: progression-free survival, days",
      reference = "Observation", other = "Lenalidomide", at = at1, tau = 1095.75, data = e3a06,
      answers = answers(e3a06, "Observation", "Lenalidomide", at1, 1095.75, "days")),
    list(id = "mgus2", title = "Mayo Clinic MGUS cohort, real: death and progression, months",
      reference = "F", other = "M", at = at2, tau = 180, data = mgus2,
      answers = c(answers(mgus2, "F", "M", at2, 180, "months"), competing(mgus2, at2),
        states(mgus2, at2, 180)))))
writeLines(toJSON(out, auto_unbox = TRUE, digits = NA, dataframe = "columns", na = "null"),
  file.path(here, "self_check.json"))
