import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Jimp } from 'jimp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Asked, askedProject } from '../model-stage/testing/asked-project.ts'
import { type Came, json, type Reply, serve, type Served } from '../models/http/testing/serve.ts'

// Ten pictures, each of one grey, which the servers say from the bytes they are sent; one row names a picture that is not there.

const project = askedProject()
let server: Served | undefined
afterAll(() => project.close())
afterEach(async () => {
  await server?.close()
  server = undefined
})
beforeAll(async () => {
  await mkdir(join(project.root, 'photos'))
  for (let i = 0; i < 10; i++) {
    const image = new Jimp({
      width: 6,
      height: 4,
      color: (((i * 20) << 24) | ((i * 20) << 16) | ((i * 20) << 8) | 0xff) >>> 0,
    })
    const isJpeg = i === 3
    const bytes = isJpeg ? await image.getBuffer('image/jpeg', { quality: 100 }) : await image.getBuffer('image/png')
    await writeFile(join(project.root, `photos/${i}.${isJpeg ? 'jpg' : 'png'}`), bytes)
  }
})

const PHOTO = 'photo: { type: image, optional: true, mostly: 50% }'
const named = (i: number): string => (i === 3 ? 'photos/3.jpg' : `photos/${i}.png`)
const rows = (names: readonly string[]): string =>
  ['a,score,hit,word,photo', ...names.map((name, i) => `${i % 10},0.5,${i % 2},w,${name}`)].join('\n')
const TEN = rows(Array.from({ length: 10 }, (_, i) => named(i)))

/** The red of the first pixel, by whoever is sent the bytes. */
async function redOf(base64: string): Promise<number> {
  const image = await Jimp.fromBuffer(Buffer.from(base64, 'base64'))
  return image.bitmap.data[0] ?? -1
}

async function ask(reply: (request: Came) => Reply, keys: string, asked: Partial<Asked>) {
  server = await serve(reply)
  return project.decide({
    artifact: `{ http: "${server.url}", ${keys} }`,
    rows: TEN,
    columns: [PHOTO],
    decision: '',
    clauses: [],
    ...asked,
  })
}

describe("MLflow's scoring server", () => {
  interface Frame {
    readonly dataframe_split: { readonly columns: readonly string[]; readonly data: readonly (readonly unknown[])[] }
  }
  const frame = ({ body }: Came): Frame => JSON.parse(body.toString()) as Frame
  const sizes = (request: Came): Reply =>
    request.path === '/version'
      ? { body: '3.1' }
      : json({
          predictions: frame(request).dataframe_split.data.map(
            ([bytes]) => Buffer.from(String(bytes), 'base64').length,
          ),
        })

  it('is sent the bytes of each file as base64', async () => {
    const statements = await ask(sizes, 'protocol: mlflow', {
      input: 'photo, a',
      outputs: 'size: { type: integer }',
      clauses: ['whole: { of: champion, every: size == photo.bytes() }'],
    })
    expect(statements['whole']).toMatchObject({ verdict: 'satisfied', n: 10 })
    const sent = frame(server?.came.find(({ path }) => path === '/invocations') as Came).dataframe_split
    expect(sent.columns).toEqual(['photo', 'a'])
    expect(await redOf(String(sent.data[5]?.[0]))).toBe(100)
  })
  it('is not sent a row whose picture is not there, and the others are answered', async () => {
    const statements = await ask(sizes, 'protocol: mlflow', {
      rows: rows(['photos/1.png', 'photos/gone.png', 'photos/2.png']),
      input: 'photo, a',
      outputs: 'size: { type: integer }',
      clauses: [
        'sized: { of: champion, every: size > 20, missing: exclude }',
        'mean: { of: champion, must: mean(size) > 20.0 }',
        'why: { of: champion, every: "_error == null || size == null" }',
      ],
    })
    expect(statements['sized']).toMatchObject({ verdict: 'satisfied', n: 2, excluded: 1 })
    expect(statements['why']).toMatchObject({ verdict: 'satisfied', n: 3 })
    expect(statements['mean']).toMatchObject({
      verdict: 'error',
      cause: expect.stringContaining('could not be asked about 1 of 3 rows; for row 2: The image "photo" is missing'),
    })
    expect(frame(server?.came.find(({ path }) => path === '/invocations') as Came).dataframe_split.data).toHaveLength(2)
  })
})

describe('a chat', () => {
  type Part = { readonly type: string; readonly text?: string; readonly image_url?: { readonly url: string } }
  const partsOf = ({ body }: Came): readonly Part[] =>
    (JSON.parse(body.toString()) as { messages: [{ content: readonly Part[] }] }).messages[0].content
  const urlOf = (request: Came): string => partsOf(request)[1]?.image_url?.url ?? ''
  const says = (content: string): Reply => json({ model: 'small-1', choices: [{ message: { content } }] })
  const CHAT = 'protocol: openai-chat, model: small, prompt: "Look: {photo} Which format has it (of {a})?"'
  const format = (request: Came): Reply => says(/^data:image\/([a-z]+);base64,/.exec(urlOf(request))?.[1] ?? 'none')
  const formats: Partial<Asked> = {
    input: 'photo, a',
    outputs: 'answer: { type: category, values: [png, jpeg, none] }',
    clauses: ['told: { of: champion, every: answer == photo.format() }'],
  }

  it('is shown the picture between the words, as the address of its bytes', async () => {
    const statements = await ask(format, CHAT, formats)
    expect(statements['told']).toMatchObject({ verdict: 'satisfied', n: 10 })
    const posts = server?.came.filter(({ method }) => method === 'POST') ?? []
    const fifth = posts.find((request) => partsOf(request).at(-1)?.text?.includes('(of 4)') === true)
    expect(fifth === undefined ? [] : partsOf(fifth).map(({ type, text }) => [type, text])).toEqual([
      ['text', 'Look: '],
      ['image_url', undefined],
      ['text', ' Which format has it (of 4)?'],
    ])
    expect(await redOf(urlOf(fifth as Came).replace('data:image/png;base64,', ''))).toBe(80)
  })
  it('is shown a picture that is spoilt as what it became', async () => {
    const statements = await ask(format, CHAT, {
      ...formats,
      rows: rows([named(4), named(5)]),
      clauses: [
        `packed: { of: champion, forall: { x: rows.rows }, let: { y: "x.with({'photo': corrupt.jpeg(x.photo, 50)})" }, holds: "champion(y).answer == 'jpeg'" }`,
      ],
    })
    expect(statements['packed']).toMatchObject({ verdict: 'satisfied', method: 'exhaustion', tried: 2 })
  })
  it('has no answer where there is no picture, for that row alone', async () => {
    const statements = await ask(format, CHAT, { ...formats, rows: rows([named(1), '', 'photos/gone.png', named(2)]) })
    expect(statements['told']).toMatchObject({ verdict: 'violated', n: 4, missing: 2 })
    expect(JSON.stringify(server?.came.map(({ body }) => body.toString()))).not.toContain('gone')
  })
})
