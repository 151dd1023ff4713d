"""The first screen of a report on many: the figure, what leads, and what it is held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dimios_core.instrument.lead import begin_small
from dimios_core.markup import Markup, join, markup
from dimios_core.report.figures import PUBLISHED, Comparison
from dimios_core.report.narrative import Narrator
from dimios_core.report.sector.messages import own_change, sector_change
from dimios_core.report.sector.sector_facts import EVERYBODY, GroupLevel, SectorFacts
from dimios_core.report.sector.telling import GroupTelling

#: a name, and what stands beside it
Line = tuple[str, str]


def write_opening(telling: GroupTelling, uncertainty: str, more: Sequence[str] = ()) -> Markup:
    """Write the composite with its interval, the headline, further paragraphs, and the lines.

    Parameters
    ----------
    telling : GroupTelling
    uncertainty : str
        Path of the text that tells the interval.
    more : sequence of str
        Paragraphs in small type.
    """
    narrator, facts, parts = telling.narrator, telling.facts, []
    level = facts.composite
    if level is not None and level.published and level.mean is not None:
        low, high = _interval(facts, level)
        who = narrator.say("sector.level_line", n=level.organisations_n)
        sure = narrator.say(uncertainty, low=low, high=high) if low is not None else ""
        name = narrator.name(level.level, level.key).lower()
        parts += [
            markup('<p class="big">{}</p><p class="what">{}</p>', narrator.number.percent(level.mean), name),
            markup('<p class="quiet">{}</p>', " · ".join(w for w in (sure, who) if w)),
        ]
    parts.append(markup('<p class="lead">{}</p>', telling.headline()))
    parts += [markup("<p>{}</p>", words) for words in more if words]
    rows = join(markup("<dt>{}</dt><dd>{}</dd>", name, words) for name, words in list_lines(telling))
    return join(parts) + (markup("<dl>{}</dl>", rows) if rows else Markup())


def list_lines(telling: GroupTelling) -> list[Line]:
    """List what the level is held against: last time, the country, the target, and the dimensions."""
    return [
        *_list_before(telling),
        *_list_country(telling),
        *_list_target(telling),
        *_list_dimensions(telling),
    ]


def _interval(facts: SectorFacts, level: GroupLevel) -> tuple[float | None, float | None]:
    everybody = facts.group == EVERYBODY
    return (level.low, level.high) if everybody else (level.own_low, level.own_high)


def _name_line(telling: GroupTelling, top: GroupLevel, name: str) -> str:
    """Name a line, and which figure it is of where there are several."""
    if len(telling.facts.tops) == 1:
        return name
    return f"{telling.narrator.name(top.level, top.key)}, {begin_small(name)}"


def _list_before(telling: GroupTelling) -> Iterator[Line]:
    """What has become of those that took part both times."""
    facts, narrator = telling.facts, telling.narrator
    for top in facts.tops:
        change = facts.changes.get((top.level, top.key))
        if change is None or not top.published:
            continue
        told = sector_change(change) if telling.is_everybody else own_change(change)
        name = _name_line(telling, top, narrator.say("sector.line.before", period=change.period_from))
        if told.status != PUBLISHED or told.low is None or told.high is None:
            yield name, narrator.say("sector.line.before_hidden")
            continue
        words = _tell_difference(narrator, told, "change_certainty")
        yield name, narrator.say("sector.line.both", words=words, n=change.organisations_n)


def _list_country(telling: GroupTelling) -> Iterator[Line]:
    facts, narrator, country = telling.facts, telling.narrator, telling.country
    if country is None:
        return
    for top in facts.tops:
        gap, whole = facts.gaps.get((top.level, top.key)), country.level((top.level, top.key))
        if gap is None or whole.mean is None or gap.low is None:
            continue
        name = _name_line(telling, top, narrator.say("sector.line.country"))
        words = _tell_difference(narrator, gap, "certainty")
        yield name, narrator.say("sector.line.against", mean=whole.mean, words=words)


def _list_target(telling: GroupTelling) -> Iterator[Line]:
    facts, target, top = telling.facts, telling.target, telling.facts.composite
    if target is None or top is None or top.low is None or top.high is None or facts.group != EVERYBODY:
        return
    words = telling.narrator.say(
        f"sector.line.target_{telling.side(top)}", value=target.to_score, year=str(target.to_year)
    )
    yield telling.narrator.say("sector.line.target"), words


def _list_dimensions(telling: GroupTelling) -> Iterator[Line]:
    """Each dimension with its interval; how it lies against the country, or has changed."""
    facts, narrator = telling.facts, telling.narrator
    for figure in facts.shown("dimension") if facts.composite is not None else []:
        key = (figure.level, figure.key)
        low, high = _interval(facts, figure)
        words = narrator.number.percent(figure.mean or 0.0)
        if low is not None and high is not None:
            words += f" ({narrator.say('messages.uncertainty', low=low, high=high)})"
        change = facts.changes.get(key)
        if telling.is_everybody and change is not None and (c := sector_change(change)).value is not None:
            words += f"; {_tell_difference(narrator, c, 'change_certainty', sure=False)}"
            words += f" {narrator.say('page.since', period=change.period_from)}"
        elif not telling.is_everybody and (gap := facts.gaps.get(key)) is not None:
            words += f"; {_tell_difference(narrator, gap, 'certainty', sure=False)}"
            words += f" {narrator.say('sector.line.the_country')}" if gap.certain else ""
        yield narrator.name(*key), words


def _tell_difference(narrator: Narrator, c: Comparison, words: str, sure: bool = True) -> str:
    """Return a difference in percentage points with its interval (unless not `sure`), and whether it is certain."""
    told = narrator.say("sector.line.points", value=c.value)
    if sure and c.low is not None and c.high is not None:
        told += f" ({narrator.say('sector.line.between', low=c.low, high=c.high)})"
    return f"{told}, {narrator.say(f'{words}.{c.certainty}')}"
