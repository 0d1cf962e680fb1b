import { DOUBLE, IMAGE, INT, STRING } from '../../type.ts'
import { global, method, type RowFunction } from '../row-function.ts'

const about = (name: string, result: typeof INT, doc: string): RowFunction => method(name, [IMAGE], result, doc)

/** What an image says of itself, read from its own bytes and never from its name. */
export const images = {
  width_image: about('width', INT, 'Pixels from left to right, as stored (before a camera’s note of how it was held).'),
  height_image: about('height', INT, 'Pixels from top to bottom, as stored.'),
  channels_image: about(
    'channels',
    INT,
    'Values of a pixel as stored: 1 grey or of a palette, 2 grey with transparency, 3 colours, 4 colours with transparency.',
  ),
  format_image: about('format', STRING, '`png`, `jpeg`, `gif` or `bmp`, by its first bytes.'),
  bytes_image: about('bytes', INT, 'Size of the file.'),
  digest_image: about('digest', STRING, 'SHA-256 of the bytes, as 64 hexadecimal digits.'),
} as const satisfies Record<string, RowFunction>

const spoilt = (name: string, args: RowFunction['args'], doc: string): RowFunction =>
  global(`corrupt.${name}`, [IMAGE, ...args], IMAGE, doc)

/** Rungs of the ladders of images. Each gives the image as it is spoilt, which is made as a file when a model is asked. */
export const imageCorruptions = {
  corrupt_blur: spoilt('blur', [INT], 'Out of focus: a blur of so many pixels (0 to 100).'),
  corrupt_contrast: spoilt(
    'contrast',
    [DOUBLE],
    'So much of the contrast (0: all of it gone, 1: as it was, at most 4): each value moves toward the middle of its range.',
  ),
  corrupt_brightness: spoilt('brightness', [DOUBLE], 'So much of the light (0: black, 1: as it was, at most 4).'),
  corrupt_crop: spoilt(
    'crop',
    [DOUBLE],
    'Without so much of width and height (0 to 0.9), half of it at each side; what is left is stretched to the size that it had.',
  ),
  corrupt_noise_image: spoilt(
    'noise',
    [DOUBLE, INT],
    'Normal noise of so many steps of 255 (0 to 255) in each colour of each pixel, by the seed and the image: a greater level is the same noise, louder.',
  ),
  corrupt_jpeg: spoilt('jpeg', [INT], 'Written as JPEG of a quality of 1 to 100.'),
} as const satisfies Record<string, RowFunction>
