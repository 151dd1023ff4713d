"""Makes files: which formats there are, and every file written whole or not at all."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from dimios_core.errors import DimiosError, InputError, Problem
from dimios_core.export.orders import Order, check_reports
from dimios_core.forking import ChildError, ForkServer, Limits, ServerClosedError, environment_of_results
from dimios_core.page.made_of import stands
from dimios_core.page.one_file import build_one_file
from dimios_core.replacing import write_whole

#: what a format needs beyond the project's own dependencies
_TYPESETTING = ("typst", "font_source_sans_pro", "lxml")
LIBRARIES = {"pdf": _TYPESETTING, "tables": _TYPESETTING, "pptx": ("pptx",)}
#: the page that says what to do next: where a report has none, there is no sheet of it
STEPS_PAGE = "improvements"
#: what a parent of children loads, so that each child has it at once
PRELOAD = "dimios_core.export.preloading:preload"
LIMITS = Limits(seconds=300.0, memory_bytes=4_000_000_000)
#: formats that are made of the report's notebooks; the others need published results alone
FROM_NOTEBOOKS = {"html", "pdf", "tables"}


@dataclass(frozen=True)
class Exported:
    """How the making of one report's files went: those that were made; `error` is "" where all were."""

    order: Order
    paths: tuple[Path, ...]
    error: str = ""


def _make_html(order: Order) -> dict[str, bytes]:
    return {f"{order.stem}.html": build_one_file(order.report, order.survey).encode()}


def _make_pdf(order: Order) -> dict[str, bytes]:
    from dimios_core.export.pdf import make_pdf, make_short_pdf, make_steps_pdf

    made = {f"{order.stem}.pdf": make_pdf(order.report, order.survey)}
    if order.kind == "organisation":
        made[f"{order.short_stem}.pdf"] = make_short_pdf(order.report, order.survey)
        if (steps := make_steps_pdf(order.report, order.survey)) is not None:
            made[f"{order.steps_stem}.pdf"] = steps
    return made


def _make_tables(order: Order) -> dict[str, bytes]:
    from dimios_core.export.pdf import make_tables_pdf

    return {f"{order.tables_stem}.pdf": make_tables_pdf(order.report, order.survey)}


def _make_pptx(order: Order) -> dict[str, bytes]:
    from dimios_core.export.slides.county import plan_county_deck
    from dimios_core.export.slides.national import plan_national_deck
    from dimios_core.export.slides.organisation import plan_organisation_deck
    from dimios_core.office.slides.deck import write_deck

    if order.kind == "county":
        deck = plan_county_deck(order.load_all(), order.county, order.period, order.language)
    elif order.kind == "national":
        deck = plan_national_deck(order.load_all(), order.period, order.language)
    else:
        deck = plan_organisation_deck(order.load_own(), order.period, order.language)
    return {f"{order.stem}.pptx": write_deck(deck, order.template)}


def _make_xlsx(order: Order) -> dict[str, bytes]:
    from dimios_core.export.workbook.many import plan_many_workbook
    from dimios_core.export.workbook.plan import plan_workbook
    from dimios_core.office.workbook.book import write_book

    if order.kind == "organisation":
        book = plan_workbook(order.load_own(), order.period, order.language)
    else:
        book = plan_many_workbook(order.load_all(), order.county, order.period, order.language)
    return {f"{order.stem}.xlsx": write_book(book)}


#: format -> what makes its files: name -> bytes
FORMATS: Mapping[str, Callable[[Order], dict[str, bytes]]] = {
    "html": _make_html, "pdf": _make_pdf, "pptx": _make_pptx, "xlsx": _make_xlsx,
    "tables": _make_tables,
}  # fmt: skip


def read_formats(given: str) -> list[str]:
    """Read a list of formats: "html,xlsx".

    Raises
    ------
    InputError
        There is no such format (the nearest is suggested); all problems at once.
    """
    wanted = list(dict.fromkeys(word.strip().lower().removeprefix(".") for word in given.split(",")))
    problems = []
    for word in wanted:
        if word not in FORMATS:
            near = difflib.get_close_matches(word, FORMATS, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"choose among: {', '.join(FORMATS)}"
            problems.append(Problem("--to", f"there is no format '{word}'", remedy))
    if problems:
        raise InputError(problems)
    return wanted


def check_libraries(formats: Sequence[str]) -> None:
    """Raise unless the libraries that make these formats are installed.

    Raises
    ------
    InputError
        Some are not; all at once.
    """
    problems = []
    for name in formats:
        missing = [library for library in LIBRARIES.get(name, ()) if find_spec(library) is None]
        if missing:
            what = f"{name} needs what is not installed: {', '.join(missing)}"
            problems.append(Problem("--to", what, "pip install 'dimios[export]'"))
    if problems:
        raise InputError(problems)


def check_orders(orders: Sequence[Order], formats: Sequence[str]) -> None:
    """Raise unless what the files are made of is there.

    Raises
    ------
    InputError
        Reports are missing or older; all problems at once.
    """
    if FROM_NOTEBOOKS & set(formats):
        check_reports(orders)


def list_files(order: Order, formats: Sequence[str]) -> list[Path]:
    """List the files that an order in these formats gives."""
    return [order.folder / name for f in formats for name in _name_files(order, f)]


def _name_files(order: Order, name: str) -> list[str]:
    """Return what the files of a format are called."""
    if name == "tables":
        return [f"{order.tables_stem}.pdf"]
    parts = [order.short_stem] if name == "pdf" and order.kind == "organisation" else []
    parts += [order.steps_stem] if parts and STEPS_PAGE in order.pages else []
    return [f"{order.stem}.{name}", *(f"{stem}.pdf" for stem in parts)]


def is_standing(order: Order, formats: Sequence[str]) -> bool:
    """Tell whether all files of an order are there, made of what is published today and since its report was made.

    A report is made again when the program that makes it is another.
    """
    report_made = max(
        ((order.report_folder / f"{page}.ipynb").stat().st_mtime_ns for page in order.pages), default=0
    )
    return all(
        stands(path, order.results_folder) and path.stat().st_mtime_ns >= report_made
        for path in list_files(order, formats)
    )


def export_order(order: Order, formats: Sequence[str]) -> Exported:
    """Make the files of one order; a format that fails is told, and stops no other."""
    paths: list[Path] = []
    failed: list[str] = []
    for name in formats:
        try:
            for file, content in FORMATS[name](order).items():
                order.folder.mkdir(parents=True, exist_ok=True)
                write_whole(order.folder / file, content)
                paths.append(order.folder / file)
        except DimiosError as error:
            failed.append(f"{name}: {error}")
        except Exception as error:  # noqa: BLE001 - one format's failure is no other's
            failed.append(f"{name}: {type(error).__name__}: {error}")
    return Exported(order, tuple(paths), "; ".join(failed))


def produce(orders: Sequence[Order], formats: Sequence[str], workers: int = 1) -> Iterator[Exported]:
    """Make the files of all orders, and tell of each, in their order, when it is ready.

    Parameters
    ----------
    orders : sequence of Order
    formats : sequence of str
        Keys of `FORMATS`.
    workers : int
        How many at a time, each order in a process of its own; with one they are made here, one after the other.
    """
    if workers == 1:
        yield from (export_order(order, formats) for order in orders)
        return
    server = ForkServer([PRELOAD], environment_of_results(orders[0].results_folder))
    threads = ThreadPoolExecutor(workers, thread_name_prefix="export")
    try:
        server.warm_up()  # what keeps it from starting is told once, not for each report
        yield from threads.map(partial(_export_in_child, server, tuple(formats)), orders)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        server.close()  # by Ctrl-C too: children that are at work end, and nothing half-written stays
        threads.shutdown(wait=True)


def _export_in_child(server: ForkServer, formats: tuple[str, ...], order: Order) -> Exported:
    try:
        return server.call(_export_alone, order, formats, limits=LIMITS)
    except (ChildError, ServerClosedError) as error:
        return Exported(order, (), str(error))


def _export_alone(order: Order, formats: tuple[str, ...]) -> Exported:
    """Make the files of one order in a process that ends afterwards: looking for garbage would take a fifth of its time."""
    gc.disable()
    return export_order(order, formats)
