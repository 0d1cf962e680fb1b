import { broken, type Probe, type Shape, tooLarge } from './shape.ts'

/** Markers without a length: those that stand alone (ITU-T T.81, table B.1). */
const ALONE = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)

/** Frames that are decoded: baseline, extended and progressive, by Huffman codes. */
const DECODED: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2])

/** JPEG: its markers up to the scan, the size in its frame, and the end-of-image marker at its end. */
export function probeJpeg(bytes: Buffer): Probe<Shape> {
  let shape: Shape | undefined
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return broken('is a JPEG that is damaged')
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff || ALONE(marker)) {
      at += marker === 0xff ? 1 : 2
      continue
    }
    if (marker === 0xd9) break
    const length = bytes.readUInt16BE(at + 2)
    if (length < 2 || at + 2 + length > bytes.length) break
    if (isFrame(marker)) {
      if (!DECODED.has(marker)) return broken('is a JPEG of a kind that is not read (lossless or arithmetic coding)')
      if (length < 8) return broken('is a JPEG that is damaged')
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)]
      const large = tooLarge(width, height)
      if (large !== undefined) return broken(large)
      shape = { format: 'jpeg', width, height, channels: bytes[at + 9] ?? 3 }
    }
    if (marker === 0xda)
      return shape !== undefined && endsWhole(bytes, at)
        ? { ok: true, value: shape }
        : broken('is a JPEG that is cut off')
    at += 2 + length
  }
  return broken('is a JPEG that is cut off')
}

/** SOF0 to SOF15, without the tables that share their range. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** The end of the image behind its scan: thumbnails before it have ends of their own, and cameras write after it. */
function endsWhole(bytes: Buffer, scan: number): boolean {
  return bytes.lastIndexOf(END) > scan
}

const END = Buffer.from([0xff, 0xd9])
