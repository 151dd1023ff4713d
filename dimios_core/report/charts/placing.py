"""Placing words: names in lines that fit a width, and labels beside dots so that none meet."""

from __future__ import annotations

#: generous width of a letter at 12 px, so that no font lets labels meet
LETTER_PX = 7.0


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


def place_labels(at_px: list[float], texts: list[str], width_px: float) -> list[tuple[int, bool]]:
    """Place dots with their labels in lanes so that nothing meets.

    Parameters
    ----------
    at_px : list of float
        Where the dots are.
    texts : list of str
        Labels; "" for a dot without.
    width_px : float
        A label that would reach beyond stands left of its dot.

    Returns
    -------
    list of (lane, right)
        Lanes from above; whether the label stands right of the dot.

    Examples
    --------
    >>> place_labels([10, 14, 300], ["Almvik", "", "Ekeskär"], 320)
    [(0, True), (1, True), (0, False)]
    """
    lanes: list[list[tuple[float, float]]] = []
    found = []
    for x, text in zip(at_px, texts, strict=True):
        length = len(text) * LETTER_PX + (12 if text else 0)
        right = x + length <= width_px
        start, end = (x - 6, x + length + 6) if right else (x - length - 6, x + 6)
        lane = next(
            (i for i, taken in enumerate(lanes) if all(end <= a or start >= b for a, b in taken)), len(lanes)
        )
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((start, end))
        found.append((lane, right))
    return found
