import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, type Statement } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { identifyModel } from '../../models/identity.ts'
import { runModelStage } from '../run-model-stage.ts'
import { compiledSpec } from '../../../../core/src/testing/compiled-spec.ts'

/** A project of its own, and how it is asked. */
export interface AskedProject {
  readonly root: string
  /** The statement of each clause, by its id. `artifact`: in YAML, as the spec has it. */
  readonly decide: (asked: Asked) => Promise<Readonly<Record<string, Statement>>>
  readonly close: () => void
}

/** What is asked: of rows with the columns `a` (0 to 9), `score` and `hit`. */
export interface Asked {
  readonly artifact: string
  /** One line each: `id: { … }`. */
  readonly clauses: readonly string[]
  readonly outputs?: string
  readonly trusted?: boolean
  readonly host?: Host
  readonly rows?: string
  readonly decision?: string
  /** Default: `a`. */
  readonly input?: string
  /** Further keys of the model, in YAML. */
  readonly keys?: string
  /** Further columns, one line each: `name: { … }`. */
  readonly columns?: readonly string[]
}

const ROWS = ['a,score,hit,word', ...Array.from({ length: 20 }, (_, i) => `${i % 10},${i / 20},${i % 2},w${i}`)].join(
  '\n',
)

/** Makes the project in a folder of its own. */
export function askedProject(): AskedProject {
  const root = mkdtempSync(join(tmpdir(), 'plumb-asked-'))
  return {
    root,
    close: () => rmSync(root, { recursive: true }),
    async decide(asked) {
      writeFileSync(join(root, 'rows.csv'), `${asked.rows ?? ROWS}\n`)
      const program = compiledSpec(specOf(asked))
      const host = asked.host ?? nodeHost()
      const champion = program.models.find(({ name }) => name === 'champion')
      const version = champion && (await identifyModel(champion, { host, root }))
      const statements: Record<string, Statement> = {}
      for await (const statement of runModelStage({
        program,
        root,
        toolVersion: '0',
        versions: { ...(version === undefined ? {} : { candidate: version.digest }), others: {} },
        files: new Map(version === undefined ? [] : [[version.digest, version]]),
        session: { threads: 1 },
        runners: { host, root, trusted: asked.trusted ?? true, cache: join(root, 'answers') },
      })) {
        // Contracts of outputs are clauses, too, which nobody asked here.
        if (!statement.clause.includes('.')) statements[statement.clause] = statement
      }
      return statements
    },
  }
}

function specOf({
  artifact,
  clauses,
  outputs = 'risk: { type: number }',
  decision = 'risk >= 0.5',
  input = 'a',
  keys = '',
  columns = [],
}: Asked): string {
  return `plumbline: 1
system: { name: asked, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
      a: { type: integer, range: [0, 9] }
      score: { type: number, range: [0, 1], optional: true }
      hit: { type: boolean, role: label }
      word: { type: text }
${columns.map((column) => `      ${column}\n`).join('')}models:
  champion:
    artifact: ${artifact}
    input: { from: rows, columns: [${input}] }
    outputs: { ${outputs} }
    ${keys}
    ${decision === '' ? '' : `decision: ${decision}`}
clauses:
${clauses.map((clause) => `  ${clause}`).join('\n')}
`
}
