# Landmark analyses of the Stanford heart transplant data (survival::jasa): from day 30 on, by whether
# a patient had a transplant by then. Rscript tests/oracles/make_landmark.R > tests/oracles/landmark.json
library(survival)
d <- jasa
time <- as.numeric(d$fu.date - d$accept.dt) + 1
wait <- as.numeric(d$tx.date - d$accept.dt) + 1
answers <- lapply(c(30, 60), function(mark) {
  keep <- time > mark
  had <- as.integer(!is.na(wait) & wait <= mark)[keep]
  left <- time[keep] - mark
  event <- d$fustat[keep]
  fit <- coxph(Surv(left, event) ~ had, ties = "efron")
  test <- survdiff(Surv(left, event) ~ had)
  middle <- sapply(1:0, function(g) quantile(survfit(Surv(left, event) ~ 1, subset = had == g), 0.5)$quantile)
  list(landmark = mark, n = as.integer(table(factor(had, 1:0))), events = as.integer(tapply(event, factor(had, 1:0), sum)),
       beta = coef(fit)[[1]], se = sqrt(vcov(fit)[1, 1]), chi2 = test$chisq, median = unname(middle))
})
number <- function(v) ifelse(is.na(v), "null", sprintf("%.12g", v))
list_of <- function(v) paste0("[", paste(number(v), collapse = ","), "]")
one <- function(a) paste0("{", paste(sprintf('"%s":%s', names(a), sapply(a, function(v)
  if (length(v) == 1) number(v) else list_of(v))), collapse = ","), "}")
cat('{"time":', list_of(time), ',"event":', list_of(d$fustat), ',"wait":', list_of(wait), ',"answers":[',
    paste(sapply(answers, one), collapse = ","), "]}\n", sep = "")
