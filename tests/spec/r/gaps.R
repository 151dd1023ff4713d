# The gap of each organisation to the unweighted mean of the others, by hand from each one's svydesign:
# V = se^2 + sum se_j^2 / M^2, df Satterthwaite.
source("tests/spec/r/common.R")

shares <- level_shares()
people <- cbind(read_data("organisations"), stratum = "", weight = 1)
people$person <- seq_len(nrow(people))
rows <- lengthen(people)
rows <- split(rows, rows$organisation)
figures <- stack(lapply(names(shares), function(name) {
  each <- stack(lapply(rows, function(own) as.data.frame(level_of(own, shares[[name]]))))
  m <- nrow(each) - 1
  stack(lapply(seq_len(nrow(each)), function(o) {
    v <- c(each$se[o]^2, each$se[-o]^2 / m^2)
    df <- satterthwaite(v, c(each$df[o], each$df[-o]))
    gap <- each$score[o] - mean(each$score[-o])
    keyed(name, organisation = rownames(each)[o], gap = gap, se = sqrt(sum(v)), df = df)
  }))
}))
write_figures(figures, "gaps")
