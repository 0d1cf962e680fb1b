/** What `plumb test` keeps of one file of a source under `.plumb/states/`: the second line of such a file, below its digest. */
import { valueDefinitions } from '../../packages/core/src/evidence/schema.ts'
import {
  caseOf,
  COUNT,
  DIGEST,
  document,
  kindOf,
  listOf,
  mapOf,
  type Members,
  objectOf,
  oneOfTexts,
  type OptionalMembers,
  ref,
  TEXT,
} from './json-schema.ts'
import type { RankSketch } from '../../packages/core/src/stats/mergeable/kll.ts'
import type { LogHistogram } from '../../packages/core/src/stats/mergeable/log-histogram.ts'
import type { CoMoments, Moments } from '../../packages/core/src/stats/mergeable/moments.ts'
import type { KeyHashes } from '../../packages/engine/src/states/key-hashes.ts'
import type { KeptNumbers } from '../../packages/engine/src/states/counted-numbers.ts'
import type { PackedState, PackedTerm } from '../../packages/engine/src/states/packed-numbers.ts'
import type { EveryState, MustState } from '../../packages/engine/src/states/partition-state.ts'
import type { TermRest } from '../../packages/engine/src/states/term-state.ts'

const number = ref('number')
const WHOLE = { type: 'string', pattern: '^-?[0-9]{1,60}$' } as const
/** 4 kB of registers in base64. */
const REGISTERS = { type: 'string', pattern: '^[A-Za-z0-9+/]{5462}==$' } as const
const place = (of: string) => ({ ...COUNT, description: `The place of ${of} in the table of numbers.` })
const bins = listOf({
  type: 'array',
  prefixItems: [number, COUNT],
  items: false,
  minItems: 2,
})

const keyHashes = objectOf<KeyHashes>({ rows: COUNT, digest: DIGEST }, {})

const rests = [
  kindOf<TermRest, 'none'>('none', {}, {}),
  kindOf<TermRest, 'whole'>('whole', { sum: WHOLE }, {}),
  kindOf<TermRest, 'sum'>('sum', { sum: { type: 'number' } }, {}),
  ...(['least', 'greatest'] as const).map((kind) => caseOf('kind', kind, { cell: ref('cell') }, {})),
  kindOf<TermRest, 'moments'>('moments', { moments: ref('moments') }, { whole: WHOLE }),
  kindOf<TermRest, 'co-moments'>(
    'co-moments',
    { moments: objectOf<CoMoments>({ x: ref('moments'), y: ref('moments'), products: { type: 'number' } }, {}) },
    {},
  ),
  kindOf<TermRest, 'set'>('set', { cells: listOf(ref('cell')) }, {}),
  kindOf<TermRest, 'registers'>('registers', { registers: REGISTERS }, {}),
  kindOf<TermRest, 'log-histogram'>(
    'log-histogram',
    { histogram: objectOf<LogHistogram>({ zeros: COUNT, above: bins, below: bins }, {}) },
    {},
  ),
  kindOf<TermRest, 'ranks'>(
    'ranks',
    { sketch: objectOf<RankSketch>({ n: COUNT, levels: listOf(listOf(number)), squares: { type: 'number' } }, {}) },
    {},
  ),
  kindOf<TermRest, 'keys'>('keys', { files: listOf(keyHashes) }, {}),
  kindOf<TermRest, 'bins'>(
    'bins',
    { edges: { oneOf: [listOf(number), { type: 'null' }] }, rows: listOf(COUNT) },
    { compared: listOf(COUNT) },
  ),
]

const everyMembers: Members<Omit<EveryState, 'form'>> = {
  rows: COUNT,
  failing: COUNT,
  missing: COUNT,
  excluded: COUNT,
  unassigned: COUNT,
}
const everyOptional: OptionalMembers<Omit<EveryState, 'form'>> = {
  keys: keyHashes,
  shown: {
    oneOf: [
      objectOf<{ readonly rows: 'first' | 'worst'; readonly digest: string }>(
        { rows: oneOfTexts<'first' | 'worst'>({ first: true, worst: true }), digest: DIGEST },
        {},
      ),
      objectOf<{ readonly rows: 'later' }>({ rows: { const: 'later' } }, {}),
    ],
  },
}
const mustMembers: Members<Omit<MustState, 'form'>> = {
  rows: COUNT,
  unassigned: COUNT,
  terms: listOf({ oneOf: [ref('term'), { type: 'null' }] }),
}

const { number: finiteOrTagged, nonFinite } = valueDefinitions as {
  readonly number: object
  readonly nonFinite: object
}

export const partitionStateSchema = document(
  'partition-state',
  'What one file of a source came to: the second line of a kept state; the first is the SHA-256 of the second',
  objectOf<PackedState>(
    {
      schema: { const: 'plumbline/partition-state/1' },
      partition: TEXT,
      reading: DIGEST,
      shape: TEXT,
      present: listOf(TEXT),
      undeclared: listOf(TEXT),
      said: listOf(TEXT),
      rows: COUNT,
      answers: mapOf({
        oneOf: [caseOf('form', 'every', everyMembers, everyOptional), caseOf('form', 'must', mustMembers, {})],
      }),
    },
    { numbers: listOf(ref('numbers')) },
  ),
  {
    number: finiteOrTagged,
    nonFinite,
    cell: {
      description: 'A cell; whole numbers of 64 bits and more as decimal text.',
      oneOf: [
        { type: ['number', 'string', 'boolean', 'null'] },
        ref('nonFinite'),
        objectOf<{ readonly int: string }>({ int: WHOLE }, {}),
      ],
    },
    moments: objectOf<Moments>(
      { n: COUNT, sum: { type: 'number' }, squares: { type: 'number' }, least: number, greatest: number },
      {},
    ),
    numbers: {
      description: 'The distinct numbers of an expression, ascending, and how often each occurs.',
      ...objectOf<KeptNumbers>({ values: listOf(number), counts: listOf(COUNT), missing: COUNT }, {}),
    },
    term: objectOf<PackedTerm>(
      { counts: mapOf(COUNT), rest: { oneOf: rests } },
      { numbers: place('its'), compared: place('those that are compared with') },
    ),
  },
)
