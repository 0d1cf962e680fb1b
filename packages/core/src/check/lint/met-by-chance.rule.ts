import { metByChance } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Spec } from '../../language/spec.ts'
import { parseDecimal } from '../../language/literals.ts'
import type { Rule } from '../rules/rule.ts'
import { measured, metricClauses, relationsOf } from './asked.ts'
import { scaleOf } from './metrics.ts'

/** What a model reaches that knows nothing: a coin, one answer for everybody, the mean of the labels. */
const CHANCE: Readonly<Record<string, number>> = {
  roc_auc: 0.5,
  gini: 0,
  balanced_accuracy: 0.5,
  mcc: 0,
  kappa: 0,
  r2: 0,
  brier: 0.25,
  log_loss: Math.LN2,
}

/** The same of a model that picks one of several classes. */
const chanceOf = (classes: number): Readonly<Record<string, number>> => ({
  roc_auc: 0.5,
  gini: 0,
  mcc: 0,
  kappa: 0,
  log_loss: Math.log(classes),
  recall_macro: 1 / classes,
  roc_auc_ovr: 0.5,
  roc_auc_ovr_weighted: 0.5,
})

const BOUND = /(?<![\w.])([a-z_]\w*)\(\s*\)\s*(<=?|>=?)\s*([\w.]+)(?!\s*[-+*/%(\w.])/g

/** The bound of a metric asks for more than knowing nothing gives. */
export const metByChanceRule: Rule = {
  name: 'met-by-chance',
  run: (spec, found, report) => {
    for (const clause of metricClauses(spec, found)) {
      const classes = relationsOf(clause, found).find(({ info }) => info.classes !== undefined)?.info.classes
      const known = classes === undefined ? CHANCE : chanceOf(classes.all.length)
      for (const [bound, name = '', operator = '', written = ''] of measured(clause).matchAll(BOUND)) {
        const { range, better } = scaleOf(name)
        const value = numberOf(written, spec)
        if (value === undefined || better === undefined || (better === 'higher') !== operator.startsWith('>')) continue
        const worst = better === 'higher' ? range?.[0] : range?.[1]
        const least = known[name] ?? (worst !== undefined && Number.isFinite(worst) ? worst : undefined)
        if (least === undefined || (better === 'higher' ? value > least : value < least)) continue
        const chance = known[name] === undefined ? undefined : Number(least.toFixed(3))
        const finding = diagnose(metByChance, clause.nameSpan, { clause: clause.name, bound, name, chance })
        report({ ...finding, subject: clause.name })
      }
    }
  },
}

/** A number as written, or a parameter's. */
function numberOf(written: string, { params }: Spec): number | undefined {
  const value = params.get(written)?.value ?? parseDecimal(written)?.text
  return typeof value === 'boolean' || value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value)
}
