"""Reports in bulk: published organisations -> jobs -> executed notebooks -> a manifest.

The only room that knows Papermill. It runs notebooks and computes no figure.
"""

from dimios_core.forking.late_imports import delay, delay_grammar

delay_grammar()  # before Papermill imports nbformat

# Before any module of ours: Papermill loads the engine, by its entry point, while it is imported itself.
with delay("requests"):  # Papermill has it for notebooks that lie on a server
    import papermill  # noqa: F401
