/**
 * Writes rows and model of each template pack: rows drawn from a known law, by seed, and the model that has this law's own
 * weights, so that it is about as good as can be. Nobody's data is in them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql, textLiteral } from '@plumbline/core'
import { openSession } from '../../packages/engine/src/duckdb/session.ts'
import type { Pack } from './pack.ts'
import { anomaly } from './packs/anomaly.ts'
import { questions } from './packs/answers.ts'
import { forecast } from './packs/forecasting.ts'
import { imageFiles } from './packs/image-files.ts'
import { images } from './packs/images.ts'
import { multiclass } from './packs/multiclass.ts'
import { ranking } from './packs/ranking.ts'
import { regression } from './packs/regression.ts'
import { text } from './packs/text.ts'
import { twoClasses } from './packs/two-classes.ts'

const TARGET = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'templates')

const packs: readonly Pack[] = [...twoClasses, regression, multiclass, forecast, ranking, anomaly, text, images]

function writeRows(name: string, rows: readonly Readonly<Record<string, unknown>>[]): void {
  const header = Object.keys(rows[0] ?? {})
  const csv = [header, ...rows.map((row) => Object.values(row))].map((cells) => `${cells.join(',')}\n`).join('')
  for (const folder of ['data', 'models']) mkdirSync(join(TARGET, name, folder), { recursive: true })
  writeFileSync(join(TARGET, name, 'data', 'cases.csv'), csv)
}

for (const { name, rows, model } of packs) {
  writeRows(name, rows)
  writeFileSync(join(TARGET, name, 'models', 'champion.onnx'), model)
}
// Its model is a server, which is written by hand.
writeRows('llm-answers', questions())

/** Rows with their pictures in them, as bytes of Parquet. */
async function writePictures(name: string, { rows, model }: ReturnType<typeof imageFiles>): Promise<void> {
  for (const folder of ['data', 'models']) mkdirSync(join(TARGET, name, folder), { recursive: true })
  writeFileSync(join(TARGET, name, 'models', 'champion.onnx'), model)
  const session = await openSession()
  if (!session.ok) throw new Error(session.error.cause)
  const { value: duckdb } = session
  const loaded = await duckdb.load('pictures', [
    { name: 'id', type: 'bigint', values: BigInt64Array.from(rows, ({ id }) => BigInt(id)) },
    { name: 'image', type: 'text', values: rows.map(({ image }) => Buffer.from(image).toString('base64')) },
    { name: 'camera', type: 'text', values: rows.map(({ camera }) => camera) },
    { name: 'split', type: 'text', values: rows.map(({ split }) => split) },
    { name: 'outcome', type: 'bigint', values: BigInt64Array.from(rows, ({ outcome }) => BigInt(outcome)) },
  ])
  const target = textLiteral(join(TARGET, name, 'data', 'cases.parquet'))
  const written = loaded.ok
    ? await duckdb.query(
        sql`COPY (SELECT id, from_base64(image) AS image, camera, split, outcome FROM pictures ORDER BY id) TO ${target} (FORMAT PARQUET)`,
      )
    : loaded
  duckdb.close()
  if (!written.ok) throw new Error(written.error.cause)
}
await writePictures('image-files', imageFiles())
