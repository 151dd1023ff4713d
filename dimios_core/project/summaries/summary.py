"""What all summaries can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

ROWS_SHOWN = 20


class Summary(ABC):
    """What a step made."""

    @abstractmethod
    def __str__(self) -> str:
        """Say it in words, a line a thing."""

    @abstractmethod
    def rows(self) -> list[dict[str, Any]]:
        """List it as plain rows, all with the same keys."""

    def to_frame(self) -> pd.DataFrame:
        """Return it as a table, a row a thing that was made, read or found; its columns are those of `rows`."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def _repr_html_(self) -> str:
        import pandas as pd

        words = pd.DataFrame(str(self).splitlines()).to_html(header=False, index=False, border=0)
        rows = self.to_frame()
        return words + (rows.to_html(index=False, border=0, max_rows=ROWS_SHOWN) if len(rows) else "")
