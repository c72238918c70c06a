"""The face for programs: REST, chat completions as OpenAI shapes them, and tools of the Model Context Protocol."""
