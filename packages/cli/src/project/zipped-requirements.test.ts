import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { stats } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withRequirementFiles } from './requirement-files.ts'
import { unzip } from './unzip.ts'

interface Entry {
  readonly name: string
  readonly content: string | Uint8Array
  readonly stored?: true
  readonly flags?: number
  readonly method?: number
  /** What the archive says of its size and checksum, where that is a lie. */
  readonly size?: number
  readonly checksum?: number
}

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content

/** An archive as the format has it: local files, the directory, its end. */
function zip(entries: readonly Entry[], comment = '', count = entries.length): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content, stored, flags = 0, method, size, checksum } of entries) {
    const bytes = bytesOf(content)
    const packed = stored ? bytes : deflateRawSync(bytes)
    const label = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(method ?? (stored ? 0 : 8), 4)
    common.writeUInt32LE(checksum ?? crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size ?? bytes.length, 18)
    common.writeUInt16LE(label.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, label, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, tail, label]))
    locals.push(local)
    at += local.length
  }
  const whole = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(count, 4)
  end.writeUInt16LE(count, 6)
  end.writeUInt32LE(whole.length, 8)
  end.writeUInt32LE(at, 12)
  end.writeUInt16LE(comment.length, 16)
  return Buffer.concat([...locals, whole, Buffer.from('PK\u0005\u0006'), end, Buffer.from(comment)])
}

const reqif = (...requirements: readonly (readonly [id: string, text: string])[]): string =>
  `<?xml version="1.0"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"><CORE-CONTENT><REQ-IF-CONTENT>
<SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t"><SPEC-ATTRIBUTES>
<ATTRIBUTE-DEFINITION-STRING IDENTIFIER="i" LONG-NAME="ReqIF.ForeignID"/><ATTRIBUTE-DEFINITION-STRING IDENTIFIER="x" LONG-NAME="ReqIF.Text"/>
</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE></SPEC-TYPES><SPEC-OBJECTS>
${requirements
  .map(
    ([
      id,
      text,
    ]) => `<SPEC-OBJECT IDENTIFIER="o-${id}"><TYPE><SPEC-OBJECT-TYPE-REF>t</SPEC-OBJECT-TYPE-REF></TYPE><VALUES>
<ATTRIBUTE-VALUE-STRING THE-VALUE="${id}"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>i</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
<ATTRIBUTE-VALUE-STRING THE-VALUE="${text}"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>x</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
</VALUES></SPEC-OBJECT>`,
  )
  .join('\n')}
</SPEC-OBJECTS></REQ-IF-CONTENT></CORE-CONTENT></REQ-IF>
`

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plumb-reqifz-'))
})
afterAll(() => rmSync(root, { recursive: true }))

async function read(archive: Uint8Array) {
  writeFileSync(join(root, 'r.reqifz'), archive)
  const main = { path: 'plumb.yaml', text: 'requirements: { from: [r.reqifz] }\n' }
  const { requirements = [] } = await withRequirementFiles({ host: nodeHost(), root }, { main, others: [] })
  return {
    ids: requirements.flatMap((file) => file.requirements.map(({ id }) => id)),
    says: requirements.flatMap((file) => file.requirements.map(({ says }) => says)),
    problems: requirements.flatMap((file) => file.problems.map(({ what }) => what)),
  }
}

const ONE = reqif(['R-1', 'It ranks.'], ['R-2', 'It is fair.'])
const LIMITS = { bytes: 100_000, entries: 100 }

describe('a .reqifz', () => {
  it('has its requirements read, deflated and stored, with a comment and pictures beside them', async () => {
    const picture = new Uint8Array(100_000).fill(7)
    const entries = [
      { name: 'img/a.png', content: picture },
      { name: 'a.reqif', content: ONE },
    ]
    const found = { ids: ['R-1', 'R-2'], says: ['It ranks.', 'It is fair.'], problems: [] }
    expect(await read(zip(entries))).toEqual(found)
    expect(
      await read(
        zip(
          entries.map((each) => ({ ...each, stored: true })),
          'PK made by a tool',
        ),
      ),
    ).toEqual(found)
  })

  it('may hold several documents; an id of two of them is said', async () => {
    const two = reqif(['R-3', 'It is quick.'], ['R-1', 'Another one.'])
    const found = await read(
      zip([
        { name: 'a.reqif', content: ONE },
        { name: 'sub/B.REQIF', content: two },
      ]),
    )
    expect(found.ids).toEqual(['R-1', 'R-2', 'R-3'])
    expect(found.problems).toEqual([expect.stringContaining('`R-1` is there twice')])
  })

  it('says in which document a mistake is', async () => {
    const found = await read(
      zip([
        { name: 'bad.reqif', content: '<a>' },
        { name: 'a.reqif', content: ONE },
      ]),
    )
    expect(found.ids).toEqual(['R-1', 'R-2'])
    expect(found.problems).toEqual([expect.stringMatching(/^in bad\.reqif(, line \d+)?, it /)])
  })

  it('without a document has none', async () => {
    expect((await read(zip([{ name: 'a.txt', content: 'x' }]))).problems).toEqual(['there is no .reqif file in it'])
  })
})

describe('hostile archives', () => {
  it('names that lead out of the folder are labels: nothing is written, nothing opened', async () => {
    for (const name of ['../../x.reqif', '/etc/x.reqif', 'C:\\x.reqif', '\u001b[31mx.reqif'])
      expect((await read(zip([{ name, content: ONE }]))).ids).toEqual(['R-1', 'R-2'])
  })

  it('bombs are not unpacked beyond the limit, whatever size they state', async () => {
    const bomb = new Uint8Array(200 * 2 ** 20)
    const one = zip([{ name: 'a.reqif', content: bomb, size: 10 }])
    expect(one.length).toBeLessThan(300_000)
    const before = process.memoryUsage().arrayBuffers
    expect((await read(one)).problems).toEqual(['a.reqif in it is too large when it is unpacked'])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 2 ** 20)
    const many = Array.from({ length: 90 }, (_, i) => ({ name: `${i}.reqif`, content: ONE.repeat(20) }))
    expect((await read(zip(many))).problems).toEqual([expect.stringContaining('too large when it is unpacked')])
  })

  it.each([
    ['encrypted', zip([{ name: 'a.reqif', content: ONE, flags: 1 }]), 'is encrypted'],
    ['packed otherwise', zip([{ name: 'a.reqif', content: ONE, method: 14 }]), 'a way (14) that is not read'],
    ['another checksum', zip([{ name: 'a.reqif', content: ONE, checksum: 1 }]), 'its checksum is another one'],
    [
      'one name twice',
      zip([
        { name: 'a.reqif', content: 'a' },
        { name: 'a.reqif', content: 'b' },
      ]),
      'two of its files',
    ],
    ['more entries than there are', zip([{ name: 'a.reqif', content: ONE }], '', 9), 'its directory is damaged'],
    ['far too many', zip([{ name: 'a.reqif', content: ONE }], '', 60_000), 'more than 10000 entries'],
    ['no archive', Buffer.from(ONE), 'it is no ZIP archive'],
    ['nothing', Buffer.alloc(0), 'it is no ZIP archive'],
  ])('%s is said', async (_, archive, said) => {
    expect(await read(archive)).toMatchObject({ ids: [], problems: [expect.stringContaining(said)] })
  })

  it('no damage makes it fail: bytes changed or cut off anywhere are read, or said', () => {
    const whole = zip([
      { name: 'a.reqif', content: ONE },
      { name: 'b.reqif', content: ONE, stored: true },
    ])
    const random = stats.createRandom('reqifz', 'damage')
    let read = 0
    for (let n = 0; n < 3_000; n++) {
      const damaged = Buffer.from(whole.subarray(0, random.int(4) === 0 ? random.int(whole.length) : whole.length))
      for (let i = 0; i <= random.int(3) && damaged.length > 0; i++)
        damaged[random.int(damaged.length)] = random.int(256)
      const found = unzip(damaged, (name) => name.endsWith('.reqif'), LIMITS)
      if ('files' in found) {
        read++
        // What is handed on is what was put in.
        for (const { bytes } of found.files) expect(Buffer.from(bytes).toString()).toBe(ONE)
      } else expect(found.problem).not.toBe('')
    }
    expect(read).toBeGreaterThan(10)
  })
})
