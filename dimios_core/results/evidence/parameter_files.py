"""Reads parameter files that are copied to the public part: YAML, checked against a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dimios_core.errors import InputError, Problem
from dimios_core.languages.texts import LOADER


def read_checked(path: Path, model: type[Any]) -> Any:
    """Return the checked content of a file; None where there is none.

    Raises
    ------
    InputError
        The file is not YAML, or not what the model asks for; all problems at once.
    """
    if not path.is_file():
        return None
    try:
        return model.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(Problem(path.name, f"not readable as YAML: {error}", "mend the file")) from None
    except ValidationError as error:
        raise InputError(
            [
                Problem(
                    f"{path.name}, {'.'.join(map(str, e['loc'])) or 'the whole file'}", e["msg"], "mend it"
                )
                for e in error.errors()
            ]
        ) from None
