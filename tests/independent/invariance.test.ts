import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plumb, scratch } from '../support/plumb.ts'

const HERE = import.meta.dirname
const PLAIN = readFileSync(join(HERE, 'invariance', 'plain.plumb.yaml'), 'utf8')

interface Evidence {
  readonly id: string
  readonly clause: string
  readonly relation: string
  readonly slice: string
  readonly verdict: string
  readonly exploratory?: true
  readonly run: object
  readonly digests: object
  readonly looks?: number
  readonly witnesses?: unknown
  readonly comparisons?: readonly { readonly margin: { readonly method?: string; readonly interval?: unknown } }[]
  readonly terms?: readonly { readonly interval?: { readonly method: string } }[]
}

function projectOf(name: string, spec: string): string {
  const folder = scratch(`invariance-${name}`)
  cpSync(join(HERE, 'data'), join(folder, 'data'), { recursive: true })
  writeFileSync(join(folder, 'plumb.yaml'), spec)
  return folder
}

function evidenceIn(folder: string, ...more: readonly string[]): readonly Evidence[] {
  const ran = plumb(folder, 'test', '--json', ...more)
  expect(ran.err).not.toContain('error')
  return ran.json<{ readonly evidence: readonly Evidence[] }>().evidence
}

const evidenceOf = (name: string, spec: string) => evidenceIn(projectOf(name, spec))

function edited(...pairs: readonly (readonly [string | RegExp, string])[]): string {
  return pairs.reduce(
    (text, [from, to]) => {
      const changed = text.replaceAll(from, to)
      expect(changed).not.toBe(text)
      return changed
    },
    PLAIN.replaceAll(/(?<=^)#.*\n/g, ''),
  )
}

/** Resampled intervals are drawn from a seed that covers the bytes of the data. */
const resampled = (method: string | undefined) =>
  ['bca', 'bootstrap-t', 'bootstrap-band', 'simultaneous'].some((each) => each === method)

/** What must not change; intervals drawn from another seed are left out where asked. */
function numbers(evidence: readonly Evidence[], options: { readonly sameSeed: boolean }) {
  return Object.fromEntries(
    evidence.map(({ id: _id, run: _run, digests: _digests, looks: _looks, witnesses: _witnesses, ...rest }) => [
      `${rest.clause} of ${rest.relation} [${rest.slice}]`,
      options.sameSeed
        ? rest
        : {
            ...rest,
            terms: rest.terms?.map((term) =>
              resampled(term.interval?.method) ? { ...term, interval: undefined } : term,
            ),
            comparisons: rest.comparisons?.map((each) =>
              resampled(each.margin.method)
                ? { ...each, rowsNeeded: undefined, margin: { ...each.margin, interval: undefined, level: undefined } }
                : each,
            ),
          },
    ]),
  )
}

describe('what changes nothing', () => {
  const base = evidenceOf('base', PLAIN)

  test('the format: CSV, Parquet and JSON', () => {
    const csv = numbers(base, { sameSeed: false })
    for (const format of ['parquet', 'json']) {
      const spec = edited([/source: .*/g, `source: data/plain.${format}`])
      expect(numbers(evidenceOf(format, spec), { sameSeed: false }), format).toEqual(csv)
    }
  })

  test('the order of columns in the spec and in the file', () => {
    const lines = PLAIN.split('\n')
    const first = lines.findIndex((line) => line.trim() === 'columns:') + 1
    const count = lines.slice(first).findIndex((line) => !line.startsWith('      '))
    const turned = [
      ...lines.slice(0, first),
      ...lines.slice(first, first + count).toReversed(),
      ...lines.slice(first + count),
    ]
    expect(numbers(evidenceOf('columns', turned.join('\n')), { sameSeed: true })).toEqual(
      numbers(base, { sameSeed: true }),
    )

    const folder = projectOf('file-columns', PLAIN)
    const rows = JSON.parse(readFileSync(join(folder, 'data/plain.json'), 'utf8')) as Record<string, unknown>[]
    const other = rows.map((row) => Object.fromEntries(Object.entries(row).toReversed()))
    writeFileSync(join(folder, 'data/plain.json'), JSON.stringify(other))
    writeFileSync(join(folder, 'plumb.yaml'), edited([/source: .*/g, 'source: data/plain.json']))
    expect(numbers(evidenceIn(folder), { sameSeed: false })).toEqual(numbers(base, { sameSeed: false }))
  })

  test('the name of a slice', () => {
    const renamed = evidenceOf('renamed', edited([/\bheavy\b/g, 'weighty']))
    const back = renamed.map((each) => ({ ...each, slice: each.slice.replace('weighty', 'heavy') }))
    expect(numbers(back, { sameSeed: false })).toEqual(numbers(base, { sameSeed: false }))
  })

  test('another clause beside it: same numbers, same draws, same identities', () => {
    const more = evidenceOf(
      'more',
      `${PLAIN}  also: { of: plain, must: "stddev(i) > 1.0 && mean(x) > 0.0", confidence: 90%, slices: [heavy] }\n`,
    )
    const kept = more.filter(({ clause }) => clause !== 'also')
    expect(kept.length).toBe(more.length - 1)
    expect(numbers(kept, { sameSeed: true })).toEqual(numbers(base, { sameSeed: true }))
  })

  test('running it again', () => {
    const folder = projectOf('again', PLAIN)
    const [one, two] = [evidenceIn(folder), evidenceIn(folder)]
    expect(numbers(two, { sameSeed: true })).toEqual(numbers(one, { sameSeed: true }))
    const elsewhere = evidenceOf('elsewhere', PLAIN)
    expect(elsewhere.map(({ id }) => id)).toEqual(one.map(({ id }) => id))
  })
})

test('another seed is exploratory: other draws, and the gate stays closed', () => {
  const spec = `${PLAIN.slice(0, PLAIN.indexOf('clauses:'))}clauses:
  spread: { of: plain, must: "stddev(x) > 3.0 && stddev(x) < 5.0", confidence: 95% }
`.replaceAll(/range: \[[^\]]*\]/g, 'says: no range')
  const folder = projectOf('seed', spec)
  const evidence = evidenceIn(folder, '--seed', 'another')
  expect(evidence.every(({ exploratory }) => exploratory === true)).toBe(true)
  expect(evidence.every(({ verdict }) => verdict === 'satisfied')).toBe(true)
  expect(plumb(folder, 'gate', '--json').code).toBe(1)
  const real = evidenceIn(folder)
  expect(real.some(({ exploratory }) => exploratory === true)).toBe(false)
  const drawn = (each: readonly Evidence[]) =>
    each.find(({ clause }) => clause === 'spread')?.comparisons?.[0]?.margin.interval
  expect(drawn(real)).not.toEqual(drawn(evidence))
  expect(plumb(folder, 'gate', '--json').code).toBe(0)
})
