"""The faces in a browser: the chat, the stored documents and the staff desk.

The one home of Gradio, FastAPI, uvicorn and Jinja2.
"""
