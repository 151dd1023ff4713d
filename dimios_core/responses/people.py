"""Who answered: organisation, period, unit, role and pseudonym of every row, as codes."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from dimios_core.instrument import Instrument
from dimios_core.responses.identities import Identities
from dimios_core.responses.lookups import (
    Lookup,
    Texts,
    UnitLookup,
    organisation_lookup,
    period_lookup,
    role_lookup,
)
from dimios_core.responses.mapping import MappedColumns
from dimios_core.responses.messages import (
    FURTHER,
    Message,
    organisation_message,
    period_message,
    report_texts,
    role_message,
    unit_message,
)
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.pseudonyms import pseudonym
from dimios_core.responses.register import Register

#: periods of one file; more would mean that the period is something else
PERIODS_LIMIT = 2**20


def name_field(columns: MappedColumns, field: str) -> str:
    """Return how messages call a field: its column, or its place in the mapping."""
    source = getattr(columns, field)
    return f"column {source.column}" if source.column is not None else f"`{field}` in the mapping"


class People:
    """Understand who answered, batch by batch; what is not understood goes to `problems`.

    Parameters
    ----------
    register : Register
        Organisations and units that exist.
    key : bytes
        Secret key of the pseudonyms.
    stored : callable
        Gives the pseudonyms that an organisation's answers are stored under.
    """

    def __init__(
        self,
        columns: MappedColumns,
        instrument: Instrument,
        register: Register,
        key: bytes,
        problems: ProblemList,
        stored: Callable[[str], Collection[int]],
    ) -> None:
        self._columns, self._key, self._problems = columns, key, problems
        self._identities = Identities(columns.respondent, key, stored) if columns.respondent else None
        self.organisations, self._organisation = organisation_lookup(register, columns.organisation)
        self.periods, self._period = period_lookup(columns.period)
        self.roles, self._role = role_lookup(instrument, columns.role)
        self._units = UnitLookup(register, columns.unit)
        self._organisation_labels = [*self.organisations, *register.organisations["name"]]
        translated = list(columns.role.values) if columns.role else []
        self._role_labels = [
            *(n for r in instrument.roles for n in r.name.values()),
            *translated,
            *self.roles,
        ]
        #: organisation and period by group code
        self.groups: list[tuple[str, str]] = []
        self._group_code: dict[int, int] = {}

    @property
    def unit_ids(self) -> list[str]:
        """Unit ids by unit code."""
        return self._units.ids

    def understand(
        self, rows: np.ndarray, texts: dict[str, Texts], first_row: int
    ) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
        """Return the columns group, unit, role and respondent of a batch.

        Parameters
        ----------
        rows : numpy.ndarray of int64, shape (n,)
            Row numbers.
        texts : dict of str to Texts
            Columns of the batch by field.
        first_row : int
            Number of the file's first row of data.

        Returns
        -------
        columns : dict of str to numpy.ndarray
            Codes, each of shape (n,).
        known : numpy.ndarray of bool
            Whether organisation, period and respondent are understood.
        known_organisation : numpy.ndarray of bool
        """
        organisation = self._look_up(
            rows,
            texts,
            "organisation",
            self._organisation,
            lambda t: organisation_message(t, self._organisation_labels),
        )
        period = self._look_up(rows, texts, "period", self._period, period_message)
        role = self._look_up(
            rows, texts, "role", self._role, lambda t: role_message(t, self._role_labels, self.roles)
        )
        known = (organisation >= 0) & (period >= 0)
        unit = self._look_up_units(rows, texts.get("unit"), organisation)
        if self._identities is not None and self._columns.respondent is not None:
            respondent, named = self._pseudonyms(rows, texts["respondent"], organisation, self._identities)
            if self._columns.respondent.empty == "alone":
                alone = self._row_pseudonyms(rows - first_row, organisation, period, known & ~named)
                respondent = np.where(named, respondent, alone)
            else:
                known &= named
                self._problems.add_rows(
                    rows[~named],
                    name_field(self._columns, "respondent"),
                    "the respondent is empty",
                    "fill in an identity, write `empty: alone` beside its column in the mapping (each such row is a"
                    " person of its own), or leave `respondent` out if every row is",
                )
        else:
            respondent = self._row_pseudonyms(rows - first_row, organisation, period, known)
        columns = {
            "group": self._group(organisation, period, known),
            "unit": unit,
            "role": role.astype(np.int16),
            "respondent": respondent,
        }
        return columns, known, organisation >= 0

    def _look_up(
        self,
        rows: np.ndarray,
        texts: dict[str, Texts],
        field: str,
        lookup: Lookup,
        describe: Callable[[str], Message],
    ) -> np.ndarray:
        if field not in texts:
            return np.full(len(rows), lookup.code(""), dtype=np.int32)
        codes = lookup.codes(texts[field])
        if (codes < 0).any():
            where = name_field(self._columns, field)
            report_texts(self._problems, rows, texts[field], codes < 0, where, describe)
        return codes

    def _look_up_units(self, rows: np.ndarray, texts: Texts | None, organisation: np.ndarray) -> np.ndarray:
        if texts is None:
            return np.zeros(len(rows), dtype=np.int32)
        owners, distinct, inverse = self._within_organisation(texts, organisation)
        codes = np.array(
            [self._units.code(o, text) if o else 0 for o, text in zip(owners, distinct, strict=True)],
            np.int32,
        )
        for number in np.flatnonzero(codes < 0).tolist():
            owner, text = owners[number], distinct[number]
            what, remedy = unit_message(int(codes[number]), owner, text, self._units.known(owner))
            where = name_field(self._columns, "unit")
            self._problems.add_rows(rows[inverse == number], where, what, remedy, other=FURTHER)
        return np.maximum(codes, 0)[inverse]

    def _within_organisation(
        self, texts: Texts, organisation: np.ndarray
    ) -> tuple[list[str], list[str], np.ndarray]:
        """Factorise pairs of organisation and text; an unknown organisation is ""."""
        width = len(texts.distinct)
        pairs, inverse = np.unique(organisation.astype(np.int64) * width + texts.at, return_inverse=True)
        owners, at = np.divmod(pairs, width)
        return (
            [self.organisations[owner] if owner >= 0 else "" for owner in owners.tolist()],
            [texts.distinct[i] for i in at.tolist()],
            inverse,
        )

    def finish(self) -> None:
        """Report what only the whole file shows of identities."""
        if self._identities is not None:
            self._identities.check(self._problems, name_field(self._columns, "respondent"))

    def tell(self) -> list[str]:
        """Say what a reader should know of identities."""
        return self._identities.tell(name_field(self._columns, "respondent")) if self._identities else []

    def _pseudonyms(
        self, rows: np.ndarray, texts: Texts, organisation: np.ndarray, identities: Identities
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the pseudonyms (uint64) and whether each row names a respondent."""
        names = {text: identities.name(text) for text in texts.distinct}
        owners, distinct, inverse = self._within_organisation(texts, organisation)
        hashes = [
            identities.pseudonym(o, text, names[text]) if o and names[text] else 0
            for o, text in zip(owners, distinct, strict=True)
        ]
        return np.array(hashes, dtype=np.uint64)[inverse], texts.spread(
            [bool(names[text]) for text in texts.distinct], bool
        )

    def _row_pseudonyms(
        self, ordinals: np.ndarray, organisation: np.ndarray, period: np.ndarray, known: np.ndarray
    ) -> np.ndarray:
        """Make every row a person of its own, another one in every period."""
        return np.array(
            [
                pseudonym(self._key, self.organisations[o], f"\0row\0{self.periods[p]}\0{i}") if k else 0
                for o, p, i, k in zip(
                    organisation.tolist(), period.tolist(), ordinals.tolist(), known.tolist(), strict=True
                )
            ],
            dtype=np.uint64,
        )

    def _group(self, organisation: np.ndarray, period: np.ndarray, known: np.ndarray) -> np.ndarray:
        pairs = np.where(known, organisation.astype(np.int64) * PERIODS_LIMIT + period, -1)
        distinct, inverse = np.unique(pairs, return_inverse=True)
        codes = np.full(len(distinct), -1, dtype=np.int32)
        for number, pair in enumerate(distinct.tolist()):
            if pair >= 0:
                if pair not in self._group_code:
                    owner, at = divmod(pair, PERIODS_LIMIT)
                    self._group_code[pair] = len(self.groups)
                    self.groups.append((self.organisations[owner], self.periods[at]))
                codes[number] = self._group_code[pair]
        return codes[inverse]
