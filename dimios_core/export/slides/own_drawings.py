"""What the slides of one organisation are drawn of: its pages, speaking as "we", and their charts and tables as outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dimios_core.export.slides.speaker import PROFILE_MIN_N, Speaker
from dimios_core.instrument.lead import begin_large
from dimios_core.office.slides.outline import Dot, Levels, Plane, Profile, SlideTable
from dimios_core.published.store import PublishedResults
from dimios_core.report.charts.parts import list_ellipse
from dimios_core.report.figures import Figure
from dimios_core.report.messages.telling import Telling
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.improvements.page import Improvements
from dimios_core.report.pages.internal_comparison.page import InternalComparison
from dimios_core.report.pages.our_result.charts import cut_plane, find_region
from dimios_core.report.pages.our_result.facts import gather_peer_positions
from dimios_core.report.pages.our_result.page import OurResult


@dataclass(frozen=True)
class OwnSpeaker(Speaker):
    """Speaks for one organisation in one period.

    Parameters
    ----------
    results : PublishedResults
    period, language : str
    """

    results: PublishedResults
    period: str
    language: str

    @cached_property
    def own(self) -> OurResult:
        """Where it stands."""
        return OurResult(self.results, self.period, self.language).spoken_by("we")

    @cached_property
    def inside(self) -> InternalComparison:
        """Its units and roles."""
        return InternalComparison(self.results, self.period, self.language).spoken_by("we")

    @cached_property
    def better(self) -> Improvements:
        """What it may do, and what came of its plans."""
        return Improvements(self.results, self.period, self.language).spoken_by("we")

    @property
    def narrator(self) -> Narrator:
        """Tells findings as "we"."""
        return self.own.narrator

    @property
    def messages(self) -> Telling:
        """The ranked messages: titles are theirs, and so are the answers."""
        return self.own.messages

    def draw_plane(self) -> Plane | None:
        """Return the plane with one's own path, region and the peers' mean; None where there is no place."""
        own, narrator = self.own, self.own.narrator
        facts, plane, places = own.facts, own.facts.instrument.quadrants, own.history.positions
        if (
            plane is None
            or (now := places.get(self.period)) is None
            or now.across is None
            or now.upwards is None
        ):
            return None
        path = []
        for p in own.history.until(self.period):
            place = places.get(p)
            if place is not None and place.across is not None and place.upwards is not None:
                halves = (place.half_across, place.half_upwards) if p == self.period else (None, None)
                path.append(Dot(p, place.across, place.upwards, *halves))
        gaps = [facts.gaps.get(("dimension", d)) for d in (plane.across, plane.upwards)]
        means = [g.reference for g in gaps if g is not None and g.reference is not None]
        reference = None
        if facts.group is not None and len(means) == 2:
            reference = Dot(narrator.say("page.peers_mean", group=facts.group), means[0], means[1])
        peers = gather_peer_positions(self.results, self.period, facts.group)
        low, high = cut_plane(own.history, peers, self.period, plane.border)
        corners: dict[tuple[str, str], str] = {
            (c.upwards, c.across): f"{c.id}: {facts.instrument.text(c.name, self.language)}"
            for c in plane.cells
        }
        order = (("low", "low"), ("low", "high"), ("high", "low"), ("high", "high"))
        first, second, third, fourth = (corners.get(place, "") for place in order)
        return Plane(
            across=narrator.name("dimension", plane.across),
            upwards=narrator.name("dimension", plane.upwards),
            border=plane.border,
            low=low,
            high=high,
            corners=(first, second, third, fourth),
            path_name=self.say("where.path"),
            own_name=self.say("where.own", period=self.period),
            path=tuple(path),
            reference=reference,
            peers_name=begin_large(self.say("where.peers", group=facts.group))
            if peers and facts.group
            else "",
            peers=tuple(Dot(p.name, p.across, p.upwards) for p in peers) if facts.group else (),
            region_name=self.say("where.region"),
            region=self._list_region(low, high),
        )

    def _list_region(self, low: float, high: float) -> tuple[tuple[float, float], ...]:
        """Return the corners of one's own region as the page draws it; none where it is not published."""
        region = find_region(self.own.history, self.period)
        if region is None:
            return ()
        place, half_axes = (region.across, region.upwards), (region.major, region.minor)
        return tuple(list_ellipse(*place, *half_axes, region.angle, low, high))

    def draw_profile(self, names: tuple[str, ...], figures: Sequence[Figure]) -> Profile | None:
        """Return levels beside the peers' means; None where one is missing: a gap would be read as a level."""
        facts, gaps = self.own.facts, [self.own.facts.gaps.get((f.level, f.key)) for f in figures]
        scores = tuple(f.score for f in figures)
        references = tuple(g.reference if g is not None else None for g in gaps)
        if facts.group is None or len(names) < PROFILE_MIN_N or None in (*scores, *references):
            return None
        others = self.own.narrator.say("page.peers_mean", group=facts.group)
        return Profile(names, self.say("own"), scores, others, references)

    def draw_levels(
        self,
        names: tuple[str, ...],
        figures: Sequence[Figure],
        reference: str = "",
        references: tuple[float | None, ...] = (),
        joined: bool = False,
    ) -> Levels | None:
        """Return levels with their intervals, beside references; None where none is published."""
        if not any(f.published for f in figures):
            return None
        scores, lows, highs = (tuple(getattr(f, part) for f in figures) for part in ("score", "low", "high"))
        own, interval = self.say("own"), self.say("interval")
        return Levels(names, scores, lows, highs, own, interval, reference, references, joined)

    def write_level(self, figure: Figure) -> str:
        """Return a figure with its interval, or why there is none."""
        if figure.score is None or figure.low is None or figure.high is None:
            return self.own.narrator.say(f"status.{figure.status}")
        number = self.own.narrator.number
        return f"{number.score(figure.score)} ({number.interval(figure.low, figure.high)})"

    def write_points(self, points: Sequence[Figure]) -> SlideTable:
        """Return points with their intervals, and their differences to the peers where there are any."""
        narrator, facts = self.own.narrator, self.own.facts
        say, number = narrator.say, narrator.number
        headers = [say("table.point"), say("table.score"), say("table.interval")]
        if facts.group is not None:
            columns = ("benchmark", "gap", "certainty")
            headers += [say(f"table.{c}", group=facts.group) for c in columns]
        rows = []
        for f in points:
            row = [
                narrator.name("point", f.key),
                number.score(f.score or 0),
                number.interval(f.low or 0, f.high or 0),
            ]
            gap = facts.gaps.get(("point", f.key))
            if (
                facts.group is not None
                and gap is not None
                and gap.value is not None
                and gap.reference is not None
            ):
                row += [
                    number.score(gap.reference),
                    number.signed(gap.value),
                    say(f"certainty.{gap.certainty}"),
                ]
            elif facts.group is not None:
                row += ["–", "–", say(f"status.{gap.status}") if gap is not None else "–"]
            rows.append(tuple(row))
        return SlideTable(tuple(headers), tuple(rows), (6, 3, 3, 4, 3, 4)[: len(headers)], (1, 2, 3, 4))
