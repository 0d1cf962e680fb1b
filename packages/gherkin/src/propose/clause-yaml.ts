import { type ClauseSource, durationText, type Expression } from '@plumbline/core'

/** A clause as YAML under `clauses:`, to be pasted into a spec. */
export function clauseYaml(clause: ClauseSource): string {
  const lines = entriesOf(clause).map(([key, value]) => `    ${key}: ${value}`)
  return [`  ${clause.name}:`, ...lines].join('\n')
}

type Entry = readonly [key: string, value: string]

function entriesOf({ says, of, body, ...clause }: ClauseSource): readonly Entry[] {
  const entries: (Entry | undefined)[] = [
    says && ['says', scalar(says.value)],
    ['of', list(of.map(({ value }) => value))],
    ...bodyOf(body),
    clause.severity && ['severity', clause.severity.value],
    clause.mostly && ['mostly', clause.mostly.value],
    clause.missing && ['missing', clause.missing.value],
    clause.confidence && ['confidence', String(clause.confidence.value)],
    clause.slices.length === 0
      ? undefined
      : [
          'slices',
          `[${clause.slices.map(({ value }) => scalar(value.kind === 'by' ? `by ${value.column}` : value.name)).join(', ')}]`,
        ],
    clause.origin && ['origin', clause.origin.value],
  ]
  return entries.flatMap((entry) => (entry === undefined ? [] : [entry]))
}

function bodyOf(body: ClauseSource['body']): readonly (Entry | undefined)[] {
  const text = ({ text }: Expression): string => scalar(text)
  const map = (values: ReadonlyMap<string, Expression>): string =>
    `{ ${[...values].map(([name, value]) => `${name}: ${text(value)}`).join(', ')} }`
  switch (body.form) {
    case 'every':
    case 'must':
      return [[body.form, text(body.condition)]]
    case 'forall':
      return [
        ['forall', map(body.binders)],
        body.assume && ['assume', text(body.assume)],
        body.let.size === 0 ? undefined : ['let', map(body.let)],
        ['holds', text(body.holds)],
        body.over && ['over', body.over.value],
      ]
    case 'always':
      return [
        ['always', text(body.condition)],
        body.window && ['window', durationText(Number(body.window.value))],
        body.for && ['for', String(body.for.value)],
      ]
    case 'eventually':
      return [
        ['eventually', text(body.condition)],
        ['within', durationText(Number(body.within.value))],
      ]
    case 'whenever':
      return [
        ['whenever', text(body.whenever)],
        ['then', text(body.then)],
        ['within', durationText(Number(body.within.value))],
      ]
  }
}

const list = (values: readonly string[]): string =>
  values.length === 1 ? scalar(values[0] ?? '') : `[${values.map(scalar).join(', ')}]`

/** Plain where YAML reads it back as the same text, in single quotes elsewhere. */
const scalar = (text: string): string =>
  /^[A-Za-z_(][\w .()<>=&+*/-]*$/.test(text) && !/ $|^(?:true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''").replaceAll(/\s*\n\s*/g, ' ')}'`
