"""What a server of reports asks of an outputs folder."""

from __future__ import annotations

from pathlib import Path

from dimios_core.page.index import OrganisationLabel
from dimios_core.runner.jobs import published_organisations
from dimios_core.runner.labels import label_organisations


def label_published(results: Path) -> dict[str, OrganisationLabel]:
    """Return what the list of reports tells of the organisations with published results, as they are now.

    Raises
    ------
    InputError
        There are no results, or some are damaged.
    """
    return label_organisations(results, published_organisations(results))
