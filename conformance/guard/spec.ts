import { type Program } from '@plumbline/core'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

/** A spec whose clauses on `requests` have every shape there is. */
export const SPEC = `plumbline: 1
system: { name: guarded, version: 1.0.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer, range: [18, 100] }
      debt: { type: integer, optional: true }
      income: { type: number, range: [0, 1_000_000], missing: pass }
      ratio: { type: number, optional: true, mostly: 90% }
      city: { type: category, values: [Ulm, Köln, Paris] }
      grade: { type: category, values: { 1: good, 2: fair, 3: poor }, severity: warn }
      note: { type: text, optional: true }
      member: { type: boolean }
      since: { type: timestamp, optional: true, range: ["1990-01-01T00:00:00Z", "2100-01-01T00:00:00Z"] }
      constructor: { type: integer, optional: true }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: people, columns: [age, debt, income, ratio, city, grade, note, member, since, constructor] }
    outputs:
      risk: { type: number, range: [0, 1] }
      band: { type: category, values: [low, high] }
    label: default
    decision: risk * income / 100.0 >= 0.5
  scorecard: { artifact: scorecard.onnx, like: champion }
slices:
  young: age < 30
  rich: income / ratio > 1000.0
clauses:
  no-huge-debt: { says: a, of: requests, every: debt * 1_000_000_000_000 < 9_000_000_000_000_000_000 }
  debt-per-income: { says: a, of: requests, every: double(debt) / income < 12.0, missing: pass }
  debt-per-age: { says: a, of: requests, every: debt / (age - 40) < 100, missing: exclude }
  known-city: { says: a, of: requests, every: 'city != "Paris" || age >= 21', slices: [young, by grade] }
  rich-members: { says: a, of: requests, every: member, slices: [rich] }
  note-is-short: { says: a, of: requests, every: 'size(note) <= 6 && !note.contains("<")' }
  note-is-words: { says: a, of: requests, every: 'note.matches("(?i)^[\\\\pL .x-]*$")', missing: pass }
  note-given: { says: a, of: requests, every: 'has(note) || debt == null' }
  lately: { says: a, of: requests, every: 'since > timestamp("2000-06-01T00:00:00Z")', missing: exclude, severity: warn }
  early-days: { says: a, of: requests, every: 'since.getFullYear() > 1995', missing: pass }
  odd-name: { says: a, of: requests, every: constructor > 3, missing: pass }
  mostly-low: { says: a, of: requests, every: ratio * 2.0 <= 1.0, mostly: 75% }
  label-text: { says: a, of: requests, every: 'label(grade) != "poor" || income > 10.0' }
  risk-of-young: { says: a, of: requests, every: 'risk <= 0.9 || age >= 30' }
  band-fits: { says: a, of: requests, every: '(band == "high") == decision', slices: [all, young] }
  decided: { says: a, of: requests, every: decision != null, severity: warn }
  noted: { says: a, of: requests, every: '!decision || note != null', missing: exclude }
  labelled: { says: a, of: requests, every: 'default || risk < 0.5' }
  in-time: { says: a, of: requests, every: '_at > timestamp("2020-01-01T00:00:00Z")' }
  ranks: { says: a, of: requests, must: roc_auc() >= 0.7 }
GUARD`

/** The program, with the given guard section (YAML) or none. */
export function program(guard = ''): Program {
  const text = SPEC.replace('GUARD', guard)
  return compiledSpec(text)
}
