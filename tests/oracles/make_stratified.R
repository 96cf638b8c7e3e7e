# The comparison within strata: run from the repository's root,
#   Rscript tests/oracles/make_stratified.R
# Needs survival. AQUILA's tables are read from data/studies.
suppressPackageStartupMessages(library(survival))

folder <- file.path("data", "studies", "aquila")
adsl <- read.csv(file.path(folder, "adsl.csv"))
adtte <- merge(read.csv(file.path(folder, "adtte.csv")), adsl[c("USUBJID", "ARM", "SEX", "ECOGBL")])
adtte$month <- adtte$AVAL / 30.4375
adtte$treated <- as.integer(adtte$ARM == "Daratumumab")

one <- function(code) {
  d <- adtte[adtte$PARAMCD == code, ]
  fit <- coxph(Surv(month, CNSR == 0) ~ treated + strata(SEX, ECOGBL), d)
  plain <- coxph(Surv(month, CNSR == 0) ~ treated, d)
  test <- survdiff(Surv(month, CNSR == 0) ~ treated + strata(SEX, ECOGBL), d)
  zph <- cox.zph(fit, transform = "km")
  ratio <- function(f) unname(summary(f)$conf.int[c(1, 3, 4)])
  order <- order(zph$time, zph$y[, 1])
  list(
    stratified = ratio(fit), unstratified = ratio(plain),
    log_rank = c(test$chisq, pchisq(test$chisq, 1, lower.tail = FALSE)),
    zph = unname(zph$table[1, c("chisq", "p")]),
    zph_unstratified = unname(cox.zph(plain, transform = "km")$table[1, c("chisq", "p")]),
    log_hazard_ratio = unname(coef(fit)), residual_time = zph$time[order],
    residual = unname(zph$y[order, 1])
  )
}

numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
record <- function(x, text) {
  paste0("{", paste0('"', names(x), '": ', vapply(x, text, ""), collapse = ",\n"), "}")
}
codes <- c("PFS", "OS", "FLT")
found <- setNames(lapply(codes, one), codes)
write(record(found, function(x) record(x, numbers)), file.path("tests", "oracles", "stratified.json"))
