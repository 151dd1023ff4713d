"""What every result can do: be read as a table, a figure, words, and as the R call that it equals."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go
from IPython.display import HTML

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.markup import Markup, join, markup
from dimios_core.research.naming import name_part

LANGUAGES = ("sv", "en")
#: rows of a table that a notebook shows
ROWS_SHOWN = 40
_SHOWN = {"sv": ("Motsvarar i R", "rader till"), "en": ("Equals in R", "more rows")}


def check_language(language: str) -> str:
    """Return a language that results speak.

    Raises
    ------
    InputError
        Another one.
    """
    if language not in LANGUAGES:
        raise InputError(Problem("language", f"“{language}” is not spoken here", 'use "sv" or "en"'))
    return language


def say(value: float, decimals: int, language: str) -> str:
    """Write a number: decimal comma in Swedish, a true minus sign, thin spaces between thousands; "–" for none.

    Examples
    --------
    >>> say(-0.25, 2, "sv"), say(-0.25, 2, "en"), say(float("nan"), 1, "sv")
    ('−0,25', '−0.25', '–')
    """
    if pd.isna(value):
        return "–"
    text = f"{value:,.{decimals}f}".replace(",", "\u202f").replace("-", "−")
    return text.replace(".", ",") if language == "sv" else text


def say_p(p: float, language: str) -> str:
    """Write a p value: "p = 0,012", and "p < 0,001" below that.

    Examples
    --------
    >>> say_p(0.0124, "sv"), say_p(1e-9, "en")
    ('p = 0,012', 'p < 0.001')
    """
    return f"p < {say(0.001, 3, language)}" if p < 0.001 else f"p = {say(p, 3, language)}"


@dataclass(frozen=True, repr=False)
class Result(ABC):
    """A finished analysis.

    Attributes
    ----------
    table : pandas.DataFrame
        Its figures, a row a thing estimated; units stand in the columns' names.
    instrument : Instrument or None
        The model whose names words and figures use; None where the data were a frame.
    """

    table: pd.DataFrame
    instrument: Instrument | None = field(default=None, kw_only=True)

    @abstractmethod
    def words(self, language: str = "sv") -> str:
        """What it says, in plain words, with the caution that it needs."""

    @abstractmethod
    def figure(self, language: str = "sv") -> go.Figure:
        """Its picture, a plotly figure."""

    @property
    @abstractmethod
    def r_call(self) -> str:
        """The R call whose figures these are."""

    def name(self, key: object, language: str) -> str:
        """Return what an identifier is called: a point, category, dimension or role; others, and parts of several, as they are."""
        parts = key if isinstance(key, tuple) else (key,)
        return " · ".join(name_part(self.instrument, str(part), language) for part in parts)

    def show(self, language: str = "sv") -> HTML:
        """Words, table and R call, for a notebook."""
        equals, more = _SHOWN[check_language(language)]
        left = len(self.table) - ROWS_SHOWN
        rest = markup("<p>+ {} {}</p>", left, more) if left > 0 else Markup()
        paragraphs = join(markup("<p>{}</p>", line) for line in self.words(language).split("\n"))
        table = self.table.head(ROWS_SHOWN).to_html(float_format=lambda x: say(x, 3, language), border=0)
        called = markup("<p>{}: <code>{}</code></p>", equals, self.r_call)
        return HTML(f"{paragraphs}{table}{rest}{called}")

    def _repr_html_(self) -> str:
        return str(self.show().data)

    def __repr__(self) -> str:
        return f"{self.words('en')}\n\n{self.table.head(ROWS_SHOWN)}"


def draw_intervals(
    names: list[str], values: pd.Series, low: pd.Series, high: pd.Series, title: str, axis: str
) -> go.Figure:
    """Draw estimates with their intervals, a row each, the first at the top."""
    error = {
        "type": "data", "symmetric": False, "array": (high - values).tolist(), "arrayminus": (values - low).tolist(),
        "color": "#9aa5b1", "thickness": 2, "width": 0,
    }  # fmt: skip
    marks = {"color": "#1f5f99", "size": 8}
    mark = go.Scatter(x=values.tolist(), y=names, mode="markers", error_x=error, marker=marks)
    figure = go.Figure(mark)
    figure.update_yaxes(autorange="reversed", automargin=True)
    return finish_figure(figure, title, axis).update_layout(height=120 + 26 * len(names), showlegend=False)


def draw_matrix(values: pd.DataFrame, title: str, limit: float, decimals: int, language: str) -> go.Figure:
    """Draw a matrix as a heat map with its numbers on it: blue above nought, ochre below."""
    text = [[say(v, decimals, language) for v in row] for row in values.to_numpy()]
    heat = go.Heatmap(
        z=values.to_numpy(), x=[str(c) for c in values.columns], y=[str(i) for i in values.index], text=text,
        texttemplate="%{text}", zmin=-limit, zmax=limit, colorscale=[[0, "#b7791f"], [0.5, "#ffffff"], [1, "#1f5f99"]],
        showscale=False,
    )  # fmt: skip
    figure = go.Figure(heat)
    figure.update_yaxes(autorange="reversed", automargin=True)
    return finish_figure(figure, title, "").update_layout(height=160 + 24 * len(values))


def finish_figure(figure: go.Figure, title: str, x_axis: str, y_axis: str = "") -> go.Figure:
    """Give a figure its title and axes, in the look of them all."""
    figure.update_layout(
        template="plotly_white", title=title, xaxis_title=x_axis or None, yaxis_title=y_axis or None,
        margin={"l": 60, "r": 20, "t": 60, "b": 50},
    )  # fmt: skip
    return figure
