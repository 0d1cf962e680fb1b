/**
 * A release freezes one record of every kind it writes, from the ledger that `npm start` left: every later release must
 * read them (`tests/frozen.test.ts`). Names of the file: the version. A frozen file of a released version never changes.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Recorded {
  readonly body: {
    readonly kind: string
    readonly evidence?: {
      readonly statement: {
        readonly form: string
        readonly verdict: string
        readonly method: string
        readonly reason?: string
      }
    }
  }
}

/** What makes one record like another for whoever has to read it. */
function kindOf({ body }: Recorded): string {
  const { form, verdict, method, reason } = body.evidence?.statement ?? {}
  return JSON.stringify([body.kind, form, verdict, method, reason])
}

const root = dirname(import.meta.dirname)
const ledger = join(root, '.work', 'start', 'credit-default', '.plumb', 'ledger')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
const kept = new Map<string, string>()
for (const file of readdirSync(ledger).filter((f) => f.endsWith('.jsonl')))
  for (const line of readFileSync(join(ledger, file), 'utf8').trimEnd().split('\n')) {
    // A path of the machine that wrote it has no place in the repository.
    if (line.includes(root)) continue
    const kind = kindOf(JSON.parse(line) as Recorded)
    // The shortest of its kind: enough to be read, and quick to review.
    if ((kept.get(kind)?.length ?? Infinity) > line.length) kept.set(kind, line)
  }
const lines = [...kept].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
writeFileSync(join(root, 'tests', 'frozen', `${version}.jsonl`), `${lines.join('\n')}\n`)
process.stdout.write(`${lines.length} records frozen as ${version}\n`)
