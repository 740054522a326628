"""Gate 2 and what a researcher opens: grants, the preview of what they give, extracts, the project."""

from das_research.access.extract import Extract, current_extract, list_extracts
from das_research.access.grants import check_grant, current_account, grant_allows, warnings
from das_research.access.opening import open_for_release, open_project
from das_research.access.preview import Preview
from das_research.access.project import Project

__all__ = [
    "Extract",
    "Preview",
    "Project",
    "check_grant",
    "current_account",
    "current_extract",
    "grant_allows",
    "list_extracts",
    "open_for_release",
    "open_project",
    "warnings",
]
