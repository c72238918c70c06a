"""How well the documents of one release are found: editions in several languages, reposts in one.

The sets, `evals/sets/editions/`, are made-up releases in our own words: `dev.toml`, by which the rules were tuned, and
`test.toml`, whose scores were seen while they were. Beside them stands the bundled corpus with its stated
groups hidden. They are measured by `python -m evals.editions`.
"""
