"""Reports in bulk: published organisations -> jobs -> executed notebooks -> a manifest.

The only room that knows Papermill. It runs notebooks and computes no figure.
"""

from dimios_core.runner.batches import run_batch
from dimios_core.runner.execution import CellError, JobOutcome, RunSettings
from dimios_core.runner.jobs import (
    PublishedOrganisation,
    ReportJob,
    plan_consortium_jobs,
    plan_jobs,
    public_periods,
    published_organisations,
    read_results_version,
)
from dimios_core.runner.manifests import build_manifest, name_run, write_manifest
from dimios_core.runner.parameters import OrganisationParameters, ReportParameters
from dimios_core.runner.suites import Suite, list_suites, load_suite

__all__ = [
    "CellError",
    "JobOutcome",
    "OrganisationParameters",
    "PublishedOrganisation",
    "ReportJob",
    "ReportParameters",
    "RunSettings",
    "Suite",
    "build_manifest",
    "list_suites",
    "load_suite",
    "name_run",
    "plan_consortium_jobs",
    "plan_jobs",
    "public_periods",
    "published_organisations",
    "read_results_version",
    "run_batch",
    "write_manifest",
]
