"""Gate 2 and what a researcher opens: grants, the preview of what they give, extracts, the project."""
