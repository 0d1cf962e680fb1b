import { writeFileSync, mkdirSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { type Evidence, makeEvidence, reviveTags } from '@plumbline/core'
import { type LedgerRecord, nodeHost, openArtifacts, openLedger, openRegistry, type Promotion } from '@plumbline/store'
import { ROOT, scratch } from './plumb.ts'

const SPEC = `plumbline: 1
system: { name: credit, version: 1.0.0 }
data:
  accounts:
    source: data/accounts.csv
    key: [id]
    splits: { train: split == "train", test: split == "test" }
    columns:
      id: { type: integer, role: key }
      limit_bal: { type: number, range: [10_000, 1_000_000] }
      sex: { type: category, values: { 1: male, 2: female } }
      age: { type: integer, range: [18, 100] }
      pay_0: { type: integer, range: [-2, 8] }
      pay_2: { type: integer, range: [-2, 8] }
      bill_amt1: { type: number, range: [-1_000_000, 2_000_000] }
      split: { type: category, values: [train, test], role: split }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: models/forest.onnx
    task: binary-classification
    input: { from: accounts, columns: [limit_bal, sex, age, pay_0, pay_2, bill_amt1] }
    outputs: { risk: { type: number, range: [0, 1], tensor: probabilities, index: 1 } }
    label: default
    decision: risk >= 0.4
  logistic: { artifact: models/logistic.onnx, like: champion }
clauses:
  scored: { says: a, of: champion.test, must: count() > 10 }
`

/** A project whose gate opens once it is tested, with two models that fit: forest and logistic. `section` ends its spec. */
export function releasableProject(name: string, section: string): string {
  const folder = scratch(name)
  cpSync(join(ROOT, 'tests', 'independent', 'models'), join(folder, 'models'), { recursive: true })
  writeFileSync(join(folder, 'plumb.yaml'), `${SPEC}${section}`)
  mkdirSync(join(folder, 'data'))
  const rows = Array.from({ length: 60 }, (_, i) =>
    [
      i + 1,
      20_000 + i * 997,
      1 + (i % 2),
      21 + (i % 60),
      (i % 5) - 2,
      (i % 4) - 1,
      i * 1013.5,
      i % 3 === 0 ? 'train' : 'test',
      i % 4 === 0,
    ].join(),
  )
  writeFileSync(
    join(folder, 'data', 'accounts.csv'),
    `${['id,limit_bal,sex,age,pay_0,pay_2,bill_amt1,split,default', ...rows].join('\n')}\n`,
  )
  return folder
}

/** The ledger of a project. */
export const ledgerOf = (folder: string) => openLedger(nodeHost(), join(folder, '.plumb', 'ledger'))

/** Its records, checked on the way. */
export async function recordsOf(folder: string): Promise<readonly LedgerRecord[]> {
  const found = await ledgerOf(folder).select()
  if (!found.ok) throw new Error(JSON.stringify(found.failure))
  return found.value
}

/** Its promotions, oldest first. */
export async function promotionsOf(folder: string): Promise<readonly Promotion[]> {
  const host = nodeHost()
  const artifacts = openArtifacts(host, join(folder, '.plumb', 'artifacts'))
  const found = await openRegistry(host, ledgerOf(folder), artifacts).history('champion')
  if (!found.ok) throw new Error(JSON.stringify(found.failure))
  return found.value
}

/** Its evidence, oldest first. */
export async function evidenceOf(folder: string): Promise<readonly Evidence[]> {
  const records = await recordsOf(folder)
  return records
    .filter(({ body }) => body.kind === 'evidence')
    .map(({ body }) => reviveTags(body['evidence'] ?? null) as unknown as Evidence)
}

/** Records that a clause is violated by a version, as a watch would; its id. */
export async function violate(folder: string, digest: string, window: string): Promise<string> {
  const like = (await evidenceOf(folder)).find(({ statement }) => statement.clause === 'scored')
  if (like === undefined) throw new Error('The project was not tested.')
  const statement = {
    ...like.statement,
    stage: 'runtime',
    relation: 'requests',
    window,
    verdict: 'violated',
    digests: { ...like.statement.digests, models: { champion: digest } },
  }
  const evidence = makeEvidence(statement as Evidence['statement'], like.run)
  const written = await ledgerOf(folder).append([{ kind: 'evidence', evidence: JSON.parse(JSON.stringify(evidence)) }])
  if (!written.ok) throw new Error(JSON.stringify(written.failure))
  return evidence.id
}
