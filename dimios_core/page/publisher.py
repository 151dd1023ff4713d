"""Who puts the reports on the web, and how they are reached (parameters/publisher.yaml)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, ConfigDict

from dimios_core.documents import Frozen, read_if_there
from dimios_core.places import parameters_dir

NAME = "publisher.yaml"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"\+?[\d][\d -]{4,}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _held(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(text: str) -> str:
        if text and not pattern.fullmatch(text):
            raise ValueError(f"{text!r} is no {what}")
        return text

    return AfterValidator(check)


class Publisher(Frozen):
    """Who is responsible for the reports on the web; what is not told is "".

    Attributes
    ----------
    name, service : str
        The public body, and what its site is called.
    email, phone : str
        Where readers tell of what they cannot use.
    reviewed : str
        YYYY-MM-DD: when the publisher last looked through the pages.
    """

    model_config = ConfigDict(strict=True)

    name: str = ""
    service: str = ""
    email: Annotated[str, _held(_MAIL, "mail address")] = ""
    phone: Annotated[str, _held(_PHONE, "telephone number")] = ""
    reviewed: Annotated[str, _held(_DAY, "date such as 2026-11-30")] = ""

    @property
    def can_be_reached(self) -> bool:
        """Whether readers can tell somebody."""
        return bool(self.email or self.phone)


def load_publisher() -> Publisher:
    """Load the project's publisher; one of whom nothing is told where there is no file.

    Raises
    ------
    InputError
        The file is none of a publisher; all problems at once.
    """
    return read_if_there(parameters_dir() / NAME, Publisher, "publisher") or Publisher()
