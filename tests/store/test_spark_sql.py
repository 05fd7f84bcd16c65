"""The SQL of measures in Spark's words: what sqlglot would leave alone, and what would give other numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlglot import exp

from leumund.store.keys import PERSONS, under_one_key
from leumund.store.spark_sql import by_name, in_spark, parsed, view_name

COLUMNS = {"votes": ["account", "week", "value"], "files": ["post", "text"]}


def said(query: str, **parameters: object) -> str:
    """That query in Spark's words, where all views are in no schema."""
    return in_spark(parsed(query), found=view_name, columns=_columns, parameters=parameters)


def _columns(name: str) -> Sequence[str]:
    return COLUMNS[name]


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        ("select 0.5 / n from votes", "SELECT CAST('0.5' AS DOUBLE) / n FROM `votes`"),
        ("select 1 / n from votes", "SELECT 1 / n FROM `votes`"),
        ("select week // 7 from votes", "SELECT week DIV 7 FROM `votes`"),
        ("select sum(a::HUGEINT) from votes", "SELECT SUM(CAST(a AS DECIMAL(38, 0))) FROM `votes`"),
        ("select hash(a, b) from votes", "SELECT XXHASH64(a, b) FROM `votes`"),
        (
            "select epoch_us(at) from votes",
            "SELECT UNIX_MICROS(CAST(at AS TIMESTAMP_LTZ)) FROM `votes`",
        ),
        (
            "select 'infinity'::TIMESTAMP from votes",
            "SELECT CAST('9999-12-31 00:00:00' AS TIMESTAMP_NTZ) FROM `votes`",
        ),
        (
            "select list_transform(m, lambda x: coalesce(getvariable('aliases')[x], x)) from votes",
            "SELECT TRANSFORM(m, x -> COALESCE(ELEMENT_AT(leumund_aliases, x), x)) FROM `votes`",
        ),
    ],
)
def test_words_that_would_give_other_numbers(duckdb: str, spark: str) -> None:
    assert said(duckdb) == spark


def test_values_take_the_place_of_their_names() -> None:
    assert said("select week from votes where network = $network", network="x's") == (
        "SELECT week FROM `votes` WHERE network = 'x\\'s'"
    )


def test_replaced_columns_are_spelled_out_for_views_and_for_what_the_query_names_itself() -> None:
    assert said("select * replace (0.0 as value) from votes") == (
        "SELECT `account`, `week`, CAST('0.0' AS DOUBLE) AS value FROM `votes`"
    )
    assert said(
        "with open as (select account, week as since from votes) select * replace (1 as since) from open"
    ) == ("WITH open AS (SELECT account, week AS since FROM `votes`) SELECT `account`, 1 AS since FROM open")


def test_accounts_under_one_key_are_a_join_in_both() -> None:
    query = under_one_key("votes", PERSONS, accounts=("account",))
    assert query == (
        'select t.* replace (coalesce(k0.person, t."account") as "account") from votes t '
        'left join main.persons k0 on k0.account = t."account"'
    )
    assert said(query) == (
        "SELECT COALESCE(k0.person, t.`account`) AS `account`, t.`week`, t.`value` FROM `votes` AS t "
        "LEFT JOIN `persons` AS k0 ON k0.account = t.`account`"
    )


def test_names_that_a_query_gives_itself_are_not_views() -> None:
    places = {("", "posts"): "by_person__posts", ("", "early"): "never"}
    told = in_spark(
        parsed("with early as (select post from posts) select * from early join posts using (post)"),
        found=lambda schema, name: places[schema, name],
        columns=_columns,
        parameters={},
    )
    assert told == (
        "WITH early AS (SELECT post FROM `by_person__posts` AS posts) "
        "SELECT * FROM early JOIN `by_person__posts` AS posts USING (post)"
    )


def test_columns_that_came_later_are_empty_in_older_files() -> None:
    query = parsed('select null::INTEGER as "views" where false union all by name select * from files')
    assert isinstance(query, exp.Union)
    assert by_name(query, ["post", "views"]).sql("spark") == "SELECT `views`, `post` FROM files"
    assert by_name(query, ["post"]).sql("spark") == "SELECT CAST(NULL AS INT) AS `views`, `post` FROM files"
