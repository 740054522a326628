"""Gate 3: what leaves a project is computed again, protected, reviewed and written down."""
