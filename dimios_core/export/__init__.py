"""The same published figures in other formats: nothing is computed here, and nothing else than results is opened.

A format is a function from one organisation, period and language to a file's bytes; `production.FORMATS` lists them.
"""
