# Frozen answers of R's survival package for the engine's tests.
#
#   .venv/bin/python tests/oracles/export_inputs.py
#   Rscript tests/oracles/make_oracles.R
#
# Reads tests/oracles/engine_<case>.csv and writes engine_<case>.json beside each. Made with R
# 4.2.2, survival 3.5-3, jsonlite. The tests read the JSON alone.
suppressMessages({library(survival); library(splines); library(jsonlite)})

file_arg <- grep("^--file=", commandArgs(FALSE), value = TRUE)
here <- dirname(sub("^--file=", "", file_arg))

# survival's own data sets: mgus2 is the Mayo cohort of MGUS, heart has (start, stop] records.
own <- list(
  veteran = with(veteran, data.frame(time, event = status, arm = c("a standard", "b test")[trt],
    stratum = as.integer(prior > 0), f = as.character(celltype), x1 = karno, x2 = age)),
  mgus2 = with(mgus2, data.frame(time = futime, event = death, arm = as.character(sex),
    stratum = as.integer(cut(age, c(0, 60, 70, 80, 120))), f = ifelse(hgb < 12, "low", "normal"),
    x1 = age, x2 = dxyr)),
  heart = with(heart, data.frame(time = stop, event, arm = c("a waiting", "b transplanted")[transplant],
    stratum = surgery, f = ifelse(year > 3, "late", "early"), x1 = age, x2 = year, entry = start)))
own$mgus2 <- own$mgus2[seq(1, nrow(own$mgus2), by = 3), ]
for (case in names(own))
  write.csv(own[[case]], file.path(here, paste0("engine_", case, ".csv")), row.names = FALSE,
            na = "")

# Newton to the end: coxph stops at a relative change of 1e-9 by default.
exact <- coxph.control(eps = 1e-11, iter.max = 100)
quiet <- function(x) tryCatch(suppressWarnings(x), error = function(e) NULL)

curve <- function(d, entry) {
  y <- if (entry) Surv(d$entry, d$time, d$event) else Surv(d$time, d$event)
  at <- unname(quantile(d$time, c(0.2, 0.55, 0.8)))
  tau <- unname(quantile(d$time, 0.7))
  out <- list()
  for (type in c("log-log", "log", "plain")) {
    fit <- survfit(y ~ 1, conf.type = type)
    table <- summary(fit, rmean = tau)$table
    s <- summary(fit, times = at)
    # survmean() of a curve gives the same; quantile() is asked for where it has no flat end.
    q <- quantile(fit, c(0.25, 0.75))
    out[[type]] <- list(lower = fit$lower, upper = fit$upper,
      median = unname(table[c("median", "0.95LCL", "0.95UCL")]),
      quartiles = unname(rbind(q$quantile, q$lower, q$upper)),
      landmarks = cbind(s$time, s$surv, s$lower, s$upper))
  }
  fit <- survfit(y ~ 1, conf.type = "log-log")
  narrow <- survfit(y ~ 1, conf.type = "log-log", conf.int = 0.8)
  s <- summary(fit, times = at)
  back <- if (entry) Surv(d$entry, d$time, 1 - d$event) else Surv(d$time, 1 - d$event)
  follow <- summary(survfit(back ~ 1, conf.type = "log-log"))$table
  rmst <- function(tau) unname(summary(fit, rmean = tau)$table[c("rmean", "se(rmean)")])
  list(n = nrow(d), events = sum(d$event), time = fit$time, survival = fit$surv,
    std_err = fit$surv * fit$std.err, at_risk = fit$n.risk, n_event = fit$n.event,
    n_censor = fit$n.censor, intervals = out, lower_80 = narrow$lower, upper_80 = narrow$upper,
    landmark_se = cbind(s$time, s$surv, s$std.err), tau = tau, rmst = rmst(tau),
    last = max(d$time), rmst_last = rmst(max(d$time)),
    follow_up = unname(follow[c("median", "0.95LCL", "0.95UCL")]))
}

# Fleming-Harrington by its definition; survdiff has rho only.
weighted <- function(d, rho, gamma, strata) {
  y <- aeqSurv(Surv(d$time, d$event))
  time <- y[, 1]; event <- y[, 2]; groups <- sort(unique(d$arm)); k <- length(groups)
  u <- numeric(k); v <- matrix(0, k, k)
  for (h in unique(strata)) {
    inside <- strata == h; s <- 1
    for (t in sort(unique(time[inside & event == 1]))) {
      n <- sapply(groups, function(g) sum(inside & d$arm == g & time >= t))
      o <- sapply(groups, function(g) sum(inside & d$arm == g & time == t & event == 1))
      w <- s^rho * (1 - s)^gamma
      u <- u + w * (o - sum(o) * n / sum(n))
      if (sum(n) > 1)
        v <- v + w^2 * sum(o) * (sum(n) - sum(o)) / (sum(n) - 1) *
          (diag(n / sum(n)) - outer(n, n) / sum(n)^2)
      s <- s * (1 - sum(o) / sum(n))
    }
  }
  chi2 <- drop(u[-1] %*% solve(v[-1, -1], u[-1]))
  list(chi2 = chi2, df = k - 1, z = u[2] / sqrt(v[2, 2]))
}

difference <- function(fit)
  list(chi2 = fit$chisq, df = sum((if (is.matrix(fit$exp)) rowSums(fit$exp) else fit$exp) > 0) - 1)

ratio <- function(fit) {
  s <- summary(fit)
  list(beta = unname(coef(fit)), se = unname(sqrt(diag(vcov(fit)))), wald = unname(fit$wald.test),
    score = fit$score, likelihood = 2 * diff(fit$loglik), loglik = fit$loglik)
}

smooth <- function(z) {  # what plot.cox.zph draws
  pred <- seq(min(z$x), max(z$x), length = 40)
  m <- ns(c(pred, z$x), df = 4, intercept = TRUE)
  p <- m[1:40, ]; q <- qr(m[-(1:40), ]); if (q$rank < 4) return(NULL)
  b <- backsolve(q$qr[1:4, 1:4], diag(4)); xtx <- b %*% t(b)
  value <- drop(p %*% qr.coef(q, z$y[, 1]))
  half <- 2 * sqrt(z$var[1, 1] * drop(((p %*% xtx) * p) %*% rep(1, 4)))
  cbind(pred, value, value - half, value + half)
}

zph <- function(fit) {
  z <- cox.zph(fit)
  list(chi2 = unname(z$table[, "chisq"]), df = unname(z$table[, "df"]), time = z$time, x = z$x,
    y = unname(z$y[, 1]), smooth = smooth(z))
}

pairwise <- function(d, entry) {  # two arms, the first is the reference
  d$treated <- as.integer(d$arm == sort(unique(d$arm))[2])
  y <- if (entry) Surv(d$entry, d$time, d$event) else Surv(d$time, d$event)
  plain <- quiet(coxph(y ~ treated, d, control = exact))
  by_stratum <- quiet(coxph(y ~ treated + strata(stratum), d, control = exact))
  cut <- unname(quantile(d$time[d$event == 1], 0.5))
  # As survSplit() at the cut does, which refuses data with a time 0.
  start <- if (entry) d$entry else rep(-1, nrow(d))
  before <- start < cut; after <- d$time > cut
  periods <- list(
    quiet(ratio(coxph(Surv(start, pmin(time, cut), event * (time <= cut)) ~ treated,
      cbind(d, start)[before, ], control = exact))),
    quiet(ratio(coxph(Surv(pmax(start, cut), time, event) ~ treated,
      cbind(d, start)[after, ], control = exact))))
  adjusted <- quiet(coxph(y ~ treated + x1 + x2 + f, d, control = exact))
  out <- list(cox = quiet(ratio(plain)), cox_stratified = quiet(ratio(by_stratum)),
    zph = quiet(zph(plain)), zph_stratified = quiet(zph(by_stratum)),
    cut = cut, before = periods[[1]], after = periods[[2]],
    adjusted = quiet(c(ratio(adjusted), list(vcov = unname(vcov(adjusted)), n = adjusted$n))),
    adjusted_stratified = quiet(ratio(update(adjusted, . ~ . + strata(stratum)))),
    adjusted_zph = quiet({z <- cox.zph(adjusted)$table; list(chi2 = unname(z[, 1]), df = unname(z[, 2]))}))
  if (!entry) {
    out$forest <- lapply(split(d, d$f), function(s) {
      y <- Surv(s$time, s$event)
      list(n = unname(c(table(factor(s$treated, 0:1)))),
        events = unname(c(tapply(s$event, factor(s$treated, 0:1), sum, default = 0))),
        median = sapply(0:1, function(a) quiet(summary(survfit(y[s$treated == a] ~ 1))$table[["median"]])),
        cox = quiet(ratio(coxph(y ~ treated, s, control = exact))),
        cox_stratified = quiet(ratio(coxph(y ~ treated + strata(stratum), s, control = exact))))
    })
    k <- !is.na(d$f); s <- d[k, ]; y <- Surv(s$time, s$event)
    lr <- function(a, b) list(chi2 = 2 * (b$loglik[2] - a$loglik[2]),
      df = sum(!is.na(coef(b))) - sum(!is.na(coef(a))))
    out$interaction <- quiet(lr(coxph(y ~ treated + f, s, control = exact),
      coxph(y ~ treated * f, s, control = exact)))
    out$interaction_stratified <- quiet(lr(
      coxph(y ~ treated + f + strata(stratum), s, control = exact),
      coxph(y ~ treated * f + strata(stratum), s, control = exact)))
  }
  out
}

for (file in list.files(here, "^engine_.*[.]csv$", full.names = TRUE)) {
  d <- read.csv(file, na.strings = "", stringsAsFactors = FALSE)
  entry <- "entry" %in% names(d)
  arms <- sort(unique(d$arm))
  out <- list(arms = arms, curves = lapply(split(d, d$arm), curve, entry = entry))
  if (!entry) {
    one <- rep(1, nrow(d))
    out$log_rank <- difference(survdiff(Surv(time, event) ~ arm, d))
    out$log_rank_stratified <- difference(survdiff(Surv(time, event) ~ arm + strata(stratum), d))
    out$peto <- difference(survdiff(Surv(time, event) ~ arm, d, rho = 1))
    out$weighted <- lapply(list(c(0, 0), c(0, 1), c(1, 0), c(1, 1), c(0.5, 0.5)), function(w)
      c(list(rho = w[1], gamma = w[2]), quiet(weighted(d, w[1], w[2], one)),
        list(stratified = quiet(weighted(d, w[1], w[2], d$stratum)$chi2))))
  }
  out$pair <- pairwise(d[d$arm %in% arms[1:2], ], entry)
  write_json(out, sub("csv$", "json", file), digits = NA, na = "null", null = "null",
             auto_unbox = TRUE)
}
