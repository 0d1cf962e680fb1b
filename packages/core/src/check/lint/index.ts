import type { Rule } from '../rules/rule.ts'
import { accuracyAloneRule } from './accuracy-alone.rule.ts'
import { candidateNotMadeRule } from './candidate-not-made.rule.ts'
import { channelNotComparedRule } from './channel-not-compared.rule.ts'
import { clauseMeetsNothingRule } from './clause-meets-nothing.rule.ts'
import { clauseWithoutWordsRule } from './clause-without-words.rule.ts'
import { controlNeverBlocksRule } from './control-never-blocks.rule.ts'
import { exceptionWithoutRationaleRule } from './exception-without-rationale.rule.ts'
import { failOpenRule } from './fail-open.rule.ts'
import { fallbackNotJudgedRule } from './fallback-not-judged.rule.ts'
import { hazardWithoutControlRule } from './hazard-without-control.rule.ts'
import { hazardWithoutSeverityRule } from './hazard-without-severity.rule.ts'
import { identifierAsInputRule } from './identifier-as-input.rule.ts'
import { inputWithoutContractRule } from './input-without-contract.rule.ts'
import { judgedOnTrainingRowsRule } from './judged-on-training-rows.rule.ts'
import { metByChanceRule } from './met-by-chance.rule.ts'
import { labelWithoutOriginRule } from './label-without-origin.rule.ts'
import { missingUnstatedRule } from './missing-unstated.rule.ts'
import { neverRequiredRule } from './never-required.rule.ts'
import { noBaselineRule } from './no-baseline.rule.ts'
import { nobodyAnswersRule } from './nobody-answers.rule.ts'
import { noDriftClauseRule } from './no-drift-clause.rule.ts'
import { noFallbackRule } from './no-fallback.rule.ts'
import { noGuardRule } from './no-guard.rule.ts'
import { noHeldOutSplitRule } from './no-held-out-split.rule.ts'
import { noKeyRule } from './no-key.rule.ts'
import { noLabelsRule } from './no-labels.rule.ts'
import { noLatencyBoundRule } from './no-latency-bound.rule.ts'
import { noLeakageCheckRule } from './no-leakage-check.rule.ts'
import { noProductionMetricRule } from './no-production-metric.rule.ts'
import { noRobustnessClauseRule } from './no-robustness-clause.rule.ts'
import { noRollbackRule } from './no-rollback.rule.ts'
import { nothingFollowsRule } from './nothing-follows.rule.ts'
import { onlyOverallRule } from './only-overall.rule.ts'
import { optionalWithoutBoundRule } from './optional-without-bound.rule.ts'
import { pointEstimateRule } from './point-estimate.rule.ts'
import { protectedAsInputRule } from './protected-as-input.rule.ts'
import { protectedWithoutFairnessRule } from './protected-without-fairness.rule.ts'
import { requirementNeverBlocksRule } from './requirement-never-blocks.rule.ts'
import { requirementWithoutOriginRule } from './requirement-without-origin.rule.ts'
import { scriptNotNeededRule } from './script-not-needed.rule.ts'
import { sensitiveNotProtectedRule } from './sensitive-not-protected.rule.ts'
import { sliceReadsLabelRule } from './slice-reads-label.rule.ts'
import { thresholdWithoutRationaleRule } from './threshold-without-rationale.rule.ts'
import { uncalibratedProbabilityRule } from './uncalibrated-probability.rule.ts'
import { undescribedSystemRule } from './undescribed-system.rule.ts'
import { unusedModelRule } from './unused-model.rule.ts'
import { unusedParamRule } from './unused-param.rule.ts'
import { unusedSliceRule } from './unused-slice.rule.ts'

/** The rules about what a spec leaves out: of the system and its requirements, of data, of models, of production. */
export const lintRules: readonly Rule[] = [
  undescribedSystemRule,
  requirementWithoutOriginRule,
  requirementNeverBlocksRule,
  hazardWithoutControlRule,
  hazardWithoutSeverityRule,
  controlNeverBlocksRule,
  noKeyRule,
  labelWithoutOriginRule,
  sensitiveNotProtectedRule,
  protectedAsInputRule,
  protectedWithoutFairnessRule,
  identifierAsInputRule,
  inputWithoutContractRule,
  optionalWithoutBoundRule,
  missingUnstatedRule,
  exceptionWithoutRationaleRule,
  noBaselineRule,
  noLeakageCheckRule,
  noHeldOutSplitRule,
  judgedOnTrainingRowsRule,
  onlyOverallRule,
  channelNotComparedRule,
  accuracyAloneRule,
  metByChanceRule,
  pointEstimateRule,
  sliceReadsLabelRule,
  uncalibratedProbabilityRule,
  noRobustnessClauseRule,
  thresholdWithoutRationaleRule,
  clauseMeetsNothingRule,
  clauseWithoutWordsRule,
  nobodyAnswersRule,
  neverRequiredRule,
  noLabelsRule,
  noProductionMetricRule,
  noDriftClauseRule,
  nothingFollowsRule,
  noGuardRule,
  failOpenRule,
  noFallbackRule,
  fallbackNotJudgedRule,
  noRollbackRule,
  noLatencyBoundRule,
  candidateNotMadeRule,
  scriptNotNeededRule,
  unusedSliceRule,
  unusedModelRule,
  unusedParamRule,
]
