"""Reports in bulk: published organisations -> jobs -> executed notebooks -> a manifest.

The only room that knows Papermill. It runs notebooks and computes no figure.
"""

from dimios_core.runner.batches import run_batch
from dimios_core.runner.execution import CellError, JobOutcome, RunSettings
from dimios_core.runner.jobs import (
    PublishedOrganisation,
    ReportJob,
    plan_jobs,
    published_organisations,
    read_results_version,
)
from dimios_core.runner.manifests import build_manifest, name_run, write_manifest
from dimios_core.runner.parameters import ReportParameters

__all__ = [
    "CellError",
    "JobOutcome",
    "PublishedOrganisation",
    "ReportJob",
    "ReportParameters",
    "RunSettings",
    "build_manifest",
    "name_run",
    "plan_jobs",
    "published_organisations",
    "read_results_version",
    "run_batch",
    "write_manifest",
]
