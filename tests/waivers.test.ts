import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { nodeHost } from '@plumbline/store'
import type { CommandContext } from '../packages/cli/src/context.ts'
import { loadSpec } from '../packages/cli/src/project/load-program.ts'
import { openState } from '../packages/cli/src/project/state.ts'
import { weakeningsOf } from '../packages/cli/src/project/weakening.ts'
import { type Person, type Repository, repository } from './support/git.ts'
import { plumb, type Ran } from './support/plumb.ts'
import { releasableProject } from './support/released.ts'
import { schemaJudge } from './support/schemas.ts'

// The gate beside real repositories: who weakened a clause, who waived it, and in which commits.

const AGENT: Person = { name: 'Agent', email: 'agent@example.org' }
const ANN: Person = { name: 'Ann', email: 'ann@example.org' }
const BOB: Person = { name: 'Bob', email: 'Bob@Example.org' }
const LATER = '2999-12-31'

const spec = (least: number, more = ''): string => `plumbline: 1
system:
  name: demo
  version: 1.0.0
  owners: [{ name: Ann, contact: ann@example.org }, { name: Bob, contact: bob@example.org }]
data:
  people: { source: people.csv, columns: { age: { type: integer, range: [0, 120] } } }
clauses:
  adults: { says: Adults only., of: people, every: age >= ${least} }
  sane: { says: Sane., of: people, every: age <= 110, severity: warn }
${more}`
const waiver = (person: string, { expires = LATER, clause = 'adults', more = '' } = {}): string =>
  `waivers:\n  W-1: { clause: ${clause}, person: ${person}, reason: Students ask as well., expires: ${expires}${more} }\n`

let repo: Repository
const repositories: Repository[] = []
const write = (text: string): void => writeFileSync(join(repo.folder, 'plumb.yaml'), text)
const commit = (text: string, author: Person, committer = author): void => {
  write(text)
  repo.commit('change', author, committer)
}
function commitId(text: string, author: Person): string {
  commit(text, author)
  return repo.git('rev-parse', 'HEAD')
}
/** The answer of the gate after testing what stands here. */
function gate(...options: readonly string[]): Ran {
  plumb(repo.folder, 'test')
  return plumb(repo.folder, '--json', 'gate', '--base', 'v1', ...options)
}
interface Said {
  readonly open: boolean
  readonly reasons: readonly {
    readonly code: string
    readonly clause?: string
    readonly message: string
    readonly change: string
  }[]
  readonly waived?: readonly { readonly clause: string; readonly by: string }[]
}
const reasonOf = (reasons: Said['reasons']): string => {
  expect(reasons.map(({ code, clause }) => `${code} ${clause}`)).toEqual(['weakened adults'])
  return reasons[0]?.message ?? ''
}
/** Why what stands here is refused, in this process: what the gate asks before it decides. */
async function refusal(base = 'v1', params: Readonly<Record<string, string>> = {}): Promise<string> {
  const context = {
    host: nodeHost(),
    root: repo.folder,
    params,
    signal: new AbortController().signal,
  } as unknown as CommandContext
  const loaded = await loadSpec(context)
  if (!loaded.ok || loaded.value.program === undefined) throw new Error('the spec has mistakes')
  const { program, sources } = loaded.value
  const found = await weakeningsOf(context, openState(context), { program, sources, base })
  if (!found.ok) throw new Error(found.failure.message)
  return reasonOf(found.value?.refused ?? [])
}

beforeEach(() => {
  repo = repository()
  repositories.push(repo)
  writeFileSync(join(repo.folder, 'people.csv'), 'age\n21\n34\n65\n')
  writeFileSync(join(repo.folder, '.gitignore'), '.plumb/\n')
  commit(spec(18), ANN)
  repo.git('tag', 'v1')
})
afterAll(() => {
  for (const { folder } of repositories) rmSync(folder, { recursive: true, force: true })
})

describe('the gate', () => {
  test('opens where nothing became weaker', () => {
    commit(spec(19, '  more: { says: More., of: people, every: age < 119 }\n'), AGENT)
    expect(gate().json<Said>()).toMatchObject({ open: true, reasons: [] })
  })

  test('refuses a clause that became weaker in silence, and says what would change it', () => {
    commit(spec(16), AGENT)
    const ran = gate()
    expect(ran.code).toBe(1)
    expect(schemaJudge()('gate', ran.json())).toEqual([])
    expect(reasonOf(ran.json<Said>().reasons)).toBe(
      'adults is weaker than in the spec of the version in production (1.0.0): condition: age >= 18 → age >= 16.',
    )
    expect(plumb(repo.folder, 'gate', '--base', 'v1').out).toContain('waivers: { W-1: { clause: adults')
    // Staging is for trying.
    expect(gate('--environment', 'staging').json<Said>().open).toBe(true)
  })

  test('asks a solver about what bounds leave open', () => {
    commit(spec(18).replace('age >= 18', 'age * age >= 324'), AGENT)
    // Of each age that the range allows, it is the same.
    expect(gate().json<Said>()).toMatchObject({ open: true, reasons: [] })
    commit(spec(18).replace('age >= 18', 'age * age >= 280'), AGENT)
    expect(reasonOf(gate().json<Said>().reasons)).toContain('condition: age >= 18 → age * age >= 280')
  })

  test('refuses a clause that is gone, and one that no longer blocks', async () => {
    commit(spec(18).replace(/ {2}adults.*\n/, '  other: { says: O., of: people, every: age < 119 }\n'), AGENT)
    expect(await refusal()).toContain('adults is gone')
    commit(spec(18).replace('age >= 18', 'age >= 18, severity: warn'), AGENT)
    expect(await refusal()).toContain('severity: block → warn')
  })

  test('refuses rows from elsewhere under the same clauses, until somebody else waives it', () => {
    writeFileSync(join(repo.folder, 'easy.csv'), 'age\n21\n34\n65\n')
    const easy = spec(18).replace('people.csv', 'easy.csv')
    commit(easy, AGENT)
    const [reason, ...more] = gate().json<Said>().reasons
    expect(more).toEqual([])
    expect(reason).toMatchObject({ code: 'weakened', clause: 'data.people.source' })
    expect(reason?.message).toContain('source: people.csv → easy.csv')
    commit(easy + waiver('ann@example.org', { clause: 'data.people.source' }), ANN)
    expect(gate().json<Said>()).toMatchObject({ open: true, waived: [{ clause: 'data.people.source', by: 'commit' }] })
  })

  test('lets go what never blocked, and what another clause asks', () => {
    commit(
      spec(18)
        .replace('adults:', 'grown-up:')
        .replace(/ {2}sane.*\n/, ''),
      AGENT,
    )
    expect(gate().json<Said>().open).toBe(true)
  })
})

describe('a waiver', () => {
  test('counts when another person committed it after the weakening', () => {
    commit(spec(16), AGENT)
    commit(spec(16, waiver('ann@example.org')), ANN)
    const ran = gate()
    expect(ran.code).toBe(0)
    expect(schemaJudge()('gate', ran.json())).toEqual([])
    expect(ran.json<Said>().waived).toMatchObject([{ clause: 'adults', by: 'commit' }])
    expect(plumb(repo.folder, 'gate', '--base', 'v1').out).toContain('waived by ann@example.org until 2999-12-31')
    // Whatever else was committed since, by whomever.
    commit(spec(16, `${waiver('ann@example.org')}slices: { young: age < 30 }\n`), AGENT)
    expect(gate().json<Said>().open).toBe(true)
  })

  test.each([
    [
      'in the same commit',
      () => commit(spec(16, waiver('ann@example.org')), AGENT),
      'agent@example.org, who weakened the clause, committed the waiver W-1 as well',
    ],
    [
      'by the same person, in a commit of its own',
      () => (commit(spec(16), AGENT), commit(spec(16, waiver('ann@example.org')), AGENT)),
      'agent@example.org, who weakened the clause, committed the waiver W-1 as well',
    ],
    [
      'under another name by the same committer',
      () => (commit(spec(16), AGENT), commit(spec(16, waiver('ann@example.org')), ANN, AGENT)),
      'committed the waiver W-1 as well',
    ],
    [
      'by a person that weakened it herself',
      () => (commit(spec(16), ANN), commit(spec(16, waiver('ann@example.org')), BOB)),
      'ann@example.org, whom the waiver W-1 names, weakened the clause',
    ],
    [
      'for somebody else',
      () => (commit(spec(16), AGENT), commit(spec(16, waiver('ann@example.org')), BOB)),
      'names ann@example.org and was committed by bob@example.org',
    ],
    [
      'by a person nobody knows',
      () => (
        commit(spec(16), AGENT), commit(spec(16, waiver('eve@example.org')), { name: 'Eve', email: 'eve@example.org' })
      ),
      'eve@example.org, whom the waiver W-1 names, may not waive',
    ],
    [
      'by an owner the agent added',
      () => (
        commit(spec(16).replace('owners: [', 'owners: [{ name: Eve, contact: eve@example.org }, '), AGENT),
        commit(
          spec(16, waiver('eve@example.org')).replace(
            'owners: [',
            'owners: [{ name: Eve, contact: eve@example.org }, ',
          ),
          { name: 'Eve', email: 'eve@example.org' },
        )
      ),
      'may not waive',
    ],
    [
      'that expired',
      () => (commit(spec(16), AGENT), commit(spec(16, waiver('ann@example.org', { expires: '2020-02-29' })), ANN)),
      'the waiver W-1 expired on 2020-02-29',
    ],
    [
      'that nobody committed',
      () => (commit(spec(16), AGENT), write(spec(16, waiver('ann@example.org')))),
      'the waiver W-1 is not committed',
    ],
    [
      'of a weakening that nobody committed',
      () => write(spec(16, waiver('ann@example.org'))),
      'the weakening is not committed',
    ],
    [
      'from before the weakening',
      () => (commit(spec(18, waiver('ann@example.org')), ANN), commit(spec(16, waiver('ann@example.org')), AGENT)),
      'was committed before the weakening',
    ],
    [
      'of a clause that was weakened further since',
      () => (
        commit(spec(16), AGENT),
        commit(spec(16, waiver('ann@example.org')), ANN),
        commit(spec(12, waiver('ann@example.org')), AGENT)
      ),
      'was committed before the weakening',
    ],
    [
      'whose words were changed since',
      () => (
        commit(spec(16), AGENT),
        commit(spec(16, waiver('ann@example.org', { expires: '2020-02-29' })), ANN),
        commit(spec(16, waiver('ann@example.org')), AGENT)
      ),
      'committed the waiver W-1 as well',
    ],
    [
      'of another clause',
      () => (commit(spec(16), AGENT), commit(spec(16, waiver('ann@example.org', { clause: 'sane' })), ANN)),
      'adults is weaker than in the spec of the version in production (1.0.0): condition: age >= 18 → age >= 16.',
    ],
    [
      'with a signature nobody can check',
      () => (commit(spec(16), AGENT), commit(spec(16, waiver('ann@example.org', { more: ', signature: x' })), ANN)),
      'no key is listed for ann@example.org',
    ],
  ])('does not count %s', async (_, make, why) => {
    make()
    expect(await refusal()).toContain(why)
  })

  test('does not count for whoever took part in the weakening', async () => {
    write(spec(16))
    repo.commit('change\n\nCo-authored-by: Ann <ann@example.org>', AGENT)
    commit(spec(16, waiver('ann@example.org')), ANN)
    expect(await refusal()).toContain('ann@example.org, who weakened the clause, committed the waiver W-1 as well')
  })

  test('is judged by the commits of a branch, not by who merged it', async () => {
    repo.git('checkout', '--quiet', '-b', 'agent')
    commit(spec(16, waiver('bob@example.org')), AGENT)
    repo.git('checkout', '--quiet', 'main')
    repo.git(
      '-c',
      'user.name=Bob',
      '-c',
      'user.email=bob@example.org',
      'merge',
      '--quiet',
      '--no-ff',
      '-m',
      'merge',
      'agent',
    )
    expect(await refusal()).toContain('agent@example.org, who weakened the clause, committed the waiver W-1 as well')
  })

  test('is not made to count by replaced objects', async () => {
    commit(spec(16), AGENT)
    commit(spec(16, waiver('ann@example.org')), AGENT)
    const own = repo.git('rev-parse', 'HEAD')
    const raw = repo.git('cat-file', 'commit', own).replaceAll('agent@example.org', 'ann@example.org')
    const forged = spawnSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
      cwd: repo.folder,
      input: `${raw}\n`,
      encoding: 'utf8',
    }).stdout.trim()
    repo.git('replace', own, forged)
    expect(repo.git('log', '-1', '--format=%ae')).toBe('ann@example.org')
    expect(await refusal()).toContain('committed the waiver W-1 as well')
  })

  test('is not made to count by grafts', async () => {
    commit(spec(18, waiver('ann@example.org')), ANN)
    const [before, after] = [repo.git('rev-parse', 'HEAD'), commitId(spec(16, waiver('ann@example.org')), AGENT)]
    // As if the waiver had come after the weakening.
    writeFileSync(join(repo.folder, '.git', 'info', 'grafts'), `${before} ${after}\n`)
    expect(await refusal()).toContain('was committed before the weakening')
  })

  test('does not count in a commit that somebody else amended', async () => {
    commit(spec(18, waiver('ann@example.org')), ANN)
    write(spec(16, waiver('ann@example.org')))
    repo.git('add', '--all')
    repo.git('-c', 'user.name=Agent', '-c', 'user.email=agent@example.org', 'commit', '--quiet', '--amend', '--no-edit')
    expect(repo.git('log', '-1', '--format=%ae %ce')).toBe('ann@example.org agent@example.org')
    expect(await refusal()).toContain('who weakened the clause, committed the waiver W-1 as well')
  })

  test.each(['"*"', 'adult*', '".*"', 'all'])('of %s is of no clause', async (clause) => {
    commit(spec(16), AGENT)
    commit(spec(16, waiver('ann@example.org', { clause })), ANN)
    expect(await refusal()).toMatch(/condition: age >= 18 → age >= 16\.$/)
  })

  test('does not count for what a parameter of the command made weaker', async () => {
    const withParam = (more = ''): string =>
      spec(18, more).replace('age >= 18', 'age >= least').replace('data:', 'params: { least: 18 }\ndata:')
    commit(withParam(), ANN)
    repo.git('tag', '--force', 'v1')
    expect(await refusal('v1', { least: '16' })).toContain('age >= 18 → age >= 16')
    commit(withParam(waiver('bob@example.org')), BOB)
    expect(await refusal('v1', { least: '16' })).toContain('the weakening is not committed')
  })

  test.each([
    [
      'a file that it extends',
      { 'base.plumb.yaml': 'clauses:\n  adults: { says: Adults only., of: people, every: age >= 18 }\n' },
      spec(18)
        .replace(/ {2}adults.*\n/, '')
        .replace('plumbline: 1', 'plumbline: 1\nextends: [base]'),
    ],
    [
      'a feature',
      {
        'ages.feature':
          'Feature: Ages\n  @id:adults\n  Scenario: Adults only.\n    Given dataset people\n    Then rows satisfy age >= 18\n',
      },
      spec(18)
        .replace(/ {2}adults.*\n/, '')
        .replace('clauses:', 'features: [ages.feature]\nclauses:'),
    ],
  ])('is needed for a clause that is weakened in %s', async (_, files, text) => {
    const [[name, said]] = Object.entries(files) as [[string, string]]
    writeFileSync(join(repo.folder, name), said)
    commit(text, BOB)
    repo.git('tag', '--force', 'v1')
    writeFileSync(join(repo.folder, name), said.replace('18', '16'))
    repo.commit('change', AGENT)
    commit(text + waiver('ann@example.org'), AGENT)
    expect(await refusal()).toContain('agent@example.org, who weakened the clause, committed the waiver W-1 as well')
    commit(text + waiver('ann@example.org', { expires: '2999-11-30' }), ANN)
    expect(gate().json<Said>()).toMatchObject({ open: true, waived: [{ clause: 'adults', by: 'commit' }] })
  })

  test('needs the whole history', async () => {
    commit(spec(16), AGENT)
    commit(spec(16, waiver('ann@example.org')), ANN)
    const full = repo
    repo = repository()
    repositories.push(repo)
    repo.git('pull', '--quiet', '--depth', '1', `file://${full.folder}`, 'main')
    writeFileSync(join(repo.folder, 'base.yaml'), spec(18))
    expect(await refusal('base.yaml')).toContain('the clone is shallow')
  })
})

const KEYGEN = spawnSync('ssh-keygen', ['-?']).error === undefined
describe.skipIf(!KEYGEN)('a signed waiver', () => {
  const keygen = (...args: readonly string[]): void => {
    const done = spawnSync('ssh-keygen', args, { cwd: repo.folder, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
  }
  const sign = (key: string, namespace = 'plumbline-waiver'): string => {
    const text = plumb(repo.folder, 'gate', '--base', 'v1', '--waiver-text', 'W-1')
    if (text.code !== 0) throw new Error(text.err)
    const file = join(repo.folder, '.git', 'text')
    rmSync(`${file}.sig`, { force: true })
    writeFileSync(file, text.out)
    keygen('-q', '-Y', 'sign', '-n', namespace, '-f', key, file)
    return JSON.stringify(readFileSync(`${file}.sig`, 'utf8'))
  }
  beforeEach(() => {
    for (const name of ['ann', 'eve'])
      keygen('-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(repo.folder, '.git', name))
    const key = readFileSync(join(repo.folder, '.git', 'ann.pub'), 'utf8')
    writeFileSync(join(repo.folder, 'plumb.signers'), `# who may waive\nann@example.org ${key}`)
    repo.commit('signers', BOB)
    repo.git('tag', '--force', 'v1')
  })
  const signed = (signature: string): string => waiver('ann@example.org', { more: `, signature: ${signature}` })

  test('counts whoever committed it, for this change and no other', async () => {
    write(spec(16, waiver('ann@example.org')))
    const signature = sign(join(repo.folder, '.git', 'ann'))
    commit(spec(16, signed(signature)), AGENT)
    expect(gate().json<Said>()).toMatchObject({ open: true, waived: [{ clause: 'adults', by: 'signature' }] })
    commit(spec(12, signed(signature)), AGENT)
    expect(await refusal()).toContain(
      'the signature of the waiver W-1 is not of this change by a key of ann@example.org',
    )
    commit(spec(16, signed(signature).replace(LATER, '2999-12-30')), AGENT)
    expect(await refusal()).toContain('is not of this change')
  })

  test.each([
    ['with the key of somebody else', 'eve', 'plumbline-waiver'],
    ['for another purpose', 'ann', 'git'],
  ])('does not count %s', async (_, key, namespace) => {
    write(spec(16, waiver('ann@example.org')))
    commit(spec(16, signed(sign(join(repo.folder, '.git', key), namespace))), AGENT)
    expect(await refusal()).toContain(
      'the signature of the waiver W-1 is not of this change by a key of ann@example.org',
    )
  })

  test('counts without a signature only in a commit that the listed key signed', async () => {
    commit(spec(16), AGENT)
    // Anybody can write a name into the configuration of git.
    commit(spec(16, waiver('ann@example.org')), ANN)
    expect(await refusal()).toContain('a key is listed for ann@example.org, and neither the waiver W-1 nor its commit')
    const amend = (key: string): void => {
      repo.git('config', 'gpg.format', 'ssh')
      repo.git('config', 'user.signingkey', join(repo.folder, '.git', key))
      const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org']
      repo.git(...identity, 'commit', '--quiet', '--amend', '-S', '--no-edit')
    }
    amend('eve')
    expect(await refusal()).toContain('nor its commit is signed with it')
    amend('ann')
    expect(gate().json<Said>()).toMatchObject({ open: true, waived: [{ clause: 'adults', by: 'commit' }] })
  })

  test('does not count with a key that came with the change', async () => {
    write(spec(16, waiver('ann@example.org')))
    const signature = sign(join(repo.folder, '.git', 'eve'))
    writeFileSync(
      join(repo.folder, 'plumb.signers'),
      `ann@example.org ${readFileSync(join(repo.folder, '.git', 'eve.pub'), 'utf8')}`,
    )
    commit(spec(16, signed(signature)), AGENT)
    expect(await refusal()).toContain('is not of this change by a key of ann@example.org')
  })
})

test('the spec of the version in production is kept, and what follows is compared with it', () => {
  const folder = releasableProject('waivers-production', '')
  const file = join(folder, 'plumb.yaml')
  const text = readFileSync(file, 'utf8')
  const model = join('models', 'forest.onnx')
  const testing = (): void => void plumb(folder, 'test', '--candidate', model)
  testing()
  expect(plumb(folder, 'promote', '--candidate', model).code).toBe(0)
  const weaker = text.replace('count() > 10', 'count() > 5')
  expect(weaker).not.toBe(text)
  writeFileSync(file, weaker)
  testing()
  const refused = plumb(folder, '--json', 'promote', '--candidate', join('models', 'logistic.onnx'))
  expect(refused.json<Said>().reasons.map(({ code }) => code)).toContain('weakened')
  const closed = plumb(folder, 'gate', '--candidate', model)
  expect(closed.code).toBe(1)
  expect(closed.out).toContain('weakened')
  // Without what held before, nothing can be compared, so nothing is opened.
  const kept = join(folder, '.plumb', 'artifacts')
  const away = `${kept}-away`
  cpSync(kept, away, { recursive: true })
  for (const name of spawnSync('grep', ['-rl', 'kept-spec', kept], { encoding: 'utf8' }).stdout.trim().split('\n')) {
    expect(existsSync(name)).toBe(true)
    writeFileSync(name, readFileSync(name, 'utf8').replaceAll('0.', '0.0'))
  }
  const unread = plumb(folder, 'gate', '--candidate', model)
  expect(unread.code).toBe(4)
  expect(unread.err).toContain('its kept copy has been changed')
})
