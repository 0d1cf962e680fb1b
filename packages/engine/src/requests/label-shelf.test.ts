import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, type ProgramColumn, sql, stats } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSession, type Session } from '../duckdb/session.ts'
import { found, type Read } from '../relations/failure.ts'
import { type LabelShelf, labelShelf, type ShelvedLabels } from './label-shelf.ts'

const host = nodeHost()
let base = ''
let root = ''
let session: Session
let count = 0
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-shelf-'))
  const opened = await openSession({ threads: 1, keepsLittle: true })
  if (!opened.ok) throw new Error(opened.error.cause)
  session = opened.value
})
afterAll(async () => {
  session.close()
  await rm(base, { recursive: true, force: true })
})
beforeEach(async () => {
  root = join(base, String(count++))
  await mkdir(root)
})

const plain = { optional: false, protected: false } as const
const ID: ProgramColumn = { name: 'id', columnType: 'text', type: { kind: 'string' }, ...plain }
const LABEL: ProgramColumn = { name: 'default', columnType: 'boolean', type: { kind: 'bool' }, ...plain }
const labelsIn = (source: string): ShelvedLabels => ({
  root,
  labels: { source, join: ['id'], within: 1, minShare: '0.8' },
  columns: [ID],
  label: LABEL,
})
const HEADER = 'id,default,arrived_at\n'
const line = (id: string, label: boolean, day = 1): string => `${id},${label},2026-01-${10 + day}T00:00:00Z\n`
const path = (name = 'outcomes.csv'): string => join(root, name)

/** A host that counts the bytes that were written to be read by the engine. */
function counting(): { readonly host: Host; readonly taken: () => number } {
  let bytes = 0
  const append: Host['files']['append'] = (to, data, options) => {
    bytes += data.length
    return host.files.append(to, data, options)
  }
  return { host: { ...host, files: { ...host.files, append } }, taken: () => bytes }
}

const keptIn = (more: Partial<Parameters<typeof labelShelf>[0]> = {}): LabelShelf =>
  labelShelf({ host, session, name: 'kept_here', directory: join(root, 'watch'), ...more })

/** The labels as a sorted list, or why they cannot be read. */
async function rowsOf(shelf: LabelShelf, source = 'outcomes.csv'): Promise<readonly string[] | string> {
  const read = await shelf.read(labelsIn(source), async (all): Promise<Read<readonly string[]>> => {
    const cells = sql`coalesce("k0", '-') || ' ' || coalesce(CAST("label" AS VARCHAR), '-') || ' ' || coalesce(CAST("at" AS VARCHAR), '-') || ' ' || "whole"`
    const rows = await session.query(sql`SELECT ${cells} AS "row" FROM ${all} ORDER BY 1`)
    if (!rows.ok) return { ok: false, failure: { reason: 'engine-failed', cause: rows.error.cause } }
    return found((rows.value.columns.get('row') ?? []).map(String))
  })
  if (!read.ok) return read.failure.cause
  return read.value ?? 'no file'
}

/** What reading the whole of it says. */
async function afresh(source?: string): Promise<readonly string[] | string> {
  const shelf = labelShelf({ host, session, name: 'read_afresh' })
  const rows = await rowsOf(shelf, source)
  await shelf.close()
  return rows
}

describe('labels that are kept', () => {
  test('are read on from where they were: only what was appended is looked at by the engine', async () => {
    const { host: watched, taken } = counting()
    const shelf = keptIn({ host: watched })
    expect(await rowsOf(shelf)).toBe('no file')
    await writeFile(path(), HEADER + Array.from({ length: 500 }, (_, n) => line(`a${n}`, true)).join(''))
    expect(await rowsOf(shelf)).toHaveLength(500)
    const before = taken()
    expect(await rowsOf(shelf)).toHaveLength(500)
    expect(taken()).toBe(before)
    // The same label again, and another one for the same row: each reading adds rows, none is taken back.
    await appendFile(path(), line('a7', true) + line('a7', false, 2))
    const rows = await rowsOf(shelf)
    expect(rows).toEqual(await afresh())
    expect((rows as string[]).filter((row) => row.startsWith('a7 '))).toHaveLength(3)
    expect(taken() - before).toBe(HEADER.length + line('a7', true).length + line('a7', false, 2).length)
    await shelf.close()
    expect(await readdir(join(root, 'watch'))).toEqual([])
  })

  test('a last line without an end counts as far as it is a line, and once when it has its end', async () => {
    const shelf = keptIn()
    await writeFile(path(), HEADER + line('a', true))
    expect(await rowsOf(shelf)).toHaveLength(1)
    await appendFile(path(), 'b,fal')
    // No row of three fields yet: not a reason to forget what was read before.
    expect(await rowsOf(shelf)).toEqual(['a true 2026-01-11 00:00:00 true'])
    await appendFile(path(), 'se,2026-01-12T00:00:00Z')
    expect(await rowsOf(shelf)).toHaveLength(2)
    expect(await rowsOf(shelf)).toEqual(await afresh())
    await appendFile(path(), `\n${line('c', true)}`)
    expect(await rowsOf(shelf)).toHaveLength(3)
    await appendFile(path(), '"d\n')
    expect(await rowsOf(shelf)).toHaveLength(3)
    await appendFile(path(), 'd",true,2026-01-12T00:00:00Z\n')
    const rows = await rowsOf(shelf)
    expect(rows).toContain('d\nd true 2026-01-12 00:00:00 true')
    expect(rows).toEqual(await afresh())
    await shelf.close()
  })

  test('a file that was cut, replaced, or changed in the middle is read anew', async () => {
    const shelf = keptIn()
    const text = HEADER + ['a', 'b', 'c', 'd'].map((id) => line(id, true)).join('')
    await writeFile(path(), text)
    expect(await rowsOf(shelf)).toHaveLength(4)
    // As long as before up to where it was read, and longer: only its bytes tell.
    const changed = text.replace('b,true', 'x,true') + line('e', true)
    expect(changed.slice(0, 30)).toBe(text.slice(0, 30))
    await writeFile(path(), changed)
    expect((await rowsOf(shelf)) as string[]).toEqual(expect.arrayContaining([expect.stringMatching(/^x true/)]))
    expect(await rowsOf(shelf)).toEqual(await afresh())
    await truncate(path(), (HEADER + line('a', true)).length)
    expect(await rowsOf(shelf)).toEqual(['a true 2026-01-11 00:00:00 true'])
    await writeFile(path(), `arrived_at;id;default\n2026-01-11T00:00:00Z;z;false\n`)
    expect(await rowsOf(shelf)).toEqual(['z false 2026-01-11 00:00:00 true'])
    await rm(path())
    expect(await rowsOf(shelf)).toBe('no file')
    await shelf.close()
  })

  test('a line that is no row is said with its place in the file, and nothing is lost by it', async () => {
    const shelf = keptIn()
    const text = HEADER + line('a', true) + line('b', true)
    await writeFile(path(), text)
    expect(await rowsOf(shelf)).toHaveLength(2)
    await appendFile(path(), `c,true\n${line('d', true)}`)
    expect(await rowsOf(shelf)).toBe(await afresh())
    expect(await rowsOf(shelf)).toContain('"outcomes.csv", line 4: 2 fields where the header has 3')
    await writeFile(path(), text + line('c', true) + line('d', true))
    expect(await rowsOf(shelf)).toHaveLength(4)
    await writeFile(path(), 'something,else\n1,2\n')
    expect(await rowsOf(shelf)).toContain('has no column "id"')
    await shelf.close()
  })

  test('what somebody left who was killed is no labels; what is taken away is read again', async () => {
    const place = join(root, 'watch')
    await mkdir(place)
    await writeFile(join(place, 'kept_here.duckdb'), 'half a file')
    await writeFile(path(), HEADER + line('a', true))
    const shelf = keptIn()
    expect(await rowsOf(shelf)).toHaveLength(1)
    // One that looks and finds the place taken leaves it as it is.
    await keptIn().close()
    expect(await readdir(place)).toEqual(['kept_here.duckdb'])
    await rm(join(place, 'kept_here.duckdb'))
    expect(await rowsOf(shelf)).toContain('labels')
    expect(await rowsOf(shelf)).toHaveLength(1)
    await shelf.close()
  })

  test('a file longer than a piece is read in pieces, and its last row is there', async () => {
    const rows = 120_000
    const shelf = keptIn()
    await writeFile(path(), HEADER + Array.from({ length: rows }, (_, n) => line(`account-${n}`, n % 3 === 0)).join(''))
    expect((await readFile(path())).length).toBeGreaterThan(4 * 2 ** 20)
    await appendFile(path(), `${line('"last', true).slice(0, 5)}",true,2026-01-11T00:00:00Z`)
    const all = await rowsOf(shelf)
    expect(all).toHaveLength(rows + 1)
    expect(all).toContain('last true 2026-01-11 00:00:00 true')
    await shelf.close()
  })

  test('JSON and several files are kept, too', async () => {
    const shelf = keptIn()
    await writeFile(path('o.jsonl'), '{"id":"a","default":true,"arrived_at":"2026-01-11T00:00:00Z"}\n')
    expect(await rowsOf(shelf, 'o.jsonl')).toEqual(['a true 2026-01-11 00:00:00 true'])
    await appendFile(path('o.jsonl'), '{"id":"b","default":false,"arrived_at":"2026-01-12T00:00:00Z"}\n')
    expect(await rowsOf(shelf, 'o.jsonl')).toHaveLength(2)
    await shelf.close()
    const days = keptIn()
    await writeFile(path('day-1.csv'), HEADER + line('a', true))
    expect(await rowsOf(days, 'day-*.csv')).toHaveLength(1)
    await writeFile(path('day-2.csv'), HEADER + line('b', true))
    expect(await rowsOf(days, 'day-*.csv')).toHaveLength(2)
    await writeFile(path('day-0.csv'), 'id,other\n1,2\n')
    expect(await rowsOf(days, 'day-*.csv')).toBe(await afresh('day-*.csv'))
    await rm(path('day-0.csv'))
    await rm(path('day-1.csv'))
    expect(await rowsOf(days, 'day-*.csv')).toEqual(['b true 2026-01-11 00:00:00 true'])
    await days.close()
  })
})

const SEED = process.env['PLUMBLINE_LABELS_SEED'] ?? 'labels'
const STEPS = Number(process.env['PLUMBLINE_LABELS_STEPS'] ?? 40)

test(`over ${STEPS} random changes of two files, what is kept is what reading the whole of them says`, async () => {
  const random = stats.createRandom(SEED, 'changes')
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random.float() * of.length)] ?? expect.fail()
  const shelf = keptIn()
  const files = new Map<string, string>([['day-1.csv', HEADER]])
  let id = 0
  const row = (): string => {
    const key = pick(['k', '"q""', '"two\nlines', 'with " inside', 'é', '"comma,']) + id++
    return line(key.startsWith('"') ? `${key}"` : key, random.float() < 0.5, Math.floor(random.float() * 9))
  }
  let compared = 0
  for (let step = 0; step < STEPS; step++) {
    const name = pick(['day-1.csv', 'day-2.csv'])
    const text = files.get(name) ?? HEADER
    const more = Array.from({ length: Math.floor(random.float() * 4) }, row).join('')
    const change = random.float()
    if (change < 0.55) files.set(name, text + more)
    else if (change < 0.7) files.set(name, text + row().slice(0, Math.floor(random.float() * 20)))
    else if (change < 0.8) files.set(name, text.replace('true', 'TRUE') + more)
    else if (change < 0.9) files.set(name, HEADER + more)
    else files.set(name, text.slice(0, HEADER.length + Math.floor(random.float() * (text.length - HEADER.length))))
    for (const [each, content] of files) {
      const end = random.float() < 0.3 ? content.trimEnd() : content
      await writeFile(path(each), end)
      files.set(each, end)
    }
    const kept = await rowsOf(shelf, 'day-*.csv')
    const whole = await afresh('day-*.csv')
    // What is no CSV as a whole, a half line aside, is repaired, so that there is something to compare next time.
    if (typeof whole === 'string') {
      for (const each of files.keys()) files.set(each, HEADER + row())
      continue
    }
    compared++
    expect(kept, `step ${step}`).toEqual(whole)
  }
  expect(compared).toBeGreaterThan(STEPS / 3)
  await shelf.close()
})
