"""Rows of a table: most of the values on a page stand in one."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup.building import markup_rows
from dimios_core.markup.values import Markup


def write_rows(columns: Sequence[Sequence[str]], numeric: Sequence[bool]) -> Markup:
    """Write the rows of a table's body; the first column holds their headers.

    Parameters
    ----------
    columns : sequence of sequences of str
        All of the same length.
    numeric : sequence of bool
        For each column but the first: whether it is set to the right, by the class "n".

    Raises
    ------
    ValueError
        Columns of different lengths, or as many columns as `numeric` does not tell.

    Examples
    --------
    >>> write_rows([["a", "b"], ["1", "<2"]], [True])
    Markup('<tr><th scope="row">a</th><td class="n">1</td></tr><tr><th scope="row">b</th><td class="n">&lt;2</td></tr>')
    """
    cells = "".join('<td class="n">{}</td>' if right else "<td>{}</td>" for right in numeric)
    return markup_rows('<tr><th scope="row">{}</th>' + cells + "</tr>", *columns)
