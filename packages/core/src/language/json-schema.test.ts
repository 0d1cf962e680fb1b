import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { specJsonSchema } from './json-schema.ts'
import { parseSpec } from './parse.ts'

const CORPUS = new URL('../../../../conformance/language/', import.meta.url)
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(specJsonSchema())

/** What the whole example extends. */
const others = [{ path: 'templates/binary-classification.plumb.yaml', text: 'plumbline: 1' }]

function read(name: string): string {
  return readFileSync(new URL(`${name}/spec.plumb.yaml`, CORPUS), 'utf8')
}

/** Validates a YAML text as an editor would: read by the YAML 1.2 core schema, then by the JSON Schema. */
function isValid(text: string): boolean {
  return validate(parse(text))
}

describe('specJsonSchema', () => {
  const names = readdirSync(CORPUS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  const good = names.filter((name) => {
    const text = read(name)
    return !hasErrors(parseSpec({ main: { path: 'f', text }, others }).diagnostics)
  })

  it('has good specs to accept', () => {
    expect(good).toEqual(expect.arrayContaining(['whole', 'minimal', 'literals-good', 'proto-column', 'alias-good']))
  })

  it.each(good)('accepts %s, which the reader accepts', (name) => {
    expect(isValid(read(name)), JSON.stringify(validate.errors)).toBe(true)
  })

  it.each([
    'unknown-key',
    'unknown-key-cut-by-comma',
    'missing-keys',
    'wrong-type',
    'not-one-of',
    'two-forms',
    'no-form',
    'incomplete-forms',
    'on-for-of',
    'range-bad',
    'proto-key',
    'empty-value',
  ])('refuses %s', (name) => {
    expect(isValid(read(name))).toBe(false)
  })

  it('is plain JSON and always the same', () => {
    expect(JSON.parse(JSON.stringify(specJsonSchema()))).toEqual(specJsonSchema())
  })
})
