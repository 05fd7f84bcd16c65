"""What programs can ask, described as OpenAPI 3.1: made of the measures' own records and of their options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leumund.locale import N_, _
from leumund.measures import Column, ColumnKind, Measure, all_measures
from leumund.options import MOST_TEXT, Kind, Option, options_for
from leumund.report.sections import version
from leumund.web.told import LIMIT, OFFSET, SHAPE, is_paged

_HELD: dict[ColumnKind, dict[str, Any]] = {
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "points": {"type": "number"},
    "share": {"type": "number"},
    "flag": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "week": {"type": "string", "format": "date"},
}
_ANY = {"type": ["string", "number", "boolean", "array", "object", "null"]}
_TEXT = {"type": "string"}
_OR_NULL = {"type": ["string", "null"]}

LIMIT_SAID = N_("At most so many rows; else all.")
OFFSET_SAID = N_("So many rows are left out before.")
SHAPE_SAID = N_("How JSON holds the rows: as objects, as lists, or nothing but a list of objects.")


def description() -> dict[str, Any]:
    """The whole of it, in the language in use."""
    paths: dict[str, Any] = {"/api/measures": {"get": _list()}, "/api/openapi.json": {"get": _itself()}}
    for measure in all_measures().values():
        for part in ("measures", *(("why",) if measure.explain else ())):
            for ending in ("", ".json", ".csv", ".parquet"):
                paths[f"/api/{part}/{measure.name}{ending}"] = {"get": _get(measure, part, ending)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Leumund",
            "version": version(),
            "summary": _("Readings of the lab on this computer."),
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {"Error": _error(), "Measures": _measures(), "Reading": _reading()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _get(measure: Measure, part: str, ending: str) -> dict[str, Any]:
    explained = part == "why"
    options = [
        o for o in options_for(measure, explained=explained) if o.name != "limit" or not _paged(measure, part)
    ]
    parameters = [_parameter(o, _(o.said)) for o in options]
    if _paged(measure, part):
        parameters += [_parameter(LIMIT, _(LIMIT_SAID)), _parameter(OFFSET, _(OFFSET_SAID))]
    if ending in ("", ".json"):
        parameters.append(_parameter(SHAPE, _(SHAPE_SAID)))
    return {
        "operationId": f"{part}_{measure.name}{ending.replace('.', '_')}",
        "tags": [measure.topic or "more"],
        "summary": _("Why: {question}").format(question=_(measure.question))
        if explained
        else _(measure.question),
        "parameters": [*parameters, _language()],
        "security": [{"token": []}] if measure.private else [{}, {"token": []}],
        "responses": {"200": _told(measure, explained, ending), **_errors(negotiated=not ending)},
    }


def _paged(measure: Measure, part: str) -> bool:
    return is_paged(measure, explained=part == "why")


def _told(measure: Measure, explained: bool, ending: str) -> dict[str, Any]:
    columns = measure.explain_columns if explained else measure.columns
    forms = {
        ".json": ("application/json", {"schema": _as_json(columns)}),
        ".csv": ("text/csv", {"schema": _TEXT}),
        ".parquet": ("application/vnd.apache.parquet", {}),
    }
    return {
        "description": _("The answer."),
        "headers": {
            "Link": {
                "schema": _TEXT,
                "description": _("Leads to the next rows, to the page for people, and here."),
            },
            "X-Total-Count": {
                "schema": {"type": "integer"},
                "description": _("How many rows there are in all."),
            },
        },
        "content": dict(form for end, form in forms.items() if ending in ("", end)),
    }


def _as_json(columns: Sequence[Column]) -> dict[str, Any]:
    """A reading with rows of these columns, in each of its shapes."""
    held = {c.name: _value(c) for c in columns}
    row = {"type": "object", "required": list(held), "properties": held, "additionalProperties": False}
    plain = {"type": "array", "minItems": len(held), "maxItems": len(held)}
    rows = {"type": "array", "items": row}
    whole = {"type": "object", "properties": {"rows": {"anyOf": [rows, {"type": "array", "items": plain}]}}}
    return {"anyOf": [{"allOf": [{"$ref": "#/components/schemas/Reading"}, whole]}, rows]}


def _value(column: Column) -> dict[str, Any]:
    held = dict(_HELD.get(column.kind, _TEXT))
    if column.optional:
        held["type"] = [held["type"], "null"]
    words = f"{_(column.title)} ({_(column.unit)})" if column.unit else _(column.title)
    return {**held, "description": words}


_TAKEN: dict[Kind, dict[str, Any]] = {
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "money": {"type": "number"},
    "flag": {"type": "string", "enum": ["1", "0", "true", "false", "yes", "no"]},
    "moment": {"type": "string", "format": "date"},
    "account": {"type": "string", "minLength": 1, "maxLength": MOST_TEXT},
    "choice": {"type": "string"},
    "text": {"type": "string", "minLength": 1, "maxLength": MOST_TEXT},
    "accounts": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "texts": {"type": "array", "items": {"type": "string", "minLength": 1}},
}


def _parameter(option: Option, said: str) -> dict[str, Any]:
    schema = dict(_TAKEN[option.kind])
    several = schema["type"] == "array"
    if option.choices:
        schema["enum"] = list(option.choices)
    if option.least is not None:
        schema["minimum"] = option.least
    if option.most is not None:
        schema["maxItems" if several else "maximum"] = option.most
    if option.default is not None and option.default != []:
        flag = "true" if option.default else "false"
        schema["default"] = flag if option.kind == "flag" else option.default
    found = {"name": option.written, "in": "query", "required": False, "description": said, "schema": schema}
    return {**found, **({"style": "form", "explode": False} if several else {})}


def _language() -> dict[str, Any]:
    return {
        "name": "lang",
        "in": "query",
        "required": False,
        "description": _("In which language titles and sentences are."),
        "schema": {"type": "string", "enum": ["de", "en"]},
    }


def _errors(*, negotiated: bool = False) -> dict[str, Any]:
    said = {
        "400": _("Asked wrongly."),
        "401": _("A password or a token is needed here."),
        "403": _("Private, or not from here."),
        "404": _("There is nothing at this address."),
        **({"406": _("It cannot be had in that form.")} if negotiated else {}),
        "429": _("Too many wrong passwords."),
        "503": _("Not now."),
    }
    told = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": words, "content": told} for status, words in said.items()}


def _list() -> dict[str, Any]:
    told = {"application/json": {"schema": {"$ref": "#/components/schemas/Measures"}}}
    return {
        "operationId": "measures",
        "summary": _("What can be asked."),
        "parameters": [_language()],
        "responses": {"200": {"description": _("The answer."), "content": told}, **_errors()},
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": _("This description."),
        "parameters": [_language()],
        "responses": {
            "200": {
                "description": _("The answer."),
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **_errors(),
        },
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _error() -> dict[str, Any]:
    return _object(error=_object(message=_TEXT, hint=_TEXT))


def _measures() -> dict[str, Any]:
    one = _object(
        name=_TEXT, title=_TEXT, question=_TEXT, shape=_TEXT, topic=_TEXT, private={"type": "boolean"}, reading=_TEXT, why=_OR_NULL
    )  # fmt: skip
    return {"type": "array", "items": one}


def _reading() -> dict[str, Any]:
    """Any reading; `leumund.views.json_text` says what the parts mean."""
    many = {"type": "array"}
    moment = {"type": ["string", "null"], "format": "date-time"}
    column = _object(name=_TEXT, kind=_TEXT, title=_TEXT, unit=_TEXT, optional={"type": "boolean"})
    note = _object(sentence=_TEXT, text=_TEXT, values={"type": "object"})
    coverage = _object(
        first=moment, last=moment, rows={"type": "integer"}, undated={"type": "integer"},
        sources={**many, "items": _TEXT}, later={"type": "integer"},
    )  # fmt: skip
    person = _object(name=_TEXT, accounts={**many, "items": _TEXT})
    happening = _object(at=moment, until=_OR_NULL, kind=_TEXT, text=_TEXT, network=_OR_NULL)
    return _object(
        measure=_TEXT, title=_TEXT, shape=_TEXT, as_of=moment, figures={"type": "object", "additionalProperties": _ANY},
        columns={**many, "items": column}, rows=many, notes={**many, "items": note}, coverage=coverage,
        people={**many, "items": person}, options={"type": "object"}, happened={**many, "items": happening},
    )  # fmt: skip
