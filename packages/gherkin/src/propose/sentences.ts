import { aggregates, type Spec } from '@plumbline/core'
import { metricNames } from '../steps/library/clauses.ts'
import type { Requirement } from './ears.ts'

/** Sentences of the library that a requirement may mean, the likeliest first. `hole` stands where a number is missing. */
export function sentencesOf(
  { subject, response, trigger }: Requirement,
  spec: Spec,
  hole: string,
  split: string,
): readonly string[] {
  const said = withNumbers(response, hole)
  const metric = metricIn(subject) ?? metricIn(said)
  const about = subject.replace(/^(?:share|rate) of missing (?:values )?(?:of|in) /i, 'missing rate of ')
  const be = /^(?:be|stay|remain|lie) (.+)$/i.exec(said)?.[1]
  const rows = /(?: on | in )(?:the )?([\w.]+)$/.exec(subject)?.[1]
  const found: string[] = []
  const add = (text: string | undefined): void => {
    if (text !== undefined) found.push(text)
  }
  if (trigger !== undefined) {
    const clause = /^(\S+) is violated$/.exec(trigger)?.[1]
    const within = / within (.+)$/i.exec(said)?.[1]
    const action = ACTIONS.find(([pattern]) => pattern.test(said))?.[1]
    if (clause !== undefined && within !== undefined && action !== undefined)
      add(`when ${clause} is violated then ${action} within ${within}`)
    return found
  }
  const column = columnIn(subject, spec)
  if (be !== undefined) {
    if (column !== undefined) found.push(...ofColumn(column, boundOf(be, undefined, hole) ?? be))
    const bound = boundOf(be, metric, hole)
    if (metric !== undefined && bound !== undefined) {
      const of = rows ?? split
      const group = / (?:difference|gap) across (\w+)/i.exec(subject)?.[1]
      const slice = / for (?:the )?(?:slice )?(\S+)/i.exec(subject)?.[1]
      if (group !== undefined) add(`${metric} difference across ${group} is ${bound}`)
      else if (slice !== undefined) add(`${metric} for slice ${slice} on ${of} is ${bound}`)
      else add(`${metric} on ${of} is ${bound}`)
    }
    add(`${about} is ${bound ?? be}`)
    add(column && `column ${column} is ${be}`)
  }
  const has =
    /^(?:have|reach|achieve|keep|show) (?:an? )?(.+?)(?: of)? ((?:at least|at most|above|below|between|exactly|more than|less than) .+?)(?: on (?:the )?([\w.]+))?$/i.exec(
      said,
    )
  if (has !== null && metricIn(has[1] ?? '') !== undefined)
    add(`${metricIn(has[1] ?? '')} on ${has[3] ?? split} is ${has[2]}`)
  const vague = /^(?:have|reach|achieve|keep|show) (?:an? )?(.+?)(?: on (?:the )?([\w.]+))?$/i.exec(said)
  if (has === null && vague !== null && metric !== undefined) {
    const bound = boundOf(vague[1] ?? '', metric, hole)
    add(bound && `${metric} on ${vague[2] ?? split} is ${bound}`)
  }
  if (column !== undefined && /^(?:never be missing|always be (?:present|there)|be (?:present|there))$/i.test(said))
    add(`column ${column} is never missing`)
  add(`${subject} ${said}`)
  add(said)
  return found
}

const ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/retrain/i, 'retraining is decided'],
  [/roll(?:ed)? ?back/i, 'the version is rolled back'],
  [/alert/i, 'an alert is sent'],
]

/** What a column is asked to be, as sentences. */
function ofColumn(column: string, be: string): readonly string[] {
  const between = /^between (\S+) and (\S+)$/i.exec(be)
  const oneOf = /^(?:one of|in|either) (.+)$/i.exec(be)
  const bound = /^(at least|at most|above|below|more than|less than|exactly|no more than|no less than) (\S+)$/i.exec(be)
  if (between !== null) return [`values of ${column} are between ${between[1]} and ${between[2]}`]
  if (oneOf !== null) return [`values of ${column} are in ${(oneOf[1] ?? '').replace(/ or /i, ', ')}`]
  if (/^unique$/i.test(be)) return [`${column} uniquely identify a row`]
  if (/^(?:present|there|known)$/i.test(be)) return [`column ${column} is never missing`]
  return bound === null ? [] : [`rows satisfy ${column} ${OPERATORS[(bound[1] ?? '').toLowerCase()]} ${bound[2]}`]
}

const OPERATORS: Readonly<Record<string, string>> = {
  'at least': '>=',
  'at most': '<=',
  above: '>',
  below: '<',
  'more than': '>',
  'less than': '<',
  exactly: '==',
  'no more than': '<=',
  'no less than': '>=',
}

/** `at most`, with nothing after it, has a hole where its number would be. */
function withNumbers(text: string, hole: string): string {
  return text
    .replace(
      /\b(?:TODO|TBD|\?+|some(?: value)?|an? (?:acceptable|agreed|suitable) (?:level|value|bound))(?=$|\s)/gi,
      hole,
    )
    .replace(/\b(at least|at most|above|below|more than|less than|exactly)(?=$| on | in | across )/i, `$1 ${hole}`)
}

/** A bound as written; for a word such as `high`, the direction it means and a hole for the number. */
function boundOf(text: string, metric: string | undefined, hole: string): string | undefined {
  if (/\d/.test(text)) return text
  const { better } = (metric === undefined ? {} : aggregates[metric as keyof typeof aggregates]) as {
    readonly better?: string
  }
  if (/\b(?:high|large|long|many)\b/i.test(text)) return `at least ${hole}`
  if (/\b(?:low|small|short|few|little|fast|quick)\b/i.test(text)) return `at most ${hole}`
  if (/\b(?:good|well|sufficient|acceptable|adequate|reasonable)\b/i.test(text) && better !== undefined)
    return `${better === 'higher' ? 'at least' : 'at most'} ${hole}`
  return undefined
}

/** The metric that a text names, also by words such as `ROC AUC`. */
function metricIn(text: string): string | undefined {
  const plain = ` ${text.toLowerCase().replaceAll(/[\s_-]+/g, ' ')} `
  const names = metricNames.toSorted((a, b) => b.length - a.length)
  return names.find((name) => plain.includes(` ${name.replaceAll('_', ' ')} `))
}

/** The column that a text names: the whole of it, or its last word. */
function columnIn(text: string, spec: Spec): string | undefined {
  const names = new Set([...spec.data.values()].flatMap(({ columns }) => [...columns.keys()]))
  const plain = text.replace(/^(?:column|value|values) (?:of )?/i, '').replace(/^(\S+) of .*$/, '$1')
  const found = names.has(plain) ? plain : undefined
  return found === undefined || /^[^\s"',]+$/.test(found) ? found : JSON.stringify(found)
}
