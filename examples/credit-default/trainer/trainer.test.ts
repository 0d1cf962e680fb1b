import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boost, sigmoid } from './boost.js'
import { crossPredict } from './folds.js'
import { fitScorecard } from './logistic.js'
import { measure, rank } from './metrics.js'
import { predict } from './model.js'
import { toOnnx } from './onnx.js'
import { uniform } from './random.js'
import { pick, readTable } from './table.js'
import { evaluate, leaves } from './tree.js'
import { run } from './verify.js'

const ROOT = join(import.meta.dirname, '..')
const DATA = join(ROOT, 'data', 'accounts.parquet')
const DELAYS = ['pay_0', 'pay_2', 'pay_3', 'pay_4', 'pay_5', 'pay_6']
const COMMON = { trees: 150, depth: 4, rate: 0.05, minRows: 60, l2: 10, sample: 0.5, seed: 1 }
const FREE = { increasing: [], decreasing: [] }
const SIGNED = { increasing: DELAYS, decreasing: ['limit_bal'] }

type Loaded = Awaited<ReturnType<typeof readTable>>
let train: Loaded['table']
let fresh: Loaded['table']
let inputs: Loaded['inputs']
let features: string[]
let champion: ReturnType<typeof boost>
let unconstrained: ReturnType<typeof boost>

beforeAll(async () => {
  const loaded = await readTable(DATA, ['train'])
  train = loaded.table
  inputs = loaded.inputs
  fresh = (await readTable(DATA, ['fresh'])).table
  features = inputs.map(({ name }) => name).filter((name) => name !== 'sex')
  champion = boost(train, { ...COMMON, ...SIGNED, features })
  unconstrained = boost(train, { ...COMMON, ...FREE, features: [...features, 'sex'] })
})

/** The declared domain of the specification, wider than the data. */
function domainOf(name: string): readonly [least: number, greatest: number] {
  const codes: Record<string, readonly [number, number]> = {
    limit_bal: [10_000, 1_000_000],
    sex: [1, 2],
    education: [0, 6],
    marriage: [0, 3],
    age: [18, 100],
  }
  if (name.startsWith('bill_amt')) return [-1_000_000, 2_000_000]
  if (name.startsWith('pay_amt')) return [0, 2_000_000]
  return codes[name] ?? [-2, 8]
}

/** Rows drawn from the whole domain, half of them from real rows with a few columns redrawn. */
function drawn(rows: number, seed: number): Loaded['table'] {
  const random = uniform(seed)
  const from = Array.from({ length: rows }, () => Math.floor(random() * fresh.rows))
  const columns = inputs.map(({ name }) => {
    const [least, greatest] = domainOf(name)
    const redrawn = () => least + Math.floor(random() * (greatest - least + 1))
    const values = from.map((row, i) => (i % 2 === 0 || random() < 0.1 ? redrawn() : fresh.features[name]![row]!))
    return [name, Float32Array.from(values)] as const
  })
  return { rows, features: Object.fromEntries(columns), labels: new Uint8Array(rows) }
}

const withColumn = (table: Loaded['table'], name: string, change: (value: number) => number) => ({
  ...table,
  features: { ...table.features, [name]: table.features[name]!.map(change) },
})

describe('the table', () => {
  it('holds the four splits, by a hash that was fixed once', async () => {
    const rows = async (split: string) => (await readTable(DATA, [split])).table.rows
    expect(await Promise.all(['train', 'later', 'fresh', 'test'].map(rows))).toEqual([13_357, 4_539, 4_575, 7_529])
    expect((await readTable(DATA, ['train', 'later'])).table.rows).toBe(17_896)
  })

  it('says which split it does not have', async () => {
    await expect(readTable(DATA, ['tests'])).rejects.toThrow('no rows in the splits tests')
  })

  it('gives the signature: integers as integers, amounts as numbers, no id, split or label', () => {
    expect(inputs).toHaveLength(23)
    expect(inputs.filter(({ integer }) => integer).map(({ name }) => name)).toEqual([
      'sex',
      'education',
      'marriage',
      'age',
      ...DELAYS,
    ])
  })
})

describe('boosted trees with monotone constraints', () => {
  it('rank accounts they have not seen', () => {
    expect(measure(rank(predict(champion, fresh), fresh.labels), 0.5).roc_auc).toBeGreaterThan(0.75)
  })

  it('are monotone, each tree by itself, between neighbours and over wide steps', () => {
    const random = uniform(5)
    const rows = drawn(2_000, 5)
    const directions = [...DELAYS.map((name) => [name, 1] as const), ['limit_bal', -1] as const]
    for (const [name, sign] of directions) {
      const [, greatest] = domainOf(name)
      const moved = withColumn(rows, name, (value) =>
        Math.min(greatest, value + (random() < 0.5 ? 1 : random() * (greatest - value))),
      )
      for (const tree of champion.trees) {
        for (let row = 0; row < rows.rows; row += 1) {
          const before = evaluate(tree, (feature: number) => rows.features[features[feature]!]![row]!)
          const after = evaluate(tree, (feature: number) => moved.features[features[feature]!]![row]!)
          if (sign * (after - before) < 0) expect.fail(`${name} of row ${row}: ${before} became ${after}`)
        }
      }
    }
  })

  it('are the same bytes for the same data and options, and other bytes for another seed', () => {
    const small = { ...COMMON, ...SIGNED, features, trees: 5 }
    const bytes = (options: typeof small) => toOnnx(boost(train, options), inputs, {})
    expect(bytes(small)).toEqual(bytes(small))
    expect(bytes({ ...small, seed: 2 })).not.toEqual(bytes(small))
  })

  it('add up exactly in float32, in any order', () => {
    for (const model of [champion, unconstrained]) {
      const random = uniform(3)
      for (let trial = 0; trial < 500; trial += 1) {
        const picked = model.trees.map((tree) => {
          const values = leaves(tree)
          return values[Math.floor(random() * values.length)]!
        })
        const single = (values: readonly number[]) => values.reduce((sum, value) => Math.fround(sum + value), 0)
        const exact = picked.reduce((sum, value) => sum + value, model.base)
        expect(single([...picked, model.base])).toBe(exact)
        expect(single([model.base, ...picked.toReversed()])).toBe(exact)
      }
      const extreme = model.trees.reduce((sum, tree) => sum + Math.max(...leaves(tree)), model.base)
      expect(Math.fround(extreme)).toBe(extreme)
    }
  })

  it('never reach a rounding boundary with the last bits of the sigmoid, so that no batch changes a risk', () => {
    for (const model of [champion, unconstrained]) {
      const step = 2 ** -16
      const sum = (pick: typeof Math.min) =>
        model.trees.reduce((total, tree) => total + pick(...leaves(tree)), model.base)
      const [least, greatest] = [sum(Math.min), sum(Math.max)]
      expect(least % step).toBeCloseTo(0, 20)
      let unsafe = 0
      for (let logOdds = least; logOdds <= greatest; logOdds += step) {
        const risk = sigmoid(logOdds)
        if (Math.fround(risk * (1 + 2 ** -51)) !== Math.fround(risk * (1 - 2 ** -51))) unsafe += 1
      }
      expect(unsafe).toBe(0)
    }
  })

  it('keep to the limits of a tree', () => {
    const depth = (tree: (typeof champion.trees)[number]): number =>
      tree.kind === 'leaf' ? 0 : 1 + Math.max(depth(tree.left), depth(tree.right))
    expect(Math.max(...champion.trees.map(depth))).toBe(COMMON.depth)
    const stump = boost(train, { ...COMMON, ...SIGNED, features, trees: 1, depth: 1, sample: 1, minRows: 6_000 })
      .trees[0]!
    if (stump.kind !== 'split') return expect.fail('no split was found')
    const left = train.features[features[stump.feature]!]!.filter((value) => value <= stump.threshold).length
    expect(Math.min(left, train.rows - left)).toBeGreaterThanOrEqual(6_000)
  })

  it('find the known best tree of a tiny table', () => {
    const labels = Uint8Array.of(0, 0, 1, 1)
    const table = { rows: 4, labels, features: { x: Float32Array.of(1, 2, 3, 4), noise: Float32Array.of(1, 2, 1, 2) } }
    const options = {
      ...COMMON,
      ...FREE,
      features: ['noise', 'x'],
      trees: 1,
      depth: 3,
      rate: 1,
      minRows: 1,
      l2: 0,
      sample: 1,
    }
    const { trees, base } = boost(table, options)
    expect(base).toBe(0)
    // Newton: −G/(H + λ) = −(0.5 + 0.5) / (0.25 + 0.25) on the left, its negative on the right.
    expect(trees[0]).toMatchObject({ feature: 1, threshold: 2.5, left: { value: -2 }, right: { value: 2 } })
    const against = boost(table, { ...options, decreasing: ['x'] }).trees[0]
    expect(against).not.toMatchObject({ feature: 1, threshold: 2.5 })
  })

  it('need both classes', () => {
    const table = { rows: 2, labels: Uint8Array.of(1, 1), features: { x: Float32Array.of(1, 2) } }
    expect(() => boost(table, { ...COMMON, ...FREE, features: ['x'] })).toThrow('one class only')
  })
})

describe('the ONNX file', () => {
  it('gives the very numbers of the trainer, for any batch size', async () => {
    const bytes = toOnnx(champion, inputs, {})
    const expected = predict(champion, fresh)
    expect(await run(bytes, inputs, fresh)).toEqual(expected)
    for (const size of [1, 3, 13, 1_000]) {
      const batch = Array.from({ length: size }, (_, i) => 7 + i)
      expect(await run(bytes, inputs, pick(fresh, batch))).toEqual(expected.slice(7, 7 + size))
    }
    const anywhere = drawn(5_000, 8)
    expect(await run(bytes, inputs, anywhere)).toEqual(predict(champion, anywhere))
  })

  it('sends a value equal to a threshold to the same side', async () => {
    const splits = (tree: (typeof champion.trees)[number]): { name: string; at: number }[] =>
      tree.kind === 'leaf'
        ? []
        : [{ name: features[tree.feature]!, at: tree.threshold }, ...splits(tree.left), ...splits(tree.right)]
    const edges = champion.trees.flatMap((tree) => splits(tree))
    const amounts = edges.filter(({ name }) => name.includes('_amt') || name === 'limit_bal').slice(0, 400)
    const rows = pick(
      fresh,
      amounts.map((_, i) => i),
    )
    amounts.forEach(({ name, at }, i) => {
      rows.features[name]![i] = at
    })
    expect(await run(toOnnx(champion, inputs, {}), inputs, rows)).toEqual(predict(champion, rows))
  })

  it('takes sex as an input and makes no use of it', async () => {
    const bytes = toOnnx(champion, inputs, {})
    const swapped = withColumn(fresh, 'sex', (value) => 3 - value)
    expect(await run(bytes, inputs, swapped)).toEqual(await run(bytes, inputs, fresh))
  })
})

describe('the model without constraints and with sex', () => {
  it('ranks as well, yet lets a longer delay lower the risk and sex decide', async () => {
    const bytes = toOnnx(unconstrained, inputs, {})
    const rows = drawn(4_000, 2)
    const risk = await run(bytes, inputs, rows)
    const later = await run(
      bytes,
      inputs,
      withColumn(rows, 'pay_0', (value) => Math.min(8, value + 1)),
    )
    const swapped = await run(
      bytes,
      inputs,
      withColumn(rows, 'sex', (value) => 3 - value),
    )
    expect(risk.filter((value, i) => later[i]! < value - 0.01).length).toBeGreaterThan(50)
    expect(risk.filter((value, i) => swapped[i]! >= 0.5 !== value >= 0.5).length).toBeGreaterThan(10)
    expect(measure(rank(predict(unconstrained, fresh), fresh.labels), 0.5).roc_auc).toBeGreaterThan(0.75)
  })
})

describe('the scorecard', () => {
  it('is the maximum of its likelihood, keeps its signs, and runs as ONNX', async () => {
    const options = { features, ...SIGNED, l2: 1e-6 }
    const card = fitScorecard(train, options)
    const weight = (name: string) => card.weights[features.indexOf(name)]!
    expect(weight('pay_0')).toBeGreaterThan(0.1)
    for (const name of DELAYS) expect(weight(name)).toBeGreaterThanOrEqual(0)
    expect(weight('limit_bal')).toBeLessThanOrEqual(0)

    // At the maximum the residuals are orthogonal to every column in use and to the intercept.
    const risk = predict(card, train)
    const moment = (read: (row: number) => number) =>
      risk.reduce((sum, value, row) => sum + (value - train.labels[row]!) * read(row), 0) / train.rows
    expect(Math.abs(moment(() => 1))).toBeLessThan(1e-6)
    expect(Math.abs(moment((row) => train.features.pay_0![row]!))).toBeLessThan(1e-6)
    expect(Math.abs(moment((row) => train.features.bill_amt1![row]! / 1e5))).toBeLessThan(1e-6)

    const expected = predict(card, fresh)
    const actual = await run(toOnnx(card, inputs, {}), inputs, fresh)
    expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-7)
    expect(measure(rank(expected, fresh.labels), 0.5).roc_auc).toBeGreaterThan(0.68)
  })

  it('gives up a feature whose sign comes out wrong', () => {
    const card = fitScorecard(train, { features: ['pay_0', 'age'], increasing: [], decreasing: ['pay_0'], l2: 1 })
    expect(card.weights[0]).toBe(0)
    expect(card.weights[1]).not.toBe(0)
  })
})

describe('cross-validation', () => {
  it('scores every row by a model that has not seen it', () => {
    const few = pick(
      train,
      Array.from({ length: 1_000 }, (_, i) => i),
    )
    const memory = { ...COMMON, ...FREE, features, trees: 40, depth: 8, rate: 0.5, minRows: 1, l2: 0.1, sample: 1 }
    const { scores, foldOf } = crossPredict(few, memory, { folds: 5, seed: 1 })
    expect([0, 1, 2, 3, 4].map((fold) => foldOf.filter((value) => value === fold).length)).toEqual([
      200, 200, 200, 200, 200,
    ])
    // A model this deep knows its own rows by heart; out of fold it must not.
    expect(measure(rank(predict(boost(few, memory), few), few.labels), 0.5).roc_auc).toBeGreaterThan(0.999)
    expect(measure(rank(scores, few.labels), 0.5).roc_auc).toBeLessThan(0.8)
  })
})

describe('train.js', () => {
  const folder = mkdtempSync(join(tmpdir(), 'credit-default-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const command = (...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'train.js'), '--data', DATA, ...args], { encoding: 'utf8' })

  it('writes a model and says how well onnxruntime agrees', () => {
    const out = join(folder, 'models', 'small.onnx')
    const { status, stdout } = command('--without', 'sex', '--trees', '3', '--out', out)
    expect(stdout).toMatch(/trees on 13357 rows × 22 features .* onnxruntime agrees to 0\.0e\+0/)
    expect(status).toBe(0)
    expect(readFileSync(out).length).toBeGreaterThan(1_000)
  })

  it.each([
    [['--features', 'age,income'], 'no column income; there are limit_bal, sex,'],
    [['--increasing', 'sex', '--without', 'sex'], 'sex is not among the features'],
    [['--depth', '4.5'], '--depth is an integer from 1 to 12'],
    [['--rate', ''], '--rate is a number from'],
    [['--split', 'nowhere'], 'no rows in the splits nowhere'],
    [['--modle', 'trees'], "Unknown option '--modle'"],
  ])('refuses %j in a sentence and writes nothing', (args, message) => {
    const out = join(folder, 'none.onnx')
    const { status, stderr } = command(...args, '--out', out)
    expect(stderr).toContain(message)
    expect(status).toBe(2)
    expect(existsSync(out)).toBe(false)
  })
})
