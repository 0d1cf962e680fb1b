import { isCelError, isCelList, isCelMap, isCelUint, run } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { expect, it } from 'vitest'
import { readPlain } from '../../packages/core/src/expr/check/check.ts'
import { createEvaluator } from '../../packages/core/src/expr/evaluate/evaluate.ts'
import { kindOf } from '../../packages/core/src/expr/evaluate/kinds.ts'
import { isError, type Value } from '../../packages/core/src/expr/value.ts'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { generateCel } from './generate.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const count = Number(process.env['PLUMB_FUZZ_CEL'] ?? 6_000)
const place = { span: (start: number, end: number) => ({ file: 'generated', start, end }) }

/** A value in one form for both; maps by their entries in order. */
function ours(value: Value): unknown {
  switch (kindOf(value)) {
    case 'uint':
      return { uint: (value as { uint: bigint }).uint }
    case 'list':
      return (value as { list: readonly Value[] }).list.map(ours)
    case 'map': {
      const { map } = value as { map: ReadonlyMap<string, { key: Value; value: Value }> }
      return Object.fromEntries([...map.values()].map((entry) => [String(entry.key), ours(entry.value)]).sort())
    }
    default:
      return Object.is(value, -0) ? 0 : value
  }
}

function theirs(value: unknown): unknown {
  if (isCelUint(value)) return { uint: value.value }
  if (isCelList(value)) return [...value].map(theirs)
  if (isCelMap(value)) return Object.fromEntries([...value].map(([key, item]) => [String(key), theirs(item)]).sort())
  return Object.is(value, -0) ? 0 : value
}

it(`generated expressions without columns: the evaluator = @bufbuild/cel (seed ${seed})`, () => {
  const random = createRandom(seed, 'cel')
  const evaluator = createEvaluator()
  const disagreements: string[] = []
  let errors = 0
  for (let i = 0; i < count; i++) {
    const text = generateCel(random)
    const { value: expr, diagnostics } = readPlain(text, { scope: 'plain', variables: new Map() }, place)
    if (expr === undefined) {
      disagreements.push(`${text}: refused: ${diagnostics[0]?.message}`)
      continue
    }
    const outcome = evaluator.evaluate(expr, { plain: true })
    const answer = run(text, {}, { funcs: strings })
    if (isError(outcome)) errors += 1
    const mine = isError(outcome) ? 'error' : ours(outcome)
    const other = isCelError(answer) ? 'error' : theirs(answer)
    if (JSON.stringify([mine], bigints) !== JSON.stringify([other], bigints))
      disagreements.push(
        `${text}: ours ${JSON.stringify(mine, bigints)}${isError(outcome) ? ` ${outcome.error}` : ''}, theirs ${JSON.stringify(other, bigints)}`,
      )
  }
  expect(disagreements.slice(0, 20)).toEqual([])
  expect(errors / count).toBeGreaterThan(0.05)
  expect(errors / count).toBeLessThan(0.6)
})

function bigints(_: string, part: unknown): unknown {
  return typeof part === 'bigint' ? `${part}n` : typeof part === 'number' ? `${part}d` : part
}
