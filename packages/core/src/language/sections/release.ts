import { list, record } from '../reader/collections.ts'
import { present, type Reader, type ReadContext, transform } from '../reader/reader.ts'
import { boolean, choice, share, word } from '../reader/scalars.ts'
import type { Environment, Release } from '../spec-production.ts'

const environment = record('an environment of a release', {
  requires: list(choice('a stage', ['data', 'model', 'release'] as const)),
  approvals: list(word),
  canary: share,
  shadow: boolean,
  rollback: record("'rollback'", { when: list(word) }),
})

type EnvironmentFields = typeof environment extends Reader<infer F> ? F : never

function readEnvironment(
  name: 'staging' | 'production',
  fields: EnvironmentFields | undefined,
  context: ReadContext,
): Environment | undefined {
  if (fields === undefined) return undefined
  for (const key of ['approvals', 'canary', 'shadow', 'rollback'] as const) {
    const entry = fields.entries.get(key)
    // Nothing is rolled back in staging: a candidate that fails there never leaves it.
    if (entry === undefined || (key === 'rollback' && name === 'production')) continue
    context.leaveUnenforced(`release.${name}.${key}`, entry.keyNode.span, key === 'approvals')
  }
  const { requires, rollback } = fields.values
  return { span: fields.span, rollback: rollback?.values.when ?? [], ...present({ requires }) }
}

/** `release`: what each environment asks of a version. Approvals could ask for more, so they keep production closed until they are enforced. */
export const releaseSection: Reader<Release> = transform(
  record("the 'release' section", { staging: environment, production: environment }),
  ({ values, span }, _node, context) => ({
    span,
    ...present({
      staging: readEnvironment('staging', values.staging, context),
      production: readEnvironment('production', values.production, context),
    }),
  }),
)
