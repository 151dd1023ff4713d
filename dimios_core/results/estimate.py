"""Everything that is estimated, for a batch of organisations at once: levels, changes, regions.

The order of a batch: respondents → groups → what may be published (from counts alone) → scores with
variance → changes. Unrounded; the gate (`dimios_core.results.gate`) rounds and withholds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.instrument import Quadrants
from dimios_core.published.conventions import CERTAINTY_N_MIN, DONT_KNOW_MOST
from dimios_core.published.status import Status
from dimios_core.results.disclosure.bounds import Sums, widen_bounds
from dimios_core.results.disclosure.pattern import DOMINANCE_SHARE_MAX, Pattern, decide_pattern
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import Difference, change_between
from dimios_core.results.scoring.ends import ROUND_OFF, end_room
from dimios_core.results.scoring.groups import Block, Members
from dimios_core.results.scoring.intervals import region_radius
from dimios_core.results.scoring.linearise import Scores, score_groups
from dimios_core.results.scoring.matrix import Respondents


@dataclass(frozen=True)
class Batch:
    """Estimates of a batch; groups of all blocks stand under each other.

    Attributes
    ----------
    blocks : list of Block
        In the order of period within organisation.
    block_of : int array (groups,)
    members : Members
        Group and respondent numbers run over the whole batch.
    status : int array (groups, columns) of Status
        Of scores.
    dont_know_status : int array (groups, columns) of Status
        Of don't-know shares: a pattern of its own.
    scores : Scores
    dont_know_share : float array (groups, columns)
        Weighted share, 0-1, of those who answered or said "don't know"; 0.95 where fewer than the threshold can have
        answered.
    people_n : int array (groups,)
        Respondents.
    """

    blocks: list[Block]
    block_of: np.ndarray
    members: Members
    status: np.ndarray
    dont_know_status: np.ndarray
    scores: Scores
    dont_know_share: np.ndarray
    people_n: np.ndarray

    @property
    def unit(self) -> list[str]:
        """Unit of every group."""
        return [u for b in self.blocks for u in b.unit]

    @property
    def role(self) -> list[str]:
        """Role of every group."""
        return [r for b in self.blocks for r in b.role]

    @property
    def usable(self) -> np.ndarray:
        """Columns that may be published and so enter categories, shape (groups, columns)."""
        return self.status == Status.PUBLISHED


def estimate_batch(
    respondents: Respondents, blocks: list[Block], columns: Columns, pattern: Pattern | None = None
) -> Batch:
    """Score all groups of several blocks.

    Parameters
    ----------
    respondents : Respondents
        Of all blocks, in the blocks' order (`respondents.block` is the index into `blocks`).
    blocks : list of Block
    columns : Columns
    pattern : Pattern, optional
        Over the groups of all blocks: what may be published, and so enter categories; default as `decide_batch`
        decides. All published gives estimates of everything that was answered: not for publishing.

    Returns
    -------
    Batch
    """
    if pattern is None:
        pattern = decide_batch(respondents, blocks, columns)
    members, block_of = _members_of(respondents, blocks)
    scores = score_groups(respondents, members, pattern.scores == Status.PUBLISHED, columns)
    w = respondents.weight[:, None]
    asked = respondents.answered | respondents.dont_know
    base = members.sums_of(w * asked)
    unknown = members.sums_of(w * respondents.dont_know)
    share = np.divide(unknown, base, out=np.full(base.shape, np.nan), where=base > 0)
    few, weighted = (x[block_of, None] for x in (respondents.few, respondents.weighted))
    nearly_all = (
        100 * share >= 100 - end_room(members.sums_of(asked.astype(float)), few, weighted) - ROUND_OFF
    )
    return Batch(
        blocks=blocks,
        block_of=block_of,
        members=members,
        status=pattern.scores,
        dont_know_status=pattern.dont_know,
        scores=scores,
        dont_know_share=np.where(nearly_all, DONT_KNOW_MOST, share),
        people_n=np.diff(members.start),
    )


def _members_of(respondents: Respondents, blocks: list[Block]) -> tuple[Members, np.ndarray]:
    start = np.searchsorted(respondents.block, np.arange(len(blocks) + 1))
    group, who, offset = [], [], 0
    for i, block in enumerate(blocks):
        g, m = block.members()
        group.append(g + offset)
        who.append(m + start[i])
        offset += block.groups_n
    sizes = [b.groups_n for b in blocks]
    return Members(np.concatenate(group), np.concatenate(who), offset), np.repeat(
        np.arange(len(blocks)), sizes
    )


def decide_batch(respondents: Respondents, blocks: list[Block], columns: Columns) -> Pattern:
    """Decide what may be published of every group and column, over the groups of all blocks."""
    decided = [decide_status(respondents, b, i, columns) for i, b in enumerate(blocks)]
    return Pattern(np.vstack([p.scores for p in decided]), np.vstack([p.dont_know for p in decided]))


def decide_status(respondents: Respondents, block: Block, index: int, columns: Columns) -> Pattern:
    """Decide what may be published of one block: from counts, then withholding what would be bounded narrowly."""
    inside = slice(*np.searchsorted(respondents.block, [index, index + 1]))
    r = respondents.answered[inside]
    asked = r | respondents.dont_know[inside]
    to_atom = (block.atom_of[:, None] == np.arange(len(block.atoms))).T
    weight = respondents.weight[inside][:, None]
    dominated = _find_dominated(block, to_atom, weight * r), _find_dominated(block, to_atom, weight * asked)
    answered_n = to_atom.astype(int) @ r
    category_weight = columns.point_weight[:, None] * columns.in_category
    pattern = decide_pattern(
        block, answered_n, to_atom.astype(int) @ asked, dominated, columns.items_of, category_weight
    )
    sums = Sums(
        answers=answered_n,
        weight=to_atom.astype(float) @ (weight * r),
        total=to_atom.astype(float) @ (weight * np.nan_to_num(respondents.score_pct[inside])),
        grid=_find_grid(block, answered_n, columns) * ~respondents.weighted[index],
        dominated=dominated[0],
    )
    scores = widen_bounds(block, pattern.scores, sums, columns.items_of)
    return Pattern(scores, pattern.dont_know)


def _find_grid(block: Block, answers: np.ndarray, columns: Columns) -> np.ndarray:
    """Steps of one answer's score from 0 to 100 percent, int array (groups, columns).

    A mean of m items moves in m times finer steps, and in finer ones yet where somebody left an item out.
    """
    answered = block.rows @ answers
    whole, partly = columns.steps_n
    grid = np.tile(whole, (block.groups_n, 1))
    for point, items in columns.items_of.items():
        left_out = (answered[:, items] < answered[:, [point]]).any(axis=1)
        grid[left_out, point] = partly[point]
    return grid


def _find_dominated(block: Block, to_atom: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Groups and columns in which one respondent carries too much; `weight` is (respondents, columns), 0 without say."""
    shape = block.groups_n, weight.shape[1]
    if (weight == weight.max(initial=0.0)).all(where=weight > 0):
        return np.zeros(shape, bool)
    group, who = block.members()
    heaviest = np.zeros(shape)
    np.maximum.at(heaviest, group, weight[who])
    return heaviest > DOMINANCE_SHARE_MAX * (block.rows @ (to_atom @ weight))


@dataclass(frozen=True)
class Changes:
    """Changes of groups; `earlier` and `later` are group numbers, `difference` has a row a pair."""

    earlier: np.ndarray
    later: np.ndarray
    difference: Difference


def estimate_changes(batch: Batch, respondents: Respondents, columns: Columns) -> Changes:
    """Change of every group from the period before, and from the last period of the calendar year before.

    Only groups that exist in both periods; each is scored on the points that both periods have. A panel of
    fewer people than the threshold counts as none.
    """
    pairs = [pair for i, j in _period_pairs(batch.blocks) for pair in _group_pairs(batch, i, j)]
    earlier = np.array([p[0] for p in pairs], int)
    later = np.array([p[1] for p in pairs], int)
    threshold = np.array([b.threshold for b in batch.blocks], int)[batch.block_of]
    common_min = np.maximum(threshold[earlier], threshold[later])[:, None]
    difference = change_between(respondents, batch.members, batch.usable, earlier, later, columns, common_min)
    return Changes(earlier, later, difference)


def _period_pairs(blocks: list[Block]) -> list[tuple[int, int]]:
    pairs = set()
    for j, later in enumerate(blocks):
        before = [
            i
            for i, b in enumerate(blocks)
            if b.organisation == later.organisation and b.period < later.period
        ]
        years_before = [i for i in before if blocks[i].period[:4] < later.period[:4]]
        for candidates in (before, years_before):
            if candidates:
                pairs.add((max(candidates, key=lambda i: blocks[i].period), j))
    return sorted(pairs, key=lambda p: (p[1], p[0]))


def _group_pairs(batch: Batch, i: int, j: int) -> list[tuple[int, int]]:
    def numbered(block: int) -> dict[tuple[str, str], int]:
        first = int(np.searchsorted(batch.block_of, block))
        return {key: first + g for g, key in enumerate(batch.blocks[block].groups)}

    before, after = numbered(i), numbered(j)
    return [(before[key], after[key]) for key in after if key in before]


@dataclass(frozen=True)
class Regions:
    """Joint 95 % regions of the two quadrant dimensions, one row a group; NaN where there is none.

    `k·√S_dd` are the half widths; the ellipse has the radii and angle of k²·S. Where answers are so alike
    that S falls below the rounding floor, its diagonal is raised to it, so that words and drawing agree. Beside a
    shared variance the covariance follows from the correlation that is shared with it.
    """

    across: np.ndarray
    upwards: np.ndarray
    half_across: np.ndarray
    half_upwards: np.ndarray
    radius_major: np.ndarray
    radius_minor: np.ndarray
    angle_deg: np.ndarray
    n: np.ndarray
    placement: np.ndarray


def estimate_regions(batch: Batch, respondents: Respondents, columns: Columns) -> Regions | None:
    """Where groups lie in the plane of the two quadrant dimensions; None for instruments without quadrants.

    A border is crossed when |θ_d − border| < k·se_d. Placement is a quadrant ("A"), two ("A-B"), or
    "unplaced" (both borders crossed, fewer than eight respondents, or no result).
    """
    plane = columns.instrument.quadrants
    if plane is None:
        return None
    rows = dict(zip(columns.level_rows, range(len(columns.level_rows)), strict=True))
    at = [rows["dimension", plane.across], rows["dimension", plane.upwards]]
    z = batch.scores.design_deviations(at)
    n = batch.members.sums(batch.scores.in_use[:, at].any(axis=1).astype(float))
    strata_n = (batch.scores.n - batch.scores.df)[:, at].max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = batch.members.sums(z[:, 0] * z[:, 1])
        k = region_radius(n - strata_n)
    se = batch.scores.floored_se[:, at]
    correlation = respondents.correlation[batch.block_of]
    common = batch.scores.shared[:, at].any(axis=1) & np.isfinite(correlation)
    cross = np.where(common, correlation * se[:, 0] * se[:, 1], cross)
    score = batch.scores.score_pct[:, at]
    covariance = np.stack([np.stack([se[:, 0] ** 2, cross], -1), np.stack([cross, se[:, 1] ** 2], -1)], -2)
    valid = (n >= CERTAINTY_N_MIN) & np.isfinite(covariance).all(axis=(1, 2)) & np.isfinite(score).all(axis=1)
    values, vectors = np.linalg.eigh(np.where(valid[:, None, None], covariance, np.eye(2)))
    radii = k[:, None] * np.sqrt(np.maximum(values, 0))
    angle = np.degrees(np.arctan2(vectors[:, 1, 1], vectors[:, 0, 1])) % 180
    half = k[:, None] * se
    crossed = np.abs(score - plane.border) < half
    placement = [_place(plane, *score[g], *crossed[g]) if valid[g] else "unplaced" for g in range(len(score))]

    def blank(x: np.ndarray) -> np.ndarray:
        return np.where(valid, x, np.nan)

    return Regions(
        across=blank(score[:, 0]),
        upwards=blank(score[:, 1]),
        half_across=blank(half[:, 0]),
        half_upwards=blank(half[:, 1]),
        radius_major=blank(radii[:, 1]),
        radius_minor=blank(radii[:, 0]),
        angle_deg=blank(angle),
        n=n.astype(int),
        placement=np.array(placement, object),
    )


def _place(
    plane: Quadrants, across: float, upwards: float, across_crossed: bool, upwards_crossed: bool
) -> str:
    if across_crossed and upwards_crossed:
        return "unplaced"
    here = plane.cell_at(across, upwards)
    if not across_crossed and not upwards_crossed:
        return here.id
    beside = next(
        c
        for c in plane.cells
        if c.id != here.id and (c.upwards == here.upwards if across_crossed else c.across == here.across)
    )
    return "-".join(sorted([here.id, beside.id]))
