"""DiMiOS: from raw answers about digital maturity to reports that people act on."""

__version__ = "0.1.0"
