"""Training: weeks of reading, questions and reflections on published figures, as accessible pages; material for trainers.

`from dimios_core.training import Week` is what the notebooks in `notebooks/training/` call.
"""

from __future__ import annotations

from dimios_core.training.page import Week

__all__ = ["Week"]
