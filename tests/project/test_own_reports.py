"""Own pages are no files to take along: those of a report are not replaced by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.project.planning import plan_orders
from dimios_core.runner.jobs import ReportJob
from dimios_core.runner.parameters import OrganisationParameters
from dimios_core.suites import load_suite

PARAMETERS = OrganisationParameters(organisation="almvik", period="2026", language="sv")


def test_pages_of_a_suite_of_one_s_own_are_refused(tmp_path):
    jobs = [ReportJob(path, PARAMETERS) for path in load_suite("organisation").paths]
    (order,) = plan_orders(jobs, tmp_path)
    assert order.pages == load_suite("organisation").pages
    with pytest.raises(InputError, match="teknik is of a suite that no files to take along are made of"):
        plan_orders([*jobs, ReportJob(Path("notebooks/own/teknik.ipynb"), PARAMETERS)], tmp_path)
