"""Which values mean the event. Oracle: each column read by a person, who asks when in doubt."""

from __future__ import annotations

import pytest

from services.values.event_words import event_values, matched

# Name of the column; its values; those that certainly mean the event (none: it has to be asked).
CASES: list[tuple[str, str, str]] = [
    ("censored", "0|1", "0"),
    ("Censor", "0|1", "0"),
    ("CENSORING", "No|Yes", "No"),
    ("cens", "0|1", ""),
    ("status", "DECEASED|LIVING", "DECEASED"),
    ("status", "Progressed|Progression free", "Progressed"),
    ("status", "Dead|Living", "Dead"),
    ("event", "death|lost to follow-up", "death"),
    ("status", "Relapse|Remission", "Relapse"),
    ("Status", "Ereignis|zensiert", "Ereignis"),
    ("Status", "Event|Right-censored", "Event"),
    ("s", "Progressed|Stable", "Progressed"),
    ("s", "PD|SD", ""),
    ("s", "A|B", ""),
    ("status", "1|2", "2"),
    ("dead", "1|2", ""),
    ("event", "0|1|2", ""),
    ("vital", "vivant|décédé", "décédé"),
    ("vital_status", "Alive|Dead", "Dead"),
    ("OS_STATUS", "0:LIVING|1:DECEASED", "1:DECEASED"),
    ("DFS_STATUS", "0:DiseaseFree|1:Recurred/Progressed", "1:Recurred/Progressed"),
    ("ALIVE", "0|1", "0"),
    ("SURVIVED", "Y|N", "N"),
    ("event", "TRUE|FALSE", "TRUE"),
    ("event_free", "0|1", "0"),
    ("not_censored", "0|1", ""),
    ("uncensored", "0|1", ""),
    ("died", "yes|no", "yes"),
    ("x", "0|1", ""),
    ("PFS_CNSR", "0|1", "0"),
    ("status", "Censored|Progression|Death", "Death|Progression"),
    ("status", "Censored|Malignancy", "Malignancy"),
    ("status", "Alive|Died of disease|Died of other causes", ""),
    ("status", "lebend|verstorben", "verstorben"),
    ("status", "Lebt|Tot", "Tot"),
    ("status", "vivo|muerto", "muerto"),
    ("stato", "in vita|deceduto", "deceduto"),
    ("status", "no event|event", "event"),
    ("status", "Event-free|Relapsed", "Relapsed"),
    ("status", "not progressed|progressed", "progressed"),
    ("status", "Death without progression|Censored", ""),
    ("status", "Lost to follow-up|Dead", "Dead"),
    ("status", "CR|Relapse", "Relapse"),
    ("status", "Unknown|Censored", ""),
    ("status", "Unknown|Dead", ""),
    ("response", "Response|No response", ""),
    ("status", "ongoing|progressed", "progressed"),
    ("relapse", "0|1", "1"),
    ("pd", "0|1", "1"),
    ("status", "生存|死亡", "死亡"),
    ("fustat", "0|1", "1"),
    ("zensiert", "0|1", "0"),
    ("zensiert", "ja|nein", "nein"),
    ("censure", "oui|non", "non"),
    ("death", "1", "1"),
    ("status", "1.0|0.0", "1.0"),
    ("lost", "0|1", "0"),
    ("status", "Overleden|In leven", "Overleden"),
    ("status", "Survived|Died", "Died"),
    ("status", "Alive, progressed|Dead", ""),
    ("event", "no|relapse", "relapse"),
    ("event", "none|death", "death"),
    ("Event", "N|PD", ""),
    ("status", "Ended study|Death", ""),
    ("status", "Withdrawn|Death|Alive", "Death"),
    ("status", "Décès|Perdu de vue", "Décès"),
    ("status", "Transplant|Death|Alive", ""),
    ("censoring_status", "0|1", ""),
    ("status", "Fallecido|Vivo", "Fallecido"),
    ("last_status", "Alive|Died", "Died"),
    ("mort", "0|1", "1"),
    ("censor_event", "0|1", ""),
    ("status", "no progression or death|progression or death", "progression or death"),
    ("status", "No evidence of disease|Relapse", "Relapse"),
    ("status", "no disease progression|disease progression", "disease progression"),
    ("status", "pas de progression|progression", "progression"),
    ("s", "ereignisfrei|ereignis", "ereignis"),
    ("s", "free of progression|progression", "progression"),
    ("s", "Death, progression free|censored", ""),
    ("s", "kein Rezidiv|Rezidiv", "Rezidiv"),
    ("s", "sans evenement|evenement", "evenement"),
    ("s", "Alive without relapse|Relapse", "Relapse"),
    ("s", "No response, died|Alive", ""),
    ("s", "not dead|dead", "dead"),
    ("s", "Progressive disease|Stable disease", "Progressive disease"),
    ("s", "Censored|Event", "Event"),
    ("s", "In remission|Relapsed", "Relapsed"),
    ("s", "Sin evento|Evento", "Evento"),
    ("s", "жив|умер", "умер"),
    ("s", "Alive|Dead", "Dead"),
    ("is_alive", "TRUE|FALSE", "FALSE"),
    ("dead_or_alive", "0|1", ""),
    ("alive_status", "0|1", ""),
    ("time", "0|1", ""),
    ("OS", "0|1", ""),
    ("Progression free survival status", "0|1", ""),
    ("death event", "0|1", "1"),
    ("PFS event", "0|1", "1"),
    ("event free survival", "0|1", ""),
    ("recurrence-free", "no|yes", "no"),
    ("Death (1=yes)", "0|1", "1"),
    ("lost to follow-up", "yes|no", "no"),
    ("Lebend", "ja|nein", "nein"),
    ("Tod", "ja|nein", "ja"),
]


@pytest.mark.parametrize(("name", "values", "event"), CASES)
def test_the_event_is_told_or_asked(name: str, values: str, event: str) -> None:
    assert "|".join(event_values(values.split("|"), name)) == event
    # Neither the order of the rows nor blanks say anything.
    assert "|".join(event_values(["", *reversed(values.split("|"))], name)) == event


@pytest.mark.parametrize(
    ("wanted", "levels", "found", "unknown"),
    [
        (["TRUE"], ["0", "1"], ("1",), []),
        (["1"], ["FALSE", "TRUE"], ("TRUE",), []),
        (["false"], ["FALSE", "TRUE"], ("FALSE",), []),
        (["1.0"], ["0", "1"], ("1",), []),
        (["1"], ["0.0", "1.0"], ("1.0",), []),
        (["dead"], ["Alive", "Dead"], ("Dead",), []),
        (["dead"], ["DEAD", "Dead"], (), ["dead"]),  # which of them?
        (["Dead", "dead"], ["Alive", "Dead"], ("Dead",), []),
        (["2", "1"], ["0", "1"], ("1",), ["2"]),
    ],
)
def test_values_are_found_as_the_file_spells_them_or_as_read(
    wanted: list[str], levels: list[str], found: tuple[str, ...], unknown: list[str]
) -> None:
    assert matched(wanted, levels) == (found, unknown)
