import { expect, test } from 'vitest'
import type { Random } from '../falsify/random.ts'
import { seeded } from '../falsify/testing/seeded.ts'
import { type OnnxModel, openOnnxModel } from '../models/onnx-runner.ts'
import { readGraph } from './graph.ts'
import { proveIndependent } from './independence.ts'
import { proveMonotone } from './monotone.ts'
import { randomGraph } from './testing/random-graph.ts'

const NAMES = ['a', 'b', 'c']
const PAIRS = 200

async function predictPairs(
  model: OnnxModel,
  column: number,
  random: Random,
): Promise<readonly (readonly [number, number])[]> {
  const data = NAMES.map(() => new Float64Array(2 * PAIRS))
  const draw = (): number =>
    Math.max(
      -50,
      Math.min(50, random.int(3) === 0 ? random.int(7) - 3 : random.normal() * 10 ** (2 * random.float() - 1)),
    )
  for (let i = 0; i < PAIRS; i++) {
    const [one, two] = [draw(), draw()]
    for (const [k, values] of data.entries()) {
      const same = draw()
      values[i] = k === column ? Math.min(one, two) : same
      values[PAIRS + i] = k === column ? Math.max(one, two) : same
    }
  }
  const columns = new Map(NAMES.map((name, k) => [name, { values: data[k] ?? new Float64Array() }]))
  const result = await model.predict({ columns: NAMES, data: columns, rows: 2 * PAIRS, outputs: [{ name: 'y' }] })
  if (!result.ok) throw new Error(result.error.message)
  const y = result.value.outputs.get('y') ?? []
  return Array.from({ length: PAIRS }, (_, i) => [Number(y[i]), Number(y[PAIRS + i])] as const)
}

// PLUMBLINE_PROOF_ROUNDS=5000 makes it a long run.
const ROUNDS = Number(process.env['PLUMBLINE_PROOF_ROUNDS'] ?? 400)

test('on random graphs, whatever is proved is not contradicted by onnxruntime', async () => {
  const random = seeded(2024)
  const counts = { up: 0, down: 0, constant: 0, refused: 0, wrong: 0 }
  const columns = NAMES.map((name) => ({ name, low: -50, high: 50 }))
  for (let round = 0; round < ROUNDS; round++) {
    const { bytes, ops } = randomGraph(random, NAMES.length)
    const graph = readGraph(bytes)
    const model = await openOnnxModel(bytes)
    if (!graph.ok || !model.ok)
      throw new Error(`${ops.join(' ')}: ${graph.ok ? '' : graph.error.message} ${model.ok ? '' : model.error.message}`)
    for (const [k, column] of NAMES.entries()) {
      const query = { columns, column, output: { name: 'y' } }
      const constant = proveIndependent(graph.value, query).status === 'proved'
      const up = proveMonotone(graph.value, { ...query, direction: 'non-decreasing' }).status === 'proved'
      const down = proveMonotone(graph.value, { ...query, direction: 'non-increasing' }).status === 'proved'
      const where = `round ${round}, column ${column}: ${ops.join(' ')}`
      expect(up && down, where).toBe(constant)
      const pairs = await predictPairs(model.value, k, random)
      if (up || down || constant) {
        expect(
          pairs.some(([low, high]) => Number.isNaN(low + high) || (up && low > high) || (down && low < high)),
          where,
        ).toBe(false)
      }
      counts[constant ? 'constant' : up ? 'up' : down ? 'down' : 'refused']++
      if (pairs.some(([low, high]) => low > high) && pairs.some(([low, high]) => low < high)) counts.wrong++
    }
    await model.value.close()
  }
  // The test says something only if all outcomes occur, and often.
  expect(Math.min(...Object.values(counts)), JSON.stringify(counts)).toBeGreaterThan(ROUNDS / 10)
})
