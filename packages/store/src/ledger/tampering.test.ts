import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryHost } from '../host/memory-host.ts'
import { openLedger } from './ledger.ts'
import type { LedgerHead } from './scan.ts'
import type { Verification } from './verify.ts'

const DIRECTORY = '/ledger'
const NAMES = ['00000001.jsonl', '00000002.jsonl', '00000003.jsonl']
let original: ReadonlyMap<string, Uint8Array>
let head: LedgerHead

beforeAll(async () => {
  const host = memoryHost()
  const ledger = openLedger(host, DIRECTORY, { maxSegmentBytes: 1000 })
  for (let i = 0; i < 9; i++) await ledger.append([{ kind: 'evidence', clause: `c-${i}`, text: 'ü\n"', n: 0.1 * i }])
  original = new Map([...host.disk.files].filter(([path]) => path.endsWith('.jsonl')))
  expect([...original.keys()]).toEqual(NAMES.map((name) => `${DIRECTORY}/${name}`))
  const found = await ledger.head()
  if (!found.ok) throw new Error('no head')
  head = found.value
})

const bytesOf = (file: number): Uint8Array => original.get(`${DIRECTORY}/${NAMES[file]}`) ?? new Uint8Array()
const linesOf = (file: number): string[] => new TextDecoder().decode(bytesOf(file)).split('\n').slice(0, -1)

async function verifyWith(file: number, changed: Uint8Array | string, expectHead?: LedgerHead): Promise<Verification> {
  const host = memoryHost({ files: { ...Object.fromEntries(original), [`${DIRECTORY}/${NAMES[file]}`]: changed } })
  return openLedger(host, DIRECTORY).verify(expectHead === undefined ? {} : { expectHead })
}

function lineAt(file: number, offset: number): number {
  return (
    bytesOf(file)
      .subarray(0, offset)
      .filter((byte) => byte === 10).length + 1
  )
}

function placeOf(verification: Verification): { file: string; line: number } | undefined {
  if (verification.kind !== 'broken') return undefined
  const { file, line } = verification.broken.place
  return { file, line }
}

describe('the verification fails and names file and line', () => {
  test('for every single byte changed to any other', async () => {
    // Each byte of the files at least once, with a value that varies; then random ones.
    for (let file = 0; file < NAMES.length; file++) {
      for (let offset = 0; offset < bytesOf(file).length; offset++) {
        await changeByte(file, offset, 1 + ((offset * 31) % 255))
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.integer({ min: 1, max: 255 }), (file, at, by) =>
        changeByte(file, at % bytesOf(file).length, by),
      ),
      { numRuns: 1000 },
    )
  })

  async function changeByte(file: number, offset: number, by: number): Promise<void> {
    const changed = bytesOf(file).slice()
    changed[offset] = ((changed[offset] ?? 0) + by) % 256
    expect(placeOf(await verifyWith(file, changed)), `${offset} + ${by}`).toEqual({
      file: NAMES[file],
      line: lineAt(file, offset),
    })
  }

  test('for every byte inserted or removed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(255), fc.boolean(), async (file, at, byte, insert) => {
        const data = bytesOf(file)
        const offset = at % data.length
        const rest = data.subarray(insert ? offset : offset + 1)
        const changed = Buffer.concat([data.subarray(0, offset), Buffer.from(insert ? [byte] : []), rest])
        // A line feed before a line is an empty line in its place; the last line feed makes an end of a torn line.
        expect(placeOf(await verifyWith(file, changed))).toEqual({ file: NAMES[file], line: lineAt(file, offset) })
      }),
      { numRuns: 500 },
    )
  })

  test('for every line removed, doubled, inserted or swapped, and anything after the last', async () => {
    for (let file = 0; file < NAMES.length; file++) {
      const lines = linesOf(file)
      for (const [index, line] of lines.entries()) {
        const changes: [string, string[], number][] = [
          ['removed', lines.toSpliced(index, 1), index],
          ['doubled', lines.toSpliced(index, 0, line), index + 1],
          ['empty line', lines.toSpliced(index, 0, ''), index],
          ['line of another place', lines.toSpliced(index, 0, linesOf((file + 1) % 3)[0] ?? ''), index],
          ['swapped', lines.toSpliced(index, 2, lines[index + 1] ?? '', line), index],
        ]
        for (const [how, changed, at] of changes) {
          const isLast = file === NAMES.length - 1 && index === lines.length - 1
          if (how === 'swapped' && index === lines.length - 1) continue
          const result = await verifyWith(file, changed.map((each) => `${each}\n`).join(''), head)
          const endOfFile = how === 'removed' && index === lines.length - 1
          const expected =
            isLast && how === 'removed' ? { file: NAMES[file], line: index } : { file: NAMES[file], line: at + 1 }
          expect(placeOf(result), how).toEqual(endOfFile && !isLast ? { file: NAMES[file + 1], line: 1 } : expected)
        }
      }
      const after = await verifyWith(file, Buffer.concat([bytesOf(file), Buffer.from([0])]))
      expect(placeOf(after)).toEqual({ file: NAMES[file], line: lines.length + 1 })
    }
  })

  test('for every cut of the end, when the head is known', async () => {
    const data = bytesOf(2)
    for (let size = 0; size < data.length; size++) {
      const result = await verifyWith(2, data.slice(0, size), head)
      const atLineEnd = size === 0 || data[size - 1] === 10
      expect(result).toMatchObject({ kind: 'broken', broken: { kind: atLineEnd ? 'cut-tail' : 'torn-tail' } })
    }
  })
})
