"""How the trilingual encoder is made: parallel text in, one table of token vectors out."""
