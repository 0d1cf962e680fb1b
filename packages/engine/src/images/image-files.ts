import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { imageText, type ImageValue, readImage, shownImage } from '@plumbline/core'
import { failure, type Outcome, success, textOf } from '../models/outcome.ts'
import { edited, encoded } from './edit.ts'
import { keptImages } from './find-image.ts'
import type { ImagePaths } from './image-columns.ts'
import { type JimpImage, type JimpModule, loadJimp } from './jimp.ts'

/** Images as models are given them: as they are, or as their values say that they are spoilt. */
export interface ImageFiles {
  /** The decoded image, to be changed freely. */
  pixels(text: string): Promise<Outcome<JimpImage>>
  /** Its file, relative to the project, with `/`; one that is spoilt is written first, once. */
  path(text: string): Promise<Outcome<string>>
  /** Its file as it is sent. */
  bytes(text: string): Promise<Outcome<{ readonly bytes: Buffer; readonly format: string }>>
}

/** Part of the name of what is written: what other code made of an image is another image. */
const MAKER = 'images/1'

/** The images of a project; `paths` says where those of its data are. */
export function imageFiles(root: string, paths: ImagePaths): ImageFiles {
  let loading: Promise<Outcome<JimpModule>> | undefined
  const named = (path: string): string => relative(root, path).split('\\').join('/')
  const unread = (image: ImageValue, why: string): Outcome<never> => {
    const path = paths.get(image.digest)
    const shown = path === undefined ? shownImage(imageText({ ...image, edits: [] })) : `"${named(path)}"`
    return failure('engine/image-unreadable', `The image ${shown} cannot be given to a model: ${why}.`)
  }
  const original = async (image: ImageValue): Promise<Outcome<Buffer>> => {
    const path = paths.get(image.digest)
    if (path === undefined) return unread(image, 'it is no image of the data')
    try {
      const bytes = await readFile(path)
      const digest = createHash('sha256').update(bytes).digest('hex')
      return digest === image.digest ? success(bytes) : unread(image, 'its file changed while it was read')
    } catch (thrown) {
      return unread(image, textOf(thrown))
    }
  }
  const decoded = async (image: ImageValue): Promise<Outcome<JimpImage>> => {
    loading ??= loadJimp()
    const jimp = await loading
    if (!jimp.ok) return jimp
    const bytes = await original(image)
    if (!bytes.ok) return bytes
    try {
      return success(await edited(jimp.value, await jimp.value.Jimp.fromBuffer(bytes.value), image))
    } catch (thrown) {
      return unread(image, `its pixels cannot be decoded (${textOf(thrown)})`)
    }
  }
  const made = async (image: ImageValue, text: string): Promise<Outcome<{ path: string; bytes: Buffer }>> => {
    const isJpeg = image.edits.at(-1)?.kind === 'jpeg'
    const name = createHash('sha256').update(`${MAKER} ${text}`).digest('hex')
    const path = join(keptImages(root), `${name}.${isJpeg ? 'jpeg' : 'png'}`)
    const known = await readFile(path).catch(() => undefined)
    if (known !== undefined) return success({ path, bytes: known })
    const result = await decoded(image)
    if (!result.ok) return result
    const bytes = await encoded(result.value, image)
    await mkdir(keptImages(root), { recursive: true })
    // Whole or not at all: another run may look for it meanwhile.
    await writeFile(`${path}.${process.pid}`, bytes)
    await rename(`${path}.${process.pid}`, path)
    return success({ path, bytes })
  }
  const read = async <T>(text: string, use: (image: ImageValue) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const image = readImage(text)
    return image === undefined
      ? failure(
          'engine/image-unreadable',
          `What stands in the place of an image is none: ${JSON.stringify(text.slice(0, 80))}.`,
        )
      : use(image)
  }
  return {
    pixels: (text) =>
      read(text, async (image) => {
        if (image.edits.at(-1)?.kind !== 'jpeg') return decoded(image)
        // What JPEG loses is lost when it is read again.
        const file = await made(image, text)
        const jimp = await (loading ??= loadJimp())
        if (!file.ok) return file
        return jimp.ok ? success(await jimp.value.Jimp.fromBuffer(file.value.bytes)) : jimp
      }),
    path: (text) =>
      read(text, async (image) => {
        if (image.edits.length === 0) {
          const path = paths.get(image.digest)
          return path === undefined ? unread(image, 'it is no image of the data') : success(named(path))
        }
        const file = await made(image, text)
        return file.ok ? success(named(file.value.path)) : file
      }),
    bytes: (text) =>
      read(text, async (image) => {
        const bytes = image.edits.length === 0 ? await original(image) : await made(image, text)
        if (!bytes.ok) return bytes
        const format = image.edits.length === 0 ? image.format : image.edits.at(-1)?.kind === 'jpeg' ? 'jpeg' : 'png'
        return success({ bytes: Buffer.isBuffer(bytes.value) ? bytes.value : bytes.value.bytes, format })
      }),
  }
}
