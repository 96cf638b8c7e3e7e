# What R says of differences between two arms, with limits that stay in their range.
#
#   Rscript tests/oracles/make_differences.R
#
# From R's own survival, its limits (conf.type log-log and log), its binom.test and its restricted
# means: limits of a difference of survival by Zou and Donner (2008), limits of a restricted mean
# on the log(-log) scale of mean / tau and of their difference likewise; p of the normal test.
# Made with R 4.2.2, survival 3.5-3.
suppressMessages(library(survival))

file_arg <- grep("^--file=", commandArgs(FALSE), value = TRUE)
here <- dirname(sub("^--file=", "", file_arg))
z <- qnorm(0.975)
mover <- function(a, b) {
  d <- a[1] - b[1]
  c(d, d - sqrt((a[1] - a[2])^2 + (b[3] - b[1])^2), d + sqrt((a[3] - a[1])^2 + (b[1] - b[2])^2))
}
# Estimate, limits and standard error of survival at a time.
survival_at <- function(d, t, kind) {
  if (max(d$time) < t && min(survfit(Surv(time, event) ~ 1, d)$surv) > 0) return(rep(NA, 4))
  s <- summary(survfit(Surv(time, event) ~ 1, d, conf.type = kind), times = t, extend = TRUE)
  if (s$surv > 0 && s$surv < 1) return(c(s$surv, s$lower, s$upper, s$std.err))
  # Of those whose state at t is known: had the event before it, or were there at it.
  known <- sum(d$time >= t | d$event == 1)
  exact <- binom.test(if (s$surv == 1) known else 0, known)$conf.int
  c(s$surv, exact, if (s$surv == 1) 0 else NA)
}
mean_within <- function(d, tau) {
  m <- summary(survfit(Surv(time, event) ~ 1, d), rmean = tau)$table
  m <- unname(c(m["rmean"], m[grep("se\\(rmean\\)", names(m))]))
  share <- m[1] / tau
  eta <- log(-log(share))
  se <- m[2] / tau / abs(share * log(share))
  c(m[1], tau * exp(-exp(eta + z * se)), tau * exp(-exp(eta - z * se)), m[2])
}
rows <- list()
put <- function(name, what, kind, time, v, se)
  rows[[length(rows) + 1]] <<- data.frame(name, what, kind, time, estimate = v[1], lower = v[2],
    upper = v[3], p = if (is.na(se) || se == 0) NA else 2 * pnorm(-abs(v[1] / se)))

for (name in c("e3a06", "gbsg2", "veteran", "waltons", "leukemia", "last_event", "plateau")) {
  d <- read.csv(file.path(here, paste0("engine_", name, ".csv")))
  arms <- sort(unique(d$arm), method = "radix")[1:2]
  d <- d[d$arm %in% arms, ]
  sides <- list(d[d$arm == arms[2], ], d[d$arm == arms[1], ])
  first <- min(d$time[d$event == 1])
  # Before any event, after the first, in the middle, at the end of the shorter arm.
  at <- c(first * 0.5, first, quantile(d$time, c(0.3, 0.6), type = 1),
          min(tapply(d$time, d$arm, max)))
  for (kind in c("log-log", "log")) for (t in at) {
    s <- lapply(sides, survival_at, t, kind)
    put(name, "survival", kind, t, mover(s[[1]], s[[2]]), sqrt(s[[1]][4]^2 + s[[2]][4]^2))
  }
  for (tau in at[4:5]) {
    m <- lapply(sides, mean_within, tau)
    for (i in 1:2) put(name, paste("mean", 2 - i), "log-log", tau, m[[i]], NA)
    put(name, "means", "log-log", tau, mover(m[[1]], m[[2]]), sqrt(m[[1]][4]^2 + m[[2]][4]^2))
  }
}
options(digits = 15)
write.csv(do.call(rbind, rows), file.path(here, "differences.csv"), row.names = FALSE, na = "")
