import {
  type ClauseSeverity,
  type ClauseSource,
  diagnose,
  type Diagnostic,
  featureDiagnostics as catalog,
  type Located,
  type MissingPolicy,
  nearestName,
  parseDecimal,
  type Span,
  type Spec,
} from '@plumbline/core'
import type { Tag } from '../document/scenario.ts'

/** What the tags of a scenario say of its clauses. */
export interface TagMeaning {
  readonly id?: Located<string>
  readonly of: readonly Located<string>[]
  readonly slices: ClauseSource['slices']
  readonly meets: readonly Located<string>[]
  readonly hazards: readonly Located<string>[]
  readonly severity?: Located<ClauseSeverity>
  readonly missing?: Located<MissingPolicy>
  readonly mostly?: Located<string>
  readonly confidence?: Located<number | 'none'>
  readonly sample?: Located<boolean>
  readonly owner?: Located<string>
  readonly allowEmpty: boolean
}

const KEYS = [
  'id',
  'severity',
  'slice',
  'by',
  'mostly',
  'missing',
  'confidence',
  'owner',
  'of',
  'meets',
  'hazard',
] as const
const FLAGS = ['sample', 'allow-empty'] as const

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Reads the tags of a scenario. What stands nearer wins: a tag of the scenario over the same one of its feature. */
export function readTags(tags: readonly Tag[], spec: Spec, report: (d: Diagnostic) => void): TagMeaning {
  const meaning: Writable<TagMeaning> = { of: [], slices: [], meets: [], hazards: [], allowEmpty: false }
  for (const tag of tags) {
    const name = tag.name.slice(1)
    const { span } = tag
    if (name.startsWith('x-')) continue
    if (spec.requirements.has(name)) meaning.meets = [...meaning.meets, { value: name, span }]
    else if (spec.hazards.has(name)) meaning.hazards = [...meaning.hazards, { value: name, span }]
    else if (name === 'sample') meaning.sample = { value: true, span }
    else if (name === 'allow-empty') meaning.allowEmpty = true
    else {
      const [key = ''] = name.split(':', 1)
      const value = name.slice(key.length + 1)
      if (name.includes(':') && (KEYS as readonly string[]).includes(key)) readKey(meaning, key, value, tag, report)
      else {
        const known = [
          ...spec.requirements.keys(),
          ...spec.hazards.keys(),
          ...FLAGS,
          ...KEYS.map((each) => `${each}:${value}`),
        ]
        const near = nearestName(name, known)
        report(diagnose(catalog.unknownTag, span, { tag: tag.name, near: near === undefined ? undefined : `@${near}` }))
      }
    }
  }
  return meaning
}

function readKey(
  meaning: Writable<TagMeaning>,
  key: string,
  value: string,
  tag: Tag,
  report: (d: Diagnostic) => void,
): void {
  const { span } = tag
  const bad = (problem: string, fix: string): void =>
    report(diagnose(catalog.badTag, span, { tag: tag.name, problem, fix }))
  const oneOf = <T extends string>(known: readonly T[]): Located<T> | undefined => {
    const found = known.find((each) => each === value)
    if (found === undefined)
      bad('has no such value', `Write @${key}:${nearestName(value, known) ?? known.join(`, @${key}:`)}.`)
    return found === undefined ? undefined : { value: found, span }
  }
  const set = <K extends keyof TagMeaning>(name: K, found: TagMeaning[K] | undefined): void => {
    if (found !== undefined) meaning[name] = found
  }
  if (value === '') return bad('has no value', `Write @${key}:….`)
  switch (key) {
    case 'id':
      if (!tag.own) return bad('stands above several scenarios', 'Write it above the scenario that it names.')
      if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(value))
        return bad('is no id', 'An id begins with a letter and has letters, digits, `_` and `-` only.')
      return set('id', { value, span })
    case 'severity':
      return set('severity', oneOf(['block', 'warn', 'info']))
    case 'missing':
      return set('missing', oneOf(['fail', 'pass', 'exclude']))
    case 'slice':
      meaning.slices = [...meaning.slices, { value: { kind: 'named', name: value }, span }]
      return
    case 'by':
      meaning.slices = [...meaning.slices, { value: { kind: 'by', column: value }, span }]
      return
    case 'owner':
      return set('owner', { value: value.replaceAll('_', ' '), span })
    case 'of':
      meaning.of = [...meaning.of, { value, span }]
      return
    case 'meets':
      meaning.meets = [...meaning.meets, { value, span }]
      return
    case 'hazard':
      meaning.hazards = [...meaning.hazards, { value, span }]
      return
    case 'mostly': {
      const share = shareOf(value)
      if (share === undefined || Number(share) > 1) return bad('is no share', 'Write @mostly:99%.')
      return set('mostly', { value: share, span })
    }
    default: {
      if (value === 'none') return set('confidence', { value: 'none', span })
      const level = shareOf(value)
      if (level === undefined || Number(level) >= 1)
        return bad('is no confidence', 'Write @confidence:95%, or @confidence:none.')
      set('confidence', { value: Number(level), span })
    }
  }
}

/** Above 0, as exact decimal text. */
function shareOf(text: string): string | undefined {
  const decimal = parseDecimal(text)
  return decimal === undefined || !(Number(decimal.text) > 0) ? undefined : decimal.text
}

/** A confidence as a step writes it; undefined where it is none. */
export function confidenceOf(text: string, span: Span): Located<number> | undefined {
  const level = Number(shareOf(text.replaceAll(' ', '')) ?? '0')
  return level > 0 && level < 1 ? { value: level, span } : undefined
}
