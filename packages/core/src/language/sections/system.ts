import { notAVersion } from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { list, mapOf, id, record } from '../reader/collections.ts'
import { described, present, transform, type Reader } from '../reader/reader.ts'
import { choice, text, word } from '../reader/scalars.ts'
import type { Hazard, SystemSection } from '../spec.ts'
import { nearestVersion, parseVersion } from '../system-version.ts'

const owner = transform(
  record('an owner', { name: text, contact: text }, { required: ['name'] }),
  ({ values }) => values.name && present({ name: values.name.value, contact: values.contact?.value }),
)

/** A warning only: a spec of long ago must still be read, and be compared with one whose version was put right. */
const version = described(
  'a semantic version such as 1.4.0',
  transform(word, (found, _node, context) => {
    if (parseVersion(found.value) === undefined)
      context.report(diagnose(notAVersion, found.span, { text: found.value, nearest: nearestVersion(found.value) }))
    return found
  }),
)

const system = record(
  "the 'system' section",
  {
    name: word,
    version,
    purpose: text,
    use: record("'use'", { intended: list(text), excluded: list(text) }),
    owners: list(owner),
    risk: choice('a risk class of the AI Act', ['unacceptable', 'high', 'limited', 'minimal'] as const),
    frameworks: list(word),
  },
  { required: ['name'] },
)

/** `system`: what the system is, what it is for, and who owns it. */
export const systemSection: Reader<SystemSection> = transform(system, ({ values, span }) => {
  const { name, version, purpose, use, owners, risk, frameworks } = values
  if (name === undefined) return undefined
  return {
    ...present({ version, purpose, risk }),
    span,
    name,
    intendedUse: use?.values.intended ?? [],
    excludedUse: use?.values.excluded ?? [],
    owners: owners ?? [],
    frameworks: frameworks ?? [],
  }
})

/** `hazards`: what could go wrong, and the clauses that control it. */
export const hazardsSection: Reader<ReadonlyMap<string, Hazard>> = mapOf(
  id('a hazard'),
  record('a hazard', { says: text, severity: word, controls: list(word) }, { required: ['says'] }),
  (name, { values }) =>
    values.says && {
      ...name,
      says: values.says.value,
      ...present({ severity: values.severity?.value }),
      controls: values.controls ?? [],
    },
)
