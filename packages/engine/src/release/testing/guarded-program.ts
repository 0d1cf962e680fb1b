import { type PlannedGuard, guardPlan, type Program } from '@plumbline/core'
import { compiledSpec } from '../../../../core/src/testing/compiled-spec.ts'

/** A spec with a column of every type and clauses of every kind that a guard enforces; `more` is added at its end. */
export const EVERY_KIND = `plumbline: 1
system: { name: every-kind, version: 1.0.0 }
data:
  loans:
    source: data/loans.csv
    key: [id]
    splits: { train: part == "train", test: part == "test" }
    columns:
      id: { type: integer, role: key }
      amount: { type: number, range: [100, 50_000] }
      income: { type: number, range: [0, 1_000_000], optional: true }
      months: { type: integer, range: [6, 84] }
      region: { type: category, values: [north, south, west] }
      grade: { type: category, values: { 1: a, 2: b, 5: c } }
      insured: { type: boolean }
      applied: { type: timestamp }
      note: { type: text, optional: true }
      part: { type: category, values: [train, test], role: split }
      default: { type: boolean, role: label }
slices:
  long: months > 60
  northern: region == "north"
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: loans, columns: [amount, income, months, region, grade, insured, applied, note] }
    outputs: { risk: { type: number, range: [0, 1] }, band: { type: category, values: [low, high] } }
    label: default
    decision: risk >= 0.5
clauses:
  affordable: { says: a, of: requests, every: "amount <= income", missing: pass }
  long-are-small: { says: a, of: requests, every: "amount < 40_000.0", slices: [long, northern] }
  insured-long: { says: a, of: requests, every: "insured || months <= 72" }
  worst-grade: { says: a, of: requests, every: "grade != 5 || amount * double(months) < 1_000_000.0" }
  short-note: { says: a, of: requests, every: "size(note) < 500", missing: exclude, severity: warn }
  mostly-rich: { says: a, of: requests, every: "income > 20_000.0", mostly: 90%, missing: pass }
  decided-high: { says: a, of: requests, every: "band == \\"high\\" || risk < 0.9" }
  cautious: { says: a, of: requests, every: "decision || risk < 0.4 || amount < 20_000.0", slices: [long] }
`

/** Compiles a spec; throws its mistakes. */
export function programOf(text: string): Program {
  return compiledSpec(text)
}

/** What a spec enforces per request. */
export function plannedOf(program: Program): PlannedGuard {
  const planned = guardPlan(program)
  if (planned === undefined) throw new Error('The spec has no champion.')
  return planned
}
