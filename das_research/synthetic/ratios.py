"""The numbers that the synthetic chain aims at, only roughly.

Published totals where one was found (StatLine, Criminaliteit en rechtshandhaving; 2018 unless noted); the rest is
plausible and no more. Shares of codes are weights: they need not add up to one.
"""

# thousands of registrations of suspects (StatLine 82315NED, C&R; 2021 and 2022 from the change since 2012)
REGISTRATIONS = {2012: 345_000, 2016: 270_000, 2018: 245_000, 2019: 262_000, 2021: 227_000, 2022: 238_000}

# share of each group in the inflow of the prosecution service; the smallest are raised so that cells stay publishable
GROUPS = {
    "vermogen": 0.33, "geweld": 0.20, "verkeer": 0.16, "vernieling": 0.11, "overig": 0.085, "drugs": 0.07,
    "wapens": 0.045,
}  # fmt: skip
SEXES = {"man": 0.833, "vrouw": 0.163, "onbekend": 0.004}

POLICE = {
    "minor": {
        "ingezonden_om": 0.50,
        "halt": 0.28,
        "gevoegd": 0.12,
        "politiesepot": 0.08,
        "politiestrafbeschikking": 0.02,
    },
    "adult": {
        "ingezonden_om": 0.715,
        "halt": 0.0,
        "gevoegd": 0.16,
        "politiesepot": 0.09,
        "politiestrafbeschikking": 0.035,
    },
}
PROSECUTION = {
    "minor": {
        "dagvaarding": 0.44, "strafbeschikking": 0.03, "transactie": 0.15, "technisch_sepot": 0.17,
        "onvoorwaardelijk_beleidssepot": 0.11, "voorwaardelijk_beleidssepot": 0.10, "overig": 0.01,
    },
    "until 2018": {
        "dagvaarding": 0.54, "strafbeschikking": 0.18, "transactie": 0.03, "technisch_sepot": 0.12,
        "onvoorwaardelijk_beleidssepot": 0.08, "voorwaardelijk_beleidssepot": 0.05, "overig": 0.01,
    },
    "from 2019": {
        "dagvaarding": 0.48, "strafbeschikking": 0.19, "transactie": 0.01, "technisch_sepot": 0.17,
        "onvoorwaardelijk_beleidssepot": 0.09, "voorwaardelijk_beleidssepot": 0.05, "overig": 0.01,
    },
}  # fmt: skip
PROSECUTION_BY_GROUP = {
    "vermogen": {"dagvaarding": 1.05},
    "vernieling": {"strafbeschikking": 1.4, "dagvaarding": 0.9},
    "geweld": {"strafbeschikking": 0.4, "technisch_sepot": 1.6, "voorwaardelijk_beleidssepot": 1.6},
    "verkeer": {"strafbeschikking": 2.0, "technisch_sepot": 0.4, "onvoorwaardelijk_beleidssepot": 0.6},
    "drugs": {"dagvaarding": 1.2, "voorwaardelijk_beleidssepot": 0.7},
    "wapens": {"strafbeschikking": 1.3},
    "overig": {"onvoorwaardelijk_beleidssepot": 1.6, "transactie": 1.6},
}

# StatLine 81536NED, 2016; cases joined at the hearing explain why there are fewer judgments than summonses
CHAMBERS = {
    "minor": {"kinderrechter": 0.93, "meervoudig": 0.07},
    "vermogen": {"politierechter": 0.87, "meervoudig": 0.13},
    "vernieling": {"politierechter": 0.93, "meervoudig": 0.07},
    "geweld": {"politierechter": 0.78, "meervoudig": 0.22},
    "verkeer": {"politierechter": 0.98, "meervoudig": 0.02},
    "drugs": {"politierechter": 0.75, "meervoudig": 0.25},
    "wapens": {"politierechter": 0.85, "meervoudig": 0.15},
    "overig": {"politierechter": 0.60, "meervoudig": 0.15, "economische_politierechter": 0.25},
}
VERDICTS = {
    "schuldig_met_straf": 0.828, "schuldig_zonder_straf": 0.024, "vrijspraak": 0.082, "ovar": 0.006,
    "om_niet_ontvankelijk": 0.010, "verdachte_niet_ontvankelijk": 0.0015, "onbevoegd": 0.0006,
    "gevoegd_ter_zitting": 0.05,
}  # fmt: skip
VERDICTS_BY_GROUP = {
    "vermogen": {"vrijspraak": 0.9},
    "geweld": {"vrijspraak": 1.6},
    "verkeer": {"vrijspraak": 0.6},
    "wapens": {"gevoegd_ter_zitting": 1.4},
}

# sanctions: 34 : 30 : 23 thousand in 2018, 1.25 for each guilty verdict
SANCTIONS = {
    "politierechter": {
        "gevangenisstraf": 0.30, "taakstraf": 0.36, "geldboete": 0.30, "bijkomende_straf": 0.03, "maatregel": 0.01,
    },
    "meervoudig": {
        "gevangenisstraf": 0.74, "taakstraf": 0.17, "geldboete": 0.02, "bijkomende_straf": 0.01, "maatregel": 0.06,
    },
    "kinderrechter": {
        "gevangenisstraf": 0.18, "taakstraf": 0.77, "geldboete": 0.02, "bijkomende_straf": 0.01, "maatregel": 0.02,
    },
    "economische_politierechter": {
        "gevangenisstraf": 0.04, "taakstraf": 0.21, "geldboete": 0.70, "bijkomende_straf": 0.05,
    },
}  # fmt: skip
SECOND_SANCTION = 0.25
SECOND_SANCTIONS = {
    "gevangenisstraf": {"taakstraf": 0.4, "bijkomende_straf": 0.3, "maatregel": 0.3},
    "taakstraf": {"gevangenisstraf": 0.6, "bijkomende_straf": 0.2, "maatregel": 0.2},
    "geldboete": {"bijkomende_straf": 0.8, "maatregel": 0.2},
    "bijkomende_straf": {"geldboete": 1.0},
    "maatregel": {"gevangenisstraf": 1.0},
}
AMOUNTS = {"geldboete": 600.0, "strafbeschikking": 350.0}  # median, euros
ENDINGS = {
    "gevangenisstraf": {"voltooid": 0.97, "anders_beeindigd": 0.03},
    "taakstraf": {"voltooid": 0.85, "niet_geslaagd": 0.09, "vervangende_hechtenis": 0.06},
    "geldboete": {"voltooid": 0.75, "vervangende_hechtenis": 0.06, "anders_beeindigd": 0.19},
    "bijkomende_straf": {"voltooid": 0.95, "anders_beeindigd": 0.05},
    "maatregel": {"voltooid": 0.90, "anders_beeindigd": 0.10},
    "strafbeschikking": {"voltooid": 0.70, "niet_geslaagd": 0.18, "anders_beeindigd": 0.12},
}

# detention: 13.3 thousand on remand, 15.6 arrested and 2.7 self-reported after conviction in 2017
REMAND = {
    "vermogen": 0.16, "geweld": 0.18, "verkeer": 0.01, "vernieling": 0.05, "overig": 0.06, "drugs": 0.28,
    "wapens": 0.14,
}  # fmt: skip
SERVED = 0.55
SERVED_TITLES = {"veroordeelde_arrestant": 0.85, "zelfmelder": 0.15}

# median days; a mean of 15 to 17 weeks at the prosecution service, 5 for a penal order
HANDLING_DAYS = {
    "vermogen": 25, "geweld": 35, "verkeer": 16, "vernieling": 20, "overig": 45, "drugs": 40, "wapens": 40,
}  # fmt: skip
DECISION_DAYS = {
    "dagvaarding": 80, "strafbeschikking": 24, "transactie": 50, "technisch_sepot": 80,
    "onvoorwaardelijk_beleidssepot": 75, "voorwaardelijk_beleidssepot": 95, "overig": 90,
}  # fmt: skip
VERDICT_DAYS = {"politierechter": 120, "meervoudig": 200, "kinderrechter": 110, "economische_politierechter": 170}
SLOWNESS = {
    "vermogen": 1.0, "geweld": 1.25, "verkeer": 0.8, "vernieling": 0.9, "overig": 1.4, "drugs": 1.15, "wapens": 1.3,
}  # fmt: skip
ENFORCEMENT_DAYS = {
    "gevangenisstraf": 150, "taakstraf": 190, "geldboete": 80, "bijkomende_straf": 100, "maatregel": 360,
    "strafbeschikking": 60,
}  # fmt: skip
