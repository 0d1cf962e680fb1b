import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compile } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { EXIT } from '../packages/cli/src/exit-codes.ts'
import { ROOT } from './support/plumb.ts'

const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'RELEASE.md'].filter((f) =>
    existsSync(join(ROOT, f)),
  ),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.md'))
    .map((f) => `docs/${f}`),
].map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

interface Block {
  readonly info: string
  readonly text: string
}

/** The fenced blocks of a page, with the words after the fence. */
function blocks(text: string): readonly Block[] {
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map((m) => ({
    info: (m[1] ?? '').trim(),
    text: m[2] ?? '',
  }))
}

const mistakes = (text: string): readonly string[] =>
  compile({ main: { path: 'plumb.yaml', text }, others: [] })
    .diagnostics.filter((d) => d.severity !== 'info')
    .map((d) => `${d.code} ${d.message}`)

/** What a page promises to compile: whole specs, and clauses that go on where the page's first spec ends. */
const specs = pages.flatMap(({ path, text }) => {
  const all = blocks(text)
  const whole = all.filter((b) => b.info === 'yaml spec')
  const more = all.filter((b) => b.info === 'yaml clauses')
  return [...whole.map((b) => b.text), ...more.map((b) => `${whole[0]?.text ?? ''}${b.text}`)].map((spec) => ({
    path,
    spec,
  }))
})

describe('the documentation', () => {
  test('has specs, and each compiles without a finding', () => {
    expect(specs.length).toBeGreaterThanOrEqual(3)
    for (const { path, spec } of specs) expect(mistakes(spec), path).toEqual([])
  })

  test('a mistake in one would be seen', () => {
    const metric = specs.find(({ spec }) => spec.includes('roc_auc()'))
    expect(mistakes(metric?.spec.replace('roc_auc()', 'roc_acu()') ?? '')).not.toEqual([])
  })

  test('links lead somewhere', () => {
    for (const { path, text } of pages)
      for (const [, link = ''] of text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|mailto:|#)/.test(link)) continue
        const target = join(ROOT, dirname(path), link.split('#')[0] ?? '')
        expect(existsSync(target), `${path}: ${link}`).toBe(true)
      }
  })

  test('every verb and option it shows exists', () => {
    const reference = readFileSync(join(ROOT, 'docs', 'reference', 'cli.md'), 'utf8')
    const [global = ''] = reference.split('\n## ')
    const verbs = new Map(
      [...reference.matchAll(/^## plumb (\w+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)].map((m) => [m[1], m[2] ?? '']),
    )
    expect(verbs.size).toBeGreaterThanOrEqual(10)
    let seen = 0
    for (const { path, text } of pages.filter((p) => !p.path.startsWith('docs/reference/')))
      for (const [line, verb = ''] of text.matchAll(/\bplumb (?!-)([a-z]+)\b[^\n`|;#]*/g)) {
        // `plumb` in running prose is followed by other words; a command stands in code.
        if (!verbs.has(verb)) {
          expect(text.includes(`\`plumb ${verb}`) || text.includes(`npx plumb ${verb}`), `${path}: plumb ${verb}`).toBe(
            false,
          )
          continue
        }
        for (const [option] of line.matchAll(/--[a-z][a-z-]*/g)) {
          expect(`${verbs.get(verb)}${global}`.includes(option), `${path}: plumb ${verb} ${option}`).toBe(true)
          seen++
        }
      }
    expect(seen).toBeGreaterThan(10)
  })

  test('the exit codes are those of the command', () => {
    const text = readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8')
    const listed = [...text.matchAll(/^\| (\d+) \|/gm)].map((m) => Number(m[1]))
    expect(listed).toEqual(Object.values(EXIT).toSorted((a, b) => a - b))
  })
})
