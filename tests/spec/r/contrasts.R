# Units and roles against the rest of their organisation, and roles against each other: different people on the two sides,
# each a svydesign of its own (common.R). For points without strata Welch's t test, stats::t.test, gives the same.
source("tests/spec/r/common.R")

contrast_of <- function(a, b, share) {
  sides <- list(level_of(a, share), level_of(b, share))
  v <- c(sides[[1]]$se, sides[[2]]$se)^2
  df <- c(sides[[1]]$df, sides[[2]]$df)
  welch <- if (length(share) == 1 && length(unique(c(a$stratum, b$stratum))) == 1) {
    t.test(a$y[a$point == names(share)], b$y[b$point == names(share)])
  }
  data.frame(
    difference = sides[[1]]$score - sides[[2]]$score, se = sqrt(sum(v)), df = satterthwaite(v, df),
    n = min(sides[[1]]$n, sides[[2]]$n), se_welch = if (is.null(welch)) NA_real_ else welch$stderr,
    df_welch = if (is.null(welch)) NA_real_ else welch$parameter[[1]], p_welch = if (is.null(welch)) NA_real_ else welch$p.value
  )
}

shares <- level_shares()
people <- read_data("units")
figures <- stack(lapply(unique(people$case), function(k) {
  rows <- lengthen(people[people$case == k, ])
  units <- unique(sort(rows$unit))
  roles <- unique(sort(rows$role))
  pairs <- c(
    lapply(units, function(u) list("unit_rest", u, "", rows$unit == u, rows$unit != u)),
    lapply(roles, function(r) list("role_rest", r, "", rows$role == r, rows$role != r)),
    combn(roles, 2, function(r) list("role_pair", r[1], r[2], rows$role == r[1], rows$role == r[2]), simplify = FALSE)
  )
  stack(lapply(pairs, function(p) stack(lapply(names(shares), function(name) {
    side <- keyed(name, case = k, kind = p[[1]], group = p[[2]], other = p[[3]])
    cbind(side, contrast_of(rows[p[[4]], ], rows[p[[5]], ], shares[[name]]))
  }))))
}))
write_figures(figures, "contrasts")

# Holm's adjustment of the p of the first case's points, over the roles' pairs: stats::p.adjust.
pairs <- figures[figures$kind == "role_pair" & !is.na(figures$p_welch), c("group", "other", "key", "p_welch")]
pairs$p_holm <- ave(pairs$p_welch, pairs$key, FUN = function(p) p.adjust(p, "holm"))
write_figures(pairs, "holm")
