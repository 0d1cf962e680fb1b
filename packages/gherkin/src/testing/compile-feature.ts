import {
  analyseParsed,
  type Diagnostic,
  parseSpec,
  type Program,
  renderDiagnostic,
  type SourceSet,
  withFeatures,
} from '@plumbline/core'
import { type Features, readFeatures } from '../read-features.ts'

/** What became of a spec with features. */
export interface Compiled {
  readonly program?: Program
  readonly features?: Features
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: SourceSet
  /** The findings as people see them. */
  readonly shown: string
}

/** Compiles a spec whose features are given by path. */
export function compileWith(spec: string, files: Readonly<Record<string, string>>): Compiled {
  const main = { path: 'plumb.yaml', text: spec }
  const others = Object.entries(files).map(([path, text]) => ({ path, text }))
  const sources: SourceSet = { main, others }
  const parsed = parseSpec({ main, others: [] })
  const read = parsed.value === undefined ? undefined : readFeatures(others, parsed.value)
  const whole = read === undefined ? parsed : withFeatures(parsed, others, read)
  const { value, diagnostics } = analyseParsed(sources, whole)
  return {
    ...(value === undefined ? {} : { program: value.identify() }),
    ...(read?.value === undefined ? {} : { features: read.value }),
    diagnostics,
    sources,
    shown: diagnostics.map((d) => renderDiagnostic(d, sources)).join('\n\n'),
  }
}

/** A spec that every step of the library can be asked of. */
export const SPEC = `plumbline: 1
system: { name: lending }
params: { since: '2026-11-01T00:00:00Z' }
requirements:
  R-1: { says: Analysts can rely on the ranking. }
data:
  accounts:
    source: data/accounts.csv
    key: [id]
    splits: { train: 'split == "train"', test: 'split == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }
      income: { type: number, range: [0, 1000], optional: true }
      "monthly rent": { type: number, range: [0, 5000] }
      iban: { type: text }
      opened: { type: timestamp }
      sex: { type: category, values: { 1: male, 2: female } }
      education: { type: category, values: [school, university] }
      employed: { type: boolean }
      pay_0: { type: integer, range: [-2, 8] }
      split: { type: category, values: [train, test], role: split }
      default: { type: boolean, role: label }
  customers:
    source: data/customers.csv
    columns:
      id: { type: integer }
slices:
  young: age < 25
  recent: opened >= timestamp(since)
models:
  champion:
    artifact: models/champion.onnx
    task: binary-classification
    input: { from: accounts, columns: [age, income, sex, pay_0] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
  scorecard: { artifact: models/scorecard.onnx, like: champion }
  ageless: { artifact: models/ageless.onnx, like: champion, input: { from: accounts, columns: [income, sex, pay_0] } }
guard: { input: { on_violation: reject } }
monitor: { windows: [1d] }
release:
  production: { requires: [data, model, release] }
pipeline:
  candidate: models/champion.onnx
  stages:
    train: { run: node train.js, needs: [data/accounts.csv], makes: [models/champion.onnx], params: { seed: 7 } }
`
