"""Which figures of the catalogue are key figures, in the order in which readers see them."""

from das_research.catalog.models import THEMES, Catalog, Figure, Text, Theme

THEME_TITLES: dict[Theme, Text] = {
    "preventie": Text(nl="Preventie", en="Prevention"),
    "slachtofferschap": Text(nl="Slachtofferschap", en="Victimisation"),
    "opsporing": Text(nl="Opsporing", en="Investigation"),
    "vervolging": Text(nl="Vervolging", en="Prosecution"),
    "berechting": Text(nl="Berechting", en="Trial"),
    "tenuitvoerlegging": Text(nl="Tenuitvoerlegging", en="Enforcement"),
}


def key_figures(catalog: Catalog, theme: Theme | None = None, monitor: str | None = None) -> list[Figure]:
    """The key figures by theme: those on cards first, in their places, then the others by id.

    Parameters
    ----------
    catalog : Catalog
        Where they stand.
    theme : str, optional
        Only of this theme.
    monitor : str, optional
        Only those that this monitor computes.
    """
    found = [
        figure
        for figure in catalog.figures.values()
        if figure.is_key and theme in (None, figure.theme) and monitor in (None, figure.monitor)
    ]
    return sorted(found, key=lambda it: (THEMES.index(it.theme or THEMES[-1]), it.leading or len(found) + 1, it.id))


def themes_of(catalog: Catalog, monitor: str | None = None) -> list[Theme]:
    """The themes that have key figures, in order."""
    return [theme for theme in THEMES if key_figures(catalog, theme, monitor)]
