"""The research workbench: answers -> models. Restricted: it opens answers, and nothing that is served imports it."""

from dimios_core.research.answers import Answers
from dimios_core.research.bootstrap import bootstrap
from dimios_core.research.careless import careless
from dimios_core.research.cfa import cfa
from dimios_core.research.dif import dif
from dimios_core.research.event_search import search_events
from dimios_core.research.event_study import event_study
from dimios_core.research.factors import efa, parallel_analysis
from dimios_core.research.group_means import group_means
from dimios_core.research.invariance import invariance
from dimios_core.research.loading import load_answers, load_package
from dimios_core.research.mixed import fit_mixed
from dimios_core.research.nonresponse import nonresponse, rake
from dimios_core.research.ordinal import cfa_ordinal
from dimios_core.research.polychoric import polychoric
from dimios_core.research.publishable import publishable
from dimios_core.research.reliability import reliability
from dimios_core.research.sums import Sums, gather_sums
from dimios_core.research.tallies import changes, counts, means, shares
from dimios_core.research.trajectories import trajectories

__all__ = [
    "Answers",
    "Sums",
    "bootstrap",
    "careless",
    "cfa",
    "cfa_ordinal",
    "changes",
    "counts",
    "dif",
    "efa",
    "event_study",
    "fit_mixed",
    "gather_sums",
    "group_means",
    "invariance",
    "load_answers",
    "load_package",
    "means",
    "nonresponse",
    "parallel_analysis",
    "polychoric",
    "publishable",
    "rake",
    "reliability",
    "search_events",
    "shares",
    "trajectories",
]
