"""A model of Python behind JSON lines: what `artifact: { command: [python3, -m, plumbline.worker], file: … }` starts.

The protocol is in docs/models.md. `lines.py` speaks it, `frame.py` makes rows into what models take, `answers.py` makes their
answers into lists, and `models.py` opens the files.
"""
