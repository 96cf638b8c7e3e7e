# Times R's survival package for benchmarks/engine.py:
#
#   Rscript benchmarks/engine.R <folder> <seconds> <n> ...
#
# The folder holds, for each n, <n>.bin with n times, n events and n arms as doubles, and
# forest.csv. Prints one line "<estimate> <n> <seconds>" per cell; an estimate that would take
# more than the given seconds at an n, judged from the n before, is left out from there on.
suppressMessages(library(survival))
args <- commandArgs(TRUE)
folder <- args[1]; most <- as.numeric(args[2]); sizes <- as.integer(args[-(1:2)])

best <- function(call) {
  took <- Inf; spent <- 0; runs <- 0
  while (runs < 1 || (runs < 2 && spent < 10) || (spent < 0.5 && runs < 20)) {
    t <- system.time(call())[["elapsed"]]
    took <- min(took, t); spent <- spent + t; runs <- runs + 1
  }
  # The clock of R ticks in milliseconds: what is quicker is timed as a loop.
  if (took < 0.02) took <- system.time(for (i in 1:20) call())[["elapsed"]] / 20
  took
}

estimates <- list(
  curves = function(d) survfit(Surv(t, e) ~ a, d, conf.type = "log-log"),
  log_rank = function(d) survdiff(Surv(t, e) ~ a, d),
  cox = function(d) coxph(Surv(t, e) ~ a, d),
  together = function(d) {
    survfit(Surv(t, e) ~ a, d, conf.type = "log-log")
    survdiff(Surv(t, e) ~ a, d)
    coxph(Surv(t, e) ~ a, d)
  },
  stratified = function(d) coxph(Surv(t, e) ~ a + strata(s), d),
  adjusted = function(d) coxph(Surv(t, e) ~ a + s + x, d),
  proportional_hazards = function(d) cox.zph(coxph(Surv(t, e) ~ a, d)),
  rmst = function(d) summary(survfit(Surv(t, e) ~ a, d), rmean = 500)$table)

for (name in names(estimates)) {
  last <- 0; n0 <- 1
  for (n in sizes) {
    if (last * n / n0 > most) break
    v <- matrix(readBin(file.path(folder, paste0(n, ".bin")), "double", 5 * n), ncol = 5)
    d <- data.frame(t = v[, 1], e = v[, 2], a = v[, 3], s = v[, 4], x = v[, 5])
    last <- best(function() estimates[[name]](d)); n0 <- n
    cat(name, n, last, "\n")
  }
}

d <- read.csv(file.path(folder, "forest.csv"), stringsAsFactors = TRUE)
factors <- setdiff(names(d), c("t", "e", "a"))
forest <- function() {
  coxph(Surv(t, e) ~ a, d)
  for (name in factors) {
    f <- d[[name]]
    for (level in levels(f)) coxph(Surv(t, e) ~ a, d, subset = f == level)
    anova(coxph(Surv(t, e) ~ a + f, d), coxph(Surv(t, e) ~ a * f, d))
  }
}
cat("forest", nrow(d), best(forest), "\n")
