import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askOf, type Place, placeWith, scaledInput } from '../metrics/testing/ask-clause.ts'

// A ladder of noise on the input of a model that answers it as it is: how many answers stay within 1 is known from theory.

let place: Place
beforeAll(async () => {
  const rows = Array.from({ length: 500 }, (_, i) => i / 5)
  place = await placeWith({ 'rows.csv': `x\n${rows.join('\n')}\n`, 'model.onnx': scaledInput('x', 'y') })
})
afterAll(() => place.remove())

const ask = (spoilt: string, mostly: string) =>
  askOf(
    place,
    `plumbline: 1
system: { name: ladder, version: 1.0.0 }
data: { rows: { source: rows.csv, columns: { x: { type: number, range: [-1_000, 1_000_000] } } } }
models:
  champion: { artifact: model.onnx, task: regression, input: { from: rows, columns: [x] }, outputs: { y: { type: number } } }
clauses:
  it:
    of: champion
    forall: { a: rows.rows }
    let: { b: "a.with({'x': ${spoilt}})" }
    holds: math.abs(champion(b).y - champion(a).y) <= 1.0
    mostly: ${mostly}
    over: rows
`,
  )

describe('a clause for each rung', () => {
  it('says how many answers stand the noise of its level', async () => {
    // Within one deviation 68 % of a normal distribution, within half of one 38 %.
    expect(await ask('corrupt.noise(a.x, 0.3, 1)', '98%')).toMatchObject({ verdict: 'satisfied' })
    const one = await ask('corrupt.noise(a.x, 1.0, 1)', '60%')
    expect(one).toMatchObject({ verdict: 'satisfied' })
    expect(Math.abs(Number(one['measured']) - 0.683)).toBeLessThan(0.06)
    expect(await ask('corrupt.noise(a.x, 2.0, 1)', '60%')).toMatchObject({ verdict: 'violated' })
  })
  it('spoils a share of the rows, such as a unit now and then', async () => {
    const tenth = 'corrupt.chance(a.x, 1) < 0.1 ? a.x * 1000.0 : a.x'
    expect(await ask(tenth, '85%')).toMatchObject({ verdict: 'satisfied' })
    expect(await ask(tenth, '97%')).toMatchObject({ verdict: 'violated' })
  })
  it('is not satisfied where a level is none', async () => {
    expect((await ask('corrupt.noise(a.x, -1.0, 1)', '60%')).verdict).not.toBe('satisfied')
  })
})
