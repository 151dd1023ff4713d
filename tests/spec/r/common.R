# Shared by the scripts beside it, which run from the project's root: Rscript tests/spec/r/levels.R
# R 4.2.2, survey 4.1-1.
suppressPackageStartupMessages(library(survey))
folder <- "tests/spec/r"

read_data <- function(name) read.csv(file.path(folder, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)

# Figures with all digits that a number has.
write_figures <- function(figures, name) {
  words <- which(vapply(figures, is.character, NA))
  numbers <- vapply(figures, is.double, NA)
  figures[numbers] <- lapply(figures[numbers], function(x) sprintf("%.17g", x))
  write.csv(figures, file.path(folder, "figures", paste0(name, ".csv")), row.names = FALSE, quote = words, eol = "\n")
}

stack <- function(parts) do.call(rbind, parts)

# Weights a_k of the points in every level: theta = sum a_k theta_k.
level_shares <- function() {
  model <- read.csv(file.path(folder, "model.csv"))
  own <- setNames(lapply(model$point, function(p) setNames(1, p)), paste("point", model$point))
  by_category <- split(model, model$category)
  category <- lapply(by_category, function(m) setNames(m$weight / sum(m$weight), m$point))
  names(category) <- paste("category", names(by_category))
  dimension <- lapply(split(model, model$dimension), function(m) {
    w <- tapply(m$category_weight, m$category, mean)
    w <- w / sum(w)
    unlist(lapply(names(w), function(k) w[[k]] * category[[paste("category", k)]]))
  })
  maturity <- unlist(lapply(unname(dimension), function(d) d / length(dimension)))
  names(dimension) <- paste("dimension", names(dimension))
  c(own, category, dimension, list("maturity maturity" = maturity))
}

# One row an answer, y in percent; the other columns are repeated.
lengthen <- function(wide, categories_n = 5) {
  points <- names(wide)[nchar(names(wide)) == 1]
  rows <- stack(lapply(points, function(p) {
    cbind(wide[setdiff(names(wide), points)], point = p, y = 100 * (wide[[p]] - 1) / (categories_n - 1))
  }))
  rows[!is.na(rows$y), ]
}

# A stratum of one merges with its neighbour; who answers decides, level by level.
merge_lone <- function(rows) {
  n <- tapply(rows$person, rows$stratum, function(p) length(unique(p)))
  lone <- n[rows$stratum] == 1 & !is.na(rows$neighbour)
  rows$stratum <- ifelse(lone, rows$neighbour, rows$stratum)
  rows
}

# A design of one row an answer, people as clusters in their strata.
design_of <- function(rows) svydesign(ids = ~person, strata = ~stratum, weights = ~weight, data = rows)

# Means of the points of `by`, and their weighted sum `share` with its standard error.
contrast <- function(by, design, share) {
  means <- svyby(~y, by, design, svymean, covmat = TRUE)
  found <- svycontrast(means, unname(share))
  c(coef(found), SE(found))
}

# Score, se, df and n of a level from its points' answers alone.
level_of <- function(rows, share) {
  rows <- rows[rows$point %in% names(share), ]
  design <- design_of(rows)
  found <- if (length(share) == 1) {
    mean <- svymean(~y, design)
    c(coef(mean), SE(mean))
  } else contrast(~point, design, share[sort(names(share))])
  list(score = found[[1]], se = found[[2]], df = degf(design), n = length(unique(rows$person)))
}

# Satterthwaite's degrees of freedom of a sum of independent variances.
satterthwaite <- function(variance, df) sum(variance)^2 / sum(variance^2 / df)

keyed <- function(name, ...) {
  key <- strsplit(name, " ")[[1]]
  data.frame(..., level = key[1], key = key[2])
}
