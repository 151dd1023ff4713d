"""What initiatives and plans are tested with is what answers are tested with."""

from tests.responses.conftest import instrument, outputs

__all__ = ["instrument", "outputs"]
