"""Groups of units that are attacked: everything a reader could want to know of few."""

from scipy.sparse import csr_matrix

from das_research.disclosure.attacker.atoms import Atoms, beside_bounds, differences
from das_research.disclosure.attacker.known import Seen

Group = tuple[csr_matrix, tuple[Seen, ...], str]


def groups_of(atoms: Atoms) -> list[Group]:
    """All that must not be told too closely.

    Parameters
    ----------
    atoms : Atoms
        All cells of one kind of units, and what others published of it.

    Returns
    -------
    list of (csr_matrix, tuple of Seen, str)
        The atoms of a group, the cells that it is told by, and how: hidden cells; rounded ones; codes that no file
        shows; differences of what is shown; and differences of that and of what others published.
    """
    groups: list[Group] = []
    for row, cell in enumerate(atoms.cells):
        if cell.value is None:
            groups.append((atoms.matrix[[row]], (cell,), "the hidden cell is bounded by what is shown"))
        elif cell.within:
            groups.append((atoms.matrix[[row]], (cell,), "the rounded number is bounded by what else is shown"))
    groups += [(group, (cell,), "the codes that no file shows are what is left") for group, cell in atoms.others]
    for small, large in differences(atoms):
        group = atoms.matrix[[large]] - atoms.matrix[[small]]
        groups.append((group, (atoms.cells[small], atoms.cells[large]), "two numbers differ by it"))
    for row, place, sign in beside_bounds(atoms):
        group = sign * (atoms.bounded[[place]] - atoms.matrix[[row]])
        groups.append((group, (atoms.cells[row],), f"what was published differs by it: {atoms.bounds[place].source}"))
    return groups
