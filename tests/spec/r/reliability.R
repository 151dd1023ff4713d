# Reliability of the categories: psych 2.2.9 (alpha, alpha.ci), stats (factanal, aov, cor).
# Pooled: complete cases of all organisations, centred in their own, covariance with N - J degrees of freedom. Own: the largest
# organisation's. Omega is of the covariances, (sum lambda)^2 / ((sum lambda)^2 + sum psi), with factanal's maximum likelihood
# of one factor; psych::omega works on correlations, and divides by their observed sum, so it tells another figure.
suppressPackageStartupMessages(library(psych))
source("tests/spec/r/common.R")

exact <- list(opt = list(factr = 100))

omega_of <- function(covariance) {
  fit <- factanal(covmat = covariance, factors = 1, control = exact)
  spread <- sqrt(diag(covariance))
  common <- sum(fit$loadings[, 1] * spread)^2
  common / (common + sum(fit$uniquenesses * spread^2))
}

# Of answers that are centred; alpha and the factor model's omega do not ask what the squares are divided by.
measures_of <- function(centred, df) {
  covariance <- crossprod(centred) / df
  k <- ncol(covariance)
  if (k == 2) {
    r <- cov2cor(covariance)[1, 2]
    return(c(spearman_brown = 2 * r / (1 + r)))
  }
  value <- suppressMessages(psych::alpha(as.data.frame(centred)))$total$raw_alpha
  limits <- psych::alpha.ci(value, n.obs = df + 1, n.var = k, digits = 16)
  c(alpha = value, alpha_low = limits$lower.ci, alpha_high = limits$upper.ci, omega = omega_of(covariance))
}

# ICC(1) and ICC(2) of organisations' means, by aov's mean squares (Bliese 2000).
intraclass <- function(score, organisation) {
  squares <- summary(aov(score ~ organisation))[[1]][["Mean Sq"]]
  n <- table(organisation)
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  between <- (squares[1] - squares[2]) / n0
  c(icc1 = between / (between + squares[2]), icc2 = (squares[1] - squares[2]) / squares[1])
}

model <- read.csv(file.path(folder, "model.csv"))
people <- read_data("organisations")
largest <- names(which.max(table(people$organisation)))
figures <- stack(lapply(split(model, model$category), function(m) {
  kept <- complete.cases(people[m$point])
  answers <- 25 * (as.matrix(people[kept, m$point]) - 1)
  organisation <- factor(people$organisation[kept])
  df <- nrow(answers) - nlevels(organisation)
  own <- scale(answers[organisation == largest, ], scale = FALSE)
  score <- drop(answers %*% (m$weight / sum(m$weight)))
  pooled <- c(measures_of(residuals(lm(answers ~ organisation)), df), intraclass(score, organisation))
  own <- measures_of(own, nrow(own) - 1)
  stack(list(
    data.frame(of = "all", category = m$category[1], measure = names(pooled), value = unname(pooled)),
    data.frame(of = largest, category = m$category[1], measure = names(own), value = unname(own))
  ))
}))
write_figures(figures, "reliability")
