import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { oneOf } from '../draw.ts'

const TOWNS = ['Marden', 'Elsby', 'Corrow', 'Tynd', 'Ashvale', 'Brockham', 'Lunde', 'Firsk', 'Oxley', 'Wend'] as const
const PLACES = ['library', 'swimming pool', 'museum', 'registry office', 'market hall', 'theatre'] as const
const TOPICS = ['hours', 'fee', 'address', 'phone'] as const
const STREETS = ['Mill Lane', 'Station Road', 'High Street', 'Canal Side', 'Orchard Row'] as const
const UNKNOWN = 'I do not know.'

/**
 * Questions to a town nobody has been to: each about one fact of one place, a passage of a few such facts, and what is to be answered. In a fifth of
 * the passages the fact is missing.
 */
export function questions(): readonly Readonly<Record<string, string | number | boolean>>[] {
  const random = createRandom('template', 'llm-answers')
  const about = TOWNS.flatMap((town) =>
    PLACES.flatMap((place) =>
      TOPICS.map((topic) => ({ town, place, topic, said: `${NAMES[topic]} of the ${place} in ${town}` })),
    ),
  )
  const value = {
    hours: () => `${7 + random.int(4)}:${oneOf(random, ['00', '15', '30'] as const)} to ${16 + random.int(5)}:00`,
    fee: () => `${2 + random.int(30)} crowns`,
    address: () => `${oneOf(random, STREETS)} ${1 + random.int(90)}`,
    phone: () => `0${100 + random.int(900)} ${1000 + random.int(9000)}`,
  }
  const facts = about.map((each) => ({ ...each, value: value[each.topic]() }))
  return random.shuffle(facts.map((_, i) => i)).map((i, row) => {
    const fact = facts[i] as (typeof facts)[number]
    const answerable = random.float() < 0.8
    const others = random
      .shuffle(facts.filter(({ town, said }) => town === fact.town && said !== fact.said))
      .slice(0, 3)
    const told = random.shuffle([...others, ...(answerable ? [fact] : [])])
    return {
      id: row + 1,
      question: `What is the ${fact.said}?`,
      passage: told.map((each) => `The ${each.said} is ${each.value}.`).join(' '),
      reference: answerable ? fact.value : UNKNOWN,
      answerable,
      topic: fact.topic,
    }
  })
}

const NAMES = { hours: 'opening time', fee: 'fee', address: 'address', phone: 'telephone number' } as const
