# Writes states.json beside this script: Rscript tests/oracles/make_states.R
# R 4.2 with survival 3.5-3 and jsonlite.
#
# Start-stop rows are made here in R's own way, a patient at a time, from the times to event; then
# survfit with id gives the probability in state, its infinitesimal jackknife errors, its
# intervals (conf.type "log") and the mean time in each state. Of the bundled studies every 12th
# time is kept, of the small ones all; those are written out, so that tests read what R read.
library(survival)
library(jsonlite)

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
studies <- file.path(here, "..", "..", "data", "studies")

# One patient's rows: when each later state was entered (NA: never) and the last day seen.
path <- function(id, entered, end, entry = 0) {
  rows <- NULL
  state <- 0
  since <- entry
  for (t in sort(unique(entered[!is.na(entered) & entered <= end]))) {
    new <- max(which(!is.na(entered) & entered == t)) # on one day the later state counts
    if (new <= state) next                            # nobody goes back
    if (t > since) rows <- rbind(rows, data.frame(id, start = since, stop = t, from = state, to = new))
    if (t >= since) since <- t
    state <- new
  }
  if (state < length(entered) && since < end)
    rows <- rbind(rows, data.frame(id, start = since, stop = end, from = state, to = -1))
  rows
}

answers <- function(rows, states, tau, every = 1, shift = 0) {
  event <- factor(rows$to, c(-1, seq_len(states - 1)), c("censored", paste0("s", seq_len(states - 1))))
  before <- factor(paste0("s", rows$from), paste0("s", 0:(states - 1)))
  since <- rows$start + shift
  until <- rows$stop + shift
  fit <- survfit(Surv(since, until, event) ~ 1, data = rows, id = rows$id, istate = before,
                 influence = TRUE)
  columns <- match(paste0("s", 0:(states - 1)), fit$states)
  pick <- function(m) {
    m <- m[, columns, drop = FALSE]
    m[, is.na(columns)] <- 0 # a state that nobody was ever in
    m
  }
  means <- survival:::survmean2(survfit0(fit), rmean = tau + shift)$matrix[columns, , drop = FALSE]
  means[is.na(means)] <- 0
  means[1, "rmean"] <- means[1, "rmean"] - shift
  kept <- unique(c(seq(1, length(fit$time), every), length(fit$time)))
  list(
    time = fit$time[kept] - shift, probability = pick(fit$pstate)[kept, , drop = FALSE],
    std_err = pick(fit$std.err)[kept, , drop = FALSE],
    lower = pick(fit$lower)[kept, , drop = FALSE], upper = pick(fit$upper)[kept, , drop = FALSE],
    at_risk = pick(fit$n.risk)[kept, , drop = FALSE],
    tau = tau, mean = means[, "rmean"], mean_std_err = means[, "se(rmean)"],
    moves = as.data.frame(table(from = rows$from[rows$to > 0], to = rows$to[rows$to > 0]),
                          stringsAsFactors = FALSE))
}

bundled <- function(study, first, treatment, unit, tau) {
  tte <- read.csv(file.path(studies, study, "adtte.csv"))
  sub <- read.csv(file.path(studies, study, "adsl.csv"))
  of <- function(param) {
    d <- tte[tte$PARAMCD == param, ]
    d[match(sub$USUBJID, d$USUBJID), ]
  }
  a <- of(first)
  os <- of("OS")
  progressed <- ifelse(a$CNSR == 0 & a$EVNTTYPE != "Death", a$AVAL, NA)
  died <- ifelse(os$CNSR == 0, os$AVAL, NA)
  entered <- if (is.na(treatment)) cbind(progressed, died) else {
    b <- of(treatment)
    cbind(progressed, ifelse(b$CNSR == 0, b$AVAL, NA), died)
  }
  end <- os$AVAL
  arm <- sub$ARM
  out <- list()
  for (name in unique(arm)) {
    rows <- do.call(rbind, lapply(which(arm == name), function(i) path(i, entered[i, ], end[i])))
    rows$start <- rows$start / unit
    rows$stop <- rows$stop / unit
    out[[name]] <- answers(rows, ncol(entered) + 1, tau, 12)
  }
  out
}

# Small ones: entered (a column per later state), end, entry.
small <- list(
  # A patient goes all the way, one progresses, one is seen no more.
  three = list(entered = rbind(c(2, 4, 6), c(3, NA, NA), c(NA, NA, NA)), end = c(6, 5, 4), tau = 5),
  # Ties of all three: progression, treatment and death on one day; two of them; and censoring.
  ties = list(entered = rbind(c(3, 3, 3), c(3, 3, NA), c(3, NA, 3), c(NA, 3, NA), c(3, NA, NA),
                              c(NA, NA, 3), c(NA, NA, NA), c(1, 3, 5), c(1, 3, 3), c(2, 5, NA)),
              end = c(3, 5, 3, 7, 3, 3, 3, 5, 3, 6), tau = 6),
  # Back and forth in the files: treated before progression, progression on treatment.
  order = list(entered = rbind(c(5, 2, NA), c(6, 4, 8), c(NA, 3, 9), c(1, 7, NA), c(NA, NA, 4),
                               c(2, NA, 6), c(NA, NA, NA)), end = c(9, 8, 9, 8, 4, 6, 7), tau = 8),
  # A state entered at time 0, and seen no more at it.
  zero = list(entered = rbind(c(0, 3, NA), c(0, 0, 2), c(NA, NA, 0), c(4, NA, NA), c(NA, NA, NA),
                              c(2, 5, 6), c(NA, NA, NA)), end = c(5, 2, 0, 6, 0, 6, 7), tau = 6,
              shift = 1),
  # Nobody in a state.
  nobody = list(entered = rbind(c(2, NA, 5), c(NA, NA, 4), c(3, NA, NA), c(NA, NA, NA)),
                end = c(5, 4, 6, 7), tau = 6),
  censored = list(entered = rbind(c(NA, NA), c(NA, NA), c(NA, NA)), end = c(2, 3, 5), tau = 4),
  # All of them dead in the end.
  all_dead = list(entered = rbind(c(1, 2), c(2, 4), c(NA, 3), c(2, 5)), end = c(2, 4, 3, 5), tau = 7),
  # Left truncation: the state at entry counts.
  truncated = list(entered = rbind(c(2, 6, 9), c(1, 3, NA), c(5, NA, 8), c(NA, NA, 7), c(NA, NA, NA),
                                   c(4, 5, 6), c(3, 8, NA)), end = c(9, 7, 8, 7, 9, 6, 9),
                   entry = c(0, 2, 1, 3, 4, 0, 5), tau = 8))
for (name in names(small)) {
  s <- small[[name]]
  n <- length(s$end)
  shift <- if (is.null(s$shift)) 0 else s$shift
  entry <- if (is.null(s$entry)) rep(-shift, n) else s$entry
  rows <- do.call(rbind, lapply(seq_len(n), function(i) path(i, s$entered[i, ], s$end[i], entry[i])))
  small[[name]]$answers <- answers(rows, ncol(s$entered) + 1, s$tau, 1, shift)
}

write_json(list(
  small = small,
  studies = list(
    aquila = bundled("aquila", "PFS", "FLT", 30.4375, 60),
    e3a06 = bundled("e3a06", "PFS", NA, 30.4375, 36),
    `e3a06-run-in` = bundled("e3a06-run-in", "PFS", NA, 30.4375, 60),
    mgus2 = bundled("mgus2", "PCM", NA, 1, 240),
    quiredex = bundled("quiredex", "TTP", NA, 30.4375, 120))),
  file.path(here, "states.json"), digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE)
