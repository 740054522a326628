"""Oversight: the audit log checked line by line, and told by month for a data protection officer."""
