/**
 * Feeds texts to the compiler until told to stop: arguments are seed and number. Prints a line of JSON for each text that took long, and one at
 * the end. What it throws, and what it takes, is its parent's to judge.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  compile,
  parseSpec,
  printYaml,
  renderDiagnostics,
  type RelationInfo,
  checkRow,
  parseExpression,
  printSyntax,
  type SourceSet,
} from '@plumbline/core'
import { expressionText, randomFrom, specText } from './inputs.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const [seed = 1, count = 60] = process.argv.slice(2).map(Number)
const files = globSync(['conformance/{check,language}/*/*.yaml', 'examples/*/*.yaml'], { cwd: ROOT }).toSorted()
const specs = files.map((file) => readFileSync(join(ROOT, file), 'utf8'))
const expressions = specs.flatMap((text) =>
  [...text.matchAll(/(?:every|must|always|holds): (?:"([^"]+)"|'([^']+)')/g)].map((m) => m[1] ?? m[2] ?? ''),
)

const relation: RelationInfo = {
  name: 'accounts',
  kind: 'data',
  columns: new Map(
    (['age', 'x', 'pay_0'] as const).map((name) => [
      name,
      { name, columnType: 'integer', type: { kind: 'int' }, optional: true, unit: 'year' },
    ]),
  ),
}

function throughCompiler(text: string, template: string): void {
  const sources: SourceSet = { main: { path: 'p.yaml', text }, others: [{ path: 'a.plumb.yaml', text: template }] }
  const { diagnostics } = compile(sources)
  const length = (file: string): number => (file === 'p.yaml' ? text : template).length
  for (const { span } of diagnostics)
    if (span.start < 0 || span.end < span.start || span.end > length(span.file))
      throw new Error(`a place outside of ${span.file}`)
  if (parseSpec(sources).value === undefined && !diagnostics.some(({ severity }) => severity === 'error'))
    throw new Error('no value and no reason')
  renderDiagnostics(diagnostics, sources)
  // Left alone where the printer of YAML would not give back what it read, as with folded blocks of odd spaces.
  if (printYaml(sources.main).kind === 'unsafe') leftAlone++
}

function throughChecker(text: string): void {
  const place = { span: (start: number, end: number) => ({ file: 'x', start, end }) }
  const { value } = parseExpression(text, place)
  if (value === undefined) return
  checkRow(value, { scope: 'row', relation }, place)
  const printed = printSyntax(value)
  const again = parseExpression(printed, place).value
  if (again === undefined || printSyntax(again) !== printed) throw new Error('printed it reads back to something else')
}

let slowest = { ms: 0, index: -1, length: 0 }
let current = ''
let leftAlone = 0
try {
  for (let index = 0; index < count; index++) {
    const random = randomFrom(seed * 1_000_003 + index)
    const isSpec = index % 3 !== 0
    current = isSpec ? specText(random, specs) : expressionText(random, expressions)
    const template = isSpec ? specText(random, specs).slice(0, 20_000) : ''
    const before = process.cpuUsage()
    if (isSpec) throughCompiler(current, template)
    else throughChecker(current)
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1000
    if (ms > slowest.ms) slowest = { ms, index, length: current.length + template.length }
  }
  process.stdout.write(
    `${JSON.stringify({ count, leftAlone, slowest, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`,
  )
} catch (error) {
  process.stdout.write(
    `${JSON.stringify({ failed: error instanceof Error ? error.stack : String(error), text: current.slice(0, 3000) })}\n`,
  )
  process.exitCode = 1
}
