import type { Rule } from './rule.ts'
import { clauseShapeRule } from './clause-shape.rule.ts'
import { guardFallbackRule } from './guard-fallback.rule.ts'
import { imagesServedRule } from './images-served.rule.ts'
import { labelsRule } from './labels.rule.ts'
import { releaseNeedsModelRule } from './release-needs-model.rule.ts'
import { requirementUnmetRule } from './requirement-unmet.rule.ts'
import { reservedSliceRule } from './reserved-slice.rule.ts'
import { retrainRule } from './retrain.rule.ts'
import { shadowedNameRule } from './shadowed-name.rule.ts'
import { unknownReferenceRule } from './unknown-reference.rule.ts'

/** The static rules, in the order that gives the clearest first message. */
export const rules: readonly Rule[] = [
  shadowedNameRule,
  reservedSliceRule,
  clauseShapeRule,
  unknownReferenceRule,
  guardFallbackRule,
  labelsRule,
  retrainRule,
  releaseNeedsModelRule,
  imagesServedRule,
  requirementUnmetRule,
]
