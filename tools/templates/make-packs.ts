/**
 * Writes rows and model of each template pack: rows drawn from a known law, by seed, and the model that has this law's own
 * weights, so that it is about as good as can be. Nobody's data is in them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pack } from './pack.ts'
import { anomaly } from './packs/anomaly.ts'
import { questions } from './packs/answers.ts'
import { forecast } from './packs/forecasting.ts'
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
