"""Tables as tau-ARGUS reads them, so that an office can check a release with its own tool."""
