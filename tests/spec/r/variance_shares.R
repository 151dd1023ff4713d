# Variances between organisations, units in them and people; and of one organisation, crossed effects of unit and role:
# lme4 1.1-31, lmer by REML. A person's score is the mean of the answers less the points' means.
suppressPackageStartupMessages(library(lme4))
source("tests/spec/r/common.R")

# lmer's usual search ends at about six digits; the derivatives at its end would be told of anyway
exact <- lmerControl(
  optimizer = "bobyqa", optCtrl = list(rhobeg = 0.2, rhoend = 1e-9, maxfun = 1e5), calc.derivs = FALSE,
  check.conv.singular = "ignore"
)

components <- function(formula, data) {
  found <- as.data.frame(VarCorr(lmer(formula, data, REML = TRUE, control = exact)))
  setNames(found$vcov, found$grp)
}

score_of <- function(people) {
  answers <- 25 * (as.matrix(people[letters[1:9]]) - 1)
  rowMeans(sweep(answers, 2, colMeans(answers, na.rm = TRUE)), na.rm = TRUE)
}

people <- read_data("organisations")
nested <- components(score ~ 1 + (1 | organisation) + (1 | organisation:unit), cbind(people, score = score_of(people)))
figures <- data.frame(
  of = "all", part = c("organisations", "units", "people"),
  variance = unname(nested[c("organisation", "organisation:unit", "Residual")])
)
for (organisation in c("o01", "o03", "o08")) {
  own <- people[people$organisation == organisation, ]
  crossed <- components(score ~ 1 + (1 | unit) + (1 | role), cbind(own, score = score_of(own)))
  figures <- rbind(figures, data.frame(
    of = organisation, part = c("units", "roles", "people"), variance = unname(crossed[c("unit", "role", "Residual")])
  ))
}
write_figures(figures, "variance_shares")
