import { createHash } from 'node:crypto'
import { imageText } from '@plumbline/core'
import { probeJpeg } from './jpeg.ts'
import { LIMITS } from './limits.ts'
import { probePng } from './png.ts'
import { broken, type Probe, type Shape, tooLarge } from './shape.ts'

/** What an image is, as its cell holds it; or why it is none. All its bytes are looked at, and no pixel is kept. */
export function probe(bytes: Buffer): Probe<string> {
  if (bytes.length === 0) return broken('is empty')
  if (bytes.length > LIMITS.bytes) return broken(`has ${bytes.length} bytes, more than ${LIMITS.bytes}`)
  const read = reader(bytes)
  if (read === undefined) return broken('is no PNG, JPEG, GIF or BMP')
  const shape = read(bytes)
  if (!shape.ok) return shape
  const digest = createHash('sha256').update(bytes).digest('hex')
  return { ok: true, value: imageText({ ...shape.value, bytes: bytes.length, digest, edits: [] }) }
}

function reader(bytes: Buffer): ((bytes: Buffer) => Probe<Shape>) | undefined {
  if (bytes.readUIntBE(0, Math.min(4, bytes.length)) === 0x89504e47) return probePng
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return probeJpeg
  const start = bytes.toString('latin1', 0, 6)
  if (start === 'GIF87a' || start === 'GIF89a') return probeGif
  return start.startsWith('BM') ? probeBmp : undefined
}

/** GIF 89a: the logical screen, and the trailer at the end. */
function probeGif(bytes: Buffer): Probe<Shape> {
  if (bytes.length < 14) return broken('is a GIF that is cut off')
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)]
  const large = tooLarge(width, height)
  if (large !== undefined) return broken(large)
  return lastByte(bytes) === 0x3b
    ? { ok: true, value: { format: 'gif', width, height, channels: 1 } }
    : broken('is a GIF that is cut off')
}

function lastByte(bytes: Buffer): number | undefined {
  let at = bytes.length - 1
  while (at > 0 && bytes[at] === 0) at--
  return bytes[at]
}

/** BMP as Windows writes it since 3.0 (BITMAPINFOHEADER): uncompressed ones have to be whole. */
function probeBmp(bytes: Buffer): Probe<Shape> {
  if (bytes.length < 54 || bytes.readUInt32LE(14) < 40)
    return broken('is a BMP that is cut off, or of before Windows 3.0')
  const [width, height] = [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))]
  const [bits, compression] = [bytes.readUInt16LE(28), bytes.readUInt32LE(30)]
  const large = tooLarge(width, height)
  if (large !== undefined) return broken(large)
  if (![1, 4, 8, 16, 24, 32].includes(bits)) return broken(`is a BMP of ${bits} bits a pixel`)
  const row = Math.ceil((width * bits) / 32) * 4
  if (compression === 0 && bytes.readUInt32LE(10) + row * height > bytes.length)
    return broken('is a BMP that is cut off')
  return { ok: true, value: { format: 'bmp', width, height, channels: bits <= 8 ? 1 : bits === 32 ? 4 : 3 } }
}
