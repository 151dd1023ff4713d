"""What is cut out of an executed notebook, and what must stay."""

from pathlib import Path

import nbformat
import pytest

from dimios_core.runner.scrubbing import WIDGET_STATE, cut_paths, list_local_paths, scrub_notebook

PATHS = [("/home/anna/dimios", "."), ("/home/anna", "~")]


TEXTS = pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("File /home/anna/dimios/a.py:3", "File ./a.py:3"),
        ("\x1b[32m/home/anna/dimios/a.py\x1b[39m", "\x1b[32m./a.py\x1b[39m"),
        ('{"x": "/home/anna"}', '{"x": "~"}'),
        ("/home/annabel/x", "/home/annabel/x"),
        ("https://example.org/home/anna/x", "https://example.org/home/anna/x"),
        ("/tmp/ipykernel_4711/123.py:1: UserWarning", "<cell>:1: UserWarning"),
    ],
)


@TEXTS
def test_known_paths_are_replaced_by_words(text: str, expected: str) -> None:
    assert cut_paths(text, PATHS) == expected


@TEXTS
def test_outputs_are_rid_of_paths_in_the_same_way(text: str, expected: str) -> None:
    cell = nbformat.v4.new_code_cell("")
    cell.outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": text, "application/json": [text]})
    ]
    scrubbed = scrub_notebook(nbformat.v4.new_notebook(cells=[cell]), PATHS)
    assert scrubbed.cells[0].outputs[0]["data"] == {"text/html": expected, "application/json": [expected]}


def test_the_longest_path_comes_first() -> None:
    paths = list_local_paths((Path("/srv/a"), "outputs"), (Path("/srv/a/results"), "results"))
    assert cut_paths("/srv/a/results/x and /srv/a/y", paths) == "results/x and outputs/y"


def make_notebook(first: str, second: str) -> nbformat.NotebookNode:
    """A notebook that shows one widget (`first`), whose layout is `second`; the file's order is by id."""
    cell = nbformat.v4.new_code_cell("f('/home/anna')")
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": first}, "image/png": "/home/anna/"}
    cell.outputs = [nbformat.v4.new_output("display_data", data=view)]
    models = {
        first: {"model_name": "HTMLModel", "state": {"layout": f"IPY_MODEL_{second}"}},
        second: {"model_name": "LayoutModel", "state": {}},
    }
    state = {key: models[key] for key in sorted(models)}
    return nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {WIDGET_STATE: {"state": state}}})


def test_widgets_are_numbered_as_a_reader_meets_them() -> None:
    one = scrub_notebook(make_notebook("a" * 32, "b" * 32), PATHS)
    other = scrub_notebook(make_notebook("d" * 32, "c" * 32), PATHS)
    assert nbformat.writes(one) == nbformat.writes(other)
    shown = one.cells[0].outputs[0]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert shown == "0" * 31 + "1"
    assert (
        one.metadata.widgets[WIDGET_STATE]["state"][shown]["state"]["layout"] == "IPY_MODEL_" + "0" * 31 + "2"
    )


def test_sources_and_images_stay_as_they_are() -> None:
    cell = scrub_notebook(make_notebook("a" * 32, "b" * 32), PATHS).cells[0]
    assert cell.source == "f('/home/anna')"
    assert cell.outputs[0]["data"]["image/png"] == "/home/anna/"
