import { crc32, deflateSync } from 'node:zlib'

/** A picture as a PNG: one byte a pixel, row by row; `kind` is the colour type, grey unless told. */
export function greyPng(width: number, pixels: readonly number[], kind = 0): Uint8Array {
  const height = pixels.length / width
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, kind, 0, 0, 0], 8)
  // Each row begins with the number of its filter: none.
  const rows = Array.from({ length: height }, (_, y) => [0, ...pixels.slice(y * width, (y + 1) * width)])
  const data = deflateSync(Uint8Array.from(rows.flat()), { level: 9 })
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks])
}

function chunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, sum])
}
