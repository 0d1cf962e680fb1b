# ClickHouse in this process (chdb of PyPI): a statement a line of JSON comes in, an answer a line goes out. Ends with its input.
import json
import sys

from chdb import session

SETTINGS = "output_format_json_quote_64bit_integers=1, output_format_json_quote_denormals=1, join_use_nulls=1"
engine = session.Session()
for line in sys.stdin:
    try:
        statement = json.loads(line)
        if not statement.startswith(("SELECT", "WITH")):
            engine.query(statement)
            answer = {"types": [], "rows": []}
        else:
            text = engine.query(f"{statement} SETTINGS {SETTINGS}", "JSONCompact").data()
            result = json.loads(text)
            answer = {"types": [column["type"] for column in result["meta"]], "rows": result["data"]}
    except Exception as error:  # noqa: BLE001: whatever it raises is what a test is told
        answer = {"error": str(error)[:600]}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
