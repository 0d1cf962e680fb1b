import { failure, type Outcome, success } from '../models/outcome.ts'

/** A decoded image: four bytes a pixel (red, green, blue, opacity), row by row. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly data: Buffer
}

/** What is used of an image of the package `jimp`: its methods change it in place. */
export interface JimpImage {
  readonly bitmap: Bitmap
  clone(): JimpImage
  blur(pixels: number): unknown
  contrast(amount: number): unknown
  brightness(factor: number): unknown
  crop(area: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }): unknown
  resize(size: { readonly w: number; readonly h: number }): unknown
  getBuffer(mime: 'image/png' | 'image/jpeg', options?: { readonly quality: number }): Promise<Buffer>
}

/** The package: its own types would have to be there to compile. */
export interface JimpModule {
  readonly Jimp: { fromBuffer(bytes: Buffer): Promise<JimpImage> }
}

/** Loads `jimp`, an optional peer. Errors: `engine/runner-missing` where it is not installed. */
export async function loadJimp(): Promise<Outcome<JimpModule>> {
  // Not a literal: the compiler need not find an optional package.
  const name: string = 'jimp'
  const jimp = await import(name).then((module: JimpModule) => module).catch(() => undefined)
  return jimp === undefined
    ? failure(
        'engine/runner-missing',
        'A model is asked about images, and the package that decodes and changes them is not installed. Run `npm install jimp`.',
      )
    : success(jimp)
}
