"""Reports in bulk: published organisations -> jobs -> executed notebooks -> a manifest.

The only room that knows Papermill. It runs notebooks and computes no figure.
"""

# Before any module of ours: Papermill loads the engine, by its entry point, while it is imported itself.
import papermill  # noqa: F401
