"""The delivery report in a browser: accessible, narrow and wide, light and dark, on its own."""

import pytest
import report_world as world
from pages_alone import SCREENS, stand_alone

from das_research.errors import DeliveryRefused
from das_research.intake.report import write_report

EARLIER = [world.delivery(number) for number in range(1, 6)]
OUTCOMES = {
    "moved": world.delivery(8, missing=1_500, thefts=8_000, years={"2021": 4_000, "2022": 2_000, "2023": 6_302}),
    "superseding": world.superseding(),
    "refused": DeliveryRefused("The file was not taken in.", why="It is empty.", fix="Send the file again.", ask="om"),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
@SCREENS
def test_a_report_is_accessible_and_stands_alone(browser, tmp_path, outcome, scheme, width):
    pages = write_report(tmp_path, world.CATALOG, "zaken", OUTCOMES[outcome], "zaken.csv", EARLIER)
    stand_alone(browser, pages, scheme, width)
