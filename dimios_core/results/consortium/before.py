"""What was told of a period's organisations before, so that new means and dots can be held beside it (method 5).

Every mean that was ever published is a row over *records*: an organisation's result, one more where it has another result
since. Whoever was ever a dot or a row of a table is known to all readers from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from dimios_core.published.conventions import GROUP_MIN
from dimios_core.results.disclosure.pooled import find_few

#: what is looked for at once where more than one figure has to go
FOUND_AT_A_TIME = 50


@dataclass(frozen=True)
class Before:
    """Earlier releases of one period, over today's organisations and, behind them, further records.

    Attributes
    ----------
    rows : bool array (rows, organisations + further)
        Means published before.
    known : bool array (organisations + further,)
        Results that all readers have seen.
    owner : int array (organisations + further,)
        Which organisation's record it is.
    named, anonymous : bool arrays (organisations,)
        Was ever shown by name; without it.
    moved : bool array (organisations,)
        Was shown without a name under another type, county or size.
    settled : bool
        Today's results and groups are those of an earlier release: its means and panels stand as they were.
    groups : frozenset of str
        Where settled: the groups whose means are published.
    panels : dict
        Where settled: name of a panel -> (identifiers of its members, groups whose panel means are published).
    """

    rows: np.ndarray
    known: np.ndarray
    owner: np.ndarray
    named: np.ndarray
    anonymous: np.ndarray
    moved: np.ndarray
    settled: bool = False
    groups: frozenset[str] = frozenset()
    panels: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    @classmethod
    def nothing(cls, organisations_n: int) -> Before:
        """Nothing was published before."""
        none = np.zeros(organisations_n, bool)
        return cls(np.zeros((0, organisations_n), bool), none, np.arange(organisations_n), none, none, none)

    def widen(self, rows: np.ndarray) -> np.ndarray:
        """Rows over today's organisations as rows over all records."""
        return np.hstack([rows, np.zeros((len(rows), len(self.known) - rows.shape[1]), bool)])

    def among(self, inside: np.ndarray) -> Before:
        """The same over some of today's organisations: those left out have no result in the period."""
        kept = np.r_[inside, np.ones(len(self.known) - len(inside), bool)]
        return Before(
            self.rows[:, kept], self.known[kept], self.owner[kept], self.named[inside], self.anonymous[inside],
            self.moved[inside], self.settled, self.groups, self.panels,
        )  # fmt: skip

    def hidden(self, shown: np.ndarray) -> np.ndarray:
        """Records that some reader may not know: nobody was shown, or is (bool array (organisations,)), with them."""
        hidden = ~self.known
        hidden[: len(shown)] &= ~shown
        return hidden

    def is_safe_with(self, rows: np.ndarray, shown: np.ndarray) -> bool:
        """Whether means (bool array (means, organisations)) beside those of before tell nothing of few that are hidden."""
        hidden = self.hidden(shown)
        new = self.widen(rows)[:, hidden]
        return not find_few(self.rows[:, hidden], new, self.owner[hidden], GROUP_MIN)

    def keep_beside(
        self, rows: np.ndarray, kept: np.ndarray, droppable: np.ndarray, worth: np.ndarray, known: np.ndarray
    ) -> np.ndarray:
        """Give up new means, the least worth first, until they tell nothing of few beside those of before.

        Parameters
        ----------
        rows : bool array (means, organisations)
        kept, droppable : bool arrays (means,)
            Those that would be published, and those of them that may be given up.
        worth : float array (means,)
        known : bool array (organisations,)
            Shown today, besides those who were shown before.

        Returns
        -------
        bool array (means,)
            A subset of `kept`.
        """
        kept, hidden = kept.copy(), self.hidden(known)
        while True:
            now = np.flatnonzero(kept)
            new = self.widen(rows[now])[:, hidden]
            found = find_few(self.rows[:, hidden], new, self.owner[hidden], GROUP_MIN, FOUND_AT_A_TIME)
            dropped: set[int] = set()
            for few in found:
                involved = [int(g) for g in now[few.involved] if droppable[g]]
                if involved and not dropped & set(involved):
                    dropped.add(min(involved, key=lambda g: (worth[g], rows[g].sum(), g)))
            if not dropped:
                return kept
            kept[list(dropped)] = False
