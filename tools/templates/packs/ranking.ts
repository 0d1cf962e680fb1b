import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { normal, oneOf, within } from '../draw.ts'
import { linearModel } from '../linear-model.ts'
import type { Pack } from '../pack.ts'

const [QUERIES, ITEMS] = [400, 10]
const WEIGHTS = { text_match: 2.4, clicks: 0.02, freshness: -0.01, sponsored: 0 } as const
/** Least score of each grade of relevance from 1 on. */
const GRADES = [2.2, 3, 3.8] as const

function rows(): Pack['rows'] {
  const random = createRandom('template', 'ranking')
  return Array.from({ length: QUERIES * ITEMS }, (_, i) => {
    const query = Math.floor(i / ITEMS) + 1
    const text_match = within(normal(random, 0.5, 0.25), 0, 1)
    const clicks = random.int(101)
    const freshness = random.int(91)
    const sponsored = random.float() < 0.15
    const score = WEIGHTS.text_match * text_match + WEIGHTS.clicks * clicks + WEIGHTS.freshness * freshness
    const found = score + normal(random, 0, 0.4)
    const outcome = GRADES.filter((least) => found >= least).length
    const device = oneOf(random, ['phone', 'desktop'])
    const split = query % 2 === 0 ? 'train' : 'test'
    return { id: i + 1, query, text_match, clicks, freshness, sponsored, device, split, outcome }
  })
}

/** Ten items for each of 400 queries, judged from 0 to 3, and the linear score that the judgements were made of. */
export const ranking: Pack = {
  name: 'ranking',
  rows: rows(),
  model: linearModel({
    inputs: [
      { name: 'text_match', type: 'float' },
      { name: 'clicks', type: 'int64' },
      { name: 'freshness', type: 'int64' },
      { name: 'sponsored', type: 'bool' },
    ],
    weights: Object.values(WEIGHTS).map((weight) => [weight]),
    intercepts: [0],
  }),
}
