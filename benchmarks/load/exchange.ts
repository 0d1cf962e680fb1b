import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, type Program } from '@plumbline/core'

/** Name of the served model, as the upstream knows it. */
export const MODEL = 'credit-default'

const SPEC = fileURLToPath(new URL('../../examples/credit-default/plumb.yaml', import.meta.url))

/** The spec of the example, compiled. */
export function exampleProgram(): Program {
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text: readFileSync(SPEC, 'utf8') }, others: [] })
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return value
}

const DATATYPES: Readonly<Record<string, string>> = { int: 'INT64', double: 'FP64', bool: 'BOOL', string: 'BYTES' }

/** Requests of one row that satisfy every clause, each with other numbers: as of one client, not of one account. */
export function requestBodies(program: Program): readonly string[] {
  return Array.from({ length: 64 }, (_, i) => requestBody(program, i))
}

/** Near the least value of each declared range, the first of each list. */
function requestBody(program: Program, i: number): string {
  const champion = program.models.find(({ name }) => name === 'champion')
  const dataset = program.datasets.find(({ name }) => name === champion?.from)
  if (champion === undefined || dataset === undefined) throw new Error('The spec has no champion.')
  const inputs = champion.input.map((name) => {
    const column = dataset.columns.find((each) => each.name === name)
    if (column === undefined) throw new Error(`The spec has no column ${name}.`)
    const first = column.values?.[0]?.code ?? column.low ?? 0
    // The least credit line with the least bill would break no clause, but no account looks like that.
    const cell =
      name === 'limit_bal' ? 50_000 + i * 1000 : name.startsWith('bill_amt') ? 1000 + i * 37.25 : Number(first)
    return { name, shape: [1], datatype: DATATYPES[column.type.kind], data: [name === 'age' ? cell + i : cell] }
  })
  return JSON.stringify({ id: `load-${i}`, inputs })
}

/** What the upstream answers, whatever it is asked. */
export const ANSWER = JSON.stringify({
  model_name: MODEL,
  model_version: '1',
  outputs: [{ name: 'risk', shape: [1], datatype: 'FP64', data: [0.25] }],
})

/** What the upstream says of its model: the signature of the example. */
export function metadataBody(program: Program): string {
  const { inputs } = JSON.parse(requestBody(program, 0)) as {
    readonly inputs: readonly { name: string; datatype: string }[]
  }
  return JSON.stringify({
    name: MODEL,
    versions: ['1'],
    platform: 'benchmark',
    inputs: inputs.map(({ name, datatype }) => ({ name, datatype, shape: [-1] })),
    outputs: [{ name: 'risk', datatype: 'FP64', shape: [-1] }],
  })
}
