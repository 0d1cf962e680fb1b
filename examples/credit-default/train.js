// Trains a model and writes it as ONNX. See README.md for the commands of the example.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { toOnnx } from './trainer/onnx.js'
import { fit, predict } from './trainer/model.js'
import { list, readOptions, resolveFeatures } from './trainer/options.js'
import { readTable } from './trainer/table.js'
import { largestDifference, run } from './trainer/verify.js'

const USAGE = `usage: node train.js --out MODEL.onnx [options]
  --data FILE          Parquet (data/accounts.parquet)      --split NAMES       rows to learn from (train)
  --window FILE        Parquet whose part \`learn\` is learned from, too
  --features NAMES     what the model may use (all)         --without NAMES     what it may not use
  --increasing NAMES   risk must not fall with these        --decreasing NAMES  risk must not rise with these
  --model trees|scorecard  --trees N  --depth N  --rate X  --min-rows N  --l2 X  --sample X  --seed N
NAMES are separated by commas.`

/** How far onnxruntime may be from the trainer: both add the same numbers, so only the last bits of the sigmoid differ. */
const TOLERANCE = 1e-6

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`train: ${error.message}\n${USAGE}`)
  process.exitCode = 2
}

async function main(args) {
  const {
    kind,
    options: asked,
    own,
  } = readOptions(args, {
    data: 'data/accounts.parquet',
    split: 'train',
    window: '',
    out: '',
  })
  if (own.out === '') throw new Error('--out is missing')
  const { table, inputs } = await readTable(own.data, list(own.split), own.window)
  const options = resolveFeatures(asked, inputs)

  const started = performance.now()
  const model = fit(kind, table, options)
  const seconds = (performance.now() - started) / 1000
  const bytes = toOnnx(model, inputs, {
    kind,
    splits: own.split,
    ...(own.window === '' ? {} : { window: own.window }),
    rows: `${table.rows}`,
    options: JSON.stringify(options),
  })

  const difference = largestDifference(await run(bytes, inputs, table), predict(model, table))
  if (!(difference <= TOLERANCE)) {
    console.error(`train: onnxruntime differs from the trainer by ${difference}; nothing written`)
    process.exitCode = 1
    return
  }
  mkdirSync(dirname(own.out), { recursive: true })
  writeFileSync(`${own.out}.part`, bytes)
  renameSync(`${own.out}.part`, own.out)
  console.log(
    `${own.out}: ${kind} on ${table.rows} rows × ${options.features.length} features in ${seconds.toFixed(1)} s, ` +
      `${(bytes.length / 1024).toFixed(0)} KiB; onnxruntime agrees to ${difference.toExponential(1)}`,
  )
}
