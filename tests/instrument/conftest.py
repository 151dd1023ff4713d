"""A small valid instrument, as text, for the tests to spoil one line at a time."""

import pytest

SMALL = """\
id: small
version: 1
languages: [sv, en]
name: {sv: Liten, en: Small}
source: {sv: Påhittad, en: Made up}
scales:
  default:
    lowest: 1
    highest: 5
    step: 1
    labels:
      1: {sv: Nej, en: No}
      5: {sv: Ja, en: Yes}
    dont_know: {sv: Vet ej, en: Don't know}
roles:
  - id: leaders
    name: {sv: Ledare, en: Leaders}
dimensions:
  - id: left
    name: {sv: Vänster, en: Left}
  - id: right
    name: {sv: Höger, en: Right}
categories:
  - id: apples
    dimension: left
    weight: 2
    name: {sv: Äpplen, en: Apples}
  - id: pears
    dimension: right
    name: {sv: Päron, en: Pears}
points:
  - id: colour
    category: apples
    name: {sv: Färg, en: Colour}
    items:
      - id: red
        statement: {sv: De är röda., en: They are red.}
      - id: pale
        statement: {sv: De är bleka., en: They are pale.}
        reversed: true
  - id: taste
    category: pears
    weight: 0.5
    name: {sv: Smak, en: Taste}
    items:
      - id: sweet
        statement: {sv: De är söta., en: They are sweet.}
        scale: default
quadrants:
  across: right
  upwards: left
  border: 50
  across_low: {sv: a, en: a}
  across_high: {sv: b, en: b}
  upwards_low: {sv: c, en: c}
  upwards_high: {sv: d, en: d}
  cells:
    - {id: A, across: low, upwards: low, name: {sv: A, en: A}, summary: {sv: s, en: s}, recommendation: {sv: r, en: r}}
    - {id: B, across: high, upwards: low, name: {sv: B, en: B}, summary: {sv: s, en: s}, recommendation: {sv: r, en: r}}
    - {id: C, across: low, upwards: high, name: {sv: C, en: C}, summary: {sv: s, en: s}, recommendation: {sv: r, en: r}}
    - {id: D, across: high, upwards: high, name: {sv: D, en: D}, summary: {sv: s, en: s}, recommendation: {sv: r, en: r}}
composite: {name: {sv: Frukt, en: Fruit}}
"""


@pytest.fixture
def small_text() -> str:
    return SMALL
