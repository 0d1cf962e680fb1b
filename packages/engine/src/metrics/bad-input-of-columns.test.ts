import { type AggregateName, aggregates, type Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, placeWith } from './testing/ask-clause.ts'

// Every metric that reads columns alone, on rows that define none: a verdict with its reason, and never satisfied by nothing.

const CALLS: Partial<Record<AggregateName, string>> = {
  multilabel_f1_micro: 'COLUMNS(a, b, c, d)',
  multilabel_f1_macro: 'COLUMNS(a, b, c, d)',
  multilabel_f1_samples: 'COLUMNS(a, b, c, d)',
  hamming_loss: 'COLUMNS(a, b, c, d)',
  subset_accuracy: 'COLUMNS(a, b, c, d)',
  attribution_stability: 'COLUMNS(x, y, u, v)',
  attribution_top_overlap: 'COLUMNS(1, x, y, u, v)',
  attribution_share: 'COLUMNS(1, x, y)',
  surrogate_r2: 'COLUMNS(x, y)',
  exact_match: 'COLUMNS(said, wanted)',
  token_f1: 'COLUMNS(said, wanted)',
  rouge_1: 'COLUMNS(said, wanted)',
  rouge_2: 'COLUMNS(said, wanted)',
  rouge_l: 'COLUMNS(said, wanted)',
  detection_map: 'COLUMNS(image, a, kind, x1, y1, x2, y2, x)',
  detection_map_at: 'COLUMNS(0.5, image, a, kind, x1, y1, x2, y2, x)',
}
const SITUATIONS = {
  empty: ['rows', ', slices: [nobody]'],
  'weights of zero': ['rows', ', weights: zero'],
  'negative weights': ['rows', ', weights: minus'],
  'missing weights': ['rows', ', weights: gaps'],
  'every cell missing': ['holes', ''],
  'every row alike': ['same', ''],
} as const
type Situation = keyof typeof SITUATIONS

const HEAD = 'a,b,c,d,x,y,u,v,said,wanted,image,kind,x1,y1,x2,y2,zero,minus,gaps'
const csv = (cellsOf: (row: number) => readonly unknown[]): string =>
  `${HEAD}\n${Array.from({ length: 60 }, (_, row) => cellsOf(row).join(',')).join('\n')}\n`
const weightsOf = (row: number) => [0, -1, row % 4 === 0 ? '' : 1]

let place: Place
beforeAll(async () => {
  place = await placeWith({
    'rows.csv': csv((i) => [
      ...[2, 3, 4, 5].map((by) => i % by === 0),
      ...[7, 5, 3, 11].map((by) => (i % by) / by),
      `word ${i % 3}`,
      `word ${i % 2}`,
      `i${i % 9}`,
      i % 2,
      i % 5,
      i % 7,
      (i % 5) + 4,
      (i % 7) + 4,
      ...weightsOf(i),
    ]),
    // A file of nothing but empty lines is no table: the image is there.
    'holes.csv': csv((i) => [...Array<string>(10).fill(''), `i${i}`, ...Array<string>(5).fill(''), ...weightsOf(i)]),
    'same.csv': csv((i) => [...Array(4).fill(true), 1, 1, 1, 1, 'word', 'word', 'i', 1, 0, 0, 4, 4, ...weightsOf(i)]),
  })
})
afterAll(() => place.remove())

const TYPES = { a: 'boolean', x: 'number', said: 'text', image: 'text', kind: 'integer' }
const columns = HEAD.split(',')
  .map((name) => {
    const like = { b: 'a', c: 'a', d: 'a', wanted: 'said' }[name] ?? name
    const type = TYPES[like as keyof typeof TYPES] ?? 'number'
    return `      ${name}: { type: ${type}, optional: true }`
  })
  .join('\n')

/** The statement, or the code with which `check` refuses the question. */
function decide(fn: AggregateName, situation: Situation): Promise<Statement | string | undefined> {
  const [file, more] = SITUATIONS[situation]
  const call = CALLS[fn]?.replace('COLUMNS', fn)
  const low = aggregates[fn].range?.[0] ?? Number.NEGATIVE_INFINITY
  const must = `${call} >= ${Number.isFinite(low) ? low + 1e-9 : '-1000000.0'}`
  const text = `plumbline: 1
system: { name: odd, version: 1.0.0 }
data:
  rows:
    source: ${file}.csv
    columns:
${columns}
slices: { nobody: x < -1.0 }
clauses:
  it: { of: rows, must: "${must}"${more} }
`
  return place.askData(text).catch((error: unknown) => String(error).match(/expr\/[a-z-]+/)?.[0] ?? String(error))
}

function saidOf(found: Statement | string | undefined): string {
  if (typeof found !== 'object') return found ?? 'nothing'
  return 'reason' in found ? `${found.verdict}: ${found.reason}` : found.verdict
}

const UNDEFINED = ['inconclusive: undefined-metric', 'inconclusive: no-variation', 'inconclusive: too-few-rows']
const ALLOWED: Readonly<Record<Situation, readonly string[]>> = {
  empty: ['inconclusive: empty-relation', 'inconclusive: empty-slice'],
  'weights of zero': ['inconclusive: undefined-metric'],
  'negative weights': ['error: evaluation-failed'],
  'missing weights': ['error: evaluation-failed'],
  'every cell missing': ['inconclusive: undefined-metric', 'inconclusive: empty-relation'],
  'every row alike': [...UNDEFINED, 'satisfied', 'violated', 'inconclusive: interval-straddles-bound'],
}

describe('every metric of columns', () => {
  const all = Object.entries(aggregates).flatMap(([name, { needs }]) =>
    ['columns', 'texts', 'boxes'].includes(needs ?? '') && name !== 'interval_coverage' ? [name as AggregateName] : [],
  )
  it('is asked', () => expect(all.filter((name) => !(name in CALLS))).toEqual([]))
  it.each(Object.keys(SITUATIONS) as readonly Situation[])('has a verdict with its reason: %s', async (situation) => {
    const wrong: string[] = []
    for (const fn of all) {
      const found = await decide(fn, situation)
      // Boxes are ranked over all images: no row of them has a weight, and `check` says so.
      if (found === 'expr/not-weighted' && aggregates[fn].needs === 'boxes') continue
      const said = saidOf(found)
      if (!ALLOWED[situation].includes(said)) wrong.push(`${fn}: ${said}`)
      const measured = typeof found === 'object' && 'measured' in found ? found.measured : null
      if (said === 'satisfied' && (typeof measured !== 'number' || Number.isNaN(measured)))
        wrong.push(`${fn}: satisfied by ${String(measured)}`)
    }
    expect(wrong).toEqual([])
  })
})
