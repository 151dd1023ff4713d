# By hand, for what no package does: influences, variances and covariances within strata. Source after common.R.

# z of every person on a level in one period, with the stratum: sum a_k w r (y - theta_k) / sum w r.
influence <- function(rows, share) {
  rows <- rows[rows$point %in% names(share), ]
  total <- tapply(rows$weight, rows$point, sum)
  theta <- tapply(rows$weight * rows$y, rows$point, sum) / total
  z <- share[rows$point] * rows$weight * (rows$y - theta[rows$point]) / total[rows$point]
  person <- as.character(rows$person)
  list(score = sum(share * theta[names(share)]), z = tapply(z, person, sum), stratum = tapply(rows$stratum, person, `[`, 1))
}

# sqrt(n_h / (n_h - 1)) (z - mean of z in h): sums of squares are variances, of products covariances.
scaled <- function(one) {
  n <- ave(one$z, one$stratum, FUN = length)
  setNames(sqrt(n / (n - 1)) * (one$z - ave(one$z, one$stratum)), names(one$z))
}

df_of <- function(one) length(one$z) - length(unique(one$stratum))

# Scores of periods, their covariance, degrees of freedom and common people.
periods_by_hand <- function(rows, period, share) {
  each <- lapply(split(rows, period), influence, share)
  z <- lapply(each, scaled)
  common <- function(a, b) intersect(names(a), names(b))
  covariance <- outer(seq_along(z), seq_along(z), Vectorize(function(s, t) {
    both <- common(z[[s]], z[[t]])
    sum(z[[s]][both] * z[[t]][both])
  }))
  pairs <- combn(length(z), 2, function(p) length(common(z[[p[1]]], z[[p[2]]])))
  list(
    score = vapply(each, `[[`, 0, "score"), covariance = covariance, df = vapply(each, df_of, 0),
    common_n = pairs, n = lengths(z)
  )
}

# The same people in the same strata in all periods: one design of people as clusters holds for all.
is_full <- function(rows, period) {
  people <- split(paste(rows$person, rows$stratum), period)
  all(vapply(people, function(p) setequal(p, people[[1]]), NA))
}
