"""Running the command line in this process, and reading what it made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner, Result

from dimios_core.cli import app
from dimios_core.published.store import PublishedResults, list_organisations

HERE = Path(__file__).parent
INSTRUMENTS, MAPPINGS = HERE / "instruments", HERE / "mappings"


def run_dimios(*arguments: object) -> Result:
    """Run a command, and show what it said where it failed."""
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return result


@dataclass(frozen=True)
class RealRun:
    """Outputs that a real data set went into, the instrument, and the raw data as its publisher made it."""

    outputs: Path
    instrument: Path
    raw: pd.DataFrame
    key_file: Path

    @property
    def results(self) -> Path:
        """The published results."""
        return self.outputs / "results"

    @property
    def estimates(self) -> pd.DataFrame:
        """Everything estimated, indexed by organisation, period, unit, role, level and key."""
        keys = ["organisation", "period", "unit", "role", "level", "key"]
        frame = pd.read_parquet(self.outputs / "estimates" / "estimates.parquet")
        return frame.astype(dict.fromkeys(keys, str)).set_index(keys).sort_index()

    def published(self, table: str) -> pd.DataFrame:
        """A published table of all organisations, with `organisation`; texts as str."""
        frames = [
            getattr(PublishedResults(self.results, name), table).assign(organisation=name)
            for name in list_organisations(self.results)
        ]
        frame = pd.concat(frames, ignore_index=True)
        texts = [
            c for c in frame if isinstance(frame[c].dtype, pd.CategoricalDtype) or frame[c].dtype == object
        ]
        return frame.astype(dict.fromkeys(texts, str))
