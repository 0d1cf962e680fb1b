import { createRandom, type Random } from '../../../packages/core/src/stats/prng.ts'
import { buildOnnx, tensor } from '../../../packages/engine/src/proofs/testing/build-onnx.ts'
import { oneOf } from '../draw.ts'
import type { Pack } from '../pack.ts'

/** What people write of each matter, and what they write of any. */
const MATTERS = {
  billing: 'invoice charged refund payment twice card amount bank fee receipt overcharged subscription',
  delivery: 'parcel courier late arrived lost address tracking shipped delivery box driver damaged',
  technical: 'login error screen crashes password update install broken app reset freezes button',
} as const
const MATTER_NAMES = Object.keys(MATTERS) as readonly (keyof typeof MATTERS)[]
const ANY =
  'please help since monday yesterday again still anna ben mary still waiting thanks order account number new old'

const words = (text: string): readonly [string, ...string[]] => {
  const [first = '', ...rest] = text.split(' ')
  return [first, ...rest]
}

function written(random: Random, matter: keyof typeof MATTERS): string {
  const length = 5 + random.int(8)
  const said = Array.from({ length }, () => {
    const chance = random.float()
    // One word in twelve is of another matter.
    const of = chance < 0.08 ? oneOf(random, ['billing', 'delivery', 'technical'] as const) : matter
    return oneOf(random, words(chance < 0.45 ? MATTERS[of] : ANY))
  })
  return `${said.join(' ')} ${1000 + random.int(9000)}`
}

function rows(): readonly {
  readonly text: string
  readonly split: string
  readonly outcome: string
  readonly id: number
}[] {
  const random = createRandom('template', 'text-classification')
  return Array.from({ length: 2400 }, (_, i) => {
    const outcome = oneOf(random, ['billing', 'billing', 'delivery', 'delivery', 'technical'] as const)
    return { id: i + 1, text: written(random, outcome), split: i % 2 === 0 ? 'train' : 'test', outcome }
  })
}

/** Naive Bayes over lower-case words, from counts of the train split with one added to each (Laplace). */
function model(learned: ReturnType<typeof rows>): Uint8Array {
  const vocabulary = [...new Set([...Object.values(MATTERS), ANY].flatMap((text) => text.split(' ')))].toSorted()
  const counts = MATTER_NAMES.map((matter) => {
    const said = learned.filter(({ outcome }) => outcome === matter).flatMap(({ text }) => text.split(' '))
    return vocabulary.map((word) => said.filter((each) => each === word).length + 1)
  })
  const weights = vocabulary.flatMap((_, word) =>
    counts.map((of) => Math.log((of[word] ?? 1) / of.reduce((sum, count) => sum + count, 0))),
  )
  const shares = MATTER_NAMES.map(
    (matter) => learned.filter(({ outcome }) => outcome === matter).length / learned.length,
  )
  return buildOnnx({
    opset: 20,
    inputs: [{ name: 'text', type: 'string', shape: [null, 1] }],
    outputs: [
      { name: 'answer', type: 'int64', shape: [null, 1] },
      { name: 'probabilities', type: 'float', shape: [null, MATTER_NAMES.length] },
    ],
    nodes: [
      { op: 'Reshape', inputs: ['text', 'flat'], outputs: ['texts'] },
      {
        op: 'StringNormalizer',
        inputs: ['texts'],
        outputs: ['lower'],
        // The locale that every machine has.
        attributes: { case_change_action: 'LOWER', is_case_sensitive: 0n, locale: 'C' },
      },
      { op: 'StringSplit', inputs: ['lower'], outputs: ['words', 'count'], attributes: { delimiter: ' ' } },
      {
        op: 'TfIdfVectorizer',
        inputs: ['words'],
        outputs: ['counts'],
        attributes: {
          mode: 'TF',
          min_gram_length: 1n,
          max_gram_length: 1n,
          max_skip_count: 0n,
          ngram_counts: [0n],
          ngram_indexes: vocabulary.map((_, i) => BigInt(i)),
          pool_strings: vocabulary,
        },
      },
      { op: 'Cast', inputs: ['counts'], outputs: ['counts:double'], attributes: { to: 11n } },
      { op: 'MatMul', inputs: ['counts:double', 'weights'], outputs: ['weighted'] },
      { op: 'Add', inputs: ['weighted', 'shares'], outputs: ['sums:double'] },
      { op: 'Cast', inputs: ['sums:double'], outputs: ['sums'], attributes: { to: 1n } },
      { op: 'ArgMax', inputs: ['sums'], outputs: ['answer'], attributes: { axis: 1n, keepdims: 1n } },
      { op: 'Softmax', inputs: ['sums'], outputs: ['probabilities'], attributes: { axis: 1n } },
    ],
    initializers: [
      tensor('flat', 'int64', [1], [-1]),
      tensor('weights', 'double', [vocabulary.length, MATTER_NAMES.length], weights),
      tensor(
        'shares',
        'double',
        [MATTER_NAMES.length],
        shares.map((share) => Math.log(share)),
      ),
    ],
  })
}

function textPack(): Pack {
  const drawn = rows()
  const coded = drawn.map((row) => ({ ...row, outcome: MATTER_NAMES.findIndex((matter) => matter === row.outcome) }))
  return { name: 'text-classification', rows: coded, model: model(drawn.filter(({ split }) => split === 'train')) }
}

/** Letters to a help desk, made of words of three matters, and naive Bayes learned from half of them. */
export const text: Pack = textPack()
