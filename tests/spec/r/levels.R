# Scores of points, categories, dimensions and the composite, with standard error and degrees of freedom:
# svydesign, svymean, svyby and svycontrast. The interval's limits by hand, with stats::qbeta (docs/method.md, section 3).
# Reads levels.csv and scales.csv.
source("tests/spec/r/common.R")

# x of n* yes/no answers that tell the mean as surely: quantiles of beta distributions with a third of an answer moved.
interval_of <- function(found, weight) {
  p <- found$score / 100
  surely <- (1 + 1 / found$df) * (qnorm(.975) / qt(.975, found$df))^2
  n <- max(p * (1 - p) / (found$se / 100)^2 * surely, sum(weight)^2 / sum(weight^2))
  x <- n * p
  list(ci_low = 100 * qbeta(.025, x + 1 / 3, n - x + 2 / 3), ci_high = 100 * qbeta(.975, x + 2 / 3, n - x + 1 / 3))
}

levels_of <- function(rows, case) stack(lapply(names(shares), function(name) {
  own <- merge_lone(rows[rows$point %in% names(shares[[name]]), ])
  found <- level_of(own, shares[[name]])
  weight <- own$weight[!duplicated(own$person)]
  cbind(keyed(name, case = case), as.data.frame(c(found, interval_of(found, weight))))
}))

shares <- level_shares()
people <- read_data("levels")
cases <- unique(people$case)
write_figures(stack(lapply(cases, function(k) levels_of(lengthen(people[people$case == k, ]), k))), "levels")

people <- cbind(read_data("scales"), stratum = "", neighbour = NA, weight = 1)
write_figures(stack(lapply(c(2, 3, 11), function(k) {
  levels_of(lengthen(people[people$categories_n == k, ], k), as.integer(k))
})), "scales")
