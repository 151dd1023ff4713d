"""The engine beside the standard one: the same cells must give the same outputs."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from dimios_core.runner.kernels import WatchedEngine
from dimios_core.runner.scrubbing import list_local_paths, scrub_notebook

pytestmark = pytest.mark.usefixtures("heavy")

#: the standard engine on a private kernel: ports race where tests run side by side
STANDARD = "standard"
papermill_engines.register(STANDARD, WatchedEngine)

NOTEBOOKS = {
    "streams": (
        "import sys\nprint('ett'); print('två', file=sys.stderr); print('tre')",
        "sys.stdout.write('utan radslut')\nsys.stdout.flush()\n'ett värde'",
        "print('först')\ndisplay({'text/html': '<b>sedan</b>', 'text/plain': 'sedan'}, raw=True)\nprint('sist')",
        "!echo från skalet",
        "%%capture caught\nprint('ingen ser det')",
        "len(caught.stdout), sys.stdout.encoding",
        "import logging\nlogging.getLogger('x').warning('en varning')",
        "sys.stdout.isatty(), sys.stdout.writable()",
    ),
    "displays": (
        "from IPython.display import HTML, Markdown, clear_output, display, update_display\nhandle = display('före', display_id='d1')",
        "handle.update('efter')",
        "print('en gammal rad')\nclear_output(wait=True)\nprint('en ny rad')",
        "for i in range(3):\n    clear_output(wait=True)\n    display(i)",
        "print('bort')\nclear_output()",
        "display(HTML('<p>å</p>'), Markdown('*ä*'), metadata={'x': 1})\nupdate_display('igen', display_id='d1')",
        "class Both:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n        return {'text/plain': 'p', 'text/html': 'h'}, {'m': 1}\nBoth()",
        "1; ",
        "_, __, _6",
    ),
    "errors": (
        "def f(x):\n    return 1 / x\nprint('innan')",
        "f(0)",
    ),
    "syntax": ("x = 1\n", "if x\n    pass",),
    "exits": ("import sys\nprint('innan')", "sys.exit(3)",),
    "expected": ("1/0", "'efter'"),
    "asks": ("input('?')",),
    "widgets": (
        "import ipywidgets as w\nslider = w.IntSlider(value=3, description='Nivå')\nbox = w.HBox([slider, w.HTML('<b>x</b>')])\nbox",
        "slider.value = 7\nlabel = w.Label('y')\nw.jslink((slider, 'value'), (w.IntText(), 'value'))",
        "display(label)\nslider.value",
    ),
    "output_widget": (
        "import ipywidgets as w\nout = w.Output()\nout",
        "with out:\n    print('i rutan')\nprint('utanför')",
        "out.append_stdout('mer')",
    ),
    "plotly": ("import plotly.graph_objects as go\ngo.Figure(go.Scatter(x=[1, 2], y=[3, 4]))",),
    "waits": (
        "import asyncio\nasync def later():\n    await asyncio.sleep(0.01)\n    return 'klart'\nawait later()",
        "await asyncio.gather(later(), later())",
    ),
    "modules": (
        "import sys\n__name__, sys.modules['__main__'].__dict__ is globals()",
        "import pathlib\npathlib.Path.cwd().name",
        "import pickle\nclass Own: pass\ntype(pickle.loads(pickle.dumps(Own()))) is Own",
        "%timeit -n1 -r1 -q None\nget_ipython().__class__.__name__",
        "In[1][:10], Out.keys()",
        "[name for name in ('dimios_core.report', 'papermill', 'pandas', 'rfc3987_syntax') if name in sys.modules]",
    ),
    "empty": ("", "# bara en kommentar", "x = 1"),
    "skipped": ("raise SystemError", "'den andra'"),
    "pandas": ("import pandas as pd\npd.DataFrame({'å': [1.5, None]})",),
}  # fmt: skip
TAGS = {("expected", 0): ["raises-exception"], ("skipped", 0): ["skip-execution"]}


def make_notebook(name: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(NOTEBOOKS[name])]
    for i, cell in enumerate(cells):
        cell.metadata["tags"] = TAGS.get((name, i), [])
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=spec)


def run(notebook: nbformat.NotebookNode, engine: str, folder: Path, **options: Any) -> nbformat.NotebookNode:
    """Run through Papermill; a failed notebook is read as it was saved."""
    place = folder / f"{engine}.ipynb"
    source = folder / "in.ipynb"
    nbformat.write(notebook, source)
    with contextlib.suppress(PapermillExecutionError):
        papermill.execute_notebook(
            source, place, engine_name=engine, progress_bar=False, timeout_seconds=60, **options
        )
    return nbformat.read(place, 4)


def comparable(notebook: nbformat.NotebookNode) -> Any:
    """What a reader gets. Streams come in pieces by the clock; widget ids and cells' file names are random."""
    for cell in notebook.cells:
        joined: list[Any] = []
        for output in cell.get("outputs", []):
            last = joined[-1] if joined else None
            if last and output.output_type == "stream" == last.output_type and output.name == last.name:
                last.text += output.text
            else:
                joined.append(output)
        if cell.cell_type == "code":
            cell.outputs = joined
    notebook = scrub_notebook(notebook, list_local_paths())
    text = re.sub(r"<ipython-input-\S+>", "<cell>", json.dumps(notebook, sort_keys=True, ensure_ascii=False))
    text = re.sub(r"comm-[0-9a-f-]+|IPY_MODEL_[0-9a-f]+", "<id>", text)
    return json.loads(text)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_same_cells_give_the_same_outputs(name: str, tmp_path: Path) -> None:
    ours = comparable(run(make_notebook(name), "dimios", tmp_path))
    standard = comparable(run(make_notebook(name), STANDARD, tmp_path))
    for mine, theirs in zip(ours["cells"], standard["cells"], strict=True):
        assert mine == theirs
    assert ours["metadata"] == standard["metadata"]


def test_another_kernel_goes_to_the_standard_engine_and_the_log_says_so(
    tmp_path: Path, monkeypatch, caplog
) -> None:
    spec = tmp_path / "kernels" / "other"
    spec.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": argv, "display_name": "Other", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(about), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    notebook = make_notebook("empty")
    notebook.cells.append(nbformat.v4.new_code_cell("x + 1"))
    notebook.metadata.kernelspec.name = "other"
    with caplog.at_level("INFO", logger="papermill"):
        done = run(notebook, "dimios", tmp_path)
    assert done.cells[-1].outputs[0].data["text/plain"] == "2"
    assert "The standard engine runs this notebook: it asks for the kernel other." in caplog.messages


def test_plain_papermill_saves_as_it_goes_and_marks_the_failed_cell(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(metadata=make_notebook("empty").metadata)
    sources = ("x = 1", "print('x är', x)", "1 / 0", "print('aldrig')")
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, tmp_path / "in.ipynb")
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--engine",
        "dimios",
        "--log-output",
        "in.ipynb",
        "out.ipynb",
    ]
    done = subprocess.run([*command, "-p", "x", "41"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr and "x är 41" in done.stderr
    saved = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert saved.metadata.papermill.parameters == {"x": 41}
    status = [c.metadata.papermill.status for c in saved.cells if c.cell_type == "code"]
    assert status == ["completed", "completed", "completed", "failed", "pending"]
    assert saved.metadata.papermill.exception is True
