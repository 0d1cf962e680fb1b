import { imagesNotServed } from '../../diagnostics/catalog/check-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Span } from '../../source/span.ts'
import type { Rule } from './rule.ts'

/** What is asked of requests, or put in front of them, needs a champion that is served, which one that reads images is not. */
export const imagesServedRule: Rule = {
  name: 'images-served',
  run: ({ clauses, guard, monitor, release }, { models, datasets }, report) => {
    const champion = models.get('champion')
    const columns = champion === undefined ? undefined : datasets.get(champion.from)?.columns
    const column = champion?.input.find((name) => columns?.get(name)?.columnType === 'image')
    if (column === undefined) return
    const complain = (span: Span, what: string): void => report(diagnose(imagesNotServed, span, { what, column }))
    for (const [id, { of }] of clauses) {
      const asked = of.find(({ value }) => value === 'requests')
      if (asked !== undefined) complain(asked.span, `\`${id}\` is asked of \`requests\``)
    }
    if (guard !== undefined) complain(guard.span, 'A guard is declared')
    if (monitor !== undefined) complain(monitor.span, 'Requests are monitored')
    for (const environment of [release?.staging, release?.production]) {
      const required = environment?.requires?.find(({ value }) => value === 'release')
      if (required !== undefined) complain(required.span, 'The stage `release` is required')
    }
  },
}
