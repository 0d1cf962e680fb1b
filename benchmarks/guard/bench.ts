import { fileURLToPath } from 'node:url'
import { compared, type Measure } from '../support/figures.ts'
import { measure } from '../support/process.ts'

type Results = Readonly<
  Record<string, { readonly nsPerRow: Readonly<Record<'ours' | 'ajv' | 'ajvAllErrors', readonly number[]>> }>
>

/** 30 single-column clauses as JavaScript against ajv, and a whole request against reading its text; in turns, in one process. */
export function benchGuard(passes: number, rounds: number): readonly Measure[] {
  return [...benchClauses(passes, rounds), ...benchRequest(passes * 1000, rounds)]
}

function benchClauses(passes: number, rounds: number): readonly Measure[] {
  const script = fileURLToPath(new URL('measure.ts', import.meta.url))
  const results = JSON.parse(measure([script, String(passes), String(rounds)]).output) as Results
  return Object.entries(results).flatMap(([rows, { nsPerRow }]) => [
    compared(
      `30 clauses on one row (${rows})`,
      'ns CPU',
      nsPerRow.ours,
      nsPerRow.ajv,
      2,
      'A row of 21 columns, 4 096 rows in rotation, parsed from JSON. Ours names every violated clause; this ajv stops at the first.',
    ),
    compared(
      `30 clauses on one row (${rows}, all errors)`,
      'ns CPU',
      nsPerRow.ours,
      nsPerRow.ajvAllErrors,
      undefined,
      'The same against ajv with `allErrors`, which names every violation as ours does.',
    ),
  ])
}

interface RequestCost {
  readonly nsPerRequest: Readonly<Record<'jsonParse' | 'parseJson' | 'checkInput' | 'checkOutput', readonly number[]>>
  readonly clauses: number
  readonly bytes: number
}

/** What a guard adds to a request of the example, beside what reading its text costs anyway. */
function benchRequest(requests: number, rounds: number): readonly Measure[] {
  const script = fileURLToPath(new URL('cost.ts', import.meta.url))
  const { nsPerRequest, clauses, bytes } = JSON.parse(
    measure([script, String(requests), String(rounds)]).output,
  ) as RequestCost
  const { jsonParse, parseJson, checkInput, checkOutput } = nsPerRequest
  const enforced = checkInput.map((ns, i) => ns + (checkOutput[i] ?? Number.NaN))
  return [
    compared(
      'guard in process: one request, input and answer',
      'ns CPU',
      enforced,
      jsonParse,
      2,
      `Fields typed and ${clauses} clauses asked, beside \`JSON.parse\` of the request (${bytes} bytes, 23 fields) alone.`,
    ),
    compared(
      'guard in process: reading the text strictly',
      'ns CPU',
      parseJson,
      jsonParse,
      3,
      'The same text: equal keys, rounded integers and depth are found, too; `JSON.parse` is a part of it.',
    ),
  ]
}
