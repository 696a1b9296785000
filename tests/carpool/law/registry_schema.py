"""JSON schemas of the registry's API v3.3, written from its published facts."""

from __future__ import annotations

from typing import Any

SIRET = {"type": "string", "pattern": "^[0-9]{14}$"}
CENTS = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
INDEX = {"type": "integer", "minimum": 0, "maximum": 19}


def closed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """An object with these properties, all required but the optional ones, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


IDENTITY = closed(
    {
        "operator_user_id": {"type": "string", "minLength": 1, "maxLength": 255},
        "identity_key": {"type": "string", "pattern": "^[a-f0-9]{64}$"},
        "phone_trunc": {
            "type": "string",
            "pattern": r"^\+[0-9]{8,12}$",
            "minLength": 10,
            "maxLength": 14,
        },
        "over_18": {"enum": [True, False, None]},
    },
    "over_18",
)
POINT = closed(
    {
        "datetime": {
            "type": "string",
            "pattern": "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$",
            "format": "date-time",
        },
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "lon": {"type": "number", "minimum": -180, "maximum": 180},
    }
)
INCENTIVE = closed(
    {
        "index": INDEX,
        "siret": SIRET,
        "amount": {"type": "integer", "minimum": 0, "maximum": 100_000},
    }
)
PAYMENT = closed({"index": INDEX, "siret": SIRET, "type": {"type": "string"}, "amount": CENTS})
JOURNEY = closed(
    {
        "operator_journey_id": {"type": "string", "pattern": "^[a-z0-9]{1,256}$"},
        "operator_trip_id": {"type": "string", "minLength": 1, "maxLength": 255},
        "operator_class": {"enum": ["A", "B", "C"]},
        "incentives": {"type": "array", "maxItems": 20, "items": INCENTIVE},
        "start": POINT,
        "end": POINT,
        "distance": {"type": "integer", "exclusiveMinimum": 0, "maximum": 1_000_000},
        "driver": closed({"identity": IDENTITY, "revenue": CENTS}),
        "passenger": closed(
            {
                "identity": IDENTITY,
                "contribution": CENTS,
                "seats": {"type": "integer", "minimum": 1, "maximum": 8},
                "payments": {"type": "array", "maxItems": 20, "items": PAYMENT},
            }
        ),
        "licence_plate": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    "licence_plate",
)
CANCEL = closed(
    {
        "code": {"type": "string", "pattern": "^[0-9A-Za-z_-]{0,32}$"},
        "message": {"type": "string", "maxLength": 512},
    },
    "message",
)
