import { crc32, createInflate } from 'node:zlib'
import { broken, type Probe, type Shape, tooLarge } from './shape.ts'

const START = '89504e470d0a1a0a'
/** Values of a pixel by the colour type of the header (W3C PNG, third edition, 11.2.1). */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** PNG: every chunk is whole by its checksum, and the last is there. How much the data unpacks to is held to the header's size where it is decoded. */
export function probePng(bytes: Buffer): Probe<Shape> {
  if (bytes.toString('hex', 0, 8) !== START) return broken('begins like a PNG and is none')
  let shape: Shape | undefined
  let hasData = false
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const end = at + 12 + length
    if (end > bytes.length) break
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      return broken(`is a PNG whose chunk ${JSON.stringify(type)} is damaged`)
    if (shape === undefined) {
      const header = type === 'IHDR' && length === 13 ? readHeader(bytes.subarray(at + 8, at + 21)) : undefined
      if (header === undefined) return broken('is a PNG without a header that can be read')
      if (!header.ok) return header
      shape = header.value
    }
    if (type === 'IDAT') hasData = true
    if (type === 'IEND') return hasData ? { ok: true, value: shape } : broken('is a PNG without pixels')
    at = end
  }
  return broken('is a PNG that is cut off')
}

function readHeader(header: Buffer): Probe<Shape> | undefined {
  const [width, height, depth, colour] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9] ?? -1]
  const channels = CHANNELS[colour]
  if (channels === undefined || depth === undefined || ![1, 2, 4, 8, 16].includes(depth)) return undefined
  const large = tooLarge(width, height)
  return large === undefined ? { ok: true, value: { format: 'png', width, height, channels } } : broken(large)
}

/**
 * Whether the data of a PNG unpacks to what its size allows: more is a bomb, which is noticed as soon as it exceeds that, and
 * less is an image with a part missing. Interlacing adds at most a byte a row and pass.
 */
export function unpacksAsItSays(bytes: Buffer): Promise<string | undefined> {
  const header = bytes.subarray(16, 29)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const bits = (CHANNELS[header[9] ?? 0] ?? 4) * (header[8] ?? 8)
  const interlaced = header[12] === 1
  const least = interlaced ? Math.floor((width * height * bits) / 8) : (Math.ceil((width * bits) / 8) + 1) * height
  const most = interlaced ? least + 7 * (height + 8) * 2 + 64 : least
  return new Promise((resolve) => {
    const inflate = createInflate()
    let size = 0
    const done = (why: string | undefined): void => {
      inflate.destroy()
      resolve(why)
    }
    inflate.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > most) done('is a PNG whose data unpacks to more than its size says')
    })
    inflate.on('error', () => done('is a PNG whose data is damaged'))
    inflate.on('end', () => done(size < least ? 'is a PNG of which a part is missing' : undefined))
    for (const part of dataOf(bytes)) inflate.write(part)
    inflate.end()
  })
}

function* dataOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') yield bytes.subarray(at + 8, at + 8 + length)
    at += 12 + length
  }
}
