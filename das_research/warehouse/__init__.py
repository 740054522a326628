"""The warehouse: one snapshot a build, of all deliveries linked, in one terminology."""
