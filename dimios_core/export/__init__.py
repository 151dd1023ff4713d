"""The same published figures in other formats: nothing is computed here, and no answers are opened but for research.

`production` makes the files of reports, of what `pdf`, `slides` and `workbook` plan and `office` writes; `data` makes data
packages.
"""

from dimios_core.forking.late_imports import delay_grammar

delay_grammar()  # before nbformat is imported
