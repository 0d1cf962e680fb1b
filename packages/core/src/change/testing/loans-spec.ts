/** A spec with a clause of each form, and one for each way in which the tests weaken it. */
export const LOANS_SPEC = `plumbline: 1
system:
  name: loans
  version: 2.3.0
  purpose: P.
  risk: limited
  use: { intended: [help an analyst], excluded: [automatic refusal, use for minors] }
  owners: [{ name: Zoe, contact: zoe@x.org }]
params: { least: { type: number, default: 0.7 }, most: 5, share: 0.99 }
requirements: { Q-1: { says: One. }, Q-2: { says: Two. } }
data:
  loans:
    source: { path: loans.csv, null_values: [NA] }
    key: [id]
    time: at
    splits: { train: 'fold == "a"', test: 'fold == "b"', hold: 'fold == "c"' }
    columns:
      id: { type: integer, role: key }
      amount: { type: number, unit: EUR, range: [0, 50_000] }
      rate: { type: number, range: [0, 0.4] }
      months: { type: integer, range: [1, 120] }
      grade: { type: category, values: [A, B, C, D] }
      gender: { type: category, values: { 1: m, 2: f }, protected: true }
      note: { type: text, optional: true }
      score_old: { type: number, range: [0, 1], optional: true, missing: exclude }
      fold: { type: category, values: [a, b, c], role: split }
      at: { type: timestamp }
      bad: { type: boolean, role: label }
  payments:
    source: pay.csv
    key: [pid]
    columns:
      pid: { type: integer, role: key }
      loan: { type: integer }
      paid: { type: number, range: [0, 100_000], mostly: 98% }
slices: { large: amount >= 10_000.0, short: months <= 12 }
models:
  champion:
    artifact: m.onnx
    task: binary-classification
    input: { from: loans, columns: [amount, rate, months, grade, gender] }
    outputs: { pd: { type: number, range: [0, 1] } }
    label: bad
    decision: pd >= 0.3
  old: { artifact: o.onnx, like: champion }
clauses:
  c01: { says: s, of: loans, every: "rate <= 0.3 && months <= 60" }
  c02: { says: s, of: loans, every: "rate * amount / 12.0 <= 500.0" }
  c03: { says: s, of: loans, every: "grade in ['A','B','C']" }
  c04: { says: s, of: loans, every: "!(grade == 'D') || rate > 0.1" }
  c05: { says: s, of: loans, every: "note.size() <= 200", missing: exclude }
  c06: { says: s, of: loans, every: "amount > 0.0", mostly: 99% }
  c07: { says: s, of: [loans, requests], every: "amount >= 100.0" }
  c08: { says: s, of: loans, every: "rate < 0.35", slices: [large, short] }
  c09: { says: s, of: loans, every: "months >= 3", slices: [by grade] }
  c10: { says: s, of: loans.train, every: "rate >= 0.001" }
  c11: { says: s, of: payments, every: "paid >= 1.0" }
  m01: { says: s, of: loans, must: "count() >= 1000" }
  m02: { says: s, of: loans, must: "count() >= 500 && distinct(grade) == 4" }
  m03: { says: s, of: loans, must: "null_share(note) <= 0.4" }
  m04: { says: s, of: loans, must: "mean(rate) < 0.2", confidence: 95% }
  m05: { says: s, of: payments, must: "orphans(loan, loans, id) == 0" }
  m06: { says: s, of: loans.test, must: "max_over(columns, psi(column, loans.train)) < 0.2" }
  m07: { says: s, of: loans.test, must: "kl(grade, loans.train) < 0.1" }
  m08: { says: s, of: loans.test, must: "ks(rate, loans.train) < 0.1 && js(grade, loans.train) < 0.1" }
  m09: { says: s, of: loans.test, must: "total_variation(grade, loans.train) < 0.1" }
  m10: { says: s, of: loans, must: "quantile(amount, 0.95) <= 30000.0" }
  p01: { says: s, of: champion.test, must: "roc_auc() >= least" }
  p02: { says: s, of: champion.test, must: "recall() >= 0.6 && precision() >= 0.3", confidence: 90% }
  p03: { says: s, of: champion.test, must: "lift(0.1) >= 2.0" }
  p04: { says: s, of: champion.test, must: "roc_auc() >= 0.65", slices: [all, large, short] }
  p05: { says: s, of: champion.test, must: "roc_auc() >= 0.6", slices: [by grade] }
  p06: { says: s, of: champion.test, must: "gap_across(gender, false_positive_rate()) <= 0.05" }
  p07: { says: s, of: champion.test, must: "ratio_across(gender, positive_rate()) >= 0.8" }
  p08: { says: s, of: champion.test, must: "expected_cost(1.0, 10.0) <= 0.5" }
  p09: { says: s, of: champion.test, must: "roc_auc() >= roc_auc(old) - 0.01" }
  p10: { says: s, of: champion.test, must: "roc_auc() >= 0.7 || gini() >= 0.5" }
  p11: { says: s, of: champion.test, must: "calibration_error() <= 0.05", severity: warn }
  p12: { says: s, of: champion.test, must: "accuracy() >= 0.7", cluster: grade, weights: amount }
  p13: { says: s, of: champion.test, must: "roc_auc() - roc_auc(old) >= 0.0" }
  p14: { says: s, of: [champion.test, requests], must: "roc_auc() >= 0.6" }
  f01: { says: s, of: champion, forall: { x: loans }, let: { y: "x.with({'amount': x.amount + 100.0})" }, holds: champion(y).pd >= champion(x).pd }
  f02: { says: s, of: champion, forall: { x: loans, g: loans.columns.gender }, let: { y: "x.with({'gender': g})" }, holds: champion(x).decision == champion(y).decision }
  f03: { says: s, of: champion, forall: { x: "near(loans.test.rows, 5%)" }, holds: champion(x).pd <= 0.95 }
  f04: { says: s, of: champion, forall: { x: loans.rows }, holds: champion(x).pd >= 0.001 }
  f05: { says: s, of: champion, forall: { x: loans }, assume: x.amount <= 20000.0, holds: champion(x).pd <= 0.9, mostly: 99%, over: loans.test }
  f06: { says: s, of: champion, forall: { x: loans }, holds: champion(x).pd <= 0.9, mostly: 95%, over: uniform }
  t01: { says: s, of: requests, always: "psi(amount, loans.train) < 0.2", window: 1d, for: 3 }
  t02: { says: s, of: system, whenever: violated("t01"), then: kind == "retrain.decided", within: 7d }
  t03: { says: s, of: system, eventually: kind == "alert.sent", within: 30d }
  r01: { says: s, of: requests, every: "amount <= 40000.0" }
hazards: { Z-1: { says: h, severity: major, controls: [p06, p07] } }
guard:
  input: { on_violation: fallback }
  output: { on_violation: reject }
  fallback: { model: old }
  budget: { added_latency_p99: 20ms, severity: block }
monitor: { windows: [1d], min_rows: 200, lateness: 2h, labels: { source: l.csv, join: id, within: 30d, min_share: 70% }, alerts: [{ webhook: "https://a" }, { webhook: "https://b", when: [t01] }] }
pipeline:
  candidate: c.onnx
  stages: { train: { run: node t.js, needs: [loans.csv], makes: [c.onnx] } }
  retrain: { when: [t01, new-data], cooldown: 2d, budget: 2/month }
release:
  staging: { requires: [data] }
  production: { requires: [data, model, release], rollback: { when: [t01] } }
`
