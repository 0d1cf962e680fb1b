// Proposes the bounds of the specification by cross-validation on the train split; it never reads the test split.
// Usage: node crossvalidate.js [--out bounds.md] [--decision 0.5] [--test-rows 7529] [--window-rows 1500] [options of train.js]
import { renameSync, writeFileSync } from 'node:fs'
import { deviation, mean, resample } from './trainer/bootstrap.js'
import { boundRow, CLAUSES, document } from './trainer/bounds.js'
import { figuresOf, sliceRows } from './trainer/figures.js'
import { crossPredict } from './trainer/folds.js'
import { rank, measure } from './trainer/metrics.js'
import { readOptions, resolveFeatures } from './trainer/options.js'
import { readTable } from './trainer/table.js'

const FOLDS = 5
const REPLICATES = 1000
const SEED = 1

/** Rows of `train` against rows of `train` and half of `fresh`: what the champion and its challenger learn from. */
const CHAMPION_SHARE = 13_357 / 15_633

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`crossvalidate: ${error.message}`)
  process.exitCode = 2
}

async function main(args) {
  const own = {
    data: 'data/accounts.parquet',
    out: 'bounds.md',
    decision: '0.5',
    'test-rows': '7529',
    'window-rows': '1500',
  }
  const { options: asked, own: given } = readOptions(args, own)
  const threshold = Number(given.decision)
  const size = Number(given['test-rows'])
  if (!(threshold > 0 && threshold < 1)) throw new Error('--decision is a number between 0 and 1')
  const recent = Number(given['window-rows'])
  for (const [name, rows] of Object.entries({ '--test-rows': size, '--window-rows': recent }))
    if (!(Number.isInteger(rows) && rows > 0)) throw new Error(`${name} is a positive integer`)
  const { table, inputs } = await readTable(given.data, ['train'])
  const options = resolveFeatures(asked, inputs)

  const { scores, foldOf } = crossPredict(table, options, { folds: FOLDS, seed: SEED })
  const folds = Array.from({ length: FOLDS }, (_, fold) =>
    figuresOf(table, scores, threshold, (row) => foldOf[row] === fold)(),
  )
  const samples = resample(table.rows, figuresOf(table, scores, threshold), {
    size,
    replicates: REPLICATES,
    seed: SEED,
  })
  const rows = CLAUSES.map((clause) => {
    const perFold = folds.map((figures) => figures[clause.figure])
    return boundRow(clause, { folds: [mean(perFold), deviation(perFold)], samples: samples[clause.figure] })
  })

  const less = crossPredict(table, options, { folds: FOLDS, seed: SEED, share: CHAMPION_SHARE })
  const more = rank(scores, table.labels)
  const fewer = rank(less.scores, table.labels)
  const gainsOn = (rows) =>
    resample(
      table.rows,
      (weight) => ({ roc_auc: measure(more, threshold, weight).roc_auc - measure(fewer, threshold, weight).roc_auc }),
      { size: rows, replicates: REPLICATES, seed: SEED },
    ).roc_auc

  const page = document({
    rows,
    gains: [size, recent].map((rows) => ({ rows, values: gainsOn(rows) })),
    options,
    threshold,
    size,
    trained: table.rows,
    slices: sliceRows(table),
    folds: FOLDS,
  })
  writeFileSync(`${given.out}.part`, page)
  renameSync(`${given.out}.part`, given.out)
  console.log(page)
}
