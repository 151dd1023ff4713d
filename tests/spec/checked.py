"""The comparisons as a page: `python -m tests.spec.checked` writes docs/checked.md anew."""

from __future__ import annotations

import math
from pathlib import Path

from dimios_core.places import project_root
from tests.spec.comparisons import SUBJECTS, compare_all
from tests.spec.comparisons.comparison import Comparison, read_figures

PAGE = project_root() / "docs" / "checked.md"
HEAD = """\
# Checked: these figures beside those of R, statsmodels and scipy

Written by `python -m tests.spec.checked`, from the comparisons of `tests/spec/comparisons/` that
`tests/spec/test_against_r.py` asserts on; a test holds this page to them. Formulas are in [method.md](method.md).

A difference is the largest between a figure computed here and the reference's, absolute: in percentage points for scores
and their errors, in degrees of freedom for df, in shares of 1 for reliability and variances. It is rounded up to a power of ten,
and no finer than what the tests hold: below 1e-10 it is the order in which a computer sums. *Figures* are how many of
each quantity were compared.

R's figures come from R 4.2.2. They lie in `tests/spec/r/figures/` with all their digits, so no R is needed to run the tests.
To make them again, from the project's root:

```
python -m tests.spec.r.make_data          # tests/spec/r/data/: answers made up by seed
Rscript tests/spec/r/levels.R             # and so on: one script a subject, which tells its packages
python -m tests.spec.checked              # this page
```

Groups of fewer than twenty share their organisation's spread in what is published. Here every group keeps its
own variance: that is the one R computes.
"""
ELSEWHERE = """\
## Where one design of all people would give another error

Two periods have partly the same people, or somebody changes stratum. `docs/method.md` takes each period as a design of its
own: V₁ and V₂ are those that stand beside the two scores, and people in both periods give C. A single `svydesign` over
all who are in any period counts the absent as people who add nothing, and so has larger strata n_h in n_h/(n_h − 1) and in
the centring; somebody who changes stratum is two people to it; its df count all of them. Where everybody answers every time in the same strata,
or nobody twice, both are the same (above). Standard error of the single design over that of the formula, all levels:

"""


def write_page() -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    for subject in SUBJECTS:
        comparisons = compare_all(subject)
        parts.append(f"## {comparisons[0].subject}\n\n{_tabulate(comparisons)}")
    return "\n".join([*parts, ELSEWHERE + _tabulate_designs()])


def _tabulate(comparisons: tuple[Comparison, ...]) -> str:
    """A table a reference: a row a set of data, a column a quantity."""
    parts = []
    for reference in dict.fromkeys(c.reference for c in comparisons):
        own = [c for c in comparisons if c.reference == reference]
        quantities = list(dict.fromkeys(c.quantity for c in own))
        rows = [["data", "figures", *quantities]]
        for data in dict.fromkeys(c.data for c in own):
            told = {c.quantity: c for c in own if c.data == data}
            figures_n = max(len(c.wanted) for c in told.values())
            rows.append([data, f"{figures_n}", *(_tell(told.get(q)) for q in quantities)])
        parts.append(f"Reference: {reference}.\n\n{_lay_out(rows)}")
    return "\n".join(parts)


def _tell(comparison: Comparison | None) -> str:
    """The difference rounded up to a power of ten, no finer than the tolerance."""
    if comparison is None:
        return ""
    difference = max(comparison.difference, comparison.tolerance)
    if math.isinf(difference):
        return "not the same figures"
    return f"< 1e{math.ceil(math.log10(difference) - 1e-9):d}"


def _tabulate_designs() -> str:
    rows = [["data", "standard error, single design ÷ formula"]]
    for name in ("changes", "trends"):
        figures = read_figures(name)
        partial = figures[figures["overlap"] == "partial"]
        for case, own in partial.groupby("case", sort=False):
            ratio = own["se_design"] / own["se_formula"]
            rows.append([str(case), f"{ratio.min():.3f} to {ratio.max():.3f}"])
    return _lay_out(rows)


def _lay_out(rows: list[list[str]]) -> str:
    """A Markdown table; the first row is its head."""
    head, *others = (f"| {' | '.join(row)} |\n" for row in rows)
    return "".join([head, "|---" * len(rows[0]) + "|\n", *others])


def main(page: Path = PAGE) -> None:
    """Write the page anew."""
    page.write_text(write_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
