# What R says of the bundled studies: run from the repository's root,
#   Rscript tests/oracles/make_trials.R
# Needs survival and jsonlite. aquila and quiredex are read from data/studies; mgus2 is R's own
# data set, so that the committed tables are held against their source.
suppressPackageStartupMessages({library(survival); library(jsonlite)})

trial <- function(study, drug) {
  folder <- file.path("data", "studies", study)
  adsl <- read.csv(file.path(folder, "adsl.csv"))
  adtte <- merge(read.csv(file.path(folder, "adtte.csv")), adsl[c("USUBJID", "ARM")])
  adtte$month <- adtte$AVAL / 30.4375
  adtte$treated <- as.integer(adtte$ARM == drug)
  out <- list()
  for (code in unique(adtte$PARAMCD)) {
    d <- adtte[adtte$PARAMCD == code, ]
    cox <- summary(coxph(Surv(month, CNSR == 0) ~ treated, d))
    one <- list(
      hazard_ratio = unname(c(cox$conf.int[c(1, 3, 4)], cox$coefficients[5])), arms = list()
    )
    for (arm in unique(d$ARM)) {
      a <- d[d$ARM == arm, ]
      fit <- survfit(Surv(month, CNSR == 0) ~ 1, a, conf.type = "log-log")
      at <- summary(fit, times = c(24, 60))
      median <- quantile(fit, 0.5)
      cause <- factor(ifelse(a$CNSR == 0, 1, ifelse(a$CNSR == 2 & code %in% c("FLT", "TTP"), 2, 0)),
                      0:2, c("censored", "event", "other"))
      aj <- summary(survfit(Surv(a$month, cause) ~ 1), times = 60)
      one$arms[[arm]] <- list(
        n = nrow(a), events = sum(a$CNSR == 0), survival = at$surv,
        lower = at$lower, upper = at$upper,
        median = unname(c(median$quantile, median$lower, median$upper)),
        incidence_60 = aj$pstate[, 2]
      )
    }
    out[[code]] <- one
  }
  os <- adtte[adtte$PARAMCD == "OS", ]
  follow <- quantile(survfit(Surv(month, CNSR != 0) ~ 1, os, conf.type = "log-log"), 0.5)
  out$follow_up <- unname(c(follow$quantile, follow$lower, follow$upper))
  out
}

mgus <- function() {
  m <- mgus2
  cause <- factor(ifelse(m$pstat == 1, 1, 2 * m$death), 0:2, c("censored", "pcm", "death"))
  at <- c(60, 120, 240, 300)
  km <- summary(survfit(Surv(ptime, pstat) ~ 1, m, conf.type = "log-log"), times = at)
  aj <- summary(survfit(Surv(m$ptime, cause) ~ 1), times = at)
  os <- quantile(survfit(Surv(futime, death) ~ 1, m, conf.type = "log-log"), 0.5)
  cox <- summary(coxph(Surv(ptime, pstat) ~ I(sex == "M"), m))
  list(
    months = at, survival = km$surv, lower = km$lower, upper = km$upper,
    progression = aj$pstate[, 2], death = aj$pstate[, 3],
    os_median = unname(c(os$quantile, os$lower, os$upper)),
    male = unname(c(cox$conf.int[c(1, 3, 4)], cox$coefficients[5])),
    sums = as.list(colSums(m[c("age", "dxyr", "hgb", "creat", "mspike", "ptime", "futime", "pstat",
                               "death")], na.rm = TRUE)),
    missing = as.list(colSums(is.na(m[c("hgb", "creat", "mspike")])))
  )
}

answers <- list(
  versions = list(R = as.character(getRversion()), survival = as.character(packageVersion("survival"))),
  aquila = trial("aquila", "Daratumumab"),
  quiredex = trial("quiredex", "Lenalidomide and dexamethasone"),
  mgus2 = mgus()
)
write_json(answers, "tests/oracles/trials.json", digits = 15, auto_unbox = TRUE, na = "null", pretty = TRUE)
