import { listGaps, listSteps } from '../../packages/gherkin/src/steps/listing.ts'
import { code, page, table } from './markdown.ts'

/** `docs/gherkin-steps.md`: the library of steps, as people read it. */
export function stepsPage(): string {
  const steps = listSteps()
  const areas = [...Map.groupBy(steps, ({ area }) => area)].flatMap(([area, entries]) => [
    `## ${area}`,
    table(
      ['step', 'asks', 'example'],
      entries.map(({ text, also, doc, example, estimates, notBuilt }) => [
        [text, ...also].map(code).join(' · '),
        [
          doc,
          ...(estimates ? ['*Estimates.*'] : []),
          ...(notBuilt === undefined ? [] : [`**Not built yet:** ${notBuilt}`]),
        ].join(' '),
        example
          .split('\n')
          .map((line) => code(line.trim()))
          .join(' '),
      ]),
    ),
  ])
  const built = steps.filter(({ notBuilt }) => notBuilt === undefined).length
  return page(
    'Steps',
    'packages/gherkin/src/steps/library/',
    `The sentences that [features](gherkin.md) may use; \`plumb steps\` prints them. ${built} of ${steps.length} can be decided today, the others say why not. After one that estimates may stand \`with 99% confidence\` and \`on at least 500 rows\`.`,
    ...areas,
    '## What fills the gaps',
    table(
      ['gap', 'takes'],
      listGaps().map(({ name, expects }) => [code(`{${name}}`), expects]),
    ),
  )
}
