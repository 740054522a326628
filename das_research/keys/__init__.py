"""Secret keys: of identifiers (the custodian's), of projects and of stored files (the steward's)."""
