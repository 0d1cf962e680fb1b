import { field, type Fields, isFields, textsIn } from '../text/json.ts'

/** A schema without references, and where it stands. */
export interface Part {
  readonly schema: Fields
  readonly where: string
}

/** Schemas of which one has to hold (`oneOf`: exactly one), each the parts that hold together. */
export interface Alternatives {
  readonly word: 'anyOf' | 'oneOf'
  readonly where: string
  readonly each: readonly (readonly Part[])[]
}

/** What a schema says, its references and combinations taken apart: all of it holds. */
export interface Parts {
  readonly parts: readonly Part[]
  readonly alternatives: readonly Alternatives[]
  /** An alternative is null. */
  readonly nullable: boolean
  readonly refused: readonly { readonly what: string; readonly where: string; readonly because: string }[]
}

const NOTHING: Parts = { parts: [], alternatives: [], nullable: false, refused: [] }

const together = (all: readonly Parts[]): Parts => ({
  parts: all.flatMap(({ parts }) => parts),
  alternatives: all.flatMap(({ alternatives }) => alternatives),
  nullable: all.some(({ nullable }) => nullable),
  refused: all.flatMap(({ refused }) => refused),
})

/** Until draft 7 what stands beside a `$ref` is not read. */
const ignoresSiblings = (document: Fields): boolean => /draft-0?[3-7]\b/.test(String(field(document, '$schema') ?? ''))

/** Takes a schema apart: `$ref` within the document, `allOf`, and what `anyOf` and `oneOf` say of null, of values and of each other. */
export function partsOf(document: Fields, schema: Fields, where: string, within: readonly string[] = []): Parts {
  const { $ref, allOf, anyOf, oneOf, ...own } = schema
  const found: Parts[] = []
  if (typeof $ref === 'string') {
    found.push(referred(document, $ref, where, within))
    if (ignoresSiblings(document)) return together(found)
  }
  if (Object.keys(own).length > 0) found.push({ ...NOTHING, parts: [{ schema: own, where }] })
  if (Array.isArray(allOf))
    for (const [i, each] of allOf.entries())
      if (isFields(each)) found.push(partsOf(document, each, at(where, `allOf[${i}]`), within))
  for (const [word, given] of [
    ['anyOf', anyOf],
    ['oneOf', oneOf],
  ] as const)
    if (Array.isArray(given)) found.push(chosen(document, word, given, at(where, word), within))
  return together(found)
}

const at = (where: string, step: string): string => (where === '' ? step : `${where}.${step}`)

const refuse = (what: string, where: string, because: string): Parts => ({
  ...NOTHING,
  refused: [{ what, where, because }],
})

function referred(document: Fields, reference: string, where: string, within: readonly string[]): Parts {
  const place = at(where, '$ref')
  if (!reference.startsWith('#')) return refuse('$ref', place, `"${reference}" is another document, which is not read.`)
  if (within.includes(reference)) return refuse('$ref', place, `"${reference}" leads back to itself.`)
  const steps = pointerSteps(reference)
  const target = steps?.reduce<unknown>((value, step) => stepInto(value, step), document)
  if (steps === undefined || !isFields(target))
    return refuse('$ref', place, `"${reference}" leads to no schema of this document.`)
  return partsOf(document, target, steps.join('.'), [...within, reference])
}

/** The steps of a JSON Pointer in a fragment (RFC 6901, section 6); undefined for another fragment. */
function pointerSteps(reference: string): readonly string[] | undefined {
  if (reference === '#') return []
  if (!reference.startsWith('#/')) return undefined
  try {
    return decodeURIComponent(reference.slice(2))
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  } catch {
    return undefined
  }
}

function stepInto(value: unknown, step: string): unknown {
  if (isFields(value)) return field(value, step)
  return Array.isArray(value) && /^(0|[1-9]\d*)$/.test(step) ? value[Number(step)] : undefined
}

function chosen(
  document: Fields,
  word: Alternatives['word'],
  given: readonly unknown[],
  where: string,
  within: readonly string[],
): Parts {
  const all = given.map((each, i) => partsOf(document, isFields(each) ? each : {}, `${where}[${i}]`, within))
  const rest = all.filter(({ parts }) => !parts.every(isNull) || parts.length === 0)
  const nullable = rest.length < all.length
  const [only, ...others] = rest
  if (only === undefined) return { ...NOTHING, nullable }
  // Of what is there it asks one thing: a cell that is missing was the other.
  if (others.length === 0) return { ...only, nullable: nullable || only.nullable }
  if (rest.some(({ alternatives, refused }) => alternatives.length > 0 || refused.length > 0))
    return refuse(word, where, 'What it chooses from is made of choices or references that are not read.')
  const values = valuesOf(rest)
  const isOnce = values !== undefined && new Set(values.map((each) => JSON.stringify(each))).size === values.length
  if (values !== undefined && (word === 'anyOf' || isOnce))
    return { ...NOTHING, nullable, parts: [{ schema: { enum: [...new Set(values)] }, where }] }
  return { ...NOTHING, nullable, alternatives: [{ word, where, each: rest.map(({ parts }) => parts) }] }
}

const isNull = ({ schema }: Part): boolean =>
  field(schema, 'type') === 'null' || (field(schema, 'const') === null && Object.hasOwn(schema, 'const'))

/** Words that tell about a value, and ask nothing that the value does not answer. */
const ABOUT_VALUES = new Set(['const', 'enum', 'type', 'title', 'description', '$comment', 'deprecated'])

/** The values that alternatives list, where each is a list of values and no more. */
function valuesOf(all: readonly Parts[]): readonly unknown[] | undefined {
  const found: unknown[] = []
  for (const { parts } of all) {
    const [only] = parts
    if (only === undefined || parts.length > 1) return undefined
    const { schema } = only
    const listed = field(schema, 'enum')
    const given = Object.hasOwn(schema, 'const') ? [schema['const']] : Array.isArray(listed) ? listed : undefined
    if (given === undefined || !Object.keys(schema).every((name) => ABOUT_VALUES.has(name))) return undefined
    if (!given.every((value) => hasType(value, textsIn(field(schema, 'type'))))) return undefined
    found.push(...given)
  }
  return found
}

const hasType = (value: unknown, types: readonly string[]): boolean =>
  types.length === 0 ||
  types.some((type) =>
    type === 'integer' ? Number.isInteger(value) : type === 'null' ? value === null : typeof value === type,
  )
