import { releaseNeedsModel } from '../../diagnostics/catalog/check-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from './rule.ts'

/** Where the stage `release` is required there is a model to stage. */
export const releaseNeedsModelRule: Rule = {
  name: 'release-needs-model',
  run: ({ release }, names, report) => {
    if (names.models.has('champion')) return
    for (const environment of [release?.staging, release?.production]) {
      const required = environment?.requires?.find(({ value }) => value === 'release')
      if (required !== undefined) report(diagnose(releaseNeedsModel, required.span, {}))
    }
  },
}
