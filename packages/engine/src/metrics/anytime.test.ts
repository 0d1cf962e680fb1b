import { stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askOf, type Place, placeWith, scaledInput } from './testing/ask-clause.ts'

const ROWS = 400
let place: Place
beforeAll(async () => {
  const random = stats.createRandom('anytime', 'clause')
  const rows = Array.from({ length: ROWS }, () => {
    const x = random.int(64) / 64
    return [x, random.float() < x, random.int(2) === 0 ? 'a' : 'b'].join()
  })
  place = await placeWith({ 'rows.csv': `x,late,town\n${rows.join('\n')}\n`, 'model.onnx': scaledInput('x', 'risk') })
})
afterAll(() => place.remove())

interface Shown {
  readonly interval: { readonly low: number; readonly high: number }
}

async function asked(must: string, more: string) {
  const found = await askOf(
    place,
    `plumbline: 1
system: { name: looks, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns: { x: { type: number, range: [0, 1] }, late: { type: boolean, role: label }, town: { type: category, values: [a, b] } }
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: rows, columns: [x] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
clauses:
  it: { of: champion, must: "${must}"${more} }
`,
  )
  const [term] = found.terms as readonly Shown[]
  const [comparison] = found.comparisons as readonly { readonly margin: Shown & { readonly method: string } }[]
  return {
    verdict: found.verdict,
    term: term?.interval,
    margin: comparison?.margin.interval,
    method: comparison?.margin.method,
  }
}
const widthOf = ({ low = 0, high = 0 }: { readonly low?: number; readonly high?: number } = {}): number => high - low

describe('a clause with `anytime: true`', () => {
  it.each([
    ['accuracy() >= 0.01', 'beta-sequence'],
    ['recall() >= 0.01', 'beta-sequence'],
    ['roc_auc() >= 0.01', 'normal-sequence'],
    ['brier() <= 0.99', 'normal-sequence'],
    ['gap_across(town, accuracy()) <= 0.99', 'normal-sequence'],
    ['recall() - precision() <= 0.99', 'normal-sequence'],
  ])('%s: wider by as much as looking again and again costs', async (must, method) => {
    const [once, always] = [await asked(must, ''), await asked(must, ', anytime: true')]
    expect(always.method).toBe(method)
    expect(widthOf(always.margin) / widthOf(once.margin)).toBeGreaterThan(1.2)
    expect(widthOf(always.margin) / widthOf(once.margin)).toBeLessThan(2.5)
    expect(widthOf(always.term)).toBeGreaterThan(1.2 * widthOf(once.term))
  })
  it('decides less than one look would', async () => {
    const { term } = await asked('accuracy() >= 0.01', '')
    const bound = ((term?.low ?? 0) - 0.003).toFixed(4)
    expect((await asked(`accuracy() >= ${bound}`, '')).verdict).toBe('satisfied')
    expect((await asked(`accuracy() >= ${bound}`, ', anytime: true')).verdict).toBe('inconclusive')
  })
})
