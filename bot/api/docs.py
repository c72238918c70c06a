"""The page about the API, by Swagger UI as the package fastapi-offline brings it: nothing from another host."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from bot.api.models import Problem

# Swagger UI draws its icons from data addresses, and writes styles into elements.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'none'; base-uri 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<link rel="icon" href="{root}/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{root}/api/docs/swagger-ui.css">
<script defer src="{root}/api/docs/swagger-ui-bundle.js"></script>
<script defer src="{root}/static/api.js"></script>
</head>
<body>
<main id="api"></main>
<noscript><p>Drawn by a script; the schema is at <a href="{root}/api/v1/openapi.json">openapi.json</a>.</p></noscript>
</body>
</html>
"""


def document_api(app: FastAPI, root: str) -> None:
    """Give the app its schema with the model of a problem, and the page at /docs that shows it, all below `root`."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            made["components"]["schemas"]["Problem"] = Problem.model_json_schema()
            made["servers"] = [{"url": f"{root}/api"}]
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]

    @app.get("/docs", include_in_schema=False)
    def page() -> HTMLResponse:
        return HTMLResponse(_PAGE.format(root=root), headers={"Content-Security-Policy": _POLICY})

    app.mount("/docs", StaticFiles(packages=[("fastapi_offline", "static")]))
