# Slopes over 3, 4 and 8 years, and whether the yearly means lie on a straight line.
# *_design: one svydesign over all years with people as clusters, svyby and svycontrast; the same as the formula where the
# same people answer in the same strata every year, or nobody answers twice (strata within years). *_formula: by hand (influence.R).
# Straight line: generalised least squares, Q = (L'theta)' (L'VL)^-1 (L'theta), L orthogonal to 1 and t, chi-square T - 2.
# V is estimated itself, with df degrees of freedom: p_f is of Q/(T - 2) against F(T - 2, df), as regTermTest has it, and
# p_hotelling of Q (df - T + 3)/(df (T - 2)) against F(T - 2, df - T + 3), exact for normal people who all answer every year.
source("tests/spec/r/common.R")
source("tests/spec/r/influence.R")

by_design <- function(rows, share, c_t, overlap) {
  if (overlap == "none") rows$stratum <- paste(rows$year, rows$stratum)
  design <- design_of(rows)
  means <- svyby(~y, ~point + year, design, svymean, covmat = TRUE)
  share <- share[sort(names(share))]
  # a contrast a year; point runs fastest
  yearly <- lapply(seq_along(c_t), function(t) as.vector(outer(share, seq_along(c_t) == t)))
  scores <- svycontrast(means, setNames(yearly, paste0("y", seq_along(c_t))))
  slope <- svycontrast(means, as.vector(outer(share, c_t)))
  list(slope = coef(slope)[[1]], se = SE(slope)[[1]], df = degf(design), score = unname(coef(scores)), covariance = vcov(scores))
}

test_straight <- function(score, covariance, t) {
  off <- qr.Q(qr(cbind(1, t)), complete = TRUE)[, -(1:2), drop = FALSE]
  q <- drop(t(crossprod(off, score)) %*% solve(t(off) %*% covariance %*% off, crossprod(off, score)))
  c(q = q, p = pchisq(q, length(t) - 2, lower.tail = FALSE))
}

trend_of <- function(rows, share) {
  rows <- rows[rows$point %in% names(share), ]
  t <- sort(unique(rows$year))
  c_t <- (t - mean(t)) / sum((t - mean(t))^2)
  hand <- periods_by_hand(rows, rows$year, share)
  v <- c_t^2 * diag(hand$covariance)
  overlap <- if (is_full(rows, rows$year)) "full" else if (any(hand$common_n > 0)) "partial" else "none"
  design <- by_design(rows, share, c_t, overlap)
  df <- if (overlap == "none") satterthwaite(v, hand$df) else min(hand$df)
  k <- length(t) - 2
  fit <- test_straight(hand$score, hand$covariance, t)
  fit_design <- test_straight(design$score, design$covariance, t)
  data.frame(
    overlap = overlap, slope = design$slope, se_design = design$se, df_design = design$df,
    slope_formula = sum(c_t * hand$score), se_formula = sqrt(drop(c_t %*% hand$covariance %*% c_t)),
    df_formula = df, n = min(hand$n), q = fit[["q"]], q_df = k, p = fit[["p"]],
    p_f = pf(fit[["q"]] / k, k, df, lower.tail = FALSE),
    p_hotelling = pf(fit[["q"]] * (df - k + 1) / (df * k), k, df - k + 1, lower.tail = FALSE),
    q_design = fit_design[["q"]], p_design = fit_design[["p"]]
  )
}

shares <- level_shares()
people <- read_data("trends")
figures <- stack(lapply(unique(people$case), function(k) {
  rows <- lengthen(people[people$case == k, ])
  stack(lapply(names(shares), function(name) cbind(keyed(name, case = k), trend_of(rows, shares[[name]]))))
}))
fit <- c("q", "q_df", "p", "p_f", "p_hotelling", "q_design", "p_design")
write_figures(figures[setdiff(names(figures), fit)], "trends")
write_figures(figures[c("case", "level", "key", "overlap", fit)], "trend_fit")
