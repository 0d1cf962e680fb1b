/** A small credit spec with every form of clause, requirements met and not met, and hazards. */
export const SPEC = `plumbline: 1
system:
  name: credit-default
  version: 1.0.0
  purpose: Estimate the probability that a card holder misses next month's payment.
  use:
    intended: [credit line review by an analyst]
    excluded: [automatic rejection without human review]
  owners: [{ name: Credit Risk, contact: risk@example.org }]
requirements:
  R-1: { says: Analysts can rely on the ranking of applicants., source: credit policy 4.2, owner: Credit Risk }
  R-2: { says: Men and women in difficulty are found alike., source: equal treatment act, owner: Compliance }
  R-3: { says: A worse payment record never looks like a lower risk., owner: Credit Risk }
  R-4: { says: An analyst can see why. }
data:
  accounts:
    source: data/accounts.parquet
    key: [id]
    splits: { train: 'split == "train"', test: 'split == "test"' }
    columns:
      id: { type: integer, role: key }
      limit_bal: { type: number, unit: TWD, range: [10_000, 1_000_000], says: credit line }
      sex: { type: category, values: { 1: male, 2: female }, protected: true }
      education: { type: category, values: { 1: graduate school, 2: university, 3: high school, 4: other } }
      age: { type: integer, unit: year, range: [18, 100] }
      pay_0: { type: integer, range: [-2, 8], says: months of delay in September }
      bill_amt1: { type: number, unit: TWD, range: [-1_000_000, 2_000_000], says: bill of September }
      split: { type: category, values: [train, test], role: split }
      default: { type: boolean, role: label }
slices:
  young: age < 25
models:
  champion:
    artifact: models/candidate.onnx
    task: binary-classification
    input: { from: accounts, columns: [limit_bal, sex, education, age, pay_0, bill_amt1] }
    outputs: { risk: { type: number, range: [0, 1], says: probability of default } }
    label: default
    decision: risk >= 0.5
  scorecard: { artifact: models/scorecard.onnx, like: champion }
clauses:
  enough-rows:
    says: The data set is large enough, and every account is in it once.
    of: accounts
    must: count() >= 20_000 && distinct(id) == count()
  train-test-alike:
    says: Train and test look alike.
    of: accounts.test
    must: max_over(columns, psi(column, accounts.train)) < 0.1
    meets: [R-1]
  bills-within-limit:
    says: A bill rarely exceeds twice the credit line.
    of: accounts
    every: bill_amt1 <= 2.0 * limit_bal
    mostly: 99%
    severity: warn
  ranks-well:
    says: The model separates payers from defaulters.
    of: champion.test
    must: roc_auc() >= 0.74
    meets: [R-1]
    rationale: Cross-validation expects 0.7745 ± 0.0068.
  ranks-well-by-education:
    says: It does so at every level of education; groups too small to tell are shown so.
    of: champion.test
    must: roc_auc() >= 0.70
    slices: [by education]
    severity: warn
    meets: [R-1]
  ranks-young-very-well:
    says: A wish - for the young it ranks nearly as well as for everyone.
    of: champion.test
    must: roc_auc() >= 0.75
    slices: [young]
    severity: warn
  finds-defaulters:
    says: Among the accounts, those likely to default come first.
    of: champion.test
    must: average_precision() >= 0.48 && recall() >= 0.32 && brier() <= 0.145
    meets: [R-1]
    hazards: [H-1]
  better-than-scorecard:
    says: It ranks better than the scorecard it replaces.
    of: champion.test
    must: roc_auc() >= roc_auc(scorecard) + 0.005
    severity: warn
  equal-opportunity:
    says: Defaulters of both sexes are found about equally often.
    of: champion.test
    must: ratio_across(sex, recall()) >= 0.75
    meets: [R-2]
  beats-yesterday:
    says: A challenger is not worse than the champion it replaces.
    of: challenger.test
    must: roc_auc() >= roc_auc(champion) - 0.005
    meets: [R-1]
  later-payment-never-helps:
    says: A longer delay never lowers the predicted risk.
    of: champion
    forall: { x: accounts }
    assume: x.limit_bal >= 10_000.0
    let: { y: "x.with({'pay_0': x.pay_0 + 1})" }
    holds: champion(y).risk >= champion(x).risk
    meets: [R-3]
  sex-does-not-decide:
    says: Sex never decides.
    of: champion
    forall: { x: accounts, s: accounts.columns.sex }
    let: { y: "x.with({'sex': s})" }
    holds: champion(x).decision == champion(y).decision
    meets: [R-2]
hazards:
  H-1: { says: An account in arrears is overlooked because its record looks better than it is., severity: major, controls: [later-payment-never-helps] }
  H-2: { says: Women in arrears are overlooked., severity: major, controls: [equal-opportunity, sex-does-not-decide] }
  H-3: { says: Nobody notices that the model is old. }
pipeline: { candidate: models/candidate.onnx }
`
