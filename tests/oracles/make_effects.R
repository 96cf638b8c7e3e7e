# What a comparison rests on and how it changes: run from the repository's root,
#   Rscript tests/oracles/make_effects.R
# Needs survival and cmprsk. The tables of the bundled studies are read from data/studies.
suppressPackageStartupMessages(library(survival))

read_study <- function(study, code) {
  folder <- file.path("data", "studies", study)
  d <- merge(read.csv(file.path(folder, "adtte.csv")), read.csv(file.path(folder, "adsl.csv"))[
    c("USUBJID", "ARM", "AGE", "SEX", "ECOGBL", "HGB")])
  d <- d[d$PARAMCD == code, ]
  d$month <- d$AVAL / 30.4375
  d$event <- as.integer(d$CNSR == 0)
  d
}
ratio <- function(fit) unname(summary(fit)$conf.int["treated", c(1, 3, 4)])

# Further events in one arm, the earliest censored first; every number of them until the limits
# include 1.
tipping <- function(code, strata) {
  d <- read_study("aquila", code)
  d$treated <- as.integer(d$ARM == "Daratumumab")
  formula <- if (strata) Surv(month, event) ~ treated + strata(SEX, ECOGBL) else
    Surv(month, event) ~ treated
  with_more <- function(side, k) {
    # Of first-line treatment, code 2 is death without it: nobody censored early.
    queue <- which(d$event == 0 & d$treated == side & !(code == "FLT" & d$CNSR == 2))
    queue <- queue[order(d$month[queue])]
    d$event[queue[seq_len(k)]] <- 1
    ratio(coxph(formula, d))
  }
  smallest <- 0
  repeat {
    v <- with_more(1, smallest)
    if (v[2] <= 1 && v[3] >= 1) break
    smallest <- smallest + 1
  }
  list(arm = lapply(c(1, 2, 5, 10), function(k) with_more(1, k)),
       reference = lapply(c(1, 2, 5, 10), function(k) with_more(0, k)),
       smallest = smallest, there = v)
}

# A Cox model of arm and baseline factors, its tests of proportional hazards, and survival of each arm
# as if it had the factors of all.
adjusted <- function(code, strata) {
  d <- read_study("aquila", code)
  d$treated <- as.integer(d$ARM == "Daratumumab")
  # A patient without a value is left out.
  d$HGB[c(3, 50)] <- if (strata) d$HGB[c(3, 50)] else NA
  d <- d[!is.na(d$HGB), ]
  d$ECOG <- factor(d$ECOGBL)
  formula <- Surv(month, event) ~ treated + AGE + SEX + HGB
  if (strata) formula <- update(formula, . ~ . + strata(ECOG))
  fit <- coxph(formula, d, model = TRUE)
  curve <- function(side) {
    all <- d
    all$treated <- side
    s <- survfit(fit, newdata = all, se.fit = FALSE)
    rowMeans(s$surv)[findInterval(c(6, 12, 24, 48), s$time)]
  }
  list(n = nrow(d), ratios = lapply(1:4, function(i) unname(summary(fit)$conf.int[i, c(1, 3, 4)])),
       tests = unname(cox.zph(fit, transform = "km")$table[, "p"]),
       arm = if (strata) 0 else curve(1), reference = if (strata) 0 else curve(0))
}

# Before and after a time, by one model of the arm in each period; and weighted log-rank tests.
changing <- function(code, split) {
  d <- read_study("aquila", code)
  d$treated <- as.integer(d$ARM == "Daratumumab")
  d$id <- seq_len(nrow(d))
  long <- survSplit(Surv(month, event) ~ treated, d, cut = split, episode = "period", id = "who")
  long$early <- long$treated * (long$period == 1)
  long$late <- long$treated * (long$period == 2)
  fit <- coxph(Surv(tstart, month, event) ~ early + late, long)
  change <- coxph(Surv(tstart, month, event) ~ treated + late, long)
  table <- survfit(Surv(month, event) ~ 1, d)
  at <- which(table$n.event > 0)
  before <- c(1, table$surv)[at]
  n <- table$n.risk[at]
  e <- table$n.event[at]
  n1 <- sapply(table$time[at], function(t) sum(d$month >= t & d$treated == 1))
  e1 <- sapply(table$time[at], function(t) sum(d$month == t & d$event == 1 & d$treated == 1))
  p <- function(rho, gamma) {
    w <- before^rho * (1 - before)^gamma
    v <- sum(w^2 * n1 / n * (1 - n1 / n) * e * (n - e) / pmax(n - 1, 1))
    pchisq(sum(w * (e1 - e * n1 / n))^2 / v, 1, lower.tail = FALSE)
  }
  list(split = split, ratios = lapply(1:2, function(i) unname(summary(fit)$conf.int[i, c(1, 3, 4)])),
       change = summary(change)$coefficients["late", "Pr(>|z|)"],
       weighted = c(p(0, 0), p(1, 0), p(0, 1), p(1, 1)))
}

# Cause-specific and Fine-Gray hazard ratio of each type of event.
competing <- function(code, types) {
  d <- read_study("aquila", code)
  d$treated <- as.integer(d$ARM == "Daratumumab")
  d$cause <- match(d$EVNTTYPE, types, nomatch = 0)
  # Of deaths none is on monitoring.
  sapply(setdiff(types, "Death"), function(type) {
    k <- match(type, types)
    fit <- cmprsk::crr(d$month, d$cause, d$treated, failcode = k, gtol = 1e-12, maxiter = 50)
    b <- fit$coef[[1]]
    se <- sqrt(fit$var[1, 1])
    list(cause_specific = ratio(coxph(Surv(month, cause == k) ~ treated, d)),
         fine_gray = exp(b + c(0, -1, 1) * qnorm(0.975) * se))
  }, simplify = FALSE)
}

# Effects in the levels of one variable drawn toward their mean.
shrunken <- function(code, column, cut) {
  d <- read_study("aquila", code)
  d$treated <- as.integer(d$ARM == "Daratumumab")
  level <- if (is.na(cut)) d[[column]] else d[[column]] >= cut
  fits <- lapply(split(d, level), function(part) coxph(Surv(month, event) ~ treated, part))
  y <- sapply(fits, coef)
  s2 <- sapply(fits, vcov)
  excess <- function(tau2) {
    w <- 1 / (s2 + tau2)
    sum(w * (y - weighted.mean(y, w))^2) - (length(y) - 1)
  }
  tau2 <- if (excess(0) > 0) uniroot(excess, c(0, 10), tol = 1e-15)$root else 0
  w <- 1 / (s2 + tau2)
  mean <- weighted.mean(y, w)
  b <- tau2 * w
  half <- qnorm(0.975) * sqrt(b * s2 + (1 - b)^2 / sum(w))
  own <- mean + b * (y - mean)
  lapply(seq_along(y), function(i) unname(exp(own[i] + c(0, -1, 1) * half[i])))
}

json <- function(x) {
  if (is.list(x) && is.null(names(x))) return(paste0("[", paste(sapply(x, json), collapse = ", "), "]"))
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', sapply(x, json), collapse = ",\n"), "}"))
  if (length(x) == 1) return(sprintf("%.17g", x))
  paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
}
found <- list(tipping = list(
  "OS" = tipping("OS", FALSE), "PFS" = tipping("PFS", FALSE), "FLT" = tipping("FLT", FALSE),
  "OS&strata=SEX,ECOGBL" = tipping("OS", TRUE)),
  adjusted = list("PFS" = adjusted("PFS", FALSE), "OS" = adjusted("OS", FALSE),
                  "PFS&strata=ECOGBL" = adjusted("PFS", TRUE)),
  competing = competing("PFS", c("CRAB", "SLiM", "Death")),
  shrunken = list("PFS&by=SEX" = shrunken("PFS", "SEX", NA), "OS&by=ECOGBL" = shrunken("OS", "ECOGBL", NA),
                  "PFS&cut=AGE:60&by=AGE:60" = shrunken("PFS", "AGE", 60)),
  changing = list("PFS" = changing("PFS", 24), "OS" = changing("OS", 36)))
write(json(found), file.path("tests", "oracles", "effects.json"))
