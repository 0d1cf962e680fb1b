"""A model of Python behind JSON lines or Arrow: what `artifact: { command: [python3, -m, plumbline.worker], file: … }` starts.

The protocol is in docs/models.md. `lines.py` speaks it, `formats.py` has rows and answers as JSON or Arrow, `frame.py` makes
rows into what models take, `answers.py` makes their answers into arrays and lists, and `models.py` opens the files.
"""
