import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const PLUMB = fileURLToPath(new URL('../../bin/plumb.js', import.meta.url))

let base = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-init-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

async function folder(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(base, name)
  await mkdir(path, { recursive: true })
  for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content)
  return path
}

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the built command in a process of its own. */
function plumb(cwd: string, ...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [PLUMB, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } })
  const output = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => void (output.out += data.toString()))
  child.stderr.on('data', (data: Buffer) => void (output.err += data.toString()))
  return new Promise((done) => child.on('close', (code) => done({ code, ...output })))
}

/** Applicants, a third of them with a gap, as a bank could export them. */
function applicants(rows: number): string {
  const lines = ['applicant_id,age,sex,housing,income,rate,is_foreign_worker,opened,target']
  for (let i = 0; i < rows; i++) {
    const income = i % 3 === 0 ? 'NA' : String(900 + ((i * 7919) % 8100))
    const opened = `2025-${String(1 + (i % 12)).padStart(2, '0')}-11`
    lines.push(
      [
        i + 1,
        19 + (i % 57),
        1 + (i % 2),
        ['own', 'rent', 'for free'][i % 3],
        income,
        (i % 40) / 8,
        i % 9 ? 'no' : 'yes',
        opened,
        i % 4 ? 'good' : 'bad',
      ].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

describe('plumb init', () => {
  test('writes a spec that passes check and test on the same file', async () => {
    const cwd = await folder('first', { 'applicants.csv': applicants(300) })
    const init = await plumb(cwd, 'init', 'applicants.csv')
    expect(init).toMatchObject({ code: 0, err: '' })
    expect(init.out).toContain('applicants.csv  300 rows, 9 columns (csv)')
    expect(init.out).toMatch(/income\s+integer\s+\d+ … \d+, 33\.3 % missing/)
    expect(init.out).toMatch(/TODOs in it are yours to decide/)
    expect(init.out).toContain('plumb test')
    const spec = await readFile(join(cwd, 'plumb.yaml'), 'utf8')
    expect(spec).toContain('severity: warn, origin: profiled')
    expect(spec).toContain('null_values: [ NA ]')
    expect(spec).toMatch(/sex: .*# TODO: codes .*; protected: true\?/)

    const check = await plumb(cwd, 'check', '--json')
    expect(check.code).toBe(0)
    const checked = JSON.parse(check.out) as {
      diagnostics: { code: string }[]
      clauses: { severity: string; origin: string }[]
    }
    expect(checked.diagnostics.map(({ code }) => code)).toEqual(['check/no-blocking-clause'])
    expect(checked.clauses.every(({ severity }) => severity === 'warn')).toBe(true)

    const test = await plumb(cwd, 'test', '--json')
    expect(test).toMatchObject({ code: 0 })
    const tested = JSON.parse(test.out) as { summary: { counts: Record<string, number> } }
    expect(tested.summary.counts).toMatchObject({ violated: 0, error: 0, inconclusive: 0, skipped: 0 })
    expect(tested.summary.counts['satisfied']).toBe(checked.clauses.length)

    // The bounds are real ones: other data breaks them, and says in which rows.
    const broken = applicants(300).replace('\n5,23,', '\n5,2300,')
    await writeFile(join(cwd, 'applicants.csv'), broken)
    const after = await plumb(cwd, 'test', '--json')
    const { summary } = JSON.parse(after.out) as { summary: { clauses: Record<string, string> } }
    expect(Object.entries(summary.clauses).filter(([, verdict]) => verdict !== 'satisfied')).toEqual([
      ['applicants.age.range', 'violated'],
    ])
  })

  test('--json says what was found', async () => {
    const cwd = await folder('json', { 'a.csv': applicants(60) })
    const init = await plumb(cwd, 'init', 'a.csv', '--json')
    expect(init.code).toBe(0)
    const found = JSON.parse(init.out) as {
      spec: string
      rows: number
      key: string
      todos: number
      columns: { name: string }[]
    }
    expect(found).toMatchObject({ spec: 'plumb.yaml', rows: 60, key: 'applicant_id' })
    expect(found.columns).toHaveLength(9)
    const text = await readFile(join(cwd, 'plumb.yaml'), 'utf8')
    expect(text.match(/TODO: /g)).toHaveLength(found.todos)
  })

  test('without a header, in another folder', async () => {
    const rows = Array.from(
      { length: 120 },
      (_, i) => `${20 + (i % 50)}, ${i % 5 ? 'Private' : '?'}, ${i % 2 ? '<=50K' : '>50K'}`,
    )
    await folder('elsewhere/data', { 'census.data': `${rows.join('\n')}\n` })
    const init = await plumb(base, '-C', 'elsewhere', 'init', 'data/census.data')
    expect(init).toMatchObject({ code: 0 })
    expect(init.out).toContain('plumb -C elsewhere test')
    const spec = await readFile(join(base, 'elsewhere', 'plumb.yaml'), 'utf8')
    expect(spec).toContain(
      'source: { path: data/census.data, format: csv, delimiter: ", ", header: false, null_values: [ "?" ] }',
    )
    const test = await plumb(base, '-C', 'elsewhere', 'test', '--json')
    expect(test.code).toBe(0)
    expect(JSON.parse(test.out)).toMatchObject({ summary: { counts: { violated: 0, error: 0 } } })
  })

  test('never writes over a spec, unless told to; --spec names another', async () => {
    const cwd = await folder('kept', { 'a.csv': 'a,b\n1,x\n2,y\n', 'plumb.yaml': 'mine' })
    const refused = await plumb(cwd, 'init', 'a.csv')
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toContain('error[init/spec-exists] plumb.yaml is there already.')
    expect(await readFile(join(cwd, 'plumb.yaml'), 'utf8')).toBe('mine')
    expect((await plumb(cwd, '--spec', 'a.plumb.yaml', 'init', 'a.csv')).code).toBe(0)
    expect(await readFile(join(cwd, 'a.plumb.yaml'), 'utf8')).toContain('plumbline: 1')
    expect((await plumb(cwd, 'init', 'a.csv', '--force')).code).toBe(0)
    expect(await readFile(join(cwd, 'plumb.yaml'), 'utf8')).toContain('plumbline: 1')
    expect((await plumb(cwd, '--spec', '../out.yaml', 'init', 'a.csv')).err).toContain('init/spec-outside')
  })

  test('hostile column names end up in quotes', async () => {
    const names = [
      '__proto__',
      '""; DROP TABLE x; --',
      'a: b',
      '# c',
      'with space',
      'ünï',
      '-',
      'null',
      '1',
      '<<',
      '\u001b[31m',
    ]
    const row = names.map((_, i) => i)
    const cwd = await folder('hostile', {
      'h.csv': `${names.map((n) => `"${n}"`).join(',')}\n${row.join(',')}\n${row.join(',')}\n`,
    })
    const init = await plumb(cwd, 'init', 'h.csv')
    expect(init.code).toBe(0)
    expect(init.out).not.toContain('\u001b')
    expect(init.out).toContain('not declared: "\\u{1b}[31m"')
    const test = await plumb(cwd, 'test', '--json')
    expect(test.code).toBe(0)
    const { summary } = JSON.parse(test.out) as { summary: { clauses: Record<string, string> } }
    expect(summary.clauses['h.__proto__.type']).toBe('satisfied')
    expect(summary.clauses['h."; DROP TABLE x; --.type']).toBe('satisfied')
  })
})

describe('plumb init refuses', () => {
  test.each<[string, string, string | Uint8Array, string]>([
    ['an empty file', 'e.csv', '', 'init/empty-file'],
    ['a file without rows', 'n.csv', 'a,b\n', 'init/no-rows'],
    ['ragged lines', 'r.csv', 'a,b\n1,2\n3,4,5\n', 'init/unreadable'],
    ['bytes', 'b.csv', new Uint8Array(300).map((_, i) => i), 'init/not-text'],
    ['a workbook', 'w.xlsx', new Uint8Array([0x50, 0x4b, 3, 4]), 'init/compressed'],
    ['what is no Parquet', 'p.parquet', 'hello', 'init/not-parquet'],
  ])('%s', async (name, file, content, code) => {
    const cwd = await folder(name.replaceAll(' ', '-'), { [file]: content })
    const ran = await plumb(cwd, 'init', file)
    expect(ran).toMatchObject({ code: 2, out: '' })
    expect(ran.err).toMatch(new RegExp(`^error\\[${code}\\] .+\\n  why: .+\\n  fix: .+\\n$`))
    const json = await plumb(cwd, 'init', file, '--json')
    expect(JSON.parse(json.out)).toMatchObject({ error: { code } })
    await expect(readFile(join(cwd, 'plumb.yaml'))).rejects.toThrow('ENOENT')
  })

  test('a file that is not there, with the nearest name; a folder, with a file in it', async () => {
    const cwd = await folder('near', { 'customers.csv': 'a\n1\n' })
    const missing = await plumb(cwd, 'init', 'custmers.csv')
    expect(missing).toMatchObject({ code: 2 })
    expect(missing.err).toContain('Did you mean customers.csv?')
    const directory = await plumb(base, 'init', 'near')
    expect(directory).toMatchObject({ code: 2 })
    expect(directory.err).toContain('plumb init near/customers.csv')
    expect((await plumb(base, '-C', 'nowhere', 'init', 'a.csv')).err).toContain('cli/no-folder')
  })

  test('a file outside the project, also behind a link, with the commands that help', async () => {
    const data = await folder('out side', { 'd.csv': 'a,b\n1,x\n2,y\n' })
    const cwd = await folder('inside', {})
    await symlink(join(data, 'd.csv'), join(cwd, 'link.csv'))
    for (const path of ['../out side/d.csv', join(data, 'd.csv'), 'link.csv']) {
      const ran = await plumb(cwd, 'init', path)
      expect(ran).toMatchObject({ code: 2, out: '' })
      expect(ran.err).toContain('init/outside-project')
      expect(ran.err).toContain(`plumb -C '${data}' init d.csv`)
      expect(ran.err).toContain(`cp `)
    }
    expect((await plumb(cwd, '-C', data, 'init', 'd.csv')).code).toBe(0)
  })

  test('a place that cannot be written', async () => {
    const cwd = await folder('unwritable', { 'a.csv': 'a,b\n1,x\n2,y\n' })
    const ran = await plumb(cwd, '--spec', 'no/such/folder/plumb.yaml', 'init', 'a.csv')
    expect(ran).toMatchObject({ code: 4, out: '' })
    expect(ran.err).toContain('init/not-written')
    const taken = await plumb(cwd, '--spec', '.', 'init', 'a.csv', '--force')
    expect(taken).toMatchObject({ code: 2, out: '' })
  })
})
