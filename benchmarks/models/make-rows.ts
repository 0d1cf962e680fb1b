import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { stats } from '@plumbline/core'
import { buildOnnx } from '../../packages/engine/src/proofs/testing/build-onnx.ts'
import { treeRegressor, type TreeSpec } from '../../packages/engine/src/proofs/testing/build-trees.ts'

/** Columns that the models of these benchmarks read. */
export const COLUMNS = 20

/** A forest of 200 trees, each of depth 6, over {@link COLUMNS} columns; answers lie around one half. */
export function forest(output = 'y'): Uint8Array {
  const random = stats.createRandom('benchmark', 'forest')
  const tree = (depth: number): TreeSpec => {
    if (depth === 0) return { leaf: random.normal() / 200 }
    const [yes, no] = [tree(depth - 1), tree(depth - 1)]
    return { feature: random.int(COLUMNS), threshold: random.normal(), yes, no }
  }
  const trees = Array.from({ length: 200 }, () => tree(6))
  return buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, COLUMNS] }],
    outputs: [{ name: output, type: 'float', shape: [null, 1] }],
    nodes: [treeRegressor({ trees, baseValues: [0.5] }, 'x', output)],
  })
}

/** A folder with rows and a model for them; made once. */
export async function makeProject(folder: string, rows: number): Promise<string> {
  const project = join(folder, `models-${rows}`)
  const file = join(project, 'rows.parquet')
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'model.onnx'), forest('risk'))
  if (existsSync(file)) return project
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  // A Box–Muller of two hashes: the same rows on every machine.
  const uniform = (salt: number): string => `((hash(i * 64 + ${salt}) >> 11) / 9007199254740992.0)`
  const normal = (salt: number): string =>
    `sqrt(-2 * ln(1 - ${uniform(salt)})) * cos(6.283185307179586 * ${uniform(salt + 1)})`
  const inputs = Array.from({ length: COLUMNS }, (_, i) => `${normal(2 * i)} AS c${i}`).join(', ')
  await connection.run(
    `COPY (SELECT ${uniform(50)} < 0.4 AS label, 1 + CAST(floor(2 * ${uniform(51)}) AS INTEGER) AS sex, 1 + CAST(floor(5 * ${uniform(52)}) AS INTEGER) AS region, 18 + CAST(floor(60 * ${uniform(53)}) AS INTEGER) AS age, ${inputs} FROM range(${rows}) t(i)) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
  return project
}
