# Answers of R with entry times (left truncation), of the data frozen as engine_truncated.csv: a forest
# of the factor f with its test of interaction, and survival at month 12.
# Rscript tests/oracles/make_entry.R > tests/oracles/entry.json
suppressMessages({library(survival); library(jsonlite)})
d <- read.csv("tests/oracles/engine_truncated.csv", na.strings = c("", "NA"))
exact <- coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 100)
d$x <- as.numeric(d$arm == "a")
row <- function(part) {
  out <- list(n = c(sum(part$x == 0), sum(part$x == 1)), events = c(sum(part$event[part$x == 0]), sum(part$event[part$x == 1])))
  out$median <- out$survival <- out$survival_se <- numeric(0)
  for (side in 0:1) {
    fit <- survfit(Surv(entry, time, event) ~ 1, part[part$x == side, ])
    at <- summary(fit, times = 12, extend = TRUE)
    out$median <- c(out$median, unname(quantile(fit, 0.5)$quantile))
    out$survival <- c(out$survival, at$surv)
    out$survival_se <- c(out$survival_se, at$std.err)
  }
  for (strata in c(FALSE, TRUE)) {
    part$s <- if (strata) part$stratum else 1
    fit <- coxph(Surv(entry, time, event) ~ x + strata(s), part, control = exact)
    out[[if (strata) "cox_stratified" else "cox"]] <- c(coef(fit)[["x"]], sqrt(vcov(fit)[1, 1]), fit$score, 2 * diff(fit$loglik))
  }
  out
}
test <- function(strata) {
  part <- d[!is.na(d$f), ]
  part$s <- if (strata) part$stratum else 1
  small <- coxph(Surv(entry, time, event) ~ x + f + strata(s), part, control = exact)
  large <- coxph(Surv(entry, time, event) ~ x * f + strata(s), part, control = exact)
  c(2 * (large$loglik[2] - small$loglik[2]), length(coef(large)) - length(coef(small)))
}
answer <- list(all = row(d), levels = lapply(split(d, d$f), row), interaction = test(FALSE), interaction_stratified = test(TRUE),
               at_risk_12 = c(sum(d$x == 0 & d$time >= 12 & d$entry < 12), sum(d$x == 1 & d$time >= 12 & d$entry < 12)))
cat(toJSON(answer, digits = NA, auto_unbox = TRUE), "\n")
