# Writes competing.json beside this script: Rscript tests/oracles/make_competing.R
# R 4.2 with survival 3.5-3, cmprsk 2.2-11 and jsonlite.
#
# Every data set is written out too, so that the tests read exactly what R read.
library(survival)
library(cmprsk)
library(jsonlite)

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))

# 300 of the 1384 subjects of mgus2, R package survival (LGPL >= 2; Kyle et al., N Engl J Med
# 2002;346:564-9). Months; cause 1 progression, 2 death without it; group 1 male; stratum 1 over 70.
set.seed(20)
m <- mgus2[sort(sample(nrow(mgus2), 300)), ]
sample_of <- data.frame(
  time = ifelse(m$pstat == 1, m$ptime, m$futime),
  cause = ifelse(m$pstat == 1, 1, 2 * m$death),
  group = as.integer(m$sex == "M"),
  stratum = as.integer(m$age > 70),
  age = m$age)
# Seeded, coarse times: three groups, three strata, three causes, ties of causes and censoring.
set.seed(7)
n <- 240
coarse <- data.frame(
  time = ceiling(rexp(n, 0.12)), cause = sample(0:3, n, TRUE, c(3, 4, 2, 1)),
  group = sample(0:2, n, TRUE), stratum = sample(0:2, n, TRUE), age = round(rnorm(n, 60, 9)))
coarse$time <- pmax(coarse$time - (coarse$group == 2), 0)

frame <- function(time, cause, group) data.frame(
  time = time, cause = cause, group = group, stratum = 0, age = NA)
sets <- list(
  mgus2 = sample_of,
  coarse = coarse,
  # One time for two causes and a censoring; events at time 0; the last one an event.
  ties = frame(c(0, 0, 1, 1, 1, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7),
               c(1, 2, 1, 2, 0, 1, 1, 0, 2, 1, 0, 2, 1, 2, 1),
               c(0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 1)),
  docs = frame(c(1, 3, 5, 7, 2, 4, 6, 8), c(1, 2, 0, 1, 1, 1, 2, 0), rep(0:1, each = 4)),
  continuous = frame(c(1, 2, 3, 4, 5, 6, 7, 8), c(1, 2, 1, 0, 1, 2, 1, 0), rep(0:1, 4)),
  uncensored = frame(c(2, 2, 3, 3, 4, 5, 5, 6), c(1, 2, 1, 1, 2, 2, 1, 2), rep(0:1, 4)),
  one_cause = frame(c(1, 2, 2, 3, 5, 5, 8), c(1, 1, 0, 1, 0, 1, 1), c(0, 1, 0, 1, 0, 1, 1)),
  # Censored at time 0 already.
  censored_at_zero = frame(c(0, 0, 0, 1, 1, 2, 3, 3, 4, 5, 6, 7),
                           c(0, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 1), rep(c(0, 1, 1, 0), 3)),
  # Group 0 dies out long before group 1.
  apart = frame(c(1, 1, 2, 3, 3, 5, 6, 7, 8, 9), c(1, 2, 1, 1, 2, 1, 0, 2, 1, 1),
                c(0, 0, 0, 1, 0, 1, 1, 1, 1, 1)),
  censored = frame(c(1, 2, 3), c(0, 0, 0), c(0, 1, 0)),
  one_subject = frame(4, 1, 0),
  one_subject_censored = frame(4, 0, 0))
sets$continuous$age <- c(3.1, 1, 2, 4, 5, 2, 1, 0.5)

curves_of <- function(d, k) {
  event <- factor(d$cause, 0:max(k, 1), c("censored", paste0("c", 1:max(k, 1))))
  limits <- list()
  for (type in c("log", "log-log", "plain")) for (level in c(0.95, 0.9)) {
    if (level == 0.9 && type != "log-log") next
    fit <- survfit(Surv(d$time, event) ~ 1, conf.type = type, conf.int = level)
    limits[[length(limits) + 1]] <- list(
      ci = type, level = level, lower = t(fit$lower[, -1, drop = FALSE]),
      upper = t(fit$upper[, -1, drop = FALSE]))
  }
  list(time = I(fit$time), at_risk = I(fit$n.risk[, 1]), event_free = I(fit$pstate[, 1]),
       incidence = t(fit$pstate[, -1, drop = FALSE]),
       std_err = t(fit$std.err[, -1, drop = FALSE]), limits = limits)
}
aalen_of <- function(d) {
  if (all(d$cause == 0)) return(list())
  fit <- cuminc(d$time, d$cause)
  lapply(names(fit), function(name) list(
    cause = as.integer(sub("1 ", "", name)), time = I(fit[[name]]$time),
    incidence = I(fit[[name]]$est), variance = I(fit[[name]]$var)))
}
gray_of <- function(d) {
  found <- list()
  if (length(unique(d$group)) < 2 || all(d$cause == 0)) return(found)
  for (rho in c(0, 1, 0.5)) for (stratified in c(FALSE, TRUE)) {
    if (stratified && all(d$stratum == 0)) next
    tests <- cuminc(d$time, d$cause, d$group, if (stratified) d$stratum else rep(1, nrow(d)),
                    rho = rho)$Tests
    for (k in rownames(tests)) found[[length(found) + 1]] <- list(
      cause = as.integer(k), rho = rho, stratified = stratified,
      chi2 = tests[k, "stat"], df = tests[k, "df"], p = tests[k, "pv"])
  }
  found
}
crr_of <- function(d) {
  found <- list()
  d <- d[d$group < 2, ]
  columns <- list("group")
  if (!anyNA(d$age)) columns <- c(columns, list("age", c("group", "age")))
  if (nrow(d) < 4) return(found)
  # The model does not change when the clock starts at 1, but crr does when someone is censored at
  # 0: it looks censoring up at t (1 - 2e-14), which for 0 is not before 0. It is right from 1.
  if (any(d$time == 0 & d$cause == 0)) d$time <- d$time + 1
  for (k in sort(unique(d$cause[d$cause > 0]))) for (names in columns) {
    # The default gtol stops up to 1e-5 short of the maximum. Where the likelihood has none, crr
    # runs away until its matrix is singular or it gives up: no oracle there.
    fit <- tryCatch(crr(d$time, d$cause, d[, names, drop = FALSE], failcode = k, gtol = 1e-14,
                        maxiter = 100), error = function(e) NULL)
    if (is.null(fit) || any(abs(fit$coef) > 5)) next
    found[[length(found) + 1]] <- list(
      cause = k, covariates = I(unlist(names)), coef = I(unname(fit$coef)), var = unname(fit$var),
      loglik = fit$loglik, loglik_null = fit$loglik.null,
      p = I(unname(2 * pnorm(-abs(fit$coef) / sqrt(diag(fit$var))))))
  }
  found
}
cox_of <- function(d) {
  found <- list()
  d <- d[d$group < 2, ]
  if (nrow(d) < 4) return(found)
  for (k in sort(unique(d$cause[d$cause > 0]))) for (stratified in c(FALSE, TRUE)) {
    if (stratified && all(d$stratum == 0)) next
    fit <- coxph(if (stratified) Surv(time, cause == k) ~ group + strata(stratum)
                 else Surv(time, cause == k) ~ group, d, ties = "efron",
                 control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100))
    if (abs(coef(fit)) > 5) next
    found[[length(found) + 1]] <- list(cause = k, stratified = stratified,
                                       coef = unname(coef(fit)), se = sqrt(fit$var[1]))
  }
  found
}

answers <- lapply(sets, function(d) list(
  time = I(d$time), cause = I(d$cause), group = I(d$group), stratum = I(d$stratum),
  age = I(d$age), curve = curves_of(d, max(d$cause)), aalen = aalen_of(d), gray = gray_of(d),
  crr = crr_of(d), cox = cox_of(d)))
write_json(list(r = R.version.string, survival = as.character(packageVersion("survival")),
                cmprsk = as.character(packageVersion("cmprsk")),
                mgus2 = "R package survival (LGPL >= 2); Kyle et al., N Engl J Med 2002;346:564-9",
                sets = answers),
           file.path(here, "competing.json"), digits = I(17), auto_unbox = TRUE, na = "null")
