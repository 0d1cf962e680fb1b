import type { ImageFormat } from '@plumbline/core'
import { LIMITS } from './limits.ts'

/** What the bytes of an image say of it. */
export interface Shape {
  readonly format: ImageFormat
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** What was found, or why it cannot be read, as the end of "it …". */
export type Probe<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

/** An image that cannot be read. */
export const broken = (why: string): Probe<never> => ({ ok: false, why })

/** Whether such a size may be unpacked; the sentence's end where not. */
export function tooLarge(width: number, height: number): string | undefined {
  if (width < 1 || height < 1) return 'has no pixels'
  return width > LIMITS.side || height > LIMITS.side || width * height > LIMITS.pixels
    ? `says it has ${width} × ${height} pixels, more than the ${LIMITS.pixels} that are unpacked`
    : undefined
}
