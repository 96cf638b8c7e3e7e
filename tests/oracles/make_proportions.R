# Writes proportions.json beside this script: Rscript tests/oracles/make_proportions.R
# R 4.2, base only (jsonlite writes the file). The score intervals are not in base R: here they
# are found without any closed form, by maximising the constrained likelihood numerically
# and solving for the limit with uniroot().
library(jsonlite)

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))

one <- list(c(46, 116), c(0, 10), c(10, 10), c(1, 1), c(0, 1), c(3, 7), c(1, 400), c(399, 400))
levels <- c(0.95, 0.9, 0.99)
binomial <- list()
for (k in one) for (level in levels) {
  exact <- binom.test(k[1], k[2], conf.level = level)$conf.int
  binomial[[length(binomial) + 1]] <- list(
    x = k[1], n = k[2], level = level, clopper_pearson = exact[1:2])
}

poisson <- list()
for (k in list(c(10, 100), c(0, 12.5), c(1, 0.25), c(250, 3000))) for (level in levels) {
  ci <- poisson.test(k[1], k[2], conf.level = level)$conf.int
  poisson[[length(poisson) + 1]] <- list(events = k[1], time = k[2], level = level, ci = ci[1:2])
}

xlogy <- function(x, y) if (x == 0) 0 else x * log(pmax(y, 0))
best <- function(loglik, low, high) {
  # optimize() never tries the ends of its interval.
  inner <- optimize(loglik, c(low, high), maximum = TRUE, tol = 1e-14)
  ends <- c(low, high, inner$maximum)
  ends[which.max(sapply(ends, loglik))]
}
# With no variance at the estimate itself, that is a root too, but not the limit.
eps <- 1e-7
limit <- function(f, from, to) uniroot(f, c(from, to), tol = 1e-15, maxiter = 10000)$root

difference <- function(x1, n1, x2, n2, z) {
  f <- function(delta) {
    p2 <- best(function(p) xlogy(x1, p + delta) + xlogy(n1 - x1, 1 - p - delta) +
                 xlogy(x2, p) + xlogy(n2 - x2, 1 - p),
               max(0, -delta), min(1, 1 - delta))
    p1 <- p2 + delta
    v <- (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1)
    (x1 / n1 - x2 / n2 - delta)^2 - z^2 * v
  }
  d <- x1 / n1 - x2 / n2
  c(limit(f, -1 + 1e-12, d - eps), limit(f, d + eps, 1 - 1e-12))
}
ratio <- function(x1, n1, x2, n2, z) {
  f <- function(log_ratio) {
    r <- exp(log_ratio)
    p2 <- best(function(p) xlogy(x1, p * r) + xlogy(n1 - x1, 1 - p * r) +
                 xlogy(x2, p) + xlogy(n2 - x2, 1 - p), 0, min(1, 1 / r))
    p1 <- p2 * r
    v <- (p1 * (1 - p1) / n1 + r^2 * p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1)
    (x1 / n1 - r * x2 / n2)^2 - z^2 * v
  }
  at <- log(x1 / n1 / (x2 / n2))
  exp(c(limit(f, at - 12, at - eps), limit(f, at + eps, at + 12)))
}
odds <- function(x1, n1, x2, n2, z) {
  f <- function(log_ratio) {
    r <- exp(log_ratio)
    other <- function(p) p * r / (1 + p * (r - 1))
    # The likelihood is highest where as many events are expected as were seen: more digits than
    # optimize() gives, which the 1 / variance below needs.
    p2 <- limit(function(p) n1 * other(p) + n2 * p - x1 - x2, 0, 1)
    p1 <- other(p2)
    (x1 - n1 * p1)^2 * (1 / (n1 * p1 * (1 - p1)) + 1 / (n2 * p2 * (1 - p2))) -
      z^2 * (n1 + n2) / (n1 + n2 - 1)
  }
  at <- log(x1 * (n2 - x2) / (x2 * (n1 - x1)))
  exp(c(limit(f, at - 12, at), limit(f, at, at + 12)))
}
rates <- function(x1, t1, x2, t2, z) {
  f <- function(delta) {
    top <- (x1 + x2 + 10) * (1 / t1 + 1 / t2) + abs(delta)
    r2 <- best(function(r) xlogy(x1, r + delta) - t1 * (r + delta) + xlogy(x2, r) - t2 * r,
               max(0, -delta), top)
    (x1 / t1 - x2 / t2 - delta)^2 - z^2 * ((r2 + delta) / t1 + r2 / t2)
  }
  d <- x1 / t1 - x2 / t2
  reach <- 20 * (abs(d) + 1 / t1 + 1 / t2)
  c(limit(f, d - reach, d - eps), limit(f, d + eps, d + reach))
}

pairs <- list()
for (k in list(c(46, 116, 70, 119), c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7),
               c(5, 56, 0, 29), c(0, 10, 0, 20), c(10, 10, 0, 20), c(10, 10, 20, 20),
               c(1, 1, 1, 2), c(1, 300, 299, 300), c(12, 90, 14, 88))) {
  for (level in c(0.95, 0.8)) {
    z <- qnorm(0.5 + level / 2)
    k1 <- list(counts = k, level = level)
    if (!(k[1] == k[2] && k[3] == 0)) k1$difference <- difference(k[1], k[2], k[3], k[4], z)
    if (k[1] > 0 && k[3] > 0) {
      k1$ratio <- ratio(k[1], k[2], k[3], k[4], z)
      if (k[1] < k[2] && k[3] < k[4]) k1$odds <- odds(k[1], k[2], k[3], k[4], z)
    }
    pairs[[length(pairs) + 1]] <- k1
  }
}
pairs_of_rates <- list()
for (k in list(c(15, 100, 5, 100), c(0, 40, 0, 60), c(3, 12.5, 0, 9), c(0, 5, 7, 6.25),
               c(120, 900, 80, 750))) for (level in c(0.95, 0.8)) {
  ci <- rates(k[1], k[2], k[3], k[4], qnorm(0.5 + level / 2))
  pairs_of_rates[[length(pairs_of_rates) + 1]] <- list(counts = k, level = level, ci = ci)
}

write_json(list(r = R.version.string, binomial = binomial, poisson = poisson, pairs = pairs,
                rates = pairs_of_rates),
           file.path(here, "proportions.json"), digits = I(17), auto_unbox = TRUE)
