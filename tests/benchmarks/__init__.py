"""Benchmarks of the whole line, run by `make bench`; no part of the tests.

`python -m tests.benchmarks.bench_line --millions 1 10` makes an export of so many answers, runs the real
command line on it, and a plain pandas script beside it, and writes docs/performance.md.
"""
