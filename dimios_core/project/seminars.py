"""What a trainer needs: material of the weeks, the kit to measure together with, how a training went."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.errors import InputError, Problem
from dimios_core.languages import DEFAULT
from dimios_core.project.base import DEFAULT_INSTRUMENT
from dimios_core.project.summaries import EffectSummary, MaterialSummary
from dimios_core.project.trying import Tried

if TYPE_CHECKING:
    from dimios_core.instrument import Instrument

#: where material lies, under the outputs folder
FOLDER = "training"
#: texts of the kit -> their files, in parameters/training/kit
TEXTS = {"order": "measure_together", "information": "information"}


@dataclass(frozen=True)
class Seminars:
    """Training material, as files to print and show; it holds no result of anybody's (docs/training.md)."""

    outputs: Path
    _instrument: str | Path | None

    @property
    def instrument(self) -> Instrument:
        """The model that is taught."""
        from dimios_core.instrument import load_instrument

        return load_instrument(self._instrument or DEFAULT_INSTRUMENT)

    def write_material(
        self, weeks: Collection[int] = (), *, language: str = DEFAULT, to: Path | str | None = None
    ) -> MaterialSummary:
        """Write guide, script and slides of weeks: PDF and PPTX, made anew and put in the place of those that are there.

        Parameters
        ----------
        weeks : collection of int
            Default: all there are.
        language : str
            One of the model that there are guides in.
        to : path, optional
            The folder. Default: training/ of the outputs, a folder a language.

        Raises
        ------
        InputError
            A week or language that there is not, a guide with a fault, a folder that cannot be written: nothing is written.
        """
        from dimios_core.office.slides.deck import write_deck
        from dimios_core.training.material.guides import read_course, read_guides
        from dimios_core.training.material.weeks import make_guide, make_script, plan_slides

        model = self._check(language, "pdf", "pptx")
        course, guides = read_course(language), read_guides(language, model)
        known = [guide.week for guide in guides]
        if unknown := sorted(set(weeks) - set(known)):
            remedy = f"choose among: {', '.join(map(str, known))}"
            raise InputError([Problem("--week", f"there is no week {week}", remedy) for week in unknown])
        names = _name_files(language)
        made: dict[str, bytes] = {}
        for guide in guides:
            if not weeks or guide.week in weeks:
                given = guide, course, model, language
                made[f"{names['week']}{guide.week}-{names['guide']}.pdf"] = make_guide(*given)
                made[f"{names['week']}{guide.week}-{names['script']}.pdf"] = make_script(*given)
                slides = write_deck(plan_slides(guide, course, language))
                made[f"{names['week']}{guide.week}-{names['slides']}.pptx"] = slides
        return self._write(made, language, to, "dimios train material")

    def write_kit(self, *, language: str = DEFAULT, to: Path | str | None = None) -> MaterialSummary:
        """Write what a group measures and works with: cards, sheets, forms and texts as PDF, a tally to fill in as CSV.

        Works for any model; arguments and errors as for `write_material`.
        """
        from dimios_core.actions.tallies import write_tally
        from dimios_core.languages import load_texts
        from dimios_core.places import parameters_dir
        from dimios_core.results.evidence.glossary import read_glossary
        from dimios_core.training.material import drawings, kit
        from dimios_core.training.material.between import read_between
        from dimios_core.training.material.challenge import make_challenge
        from dimios_core.training.material.evaluation import make_form, read_evaluation

        model = self._check(language, "pdf")
        glossary = read_glossary(parameters_dir() / "glossary.yaml", model)
        tried = Tried()
        evaluation = tried.attempt(lambda: read_evaluation(language))
        between = tried.attempt(lambda: read_between(language))
        texts = {
            name: tried.attempt(partial(kit.make_text, file, model, language)) for name, file in TEXTS.items()
        }
        tried.check()
        assert evaluation is not None and between is not None
        names, words = _name_files(language), load_texts(language)["material"]["form"]
        steps = [(step.month, step.name[language], step.what[language]) for step in between]
        statements = {each.id: each.statement[language] for each in evaluation.statements}
        headers = words["id"], words["statement"], evaluation.dont_know[language]
        tally = write_tally(statements, len(evaluation.labels), headers, language)
        pdfs = texts | {
            "cards": kit.make_cards(model, glossary["points"], language),
            "tally": kit.make_tally(model, language),
            "words": kit.make_words(glossary, model, language),
            "plane": drawings.make_plane(model, language),
            "profile": drawings.make_profile(model, language),
            "challenge": make_challenge(model, language),
            "between": kit.make_between(steps, model, language),
            "form": make_form(evaluation, model, language),
        }
        made = {f"{names[name]}.pdf": content for name, content in pdfs.items() if content is not None}
        made[f"{names['counts']}.csv"] = tally.encode("utf-8-sig")
        return self._write(made, language, to, "dimios train kit")

    def compare_groups(
        self, before: Path | str, after: Path | str, *, language: str = DEFAULT, to: Path | str | None = None
    ) -> EffectSummary:
        """Compare a group's answers before and after a training, from two tallies of counts; `to`: a PDF of it.

        Raises
        ------
        InputError
            Faults of both files at once; a group of fewer than five people.
        """
        from dimios_core.actions.tallies import read_tally
        from dimios_core.results.evidence.group_effect import compare_groups
        from dimios_core.training.material.effect import make_effect, tell_effect
        from dimios_core.training.material.evaluation import read_evaluation

        model = self._check(language, *(["pdf"] if to else []))
        evaluation = read_evaluation(language)
        ids, target = [s.id for s in evaluation.statements], Path(to) if to else None
        tried, files = Tried(), (Path(before), Path(after))
        counts = [tried.attempt(partial(read_tally, file, ids, len(evaluation.labels))) for file in files]
        if target is not None and target.suffix.lower() != ".pdf":
            what, remedy = f"{target.name} is no PDF", "give it a name that ends with .pdf"
            tried.problems.append(Problem("--to", what, remedy))
        tried.check()
        first, second = counts
        assert first is not None and second is not None
        rows = compare_groups(first, second, ids, [file.name for file in files])
        if target is not None:
            _write_files({target: make_effect(rows, evaluation, model, language)})
        return EffectSummary(tuple(rows), tuple(tell_effect(rows, evaluation, language)), target)

    def _check(self, language: str, *formats: str) -> Instrument:
        """Return the model; raises where it or the texts lack the language, or a library is not installed."""
        from dimios_core.export.production import check_libraries
        from dimios_core.languages import check_language

        model = self.instrument
        if problems := check_language(language, model.languages):
            raise InputError(problems)
        check_libraries(formats)
        return model

    def _write(
        self, made: Mapping[str, bytes], language: str, to: Path | str | None, command: str
    ) -> MaterialSummary:
        """Write files that are all made; those in the outputs folder while nobody else is at work there."""
        from dimios_core.locks import hold

        if to is not None:
            return _write_folder(Path(to), made)
        with hold(self.outputs, command):
            return _write_folder(self.outputs / FOLDER / language, made)


def _name_files(language: str) -> dict[str, str]:
    from dimios_core.languages import load_texts

    return load_texts(language)["material"]["files"]


def _write_folder(folder: Path, made: Mapping[str, bytes]) -> MaterialSummary:
    _write_files({folder / name: content for name, content in made.items()})
    return MaterialSummary(folder, tuple(folder / name for name in made))


def _write_files(made: Mapping[Path, bytes]) -> None:
    """Write files whole, in folders that are made where they are missing."""
    from dimios_core.replacing import write_whole

    try:
        for path, content in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
    except OSError as error:
        what = f"it cannot be written: {error.strerror}"
        raise InputError(Problem(str(path), what, "name a place that is yours to write")) from None
