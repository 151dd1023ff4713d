# Changes from one period to the next: score, se and df of the later less the earlier.
# *_formula by hand (influence.R); *_design by one svydesign over both periods with people as clusters, svyby and svycontrast.
# Where the same people answer in the same strata both are the same, and where nobody answers twice (strata within periods).
# Else a design of all who are in either period has another factor n_h/(n_h - 1), and somebody who changes stratum is two
# people to it (nest = TRUE).
source("tests/spec/r/common.R")
source("tests/spec/r/influence.R")

by_design <- function(rows, share, common_n) {
  if (common_n == 0) rows$stratum <- paste(rows$period, rows$stratum)
  moved <- any(tapply(rows$stratum, rows$person, function(h) length(unique(h))) > 1)
  design <- svydesign(ids = ~person, strata = ~stratum, weights = ~weight, data = rows, nest = moved)
  share <- share[sort(names(share))]
  found <- contrast(~point + period, design, c(-share, share))
  data.frame(change = found[[1]], se_design = found[[2]], df_design = degf(design))
}

change_of <- function(rows, share) {
  both <- rows[rows$point %in% names(share), ]
  both <- stack(lapply(split(both, both$period), merge_lone))
  hand <- periods_by_hand(both, both$period, share)
  v <- diag(hand$covariance)
  overlap <- if (is_full(both, both$period)) "full" else if (hand$common_n > 0) "partial" else "none"
  data.frame(
    overlap = overlap, by_design(both, share, hand$common_n), change_formula = diff(hand$score),
    se_formula = sqrt(sum(v) - 2 * hand$covariance[1, 2]),
    df_formula = if (overlap == "none") satterthwaite(v, hand$df) else min(hand$df),
    n = min(hand$n), common_n = hand$common_n
  )
}

shares <- level_shares()
people <- read_data("changes")
figures <- stack(lapply(unique(people$case), function(k) {
  rows <- lengthen(people[people$case == k, ])
  stack(lapply(names(shares), function(name) cbind(keyed(name, case = k), change_of(rows, shares[[name]]))))
}))
write_figures(figures, "changes")
