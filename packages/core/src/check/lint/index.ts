import type { Rule } from '../rules/rule.ts'
import { clauseMeetsNothingRule } from './clause-meets-nothing.rule.ts'
import { hazardWithoutControlRule } from './hazard-without-control.rule.ts'
import { neverRequiredRule } from './never-required.rule.ts'
import { noBaselineRule } from './no-baseline.rule.ts'
import { noLeakageCheckRule } from './no-leakage-check.rule.ts'
import { onlyOverallRule } from './only-overall.rule.ts'
import { protectedWithoutFairnessRule } from './protected-without-fairness.rule.ts'
import { thresholdWithoutRationaleRule } from './threshold-without-rationale.rule.ts'
import { undescribedSystemRule } from './undescribed-system.rule.ts'
import { unusedSliceRule } from './unused-slice.rule.ts'

/** The rules about what a spec leaves out. */
export const lintRules: readonly Rule[] = [
  undescribedSystemRule,
  noBaselineRule,
  noLeakageCheckRule,
  onlyOverallRule,
  protectedWithoutFairnessRule,
  thresholdWithoutRationaleRule,
  hazardWithoutControlRule,
  clauseMeetsNothingRule,
  neverRequiredRule,
  unusedSliceRule,
]
