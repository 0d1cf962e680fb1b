import { SPEC } from './spec.ts'

const CLAUSES = `  population-stable:
    says: The population stays like the one the model was trained on.
    of: requests
    always: max_over(columns, psi(column, accounts.train)) < 0.2
    window: 1d
    for: 2
    meets: [R-1]
  ranks-lately:
    says: On the labels that have arrived the model still separates payers from defaulters.
    of: requests
    must: roc_auc() >= 0.74
    meets: [R-1]
  drift-is-answered:
    says: Drift is followed by a retraining decision within a week.
    of: system
    whenever: violated("population-stable")
    then: kind == "retrain.decided"
    within: 7d
`

const PRODUCTION = `pipeline:
  candidate: models/candidate.onnx
  stages:
    train:
      run: [node, train.js]
      needs: [data/accounts.parquet, data/window.parquet, train.js]
      makes: [models/candidate.onnx]
  retrain: { when: [population-stable, ranks-lately], cooldown: 1d, budget: 4/month }
guard:
  input: { on_violation: reject }
  output: { on_violation: fallback }
  fallback: { model: scorecard }
  budget: { added_latency_p99: 50ms, severity: warn }
monitor:
  windows: [1d]
  lateness: 1h
  min_rows: 500
  labels: { source: data/outcomes.csv, join: id, within: 2d, min_share: 80% }
  alerts: [{ webhook: "https://alerts.example.org/plumb" }]
release:
  production: { requires: [data, model, release], rollback: { when: [ranks-lately] } }
`

/** The sample spec with all that production needs; `more` are further clauses, as lines of YAML. */
export function loopSpec(more = ''): string {
  return SPEC.replace(
    '  bills-within-limit:\n    says: A bill rarely exceeds twice the credit line.\n    of: accounts',
    '  bills-within-limit:\n    says: A bill rarely exceeds twice the credit line.\n    of: [accounts, requests]',
  )
    .replace('hazards:\n', `${CLAUSES}${more}hazards:\n`)
    .replace(/pipeline: \{.*\}\n/, PRODUCTION)
}
