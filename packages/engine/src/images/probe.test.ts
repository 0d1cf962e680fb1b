import { crc32, deflateSync } from 'node:zlib'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readImage } from '@plumbline/core'
import { Jimp } from 'jimp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findImage, folderOf, look } from './find-image.ts'

const picture = async (mime: 'image/png' | 'image/jpeg' | 'image/bmp' | 'image/gif'): Promise<Buffer> => {
  const image = new Jimp({ width: 13, height: 7, color: 0x336699ff })
  image.setPixelColor(0xff0000ff, 3, 3)
  return Buffer.from(await image.getBuffer(mime))
}

/** A PNG of one grey value a pixel whose header says what it is told to. */
function png(width: number, height: number, data: Buffer): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(body.length)
    sum.writeUInt32BE(crc32(typed))
    return Buffer.concat([length, typed, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', deflateSync(data)), chunk('IEND', Buffer.alloc(0))])
}

const why = async (bytes: Buffer): Promise<string> => {
  const read = await look(bytes)
  return read.ok ? 'read' : read.why
}

describe('the bytes of an image', () => {
  it.each([
    ['image/png', 'png', 4],
    ['image/jpeg', 'jpeg', 3],
    ['image/bmp', 'bmp', 3],
    ['image/gif', 'gif', 1],
  ] as const)('say what it is: %s', async (mime, format, channels) => {
    const bytes = await picture(mime)
    const read = await look(bytes)
    expect(read.ok && readImage(read.value)).toMatchObject({
      format,
      width: 13,
      height: 7,
      channels,
      bytes: bytes.length,
    })
  })
  it.each(['image/png', 'image/jpeg', 'image/bmp', 'image/gif'] as const)(
    'that are cut off are refused: %s',
    async (mime) => {
      const bytes = await picture(mime)
      for (const share of [0.1, 0.5, 0.9])
        expect(await why(bytes.subarray(0, Math.floor(bytes.length * share)))).not.toBe('read')
    },
  )
  it('that are damaged are refused by the checksum', async () => {
    const bytes = await picture('image/png')
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 0xff
    expect(await why(bytes)).toMatch(/damaged/)
  })
  it('that say they are huge are refused before anything is unpacked', async () => {
    expect(await why(png(100_000, 100_000, Buffer.alloc(8)))).toMatch(/100000 × 100000 pixels, more than/)
    const jpeg = await picture('image/jpeg')
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    jpeg.writeUInt16BE(60_000, frame + 5)
    jpeg.writeUInt16BE(60_000, frame + 7)
    expect(await why(jpeg)).toMatch(/more than/)
  })
  it('that unpack to more than they say are a bomb, and to less a part', async () => {
    expect(await why(png(4, 4, Buffer.alloc(20)))).toBe('read')
    expect(await why(png(4, 4, Buffer.alloc(300_000_000)))).toMatch(/unpacks to more than its size says/)
    expect(await why(png(4, 4, Buffer.alloc(10)))).toMatch(/part is missing/)
  })
  it('that are none are refused, and nothing is thrown for any bytes', async () => {
    expect(await why(Buffer.from('<svg/>'))).toBe('is no PNG, JPEG, GIF or BMP')
    expect(await why(Buffer.alloc(0))).toBe('is empty')
    for (const start of [
      [0x89, 0x50, 0x4e, 0x47],
      [0xff, 0xd8],
      [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
      [0x42, 0x4d],
    ])
      for (let length = 0; length < 80; length++)
        expect(await why(Buffer.concat([Buffer.from(start), Buffer.alloc(length, 0xff)]))).not.toBe('read')
  })
})

describe('the file that a cell names', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-images-'))
    await mkdir(join(root, 'project/data/photos'), { recursive: true })
    await writeFile(join(root, 'secret.png'), await picture('image/png'))
    await writeFile(join(root, 'project/data/photos/a.png'), await picture('image/png'))
    await symlink(join(root, 'secret.png'), join(root, 'project/data/photos/link.png'))
  })
  afterAll(() => rm(root, { recursive: true }))
  const found = async (name: string): Promise<string> => {
    const read = await findImage({ root: join(root, 'project'), folder: 'data' }, name)
    return read.ok ? 'found' : read.why
  }
  it('is found beside the data', async () => {
    expect(await found('photos/a.png')).toBe('found')
    expect(await found('photos/../photos/a.png')).toBe('found')
  })
  it.each([
    ['../../secret.png', 'lies outside the project'],
    ['/etc/passwd', 'lies outside the project'],
    ['photos/link.png', 'is a link to a place outside the project'],
    ['https://example.org/a.png', 'is an address; images are read from files of the project'],
    ['photos', 'is no file'],
    ['photos/b.png', 'is not there (looked for data/photos/b.png)'],
    ['a\0b', 'is no name of a file'],
    ['', 'is no name of a file'],
  ])('%j is refused', async (name, reason) => {
    expect(await found(name)).toBe(reason)
  })
  it('is looked for in the folder of the data, before the first wildcard', () => {
    expect(['cases.csv', 'data/cases.csv', 'data/*.csv', 'data/day=*/x.parquet'].map(folderOf)).toEqual([
      '.',
      'data',
      'data',
      'data',
    ])
  })
})
