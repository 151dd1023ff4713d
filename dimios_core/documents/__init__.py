"""Files that people write: YAML read within bounds, every value with its line."""

from dimios_core.documents.models import Frozen, read_if_there, read_model
from dimios_core.documents.reading import Document, format_path, read_document

__all__ = ["Document", "Frozen", "format_path", "read_document", "read_if_there", "read_model"]
