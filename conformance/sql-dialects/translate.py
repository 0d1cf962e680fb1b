# sqlglot of PyPI: [dialect, statement] a line of JSON comes in; what it reads, said in DuckDB's words, goes out. Ends with its input.
import json
import sys

import sqlglot
from sqlglot import exp


def bigquery(node):
    """Sunday is 1 there and 0 in DuckDB, which the translation passes over."""
    if isinstance(node, exp.Extract) and node.name.upper() == "DAYOFWEEK":
        return exp.paren(exp.Add(this=node.copy(), expression=exp.Literal.number(1)))
    return node


def snowflake(node):
    """Integers are decimals of 38 digits there: sums do not overflow, and a quotient without a rest is exact."""
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.BIGINT:
        return exp.DataType.build("INT128")
    if isinstance(node, exp.Substring) and not isinstance(node.args["start"], exp.TryCast):
        given = {name: node.args[name] for name in ("start", "length") if node.args.get(name) is not None}
        places = {name: exp.TryCast(this=place, to=exp.DataType.build("INT")) for name, place in given.items()}
        return exp.Substring(this=node.this, **places)
    if isinstance(node, exp.Div):
        left = node.left.unnest()
        if isinstance(left, exp.Sub) and isinstance(left.right.unnest(), exp.Mod):
            return exp.IntDiv(this=node.left, expression=node.right)
    return node


OWN = {"bigquery": bigquery, "snowflake": snowflake}
for line in sys.stdin:
    try:
        dialect, statement = json.loads(line)
        tree = sqlglot.parse_one(statement, read=dialect)
        answer = {"sql": tree.transform(OWN.get(dialect, lambda node: node)).sql(dialect="duckdb")}
    except Exception as error:  # noqa: BLE001: whatever it raises is what a test is told
        answer = {"error": str(error)[:600]}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
