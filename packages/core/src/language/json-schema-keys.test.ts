import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { specJsonSchema } from './json-schema.ts'
import { parseSpec } from './parse.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const schema = specJsonSchema()
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema)

type Node = { readonly [keyword: string]: unknown }

/** A place of the schema where a map with known keys stands: how a value there is wrapped, and its keys. */
interface Place {
  readonly path: string
  readonly keys: readonly string[]
  readonly wrap: (value: object) => unknown
}

function placesOf(node: Node, path: string, wrap: Place['wrap']): readonly Place[] {
  const found: Place[] = []
  const properties = node['properties'] as Readonly<Record<string, Node>> | undefined
  if (properties !== undefined) {
    // Beside some keys any name may stand.
    if (node['additionalProperties'] === false) found.push({ path, keys: Object.keys(properties), wrap })
    for (const [key, inner] of Object.entries(properties))
      found.push(...placesOf(inner, `${path}.${key}`, (value) => wrap({ [key]: value })))
  }
  const any = node['additionalProperties']
  if (typeof any === 'object' && any !== null)
    found.push(...placesOf(any as Node, `${path}.*`, (value) => wrap({ k: value })))
  if (typeof node['items'] === 'object')
    found.push(...placesOf(node['items'] as Node, `${path}[]`, (value) => wrap([value])))
  for (const branch of (node['anyOf'] ?? []) as readonly Node[]) found.push(...placesOf(branch, path, wrap))
  return found
}

/** The keys that the reader says it does not know, of a document. */
function unknownKeys(document: unknown): readonly string[] {
  const { diagnostics } = parseSpec({ main: { path: 'p.yaml', text: JSON.stringify(document) }, others: [] })
  return diagnostics.flatMap(({ code, message }) =>
    code === 'language/unknown-key' ? [/'([^']*)'/.exec(message)?.[1] ?? ''] : [],
  )
}

describe('an editor and the reader know the same keys', () => {
  const places = placesOf(schema, '', (value) => value)

  it('in all places where there are keys', () => {
    const paths = places.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining([
        '',
        '.clauses.*',
        '.data.*.columns.*',
        '.monitor.alerts[]',
        '.extends',
        '.params.*',
        '.pipeline.retrain',
      ]),
    )
    expect(places.flatMap(({ keys }) => keys).length).toBeGreaterThan(150)
  })

  it.each(places.map((place) => [place.path, place] as const))('at %s', (_path, { keys, wrap }) => {
    // `params` are read before everything else, so each document has what they must not have, too.
    for (const key of keys) expect(unknownKeys(wrap({ [key]: 1 })), key).not.toContain(key)
    const other = 'zzqq'
    expect(unknownKeys(wrap({ [other]: 1 }))).toContain(other)
    expect(validate(wrap({ [other]: 1 }))).toBe(false)
    const said = (validate.errors ?? []).filter(({ params }) => params['additionalProperty'] === other)
    expect(said.length).toBeGreaterThan(0)
  })
})

describe('every example is accepted', () => {
  const files = globSync('examples/**/*.plumb.yaml', { cwd: ROOT }).concat('examples/credit-default/plumb.yaml')
  it.each(files.filter((file) => !file.includes('mistakes') && !file.includes('node_modules')))('%s', (file) => {
    const document: unknown = parse(readFileSync(`${ROOT}${file}`, 'utf8'))
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  })
})
