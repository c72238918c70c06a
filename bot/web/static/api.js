// The page about the API: Swagger UI over our schema.
SwaggerUIBundle({ url: new URL('../api/v1/openapi.json', document.currentScript.src).href, dom_id: '#api', deepLinking: true, validatorUrl: null });
