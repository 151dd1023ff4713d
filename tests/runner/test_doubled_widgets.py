"""Widgets that stand beside the same content as HTML are not stored twice."""

import nbformat

from dimios_core.runner.scrubbing import WIDGET_STATE, WIDGET_VIEW, scrub_notebook


def notebook_with(*datas: dict) -> nbformat.NotebookNode:
    outputs = [nbformat.v4.new_output("display_data", data=d) for d in datas]
    cell = nbformat.v4.new_code_cell("show()", outputs=outputs)
    state = {"state": {"abc": {"model_name": "HTMLModel", "state": {}}}}
    return nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {WIDGET_STATE: state}})


def test_a_widget_beside_html_goes_and_its_state_with_it():
    view = {"model_id": "abc", "version_major": 2, "version_minor": 0}
    scrubbed = scrub_notebook(notebook_with({WIDGET_VIEW: view, "text/html": "<p>same</p>"}), [])
    assert scrubbed.cells[0].outputs[0].data == {"text/html": "<p>same</p>"}
    assert "widgets" not in scrubbed.metadata


def test_a_widget_that_stands_alone_stays_with_its_state():
    view = {"model_id": "abc", "version_major": 2, "version_minor": 0}
    scrubbed = scrub_notebook(notebook_with({WIDGET_VIEW: view}, {"text/html": "<p>other</p>"}), [])
    assert WIDGET_VIEW in scrubbed.cells[0].outputs[0].data
    assert "widgets" in scrubbed.metadata
