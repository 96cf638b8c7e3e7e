"""Headers that are CDISC's labels ("Analysis Value") in place of its names (AVAL)."""

from __future__ import annotations

import re
from collections.abc import Iterable

# ADaM Implementation Guide 1.1-1.3 and the Basic Data Structure for Time-to-Event Analyses 1.0.
_LABELS = {
    "UNIQUE SUBJECT IDENTIFIER": "USUBJID",
    "SUBJECT IDENTIFIER FOR THE STUDY": "SUBJID",
    "STUDY IDENTIFIER": "STUDYID",
    "STUDY SITE IDENTIFIER": "SITEID",
    "PARAMETER CODE": "PARAMCD",
    "ANALYSIS VALUE": "AVAL",
    "ANALYSIS VALUE UNIT": "AVALU",
    "ANALYSIS UNIT": "AVALU",
    "ANALYSIS DATE": "ADT",
    "ANALYSIS RELATIVE DAY": "ADY",
    "ANALYSIS RECORD FLAG 01": "ANL01FL",
    "ANALYSIS FLAG 01": "ANL01FL",
    "EVENT OR CENSORING DESCRIPTION": "EVNTDESC",
    "EVENT DESCRIPTION": "EVNTDESC",
    "CENSOR DATE DESCRIPTION": "CNSDTDSC",
    "TIME TO EVENT ORIGIN DATE FOR SUBJECT": "STARTDT",
    "PLANNED TREATMENT": "TRTP",
    "PLANNED TREATMENT N": "TRTPN",
    "ACTUAL TREATMENT": "TRTA",
    "ACTUAL TREATMENT N": "TRTAN",
    "PLANNED TREATMENT FOR PERIOD 01": "TRT01P",
    "PLANNED TREATMENT FOR PERIOD 01 N": "TRT01PN",
    "ACTUAL TREATMENT FOR PERIOD 01": "TRT01A",
    "ACTUAL TREATMENT FOR PERIOD 01 N": "TRT01AN",
    "DESCRIPTION OF PLANNED ARM": "ARM",
    "PLANNED ARM CODE": "ARMCD",
    "DESCRIPTION OF ACTUAL ARM": "ACTARM",
    "ACTUAL ARM CODE": "ACTARMCD",
    "INTENT TO TREAT POPULATION FLAG": "ITTFL",
    "SAFETY POPULATION FLAG": "SAFFL",
    "DATE OF RANDOMIZATION": "RANDDT",
    "DATE OF FIRST EXPOSURE TO TREATMENT": "TRTSDT",
    "DATE OF LAST EXPOSURE TO TREATMENT": "TRTEDT",
    "AGE UNITS": "AGEU",
    "POOLED AGE GROUP 1": "AGEGR1",
    "END OF STUDY STATUS": "EOSSTT",
    "END OF STUDY DATE": "EOSDT",
    "DATE OF DEATH": "DTHDT",
    "SUBJECT DEATH FLAG": "DTHFL",
    "REPORTED TERM FOR THE ADVERSE EVENT": "AETERM",
    "DICTIONARY DERIVED TERM": "AEDECOD",
    "BODY SYSTEM OR ORGAN CLASS": "AEBODSYS",
    "PRIMARY SYSTEM ORGAN CLASS": "AESOC",
    "SEVERITY INTENSITY": "AESEV",
    "SERIOUS EVENT": "AESER",
    "CAUSALITY": "AEREL",
    "STANDARD TOXICITY GRADE": "AETOXGR",
    "ANALYSIS TOXICITY GRADE": "ATOXGR",
    "TREATMENT EMERGENT ANALYSIS FLAG": "TRTEMFL",
    "ANALYSIS START DATE": "ASTDT",
    "ANALYSIS END DATE": "AENDT",
    "START DATE TIME OF ADVERSE EVENT": "AESTDTC",
    "END DATE TIME OF ADVERSE EVENT": "AEENDTC",
    "OUTCOME OF ADVERSE EVENT": "AEOUT",
    "ACTION TAKEN WITH STUDY TREATMENT": "AEACN",
}
# Words that people use too, and otherwise: labels only beside one of the above.
_SHORT = {"CENSOR": "CNSR", "PARAMETER": "PARAM"}


def adam_names(headers: Iterable[str]) -> dict[str, str]:
    """The names of those headers that are labels; headers in capitals, each name given once.

    >>> adam_names(["UNIQUE SUBJECT IDENTIFIER", "ANALYSIS VALUE", "CENSOR", "SITE"])
    {'UNIQUE SUBJECT IDENTIFIER': 'USUBJID', 'ANALYSIS VALUE': 'AVAL', 'CENSOR': 'CNSR'}
    >>> adam_names(["ID", "TIME", "CENSOR"])
    {}
    """
    headers = list(headers)
    words = {header: " ".join(re.findall(r"\w+", header)) for header in headers}
    known = _LABELS | (_SHORT if any(w in _LABELS for w in words.values()) else {})
    found: dict[str, str] = {}
    for header in headers:
        name = known.get(words[header])
        if name and name not in headers and name not in found.values():
            found[header] = name
    return found
