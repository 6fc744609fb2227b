"""What is made of many names at once is what each gives by itself."""

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import sparse

from scanner.names.legal_forms import compare_with_forms, split_forms
from scanner.names.sound import _skeleton, _sound, learn, skeletons, sound_keys
from scanner.screening import open_index, prepare
from scanner.screening.alignment import likeness
from scanner.screening.candidates import _product
from scanner.screening.comparison import is_spelled_out, is_whole, measure_pairs
from scanner.screening.features import Triples, features_of
from scanner.screening.likely_meetings import likely_meetings
from scanner.screening.queries import queries_of, query_of
from scanner.screening.units import Words, units_of
from tests.screening.test_screening import tables

_LETTERS = "AAEIOUYHSCTZKGJXWVQNRLM9"
_FORM_WORDS = (
    "OBSHCHESTVO",
    "LIMITED",
    "LIABILITY",
    "COMPANY",
    "LIMI",
    "TED",
    "KORPORATSIA",
    "OOO",
)


def invented_words(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    words = {"".join(rng.choices(_LETTERS, k=rng.randrange(1, 14))) for _ in range(count)}
    return [*sorted(words), "ZHEANETTE", "JEANETTE", "H", "HH", "AH", "X" * 300]


def invented_names(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    words = [*invented_words(count, seed), *_FORM_WORDS * 40]
    return [" ".join(rng.sample(words, rng.randrange(1, 6))) for _ in range(count)]


def test_keys_of_sounds() -> None:
    words = invented_words(3000, 1)
    learn(words)
    assert sound_keys(words) == tuple(map(_sound, words))
    assert skeletons(words) == tuple(map(_skeleton, words))


def test_legal_forms() -> None:
    names = [tuple(name.split()) for name in invented_names(500, 2)]
    alone = list(map(split_forms, names))
    split_forms.__globals__["_key_of"].cache_clear()
    split_forms.__globals__["_form_of_two"].cache_clear()
    compare_with_forms([word for name in names for word in name])
    compare_with_forms([one + two for name in names for one, two in pairwise(name)])
    assert list(map(split_forms, names)) == alone
    assert any(forms for _, forms in alone)


def test_queries() -> None:
    names = [*invented_names(300, 3), "", "J"]
    assert queries_of(names) == list(map(query_of, names))


def test_triples() -> None:
    names = [query.joined for query in queries_of([*invented_names(50, 4), "AB"])]
    features = [feature for name in names for feature in features_of((name,), ())]
    numbers = {feature: i for i, feature in enumerate(sorted(set(features))) if i % 3}
    numbers |= {"=AB": 9000, "A.B": 9001, "~AB": 9002}
    found = Triples(numbers).of(names).tolist()
    assert found == [numbers.get(feature, -1) for feature in features]


def test_words_do_not_hang_on_what_else_is_prepared() -> None:
    words = invented_words(400, 5)
    whole = Words.of(words)
    for i in range(0, len(words), 37):
        alone = Words.of(words[i : i + 1])
        for name, value in vars(alone).items():
            assert value[0] == vars(whole)[name][i], name


def test_no_meeting_is_passed_over() -> None:
    rng = random.Random(6)
    names = [tuple(name.split()) for name in invented_names(60, 7)]
    damaged = []
    for name in names:
        word = list(rng.choice(name))
        word[rng.randrange(len(word))] = rng.choice(_LETTERS)
        damaged.append((*name[:2], "".join(word), name[-1][0]))
    asked, listed = units_of(damaged), units_of(names, [True] * len(names))
    of_pair = np.arange(len(names))
    pair, at_a, at_b = likely_meetings(asked, listed, of_pair, of_pair)
    likely = set(zip(pair.tolist(), at_a.tolist(), at_b.tolist(), strict=True))
    joins_a, joins_b = ((units.masks & (units.masks - 1)) != 0 for units in (asked, listed))
    met = 0
    for number in range(len(names)):
        for a in range(*asked.starts[number : number + 2].tolist()):
            for b in range(*listed.starts[number : number + 2].tolist()):
                ids = asked.ids[[a]], listed.ids[[b]]
                alike = float(likeness(asked.words, listed.words, *ids)[0])
                if alike >= (0.88 if joins_a[a] or joins_b[b] else 0.01):
                    met += 1
                    assert (number, a, b) in likely, (damaged[number], names[number])
    assert met > len(names)


def test_product() -> None:
    rng = np.random.default_rng(8)
    dense = [
        np.where(rng.random(shape) < 0.1, rng.random(shape), 0).astype(np.float32)
        for shape in ((40, 300), (300, 90))
    ]
    one, two = (sparse.csr_matrix(values) for values in dense)
    found, wanted = _product(one, two), one @ two
    assert np.array_equal(found.toarray(), wanted.toarray())
    assert found.nnz == wanted.nnz


def test_names_of_the_same_words_are_compared_once(tmp_path: Path) -> None:
    names = ["TARVEKSIM RADAR ZAVOD LLC", "OOO TARVEKSIM RADAR ZAVOD", "TARVEKSIM RADAR ZAVOD"]
    listed = [(f"OFAC-SDN:{8001 + at}", name) for at, name in enumerate(names)]
    prepare(tables(listed), None, tmp_path / "i")
    index = open_index(tmp_path / "i")
    place = index.names["name"].to_pylist().index
    of_names = np.array(list(map(place, names)))
    assert len(set(index.alike[of_names].tolist())) == 1
    queries = queries_of(["TARVEKSYM RADAR ZAVOD AO", "RADAR ZAVOD"])
    of_query, of_name = np.repeat([0, 1], 3), np.tile(of_names, 2)
    whole = measure_pairs(queries, index, of_query, of_name)
    for at in range(len(of_query)):
        alone = measure_pairs(queries, index, of_query[at : at + 1], of_name[at : at + 1])
        assert np.array_equal(alone[0], whole[at], equal_nan=True)


def test_whole_names_and_initials_in_their_place(tmp_path: Path) -> None:
    listed = [
        ("OFAC-SDN:8001", "VARTEKSIM RADAR ZAVOD LLC"),
        ("OFAC-SDN:3", "SHCHERBAKOVSKII, Yurii Mstislavovich"),
        ("OFAC-SDN:8003", "PUBLIC JOINT STOCK COMPANY VELKOMETAL RESEARCH"),
    ]
    prepare(tables([at for at in listed if at[0] != "OFAC-SDN:3"]), None, tmp_path / "i")
    index = open_index(tmp_path / "i")
    place = index.names["name"].to_pylist().index
    names = np.array([place(name) for _, name in listed])
    cases = {
        "VARTEK SIM RADAR ZAVOD LLC": 0, "LLC ZAVOD RADAR VARTEKSIM": 0,
        "VARTEKSIM RADAR ZAVOD": None,
        "Y. M. SHCHERBAKOVSKII": 1, "S Y MSTISLAVOVICH": 1, "M Y SHCHERBAKOVSKII": None,
        "Y SHCHERBAKOVSKII": None, "Y M S": None, "SHCHERBAKOVSKII YURII MSTISLAVOVICH": None,
        "PUBLIC JOINT STOCK COMPANY VELKOMET": 2, "PUBLIC JOINT STOCK COMPANY VELKOME": 2,
        "PUBLIC JOINT STOCK COMPANY VELKO": None,
    }  # fmt: skip
    queries = queries_of(list(cases))
    of_query = np.repeat(np.arange(len(queries)), len(listed))
    pairs = (queries, index, of_query, np.tile(names, len(queries)))
    found = (is_whole(*pairs) | is_spelled_out(*pairs)).reshape(len(queries), len(listed))
    for row, (name, wanted) in zip(found.tolist(), cases.items(), strict=True):
        assert row == [at == wanted for at in range(len(listed))], name
