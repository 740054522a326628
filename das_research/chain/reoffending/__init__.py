"""Cohorts and what became of them: who is followed from which day, who came back, and how soon."""
