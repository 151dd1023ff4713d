# Area-level estimates by R: what tests/spec/test_small_units.py expects. Run: Rscript tests/spec/r/fay_herriot.R
# tau^2 and the mean are metafor's; the mean squared error is by hand (Prasad & Rao 1990, Datta & Lahiri 2000), and so
# is the floor of tau^2, whose estimates metafor makes with tau^2 given.
suppressPackageStartupMessages(library(metafor))
options(digits = 12, width = 130)

eight <- list(
  y = c(54.2, 61.8, 47.5, 70.1, 58.3, 42.9, 65.4, 55.0),
  se = c(7.1, 4.4, 9.3, 5.2, 6.0, 8.4, 3.9, 10.2))
twenty <- list(
  y = c(41.3, 48.7, 68.9, 57.2, 34.1, 74.5, 60.8, 47.6, 55.5, 39.8, 71.2, 58.9, 42.4, 81.6, 53.1, 67.7, 44.9, 56.4, 40.3, 69.8),
  se = c(6.3, 8.8, 5.1, 3.2, 9.7, 7.4, 4.9, 6.6, 11.2, 8.1, 5.7, 2.8, 7.9, 9.1, 4.2, 6.9, 10.4, 3.7, 8.5, 5.4))
alike <- list(  # closer to each other than chance alone would have them: REML is 0
  y = c(55.1, 57.4, 53.0, 56.2, 54.8, 58.1, 55.9, 52.7),
  se = c(6.2, 7.5, 5.8, 9.1, 6.6, 8.3, 5.1, 7.0))

prasad_rao <- function(vi, tau2) {
  w <- 1 / (tau2 + vi)
  g <- tau2 * w
  g1 <- g * vi
  g2 <- (1 - g)^2 / sum(w)
  g3 <- vi^2 * w^3 * 2 / sum(w^2)
  sqrt(g1 + g2 + 2 * g3)
}

tell <- function(name, d) {
  vi <- d$se^2
  fit <- rma(d$y, vi, method = "REML", control = list(threshold = 1e-13, maxiter = 10000))
  reml <- zapsmall(fit$tau2)
  floor <- 0.5 * sqrt(2 / sum(1 / vi^2))
  if (reml < floor) fit <- rma(d$y, vi, tau2 = floor)
  cat("\n", name, "\n", sep = "")
  cat("reml", format(reml), " used", format(fit$tau2), " mean", format(drop(fit$beta)), "\n")
  cat("estimate", format(blup(fit)$pred), fill = 120)
  cat("se", format(prasad_rao(vi, fit$tau2)), fill = 120)
  cat("weight", format(fit$tau2 / (fit$tau2 + vi)), fill = 120)
}

tell("eight", eight)
tell("twenty", twenty)
tell("alike", alike)
