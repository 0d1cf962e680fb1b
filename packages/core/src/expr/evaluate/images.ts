import { type ImageEdit, imageText, type ImageValue, MOST_EDITS, readImage } from '../../images/image-value.ts'
import { error, type Outcome } from './implementation.ts'

const about =
  (read: (image: ImageValue) => Outcome) =>
  (text: string): Outcome => {
    const image = readImage(text)
    return image === undefined ? error('invalid-argument') : read(image)
  }

/** What is known of a file; of one that is still to be made of it nothing is. */
const ofFile = (read: (image: ImageValue) => Outcome) =>
  about((image) => (image.edits.length === 0 ? read(image) : error('invalid-argument')))

function edited(text: string, edit: ImageEdit, least: number, most: number): Outcome {
  const image = readImage(text)
  const { level } = edit
  if (image === undefined || !Number.isFinite(level) || level < least || level > most) return error('invalid-argument')
  return image.edits.length >= MOST_EDITS
    ? error('too-costly')
    : imageText({ ...image, edits: [...image.edits, { ...edit, level: level + 0 }] })
}

/** What images say of themselves, and what is to be made of them: pixels are the engine's. */
export const images = {
  width_image: about(({ width }) => BigInt(width)),
  height_image: about(({ height }) => BigInt(height)),
  channels_image: about(({ channels }) => BigInt(channels)),
  format_image: ofFile(({ format }) => format),
  bytes_image: ofFile(({ bytes }) => BigInt(bytes)),
  digest_image: ofFile(({ digest }) => digest),
  corrupt_blur: (image: string, pixels: bigint): Outcome =>
    edited(image, { kind: 'blur', level: Number(pixels) }, 0, 100),
  corrupt_contrast: (image: string, share: number): Outcome => edited(image, { kind: 'contrast', level: share }, 0, 4),
  corrupt_brightness: (image: string, share: number): Outcome =>
    edited(image, { kind: 'brightness', level: share }, 0, 4),
  corrupt_crop: (image: string, share: number): Outcome => edited(image, { kind: 'crop', level: share }, 0, 0.9),
  corrupt_noise_image: (image: string, level: number, seed: bigint): Outcome =>
    edited(image, { kind: 'noise', level, seed: String(seed) }, 0, 255),
  corrupt_jpeg: (image: string, quality: bigint): Outcome =>
    edited(image, { kind: 'jpeg', level: Number(quality) }, 1, 100),
}
