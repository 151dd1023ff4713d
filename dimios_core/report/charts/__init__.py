"""Charts as plotly figure dictionaries: the only place that knows plotly's language.

They are built from plain rows of labels, numbers, words and colours, defined here beside what draws them; a page's
`charts` module makes those of its facts. A chart kind is a module: `intervals`, `shares`, `groups`, `strip`, … Kinds
whose figures stand in rows share `rows`; scales are cut in `scales`, colours chosen in `colours`. The SVG that pages
show is drawn of the same dictionary (`dimios_core.report.svg`).
"""
