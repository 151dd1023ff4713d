"""Who puts the reports on the web, and how they are reached (parameters/publisher.yaml)."""

from __future__ import annotations

import re
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from dimios_core.errors import InputError, Problem
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


class Publisher(BaseModel):
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

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

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
    path = parameters_dir() / NAME
    if not path.is_file():
        return Publisher()
    try:
        return Publisher.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, UnicodeDecodeError):
        raise InputError(Problem(str(path), "it is not YAML", "mend the file")) from None
    except ValidationError as error:
        raise InputError(
            [
                Problem(
                    f"{path}: {'.'.join(map(str, e['loc'])) or 'file'}",
                    e["msg"],
                    "mend the entry; text in quotes",
                )
                for e in error.errors()
            ]
        ) from None
