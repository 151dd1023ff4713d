"""Goals that the organisation has set itself: which of them are reached for certain, which not yet."""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.markup import Markup, join, markup
from dimios_core.published.conventions import CERTAINTY_N_MIN
from dimios_core.published.store import PublishedResults
from dimios_core.report.data_tables import say_score
from dimios_core.report.figures import BROAD_LEVELS, Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import Facts

REACHED, NOT_YET, OPEN = "reached", "not_yet", "open"


@dataclass(frozen=True)
class Goal:
    """A goal of the organisation's own, and where it stands in the page's period.

    Attributes
    ----------
    level, key : str
    value : float
        Percent, 0-100.
    year : int
        By when it is to be reached.
    now : Figure or None
        The published level; None where the files have no such row.
    """

    level: str
    key: str
    value: float
    year: int
    now: Figure | None = None

    @property
    def state(self) -> str:
        """ "reached" for certain, "not_yet" for certain, or "open": it cannot be told (method 4).

        Examples
        --------
        >>> at = Figure("category", "c", "published", 60.0, 55.0, 65.0, n=40)
        >>> [Goal("category", "c", value, 2027, at).state for value in (55.0, 60.0, 65.0, 65.1)]
        ['reached', 'open', 'open', 'not_yet']
        """
        now = self.now
        if now is None or not now.published or now.low is None or now.high is None:
            return OPEN
        if now.n is None or now.n < CERTAINTY_N_MIN:
            return OPEN
        return REACHED if now.low >= self.value else NOT_YET if now.high < self.value else OPEN


def gather_goals(results: PublishedResults, facts: Facts) -> tuple[Goal, ...]:
    """Gather the organisation's goals with where they stand: what is broadest first, in the model's order, then by year."""
    order = {place: n for n, place in enumerate(facts.figures)}
    levels = (*BROAD_LEVELS, "point")
    goals = [
        Goal(r["level"], r["key"], r["value"], r["year"], facts.figures.get((r["level"], r["key"])))
        for r in results.rows("goals")
    ]
    return tuple(
        sorted(goals, key=lambda g: (levels.index(g.level), order.get((g.level, g.key), len(order)), g.year))
    )


def write_goals(narrator: FactsNarrator, goals: tuple[Goal, ...]) -> Markup:
    """Write goals as a short list: the goal, today's level with its interval, and whether it is reached."""
    say, items = narrator.say, []
    for goal in goals:
        name = narrator.name(goal.level, goal.key)
        what = say("improve.goals.goal", name=name, value=goal.value, year=str(goal.year))
        now = goal.now
        if now is None or not now.published:
            reason = say(f"status.{now.status if now is not None else 'no_answers'}")
            words = say("improve.goals.hidden", reason=reason)
        else:
            level = say_score(narrator, now)
            words = say("improve.goals.now", level=level, low=now.low, high=now.high)
        state = say(f"improve.goals.{goal.state}")
        items.append(markup("<li><b>{}</b> {} {}</li>", what, words, state))
    return markup('<ul class="plain">{}</ul>', join(items)) if items else Markup()
