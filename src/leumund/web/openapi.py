"""What programs can ask, described as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.asking import options_of
from leumund.measures import Measure, all_measures
from leumund.report.sections import version
from leumund.web.options import OFFERED

_SCHEMAS: Mapping[str, Any] = {
    "days": {"type": "integer", "minimum": 1, "maximum": 3660},
    "rate": {"type": "number", "minimum": 0, "maximum": 1000000},
    "fridays_only": {"type": "string", "enum": ["1"]},
    "start": {"type": "string", "format": "date"},
    "end": {"type": "string", "format": "date"},
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "hint"],
            "properties": {"message": {"type": "string"}, "hint": {"type": "string"}},
        }
    },
}


def description() -> dict[str, Any]:
    """The whole of it."""
    paths: dict[str, Any] = {
        "/api/measures": {"get": _get("What can be asked.", [], {"application/json": {}})}
    }
    for measure in all_measures().values():
        for kind, media in (("json", "application/json"), ("csv", "text/csv")):
            told = {media: {"schema": {"type": "object"}} if kind == "json" else {}}
            paths[f"/api/measures/{measure.name}.{kind}"] = {
                "get": _get(measure.question, _parameters(measure, explained=False), told)
            }
            if measure.explain:
                paths[f"/api/why/{measure.name}.{kind}"] = {
                    "get": _get(f"Why: {measure.question}", _parameters(measure, explained=True), told)
                }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Leumund",
            "version": version(),
            "summary": "Readings of the lab on this computer.",
        },
        "paths": paths,
        "components": {"schemas": {"Error": _ERROR}},
    }


def _get(summary: str, parameters: list[dict[str, Any]], told: Mapping[str, Any]) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    lang = {
        "name": "lang",
        "in": "query",
        "required": False,
        "schema": {"type": "string", "enum": ["de", "en"]},
    }
    return {
        "summary": summary,
        "parameters": [*parameters, lang],
        "responses": {
            "200": {"description": "The answer.", "content": dict(told)},
            "400": {"description": "Asked wrongly.", **error},
            "403": {"description": "Private, or not from here.", **error},
            "404": {"description": "There is nothing at this address.", **error},
            "503": {"description": "Not now.", **error},
        },
    }


def _parameters(measure: Measure, *, explained: bool) -> list[dict[str, Any]]:
    function = measure.explain if explained else measure.compute
    names = [n for n in (options_of(function) if function else []) if n in OFFERED]
    if explained and "account" not in names:
        names.append("account")
    return [
        {"name": n, "in": "query", "required": False, "schema": _SCHEMAS.get(n, {"type": "string"})}
        for n in names
    ]
