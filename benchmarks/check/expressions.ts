// The measured process: 1 000 expressions parsed, type-checked and compiled to SQL and to JavaScript, from cold.
// Argument: how many.
import { BOOL, checkRow, compileRow, identifier, parseExpression, type RelationInfo, render } from '@plumbline/core'
import { compileRow as compileJavaScript, renderJs } from '../../packages/core/dist/targets/javascript/index.js'
import { NUMBERS } from './make-spec.ts'

const count = Number(process.argv[2] ?? 1000)
const columns = new Map(
  NUMBERS.map((name) => [name, { name, columnType: 'number', type: { kind: 'double' }, optional: false } as const]),
)
const relation: RelationInfo = { name: 'customers', kind: 'data', columns }
const texts = Array.from({ length: count }, (_, i) => {
  const [a, b, c] = [0, 7, 19].map((step) => NUMBERS[(i + step) % NUMBERS.length])
  return `${a} >= ${i}.5 && (${b} < 2.0 * ${c} + ${i}.0 || has(${c}) && math.abs(${a} - ${b}) <= ${i + 1}.0)`
})
const place = { span: (start: number, end: number) => ({ file: 'expression', start, end }) }
const before = process.cpuUsage()
let length = 0
for (const text of texts) {
  const syntax = parseExpression(text, place).value
  const expr = syntax && checkRow(syntax, { scope: 'row', relation }, place, BOOL).value
  if (expr === undefined) throw new Error(`Not an expression: ${text}`)
  length += render(compileRow(expr, { column: identifier }).value).length
  length += renderJs(compileJavaScript(expr).fn).length
}
const { user, system } = process.cpuUsage(before)
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, length }))
