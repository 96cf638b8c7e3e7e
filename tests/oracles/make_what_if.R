# Hazard ratios of reconsidered times of the bundled study aquila, by R's survival.
# Rscript tests/oracles/make_what_if.R > tests/oracles/what_if.csv
library(survival)
tte <- read.csv("data/studies/aquila/adtte.csv")
adsl <- read.csv("data/studies/aquila/adsl.csv")
of <- function(code) {
  x <- merge(tte[tte$PARAMCD == code, ], adsl[c("USUBJID", "TRT01P", "RANDDT", "TRTEDT")])
  x[order(x$USUBJID), ]
}
pfs <- of("PFS"); os <- of("OS"); flt <- of("FLT")
new <- ifelse(flt$CNSR == 0, flt$AVAL, Inf)
off <- as.numeric(as.Date(os$TRTEDT) - as.Date(os$RANDDT)) + 1
off[is.na(off)] <- Inf
say <- function(name, time, event, moved, keep = rep(TRUE, length(time)), shift = 0) {
  arm <- pfs$TRT01P == "Daratumumab"
  m <- summary(coxph(Surv(time - shift, event) ~ arm, subset = keep, ties = "efron"))
  cat(name, sprintf("%.10f", m$conf.int[c(1, 3, 4)]), m$n, m$nevent, moved, sep = ",")
  cat("\n")
}
cat("query,hazard_ratio,lower,upper,n,events,moved\n")
stopped <- pfs$CNSDTDSC == "First-line treatment without confirmed progression"
say("endpoint=PFS&count=First-line treatment without confirmed progression",
    pfs$AVAL, pfs$CNSR == 0 | stopped, sum(stopped))
say("endpoint=PFS&count=2&count=3", pfs$AVAL, pfs$CNSR %in% c(0, 2, 3), sum(pfs$CNSR %in% c(2, 3)))
say("endpoint=OS&ice=FLT:censor", pmin(os$AVAL, new), os$CNSR == 0 & os$AVAL <= new,
    sum(new < os$AVAL))
say("endpoint=OS&ice=FLT:event", pmin(os$AVAL, new), os$CNSR == 0 | new <= os$AVAL,
    sum(new < os$AVAL | (new == os$AVAL & os$CNSR > 0)))
say("endpoint=PFS&ice=FLT:event", pmin(pfs$AVAL, new), pfs$CNSR == 0 | new <= pfs$AVAL,
    sum(new < pfs$AVAL | (new == pfs$AVAL & pfs$CNSR > 0)))
say("endpoint=PFS&ice=TRTEDT:censor", pmin(pfs$AVAL, off), pfs$CNSR == 0 & pfs$AVAL <= off,
    sum(off < pfs$AVAL))
day <- 12 * 30.4375
say("endpoint=PFS&landmark=12", pfs$AVAL, pfs$CNSR == 0, 0, pfs$AVAL > day, day)
time <- pmin(os$AVAL, new); event <- os$CNSR == 0 & os$AVAL <= new
say("endpoint=OS&ice=FLT:censor&landmark=12", time, event, sum(new < os$AVAL), time > day, day)
