"""Addresses that respondents open: scheme and host alone, and never without TLS but on this machine."""

from __future__ import annotations

import pytest

from dimios_core import Project
from dimios_core.errors import InputError
from dimios_core.project.opening_surveys import check_address


@pytest.mark.parametrize(
    "address",
    ["https://svar.example.se", "https://svar.example.se:8443/", "http://127.0.0.1:8877", "http://[::1]:80", "http://localhost"],
)  # fmt: skip
def test_an_address_that_is_safe(address):
    assert not [*check_address(address)]


@pytest.mark.parametrize(
    "address",
    [
        "", "svar.example.se", "http://svar.example.se", "ftp://svar.example.se", "https://", "https://svar.example.se/enkät",
        "https://svar.example.se?a", "https://svar.example.se#a", "https://eva@svar.example.se", "https://[bad", "https://svar.example.se:x",
        "https://svar.\nexample.se", "https://svar.example.se\n", "https://svår.example.se", "http://127.0.0.1.example.se",
    ],
)  # fmt: skip
def test_an_address_that_is_not(address):
    (problem,) = check_address(address)
    assert "safely open" in str(problem)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "svar.example.se", "", "::"])
def test_the_form_is_served_to_others_under_tls_alone(tmp_path, host):
    with pytest.raises(InputError, match="safely open"):
        Project(tmp_path, progress=None).collecting(tmp_path).serve(host, 0, "", lambda *_: None)
