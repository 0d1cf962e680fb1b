/** Formats that are read, by the first bytes of a file. */
export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'bmp'

/** One way an image is spoilt, with its level and, of noise, its seed. */
export type ImageEdit =
  | { readonly kind: 'blur' | 'contrast' | 'brightness' | 'crop' | 'jpeg'; readonly level: number }
  | { readonly kind: 'noise'; readonly level: number; readonly seed: string }

/** What is known of an image without its pixels. Two images are equal where this is: where it lies is no part of it. */
export interface ImageValue {
  readonly format: ImageFormat
  readonly width: number
  readonly height: number
  readonly channels: number
  /** Size of the file. */
  readonly bytes: number
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string
  /** What is done to it, first to last, when it is asked for. */
  readonly edits: readonly ImageEdit[]
}

/** Edits on one another, at most. */
export const MOST_EDITS = 16

const FORM = /^(png|jpeg|gif|bmp):(\d{1,9})x(\d{1,9})x(\d):(\d{1,15}):([0-9a-f]{64})((?:\|[a-z]+=[^|=]+)*)$/

/** An image as a cell holds it: `png:640x480x3:51234:<digest>`, and `|blur=2` for each edit. */
export function imageText({ format, width, height, channels, bytes, digest, edits }: ImageValue): string {
  const done = edits.map((edit) => `|${edit.kind}=${edit.level}${edit.kind === 'noise' ? `,${edit.seed}` : ''}`)
  return `${format}:${width}x${height}x${channels}:${bytes}:${digest}${done.join('')}`
}

/** The image that a cell holds; undefined where it is no such text. */
export function readImage(text: unknown): ImageValue | undefined {
  const found = typeof text === 'string' ? FORM.exec(text) : null
  if (found === null) return undefined
  const [, format, width, height, channels, bytes, digest = '', edits = ''] = found
  return {
    format: format as ImageFormat,
    width: Number(width),
    height: Number(height),
    channels: Number(channels),
    bytes: Number(bytes),
    digest,
    edits: edits.split('|').slice(1).map(readEdit),
  }
}

function readEdit(text: string): ImageEdit {
  const [kind = '', rest = ''] = text.split('=')
  const [level = '', seed = ''] = rest.split(',')
  return kind === 'noise'
    ? { kind, level: Number(level), seed }
    : { kind: kind as Exclude<ImageEdit['kind'], 'noise'>, level: Number(level) }
}

/** As people read it: what it is, the first digits of its digest, and what was done to it. */
export function shownImage(text: string): string {
  const image = readImage(text)
  if (image === undefined) return text
  const done = image.edits.map(({ kind, level }) => `, ${kind} ${level}`).join('')
  return `${image.format} ${image.width}×${image.height}, sha256:${image.digest.slice(0, 12)}…${done}`
}
