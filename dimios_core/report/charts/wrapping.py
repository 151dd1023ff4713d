"""Breaking names into lines that fit a width."""

from __future__ import annotations


def wrap_words(text: str, width_px: float, letter_px: float) -> list[str]:
    """Break a text at its spaces into lines no longer than a width where that is possible.

    Parameters
    ----------
    text : str
    width_px : float
        Room for a line.
    letter_px : float
        Mean width of a letter. A word longer than the room gets a line of its own.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrap_words("Barn- och utbildningsförvaltningen", 200, 7)
    ['Barn- och', 'utbildningsförvaltningen']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines[-1]) + 1 + len(word)) * letter_px <= width_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]
