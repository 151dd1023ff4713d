"""The mapping file: which column is what, which labels mean which number, what means "don't know"."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dimios_core.responses.source_tables import FileOptions

DELIMITER_NAMES = {"semicolon": ";", "comma": ",", "tab": "\t", "\\t": "\t"}
LONG_ONLY = ("item", "answer")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_source(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Source(_Model):
    """Where a value comes from: a column (its labels translated by `values`), or one value for all rows."""

    column: str | None = None
    value: str | None = None
    values: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_two(self) -> Source:
        if (self.column is None) == (self.value is None):
            raise ValueError("give either `column: <name>` or `value: <the same for all rows>`")
        return self


class RespondentSource(Source):
    """Where respondents' identities come from, and how they are compared.

    Parameters
    ----------
    ids : {"alike", "exact", "pseudonyms"}
        "alike": spellings that differ in case, spaces or Unicode form are one person; "exact": each is its own; "pseudonyms": they
        are the store's own already, 16 hexadecimal digits, as the project's own form hands them over.
    empty : {"refuse", "alone"}
        "alone": a row without an identity is a person of its own, unknown in other periods.
    """

    ids: Literal["alike", "exact", "pseudonyms"] = "alike"
    empty: Literal["refuse", "alone"] = "refuse"


SourceField = Annotated[Source, BeforeValidator(_as_source)]
RespondentField = Annotated[RespondentSource, BeforeValidator(_as_source)]


class MappedColumns(_Model):
    """Which column is what."""

    organisation: SourceField
    period: SourceField
    unit: SourceField | None = None
    role: SourceField | None = None
    respondent: RespondentField | None = None
    weight: SourceField | None = None
    stratum: SourceField | None = None
    started_at: SourceField | None = None
    answered_at: SourceField | None = None
    duration_s: SourceField | None = None
    item: SourceField | None = None
    answer: SourceField | None = None


class Meanings(_Model):
    """What answers' labels mean. An empty cell is always a missing answer."""

    labels: dict[str, float] = Field(default_factory=dict)
    dont_know: list[str] = Field(default_factory=list)
    missing: list[str | None] = Field(default_factory=list)


class Answers(Meanings):
    """What the answers' labels mean: for all, and where a scale or an item has codes of its own.

    Each of labels, dont_know and missing is taken from the item, else from its scale, else from what holds for all.
    """

    scales: dict[str, Meanings] = Field(default_factory=dict)
    items: dict[str, Meanings] = Field(default_factory=dict)


class RowRule(_Model):
    """Which rows count: those with one of the values of a column, or all but those. An empty cell is `null`."""

    column: str
    keep: list[str | None] | None = None
    drop: list[str | None] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> RowRule:
        if (self.keep is None) == (self.drop is None):
            raise ValueError("give either `keep: [...]` or `drop: [...]`")
        return self


class FileSettings(_Model):
    """How to read the file; "auto" means that the reader finds out."""

    encoding: Literal["auto", "utf-8", "windows-1252", "utf-16", "mac-roman", "cp850"] = "auto"
    delimiter: Annotated[
        Literal["auto", ";", ",", "\t"], BeforeValidator(lambda v: DELIMITER_NAMES.get(v, v))
    ] = "auto"
    decimal: Literal["auto", ".", ","] = "auto"
    sheet: str | None = None
    dates: Literal["iso", "dmy", "mdy"] = "iso"
    hidden_rows: Literal["refuse", "read", "drop"] = "refuse"
    values: Literal["labels", "codes"] = "labels"
    header_row: int = Field(default=1, ge=1)
    header_rows: int = Field(default=1, ge=1, le=3)
    skip_after_header: int = Field(default=0, ge=0)

    def options(self) -> FileOptions:
        """Return what the file readers take of it."""
        return FileOptions(**self.model_dump(exclude={"decimal", "dates"}))


class Mapping(_Model):
    """How a survey tool's export is to be understood.

    Parameters
    ----------
    layout : {"wide", "long"}
        A column per item and a row per respondent, or a row per answer.
    items : dict of str to str
        Item id by column header (wide) or by value of the item column (long); empty where the file
        uses the instrument's own ids. Several columns may feed one item, where each row fills in one of them.
    strata_merge : dict of str to str
        Neighbour that a stratum of one respondent is merged with.
    """

    id: str
    description: str = ""
    instrument: str | None = None
    layout: Literal["wide", "long"]
    file: FileSettings = Field(default_factory=FileSettings)
    columns: MappedColumns
    rows: list[RowRule] = Field(default_factory=list)
    items: dict[str, str] = Field(default_factory=dict)
    answers: Answers = Field(default_factory=Answers)
    strata_merge: dict[str, str] = Field(default_factory=dict)
