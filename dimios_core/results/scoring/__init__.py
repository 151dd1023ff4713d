"""Scores and their uncertainty: answers -> respondents -> groups -> levels, variance, intervals, comparisons."""
