# The Mayo Clinic MGUS cohort as the R package survival has it, on standard output.
# Called by data/fetch_mgus2.py; needs R with survival (Debian: r-base-core r-cran-survival).
suppressPackageStartupMessages(library(survival))
cat(sprintf("# R %s, survival %s\n", getRversion(), packageVersion("survival")))
write.csv(mgus2, stdout(), row.names = FALSE, na = "", quote = FALSE)
