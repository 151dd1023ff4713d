"""Plans of measurements: frames of people, samples, letters, windows. Restricted: it holds names and addresses."""

from dimios_core.survey.sampled import Invited, freeze, is_frozen, read_sample
from dimios_core.survey.settings import Contact, Survey, read_survey, survey_folder

__all__ = [
    "Contact",
    "Invited",
    "Survey",
    "freeze",
    "is_frozen",
    "read_sample",
    "read_survey",
    "survey_folder",
]
