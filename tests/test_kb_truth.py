"""Sixty questions: who held which office on which day.

The answers were written down apart from the tables.  Those that need a term after 2022 lean on the hand
list and the Factbook (see data/README.md).
"""

from __future__ import annotations

import pytest

from hindi_diplo.knowledge import KnowledgeBase

QUESTIONS = [
    ("RU", "foreign-minister", "2020-09-09", "rus-sergey-lavrov"),
    ("RU", "defence-minister", "2020-09-04", "rus-sergey-shoygu"),
    ("RU", "defence-minister", "2024-06-01", "rus-andrey-belousov"),
    ("RU", "president", "2010-12-21", "Dmitry Medvedev"),
    ("RU", "president", "2018-10-05", "Vladimir Putin"),
    ("RU", "prime-minister", "2019-09-05", "Dmitry Medvedev"),
    ("RU", "prime-minister", "2021-01-01", "Mikhail Mishustin"),
    ("IN", "foreign-minister", "2020-09-09", "ind-s-jaishankar"),
    ("IN", "foreign-minister", "2017-06-01", "Sushma Swaraj"),
    ("IN", "foreign-minister", "2012-12-01", "Salman Khurshid"),
    ("IN", "foreign-minister", "2011-01-01", "S. M. Krishna"),
    ("IN", "prime-minister", "2003-06-01", "Atal Bihari Vajpayee"),
    ("IN", "prime-minister", "2013-06-01", "Manmohan Singh"),
    ("IN", "prime-minister", "2024-06-01", "ind-narendra-modi"),
    ("IN", "defence-minister", "2018-01-01", "Nirmala Sitharaman"),
    ("IN", "defence-minister", "2021-01-01", "Rajnath Singh"),
    ("IN", "foreign-secretary", "2016-01-01", "ind-s-jaishankar"),
    ("IN", "foreign-secretary", "2021-01-01", "Harsh Vardhan Shringla"),
    ("IN", "foreign-secretary", "2025-01-01", "Vikram Misri"),
    ("IN", "national-security-adviser", "2019-01-01", "Ajit Doval"),
    ("IN", "president", "2023-01-01", "Droupadi Murmu"),
    ("US", "foreign-minister", "2010-07-01", "Hillary Clinton"),
    ("US", "foreign-minister", "2020-10-27", "Mike Pompeo"),
    ("US", "foreign-minister", "2022-04-11", "Antony Blinken"),
    ("US", "foreign-minister", "2025-07-01", "Marco Rubio"),
    ("US", "defence-minister", "2018-09-06", "Jim Mattis"),
    ("US", "president", "2015-01-25", "Barack Obama"),
    ("US", "president", "2020-02-24", "Donald Trump"),
    ("US", "president", "2023-06-22", "Joe Biden"),
    ("CN", "president", "2006-11-21", "Hu Jintao"),
    ("CN", "president", "2019-10-11", "Xi Jinping"),
    ("CN", "foreign-minister", "2020-09-10", "Wang Yi"),
    ("CN", "foreign-minister", "2023-05-04", "Qin Gang"),
    ("CN", "defence-minister", "2023-04-27", "Li Shangfu"),
    ("PK", "prime-minister", "2015-12-25", "Nawaz Sharif"),
    ("PK", "prime-minister", "2019-06-13", "Imran Khan"),
    ("PK", "foreign-minister", "2023-05-04", "Bilawal Bhutto Zardari"),
    ("JP", "prime-minister", "2018-10-28", "Shinzō Abe"),
    ("JP", "prime-minister", "2022-03-19", "Fumio Kishida"),
    ("DE", "chancellor", "2019-11-01", "Angela Merkel"),
    ("DE", "prime-minister", "2022-05-02", "Olaf Scholz"),
    ("DE", "foreign-minister", "2022-12-05", "Annalena Baerbock"),
    ("FR", "president", "2016-01-25", "François Hollande"),
    ("FR", "president", "2023-07-14", "Emmanuel Macron"),
    ("FR", "foreign-minister", "2021-04-13", "Jean-Yves Le Drian"),
    ("GB", "prime-minister", "2017-04-18", "Theresa May"),
    ("GB", "prime-minister", "2023-09-09", "Rishi Sunak"),
    ("GB", "foreign-minister", "2020-12-15", "Dominic Raab"),
    ("GB", "foreign-minister", "2024-10-01", "David Lammy"),
    ("KG", "foreign-minister", "2020-09-09", "Chingiz Aidarbekov"),
    ("TJ", "foreign-minister", "2020-09-09", "Sirojiddin Muhriddin"),
    ("NP", "prime-minister", "2020-06-01", "K. P. Sharma Oli"),
    ("LK", "president", "2022-01-01", "Gotabaya Rajapaksa"),
    ("LK", "president", "2024-12-16", "Anura Kumara Dissanayake"),
    ("BD", "prime-minister", "2021-03-26", "Sheikh Hasina"),
    ("IL", "prime-minister", "2018-01-15", "Benjamin Netanyahu"),
    ("IL", "prime-minister", "2021-11-02", "Naftali Bennett"),
    ("IR", "foreign-minister", "2018-05-28", "Mohammad Javad Zarif"),
    ("UA", "president", "2024-08-23", "Volodymyr Zelenskyy"),
    ("KR", "president", "2018-07-10", "Moon Jae-in"),
    ("AU", "prime-minister", "2020-06-04", "Scott Morrison"),
    ("SA", "foreign-minister", "2021-09-19", "Faisal bin Farhan Al Saud"),
    ("un", "secretary-general", "2012-10-01", "Ban Ki-moon"),
    ("nato", "secretary-general", "2022-02-24", "Jens Stoltenberg"),
]


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


@pytest.mark.parametrize(("country", "office", "day", "who"), QUESTIONS)
def test_who_held_it(kb: KnowledgeBase, country: str, office: str, day: str, who: str) -> None:
    found = kb.holder(country, office, day)
    assert found, "nobody known"
    best = kb.entry(found[0].person)
    assert best is not None and who in (best.id, best.name_latin)
    assert 0 < found[0].sure <= 1


@pytest.mark.parametrize(("owner", "country", "day", "who"), [
    ("ind-s-jaishankar", "RU", "2020-09-09", "rus-sergey-lavrov"),
    ("ind-rajnath-singh", "RU", "2020-09-04", "rus-sergey-shoygu"),
    ("ind-s-jaishankar", "CN", "2022-03-25", "chn-wang-yi"),
    ("ind-sushma-swaraj", "US", "2018-09-06", "usa-mike-pompeo"),
    ("ind-narendra-modi", "JP", "2018-10-28", "jpn-shinzo-abe"),
    ("ind-s-jaishankar", "GB", "2021-05-03", "gbr-dominic-raab"),
])
def test_counterparts(kb: KnowledgeBase, owner: str, country: str, day: str, who: str) -> None:
    assert kb.counterpart(owner, country, day)[0].person == who
