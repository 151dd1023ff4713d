"""Who takes part and what they answered, from files into the store; and the made-up consortium the same way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from dimios_core.demo import (
    make_consortium,
    mark_as_demo,
    read_demo_key,
    store_actions,
    write_actions,
)
from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.project.progress import Progress, Watch
from dimios_core.project.summaries import IngestSummary, RegisterSummary, tell_key
from dimios_core.responses import (
    IngestError,
    Register,
    ResponseStore,
    create_key,
    ingest,
    key_path,
    load_key,
    load_mapping,
    read_register,
    store_register,
)
from dimios_core.responses.ingest import DEFAULT_INSTRUMENT, FileProgress

RAW = Path("demo", "raw")
ACTIONS = Path("demo", "initiatives")
SEED_FILE = Path("demo", "seed.txt")
DEMO_MARK = Path("responses", "register", "demo.json")


def refuse_demo(outputs: Path) -> None:
    """Raise where a folder holds the demo: real answers would be labelled as made up there.

    Raises
    ------
    InputError
    """
    if (outputs / DEMO_MARK).is_file():
        what = "the folder holds the demo; real answers would be mixed with made-up ones and labelled as such"
        remedy = "give answers of your own a folder: --outputs FOLDER, or DIMIOS_OUTPUTS"
        raise InputError(Problem(str(outputs), what, remedy))


def register_files(
    outputs: Path,
    organisations: Path | None,
    units: Path | None,
    invited: Path | None,
    roles: Collection[str] | None,
) -> RegisterSummary:
    """Store the tables that files are given of.

    Raises
    ------
    InputError
        No file is given, or all faults of those that are.
    """
    if not (organisations or units or invited):
        remedy = "give --organisations, --units or --invited"
        raise InputError(Problem("dimios register", "there is no file to read", remedy))
    stored = ResponseStore(outputs).register()
    return _store(read_register(organisations, units, invited, stored=stored, roles=roles), outputs)


def _store(register: Register, outputs: Path) -> RegisterSummary:
    changed = tuple(store_register(register, outputs))
    return RegisterSummary(len(register.organisations), len(register.units), len(register.invited), changed)


def ingest_files(
    outputs: Path,
    files: Sequence[Path],
    mapping: Path | str,
    instrument: Path | str | None,
    key_file: Path | str | None,
    progress: Progress,
    *,
    reject_rows: bool = False,
    replace: bool = False,
) -> IngestSummary:
    """Check survey exports and store their answers, under the key's pseudonyms; where there is no key yet, make one.

    Raises
    ------
    IngestError, InputError
        See `dimios_core.responses.ingest`.
    """
    loaded = load_mapping(mapping)
    key, new_key = find_key(key_file, outputs)
    with Watch("answers", progress) as watch:
        if new_key is not None:
            watch.say(tell_key(new_key))
        try:
            taken = ingest(
                files, loaded, instrument, outputs, key=key, reject_rows=reject_rows, replace=replace,
                progress=_count_files(files, watch),
            )  # fmt: skip
        except IngestError as error:
            if new_key is not None:  # whoever only sees the error must know of the key, too
                error.add_note(tell_key(new_key))
            raise
    return IngestSummary.of(taken, new_key)


def find_key(key_file: Path | str | None, outputs: Path) -> tuple[bytes, Path | None]:
    """Return the key of pseudonyms, and where it was made if there was none yet; the demo's in a folder of the demo.

    Raises
    ------
    InputError
        See `load_key`; or answers are stored under another key.
    """
    store = ResponseStore(outputs)
    if key_file is None and (outputs / DEMO_MARK).is_file():
        return read_demo_key(), None
    path = key_path(key_file)
    if not path.exists() and store.key_mark() is None:
        return create_key(path, outputs), path
    key = load_key(path, outputs)
    if problems := store.check_key(key):
        raise InputError(problems)
    return key, None


def _count_files(files: Sequence[Path], watch: Watch) -> FileProgress:
    """Return what tells a watch how many files are read, with the shares of those that are begun."""
    shares = dict.fromkeys(files, 0.0)

    def tell(path: Path, share: float) -> None:
        shares[path] = share
        watch(sum(shares.values()), len(shares))

    return tell


def load_demo_instrument() -> Instrument:
    """Load the model that the made-up consortium is measured with."""
    return load_instrument(DEFAULT_INSTRUMENT)


def store_demo(outputs: Path, seed: int, progress: Progress) -> list[tuple[str, str]]:
    """Make the made-up consortium, and take its files through the same checks and stores as anybody's.

    Returns
    -------
    list of (str, str)
        The steps, and what each made, in words.

    Raises
    ------
    InputError
        The folder holds other answers than this demo's.
    """
    _refuse_other_answers(outputs, seed)
    instrument = load_demo_instrument()
    with Watch("raw files", progress):
        made = make_consortium(outputs / RAW, seed)
        (outputs / SEED_FILE).write_text(f"{seed}\n", encoding="ascii")
    with Watch("register", progress):
        mark_as_demo(outputs)
        files = made.organisations, made.units, made.invited
        register = _store(read_register(*files, roles=instrument.role_ids), outputs)
    groups = []
    with Watch("answers", progress) as watch:
        tell = _count_files([file.path for file in made.responses], watch)
        for mapping in dict.fromkeys(file.mapping for file in made.responses):
            paths = [file.path for file in made.responses if file.mapping == mapping]
            groups += ingest(paths, mapping, outputs=outputs, key=read_demo_key(), progress=tell).groups
    with Watch("initiatives", progress):
        actions = write_actions(outputs / ACTIONS, instrument)
        stored_n = store_actions(actions, outputs, ResponseStore(outputs).register(), instrument)
    answers_n, new_n = sum(g.answers_n for g in groups), sum(g.status != "unchanged" for g in groups)
    return [
        ("raw files", f"{len(made.responses)} exports of three survey tools and the register's 3 files: {made.folder}"),
        ("who", f"{made.organisations_n} organisations, {made.respondents_n:,} respondents over four periods"),
        ("register", f"{register.organisations_n} organisations, {register.units_n} units"),
        ("answers", f"{answers_n:,} answers and “vet ej” of {len(groups)} organisations × periods, {new_n} of them new: {outputs / 'responses'}"),
        ("initiatives", f"{stored_n} initiatives, {len(actions.validated)} of them validated, {len(actions.plans)} plans and goals: {actions.initiatives.parent}"),
    ]  # fmt: skip


def _refuse_other_answers(outputs: Path, seed: int) -> None:
    """Raise where the demo would mix with answers of another kind."""
    responses = outputs / "responses"
    has_answers = (responses / "register").is_dir() or any(responses.glob("period=*"))
    if not has_answers:
        return
    elsewhere = "Give the demo a folder of its own: dimios demo --outputs FOLDER"
    if not (outputs / DEMO_MARK).is_file():
        what = "the folder holds answers that are not the demo's"
        raise InputError(Problem(str(outputs), what, elsewhere))
    mark = outputs / SEED_FILE
    earlier = mark.read_text(encoding="ascii").strip() if mark.is_file() else "unknown"
    if earlier != str(seed):
        what = f"the folder holds the demo of another seed ({earlier})"
        raise InputError(Problem(str(outputs), what, elsewhere))
