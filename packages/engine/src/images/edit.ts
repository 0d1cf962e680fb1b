import { type ImageEdit, imageText, type ImageValue, stats } from '@plumbline/core'
import type { Bitmap, JimpImage, JimpModule } from './jimp.ts'

/** Does to an image what its value says, first to last. The result does not depend on the machine: all of it is arithmetic of JavaScript. */
export async function edited(jimp: JimpModule, original: JimpImage, image: ImageValue): Promise<JimpImage> {
  let current = original.clone()
  for (const [i, edit] of image.edits.entries()) {
    if (edit.kind !== 'jpeg') apply(current, edit, imageText({ ...image, edits: image.edits.slice(0, i) }))
    else if (i < image.edits.length - 1)
      current = await jimp.Jimp.fromBuffer(await current.getBuffer('image/jpeg', { quality: edit.level }))
  }
  return current
}

/** An edited image as a file: JPEG where it was last written as one, else PNG, which loses nothing. */
export function encoded(result: JimpImage, { edits }: ImageValue): Promise<Buffer> {
  const last = edits.at(-1)
  return last?.kind === 'jpeg' ? result.getBuffer('image/jpeg', { quality: last.level }) : result.getBuffer('image/png')
}

function apply(image: JimpImage, edit: Exclude<ImageEdit, { kind: 'jpeg' }>, before: string): void {
  const { level } = edit
  switch (edit.kind) {
    case 'blur':
      if (level >= 1) image.blur(level)
      return
    case 'contrast':
      // The package takes v for the factor (v + 1) / (1 - v).
      if (level !== 1) image.contrast((level - 1) / (level + 1))
      return
    case 'brightness':
      if (level !== 1) image.brightness(level)
      return
    case 'crop':
      crop(image, level)
      return
    case 'noise':
      noise(image.bitmap, level, stats.createRandom(edit.seed, `corrupt noise image ${before}`))
  }
}

/** At least a pixel is left, however much is cut off. */
function crop(image: JimpImage, share: number): void {
  const { width, height } = image.bitmap
  const left = (size: number): number => Math.max(1, Math.round(size * (1 - share)))
  const [w, h] = [left(width), left(height)]
  if (w === width && h === height) return
  image.crop({ x: Math.floor((width - w) / 2), y: Math.floor((height - h) / 2), w, h })
  image.resize({ w: width, h: height })
}

/** The draws follow from seed and image, so that a higher level is the same noise, louder. */
function noise({ data }: Bitmap, level: number, random: stats.Random): void {
  for (let at = 0; at < data.length; at++)
    // Opacity stays.
    if (at % 4 !== 3) data[at] = Math.max(0, Math.min(255, Math.round((data[at] ?? 0) + level * random.normal())))
}
