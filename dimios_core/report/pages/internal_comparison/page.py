"""Intern jämförelse: what `notebooks/organisation/internal_comparison.ipynb` calls, section by section."""

from __future__ import annotations

from functools import cached_property

from dimios_core.instrument.lead import lead_of
from dimios_core.markup import Markup, join, markup
from dimios_core.published.conventions import INVITED_MIN, NON_ANSWERERS_MIN
from dimios_core.published.gathering import gather_once
from dimios_core.report.base_pages import OrganisationPage, heading
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.figures import WHOLE, Figure, Key
from dimios_core.report.groups.group_facts import ORGANISATION, Group, GroupFacts, gather_groups
from dimios_core.report.groups.narrator import GroupNarrator, narrate_groups
from dimios_core.report.groups.rates import chart_rates, find_response, render_rates
from dimios_core.report.groups.sides import first_side, list_side
from dimios_core.report.pages.internal_comparison.charts import (
    chart_differences,
    chart_heat,
    chart_lines,
    chart_pair,
    chart_scores,
    chart_spread,
    order_pair,
)
from dimios_core.report.pages.internal_comparison.facts import (
    KINDS,
    first_key,
    first_pair,
    gather_lead,
    list_keys,
    list_pairs,
    list_sides,
    pick_small_units,
)
from dimios_core.report.pages.internal_comparison.findings import (
    SIDES,
    find_changed,
    find_difference_rows,
    find_differences,
    find_heat,
    find_left_out,
    find_pair,
    find_shown,
    find_spread,
    find_view,
    pair_contrasts,
)
from dimios_core.report.pages.internal_comparison.tables import ROLES, choose_units, write_cards, write_offer
from dimios_core.report.plain_words import explain_points
from dimios_core.report.widgets import Control

#: small type at the end of the page, in this order
READING = ("reading.interval", "reading.certain", "internal.reading.rest", "internal.reading.rates",
           "internal.reading.spread", "reading.hidden", "reading.caution")  # fmt: skip


class InternalComparison(OrganisationPage):
    """Units and roles of one organisation: whether they see the same organisation, and who answered."""

    name = "internal_comparison"

    @cached_property
    def groups(self) -> GroupFacts:
        """Published figures of the groups in the page's own period."""
        return gather_once(gather_groups, self.results, self.period)

    @cached_property
    def narrator(self) -> GroupNarrator:
        """Tells findings about groups in the page's language."""
        return self.narrate_groups(self.groups)

    def narrate_groups(self, groups: GroupFacts) -> GroupNarrator:
        """Return the narrator of the groups of any period."""
        return narrate_groups(self.facts, groups, self.language, self.voice)

    @property
    def lead(self) -> Key:
        """The figure that the page leads with."""
        return lead_of(self.results.instrument)

    @property
    def categories(self) -> list[Key]:
        """The composite, where there is one, and the categories."""
        return list_keys(self.results.instrument, "category")

    @cached_property
    def past(self) -> dict[str, dict[Group, Figure]]:
        """What the page leads with of the groups in every period until the page's own, oldest first."""
        return {p: gather_lead(self.results, p) for p in self.history.until(self.period)}

    # -- the opening ---------------------------------------------------------------------------------

    def overview(self) -> Piece:
        """Do units and roles see the same organisation? The widest certain difference, and how many answered."""
        tell, keys = self.narrator.tell, self.categories
        view = [find_view(self.groups, kind, keys) for kind in SIDES]
        words = markup('<p class="lead">{}</p>', " ".join(tell(f) for f in view))
        shown = " ".join([self.response(), *(tell(f) for f in find_shown(self.groups, keys))])
        if self.groups.unasked:
            listed = self.narrator.number.listed(self.groups.unasked)
            shown += " " + self.narrator.say(
                "internal.unasked", listed=listed, unasked_n=len(self.groups.unasked)
            )
        return self.open_page(markup('{}<p class="quiet">{}</p>{}', words, shown, self._answered_list()))

    def _answered_list(self) -> Markup:
        """How many answered in each unit directly under the organisation, or why that is not shown."""
        say = self.narrator.say
        rows = []
        for unit in self.groups.children(WHOLE):
            group = (unit.id, WHOLE)
            n, reason = self.answered(group)
            words = say("internal.page.answered_n", n=n) if n is not None else reason
            rows.append(markup("<dt>{}</dt><dd>{}</dd>", self.narrator.name_who(group), words))
        if not rows:
            return Markup()
        return heading(say("internal.page.answered")) + markup("<dl>{}</dl>", join(rows))

    def answered(self, group: Group) -> tuple[int | None, str]:
        """Return how many of a group answered as far as that is published, else why not."""
        rate = self.groups.rates.get(group)
        if rate is not None and rate.answered is not None:
            return rate.answered, ""
        counts = [f.n for (g, _), f in self.groups.figures.items() if g == group and f.n is not None]
        reason = self.narrator.say(f"internal.short_status.{self.groups.figure(group, self.lead).status}")
        return (max(counts), "") if counts else (None, reason)

    # -- the evidence --------------------------------------------------------------------------------

    def heat_map(self) -> LivePiece:
        """Units or roles × figures; choose groups, level and period."""

        def render(groups: str, level: str, period: str) -> Markup:
            narrator = self.narrate_period(period)
            chosen, keys = list_side(narrator.groups, groups), list_keys(self.results.instrument, level)
            found = [*find_heat(narrator.groups, chosen, keys), *find_left_out(narrator.groups, groups)]
            told = self.answer(*(narrator.tell(f) for f in found))
            html = told + self.render(chart_heat(narrator, chosen, keys))
            points = [key for kind, key in keys if kind == "point"]
            return html + join(explain_points(self.narrator, words, points).values())

        say, words = self.narrator.say, self.results.glossary["points"]
        levels = [(say(f"internal.control.levels.{level}"), level) for level in ("category", "dimension")]
        for category in self.results.instrument.categories:
            name = self.narrator.name("category", category.id)
            levels.append((say("internal.control.points", name=name), category.id))
        level = Control("level", say("internal.control.level"), tuple(levels), "category")
        controls = (self._side_control(both=True), level, self.period_control())
        return self.live(say("internal.page.heat"), controls, render)

    def differences(self) -> LivePiece:
        """Where groups differ from the rest for certain, and where it may be chance; choose groups and figure."""

        def render(groups: str, figure: str) -> Markup:
            level, _, name = figure.partition(":")
            words = [self.narrator.tell(f) for f in find_differences(self.groups, KINDS[groups])]
            chart = self.difference_chart(groups, (level, name))
            if chart is None:
                return self.answer(*words)
            small = pick_small_units(self.results, self.groups, groups, (level, name))
            offer = write_offer(self.narrator, small, (level, name))
            return self.answer(*words) + markup("<p>{}</p>", chart.conclusion) + self.render(chart) + offer

        side = first_side(self.groups)
        keys = dict.fromkeys([*list_keys(self.results.instrument, "dimension"), *self.categories])
        options = tuple((self.narrator.name(*k), ":".join(k)) for k in keys)
        chosen = ":".join(first_key(self.groups, side, self.lead))
        control = Control("figure", self.narrator.say("internal.control.key"), options, chosen)
        title = "internal.page.differences" + ("_roles" if side == "roles" else "")
        return self.live(self.narrator.say(title), (self._side_control(), control), render)

    def unit_cards(self) -> LivePiece:
        """A unit with its parent and its children side by side; choose the unit."""

        def render(unit: str) -> Markup:
            groups = [g for g, _ in choose_units(self.groups, unit)]
            words = self.narrator.tell(find_changed(self.groups, groups))
            return (
                self.answer(words)
                + write_cards(self.narrator, unit)
                + self.render(chart_lines(self.narrator, groups, self.past))
            )

        name = self.narrator.name_who
        options = [(name(ORGANISATION), WHOLE)]
        options += [
            (f"{'– ' * (u.depth - 1)}{name((u.id, WHOLE))}", u.id) for u in self.groups.units if not u.direct
        ]
        if self.groups.roles:
            options.append((self.narrator.say("internal.control.roles"), ROLES))
        chosen = WHOLE if self.groups.units or not self.groups.roles else ROLES
        control = Control("unit", self.narrator.say("internal.control.unit"), tuple(options), chosen)
        return self.live(self.narrator.say("internal.page.cards"), (control,), render)

    def role_groups(self) -> LivePiece:
        """What the page leads with of each role, and how two roles differ; choose which two."""

        def render(pair: str) -> Markup:
            if not pair:
                return Markup()
            first, second = pair.split(":")
            who = {"first": (WHOLE, first), "second": (WHOLE, second)}
            title = markup("<h3>{}</h3>", self.narrator.say("internal.page.pair", **who))
            words = self.answer(*self.tell_pair(first, second))
            return title + words + self.render(self.pair_chart(first, second))

        say, tell = self.narrator.say, self.narrator.tell
        words = [tell(find_view(self.groups, "role_rest", self.categories))]
        if self.groups.roles:
            words.append(tell(find_changed(self.groups, self.groups.role_groups())))
        above = self.answer(*words) + self.render(self.role_chart())
        pairs = tuple(
            (say("internal.page.pair", first=(WHOLE, a), second=(WHOLE, b)), f"{a}:{b}")
            for a, b in list_pairs(self.groups)
        )
        chosen = ":".join(first_pair(self.groups) or ())
        control = Control("pair", say("internal.control.pair"), pairs or (("", ""),), chosen)
        return self.live(say("internal.page.roles"), (control,), render, above)

    def spread(self) -> Piece:
        """Whether different views are a matter of leadership level or of administration."""
        chart = chart_spread(self.narrator)
        words = self.answer(find_spread(self.groups))
        return self.piece(self.narrator.say("internal.page.spread"), words + self.render(chart))

    def response_rates(self) -> Piece:
        """Response rate by unit and role with its band, and who is missing."""
        chart = gather_once(render_rates, self.results, self.period, self.language, self.voice)
        words = self.answer(*find_response(self.groups))
        # shown as it stands on the page in JupyterLab, too: a second form would make the notebook heavy
        return self.piece(self.narrator.say("internal.page.response"), words + chart)

    def how_to_read(self) -> Piece:
        """How the groups are compared, what is not shown, cautions."""
        limits = {"invited": INVITED_MIN, "silent": NON_ANSWERERS_MIN}
        return self.small_print([self.narrator.say(name, **limits) for name in READING])

    def tell_pair(self, first: str, second: str) -> list[str]:
        """Return how two roles differ; first that the model's outermost roles cannot be compared, where they cannot."""
        found = [find_pair(self.groups, first, second, self.lead)]
        outermost = list_pairs(self.groups)[0]
        if (first, second) == first_pair(self.groups) != outermost:
            found.insert(0, find_pair(self.groups, *outermost, self.lead))
        return [self.narrator.tell(f) for f in found]

    # -- choices -------------------------------------------------------------------------------------

    def narrate_period(self, period: str) -> GroupNarrator:
        """Return the narrator of the groups of a period, as a control chooses it."""
        if period == self.period:
            return self.narrator
        return self.narrate_groups(gather_groups(self.results, period))

    def _side_control(self, both: bool = False) -> Control:
        say, sides = self.narrator.say, list_sides(self.groups, both)
        options = tuple((say(f"internal.control.{s}"), s) for s in sides)
        return Control("groups", say("internal.control.groups"), options, sides[0])

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        """Every chart of the page by name."""
        side, units = first_side(self.groups), [g for g, _ in choose_units(self.groups, WHOLE)]
        pair, first = first_pair(self.groups), list_sides(self.groups, both=True)[0]
        found = {
            "heat_map": chart_heat(self.narrator, list_side(self.groups, first), self.categories),
            "differences": self.difference_chart(side, first_key(self.groups, side, self.lead)),
            "lines": chart_lines(self.narrator, units, self.past),
            "roles": self.role_chart(),
            "pair": self.pair_chart(*pair) if pair else None,
            "spread": chart_spread(self.narrator),
            "response_rates": chart_rates(self.narrator),
        }
        return Charts.of(found)

    def difference_chart(self, side: str, key: Key) -> Chart | None:
        """Return the differences of units or roles from the rest on one figure; None where none is shown."""
        order = {g: i for i, g in enumerate(list_side(self.groups, side))}
        contrasts = [
            c for c in self.groups.contrasts_of(KINDS[side]) if c.key == key and (c.unit, c.role) in order
        ]
        if find_difference_rows(contrasts, key).kind == "internal_rows_empty":
            return None
        contrasts.sort(key=lambda c: order[c.unit, c.role])
        title = self.narrator.say("internal.rest_title", name=self.narrator.name(*key))
        return chart_differences(self.narrator, contrasts, key, title, f"{side}-rest")

    def role_chart(self) -> Chart | None:
        """Return what the page leads with of the roles; None where there are none, or no one's is shown."""
        roles = self.groups.role_groups()
        if not self.groups.shown(roles, [self.lead]):
            return None
        words = self.narrator.tell(find_view(self.groups, "role_rest", self.categories))
        return chart_scores(self.narrator, roles, words, self.narrator.say("internal.scores_title"))

    def pair_chart(self, first: str, second: str) -> Chart | None:
        """Return how two roles differ; None where nothing of that is published."""
        contrasts = order_pair(self.narrator, pair_contrasts(self.groups, first, second))
        if not any(c.comparison.published for c in contrasts):
            return None
        return chart_pair(self.narrator, contrasts, first, second)
