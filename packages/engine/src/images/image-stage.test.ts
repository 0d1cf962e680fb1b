import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Jimp } from 'jimp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askOf, type Place, placeWith } from '../metrics/testing/ask-clause.ts'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { greyPng } from './testing/grey-png.ts'
import { datasetDigest } from '../relations/dataset-digest.ts'
import { compile, sql, textLiteral } from '@plumbline/core'
import { openSession } from '../duckdb/session.ts'

// A picture is light on its left or on its right; the model, a convolution as wide as the picture, says which.

const SIDE = 8
let place: Place

async function picture(left: boolean, i: number): Promise<Buffer> {
  const image = new Jimp({ width: SIDE * 2, height: SIDE * 2, color: 0x202020ff })
  for (let y = 0; y < SIDE * 2; y++)
    for (let x = 0; x < SIDE; x++) image.setPixelColor(((150 + i) * 0x1010100 + 0xff) >>> 0, left ? x : x + SIDE, y)
  return Buffer.from(await image.getBuffer('image/png'))
}

/** [N, 1, 8, 8] → [N, 1]: light of the left less that of the right. */
const weights = Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE < SIDE / 2 ? 1 : -1) / (SIDE * SIDE))
function sides(): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'pixels', type: 'float', shape: [null, 1, SIDE, SIDE] }],
    outputs: [{ name: 'lean', type: 'float', shape: [null, 1] }],
    nodes: [
      { op: 'Conv', inputs: ['pixels', 'w'], outputs: ['all'] },
      { op: 'Flatten', inputs: ['all'], outputs: ['lean'] },
    ],
    initializers: [tensor('w', 'float', [1, 1, SIDE, SIDE], weights)],
  })
}

/** The same of a matrix, as most libraries that are no networks take it. */
const flat = (): Uint8Array =>
  buildOnnx({
    inputs: [{ name: 'pixels', type: 'float', shape: [null, SIDE * SIDE] }],
    outputs: [{ name: 'lean', type: 'float', shape: [null, 1] }],
    nodes: [{ op: 'MatMul', inputs: ['pixels', 'w'], outputs: ['lean'] }],
    initializers: [tensor('w', 'float', [SIDE * SIDE, 1], weights)],
  })

const spec = (
  clause: string,
  more = '',
  pixels = '{ width: 8, height: 8, channels: 1, range: [0, 1] }',
): string => `plumbline: 1
system: { name: pictures, version: 1.0.0 }
data:
  cases:
    source: cases.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      photo: { type: image${more} }
      again: { type: image }
      is_left: { type: boolean, role: label }
models:
  champion:
    artifact: model.onnx
    input: { from: cases, columns: [photo], pixels: ${pixels} }
    outputs: { lean: { type: number } }
    decision: lean >= 0.0
clauses:
  it: ${clause}
`

beforeAll(async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i},photos/${i}.png,photos/${59 - i}.png,${i % 2 === 0}`)
  place = await placeWith({
    'cases.csv': `id,photo,again,is_left\n${rows.join('\n')}\n`,
    'model.onnx': sides(),
    'flat.onnx': flat(),
  })
  await mkdir(join(place.root, 'photos'))
  for (let i = 0; i < 60; i++) await writeFile(join(place.root, `photos/${i}.png`), await picture(i % 2 === 0, i))
})
afterAll(() => place.remove())

const ladder = (spoilt: string): string =>
  spec(
    `{ of: champion, forall: { x: cases.rows }, let: { y: "x.with({'photo': ${spoilt}})" }, holds: champion(y).decision == champion(x).decision, mostly: 90%, over: cases }`,
  )

describe('a column of images', () => {
  it.each([
    ['photo.width() == 16 && photo.height() == 16', 'satisfied'],
    ["photo.format() == 'png' && photo.channels() == 4 && photo.bytes() < 1000", 'satisfied'],
    ['photo.width() > 16', 'violated'],
    ['size(photo.digest()) == 64 && photo != null', 'satisfied'],
  ])('is asked about what its files say: %s', async (condition, verdict) => {
    expect(await place.askData(spec(`{ of: cases, every: "${condition}" }`))).toMatchObject({ verdict })
  })
  it('is counted by content, under whatever name', async () => {
    const asked = 'distinct(photo) == 60 && overlap(cases, cases, photo) == 60 && mean(photo.width()) == 16.0'
    expect(await place.askData(spec(`{ of: cases, must: "${asked}" }`))).toMatchObject({ verdict: 'satisfied' })
  })
  it('names what cannot be read in its contract of the type, and is missing to other clauses', async () => {
    await writeFile(
      join(place.root, 'bad.csv'),
      'id,photo,again,is_left\n1,photos/1.png,photos/1.png,true\n2,../../etc/passwd,photos/1.png,true\n3,photos/none.png,photos/1.png,true\n',
    )
    const text = spec('{ of: cases, must: null_share(photo) > 0.6 }').replace('cases.csv', 'bad.csv')
    expect(await place.askData(text)).toMatchObject({ verdict: 'satisfied', measured: expect.anything() })
    const contract = await place.askData(text, 'cases.photo.type')
    expect(contract).toMatchObject({ verdict: 'violated' })
    const shown = JSON.stringify(contract)
    expect(shown).toContain('../../etc/passwd: it lies outside the project')
    expect(shown).toContain('photos/none.png: it is not there')
  })
  it('may hold the bytes themselves, in Parquet, and the model is asked of them alike', async () => {
    const session = await openSession()
    if (!session.ok) throw new Error(session.error.cause)
    const glob = textLiteral(join(place.root, 'photos/*.png'))
    const out = textLiteral(join(place.root, 'cases.parquet'))
    const name = sql`regexp_extract(filename, '([0-9]+)[.]png$', 1)`
    const rows = sql`SELECT CAST(${name} AS BIGINT) AS id, content AS photo, content AS again, CAST(${name} AS BIGINT) % 2 = 0 AS is_left FROM read_blob(${glob}) WHERE ${name} <> ''`
    const made = await session.value.query(
      sql`COPY (${rows} UNION ALL SELECT 99, 'no picture'::BLOB, 'no picture'::BLOB, true) TO ${out} (FORMAT PARQUET)`,
    )
    const good = textLiteral(join(place.root, 'good.parquet'))
    await session.value.query(sql`COPY (${rows}) TO ${good} (FORMAT PARQUET)`)
    session.value.close()
    expect(made).toMatchObject({ ok: true })
    const text = spec('{ of: cases, must: "distinct(photo) == 60 && null_share(photo) < 0.02" }').replace(
      'cases.csv',
      'cases.parquet',
    )
    expect(await place.askData(text)).toMatchObject({ verdict: 'satisfied' })
    const contract = await place.askData(text, 'cases.photo.type')
    expect(contract).toMatchObject({ verdict: 'violated' })
    expect(JSON.stringify(contract)).toContain('bytes: it is no PNG, JPEG, GIF or BMP')
    const asked = spec('{ of: champion, must: accuracy() == 1.0, confidence: none }').replace(
      'cases.csv',
      'good.parquet',
    )
    expect(await askOf(place, asked)).toMatchObject({ verdict: 'satisfied' })
  })
  it.each([
    ['without any picture has none', 'CAST(NULL AS INTEGER)', 'null_share(photo) == 1.0', 'satisfied'],
    ['of numbers is an error of what reads it', 'id', 'null_share(photo) == 1.0', 'error'],
    ['of numbers is no error of anything else', 'id', 'count() == 3', 'satisfied'],
  ])('%s', async (_, cells, asked, verdict) => {
    const session = await openSession()
    if (!session.ok) throw new Error(session.error.cause)
    const out = textLiteral(join(place.root, 'odd.parquet'))
    const photo = cells === 'id' ? sql`id` : sql`CAST(NULL AS INTEGER)`
    await session.value.query(
      sql`COPY (SELECT id, ${photo} AS photo, 'photos/1.png' AS again, true AS is_left FROM range(3) r(id)) TO ${out} (FORMAT PARQUET)`,
    )
    session.value.close()
    const text = spec(`{ of: cases, must: "${asked}" }`).replace('cases.csv', 'odd.parquet')
    expect(await place.askData(text)).toMatchObject({ verdict })
  })
  it.each(['image', 'KEY', 'why', 'source', 'key______'])('may have any name: %s', async (name) => {
    await writeFile(join(place.root, 'named.csv'), `id,${name},again,is_left\n1,photos/1.png,photos/none.png,true\n`)
    const text = spec(`{ of: cases, every: "${name}.width() == 16" }`)
      .replace('cases.csv', 'named.csv')
      .replace('      photo:', `      ${name}:`)
      .replace('columns: [photo]', `columns: [${name}]`)
    expect(await place.askData(text)).toMatchObject({ verdict: 'satisfied' })
    expect(await place.askData(text, `cases.again.type`)).toMatchObject({ verdict: 'violated' })
  })
  it('is part of what identifies the data', async () => {
    const { value } = compile({
      main: { path: 'plumb.yaml', text: spec('{ of: cases, every: photo.width() > 1 }') },
      others: [],
    })
    const dataset = value?.datasets[0]
    if (dataset === undefined) throw new Error('no dataset')
    const before = await datasetDigest(place.root, dataset)
    const stated = await place.askData(spec('{ of: cases, every: photo.width() > 1 }'))
    expect(stated?.digests.data).toEqual({ cases: before })
    const kept = await picture(false, 7)
    await writeFile(join(place.root, 'photos/7.png'), await picture(false, 99))
    const after = await datasetDigest(place.root, dataset)
    await writeFile(join(place.root, 'photos/7.png'), kept)
    expect(after).not.toBe(before)
    expect(await datasetDigest(place.root, dataset)).toBe(before)
  })
})

describe('a model of images', () => {
  it('is asked with pixels as it was trained', async () => {
    expect(await askOf(place, spec('{ of: champion, must: accuracy() == 1.0, confidence: none }'))).toMatchObject({
      verdict: 'satisfied',
    })
  })
  it('is asked with the same numbers in a row where it takes a matrix', async () => {
    const text = spec('{ of: champion, must: accuracy() == 1.0, confidence: none }')
    const [statement] = await place.ask(text, { model: 'flat' })
    expect(statement).toMatchObject({ verdict: 'satisfied' })
  })
  it('says what its tensor is where the pixels do not fit', async () => {
    const text = spec('{ of: champion, must: accuracy() > 0.5 }', '', '{ width: 4, height: 8, channels: 1 }')
    expect(await askOf(place, text)).toMatchObject({
      verdict: 'error',
      reason: 'model-mismatch',
      cause: expect.stringContaining('makes [N, 1, 8, 4]'),
    })
  })
  it.each([
    ['corrupt.blur(x.photo, 1)', 'satisfied'],
    ['corrupt.contrast(x.photo, 0.3)', 'satisfied'],
    ['corrupt.brightness(x.photo, 0.5)', 'satisfied'],
    ['corrupt.crop(x.photo, 0.2)', 'satisfied'],
    ['corrupt.jpeg(x.photo, 10)', 'satisfied'],
    ['corrupt.noise(x.photo, 20.0, 1)', 'satisfied'],
    // All the light gone, both sides are alike, and half of the answers another.
    ['corrupt.brightness(x.photo, 0.0)', 'violated'],
    ['corrupt.contrast(x.photo, 0.0)', 'violated'],
    ['corrupt.blur(corrupt.crop(x.photo, 0.1), 2)', 'satisfied'],
  ])('stands, or does not, a rung: %s', async (spoilt, verdict) => {
    const statement = await askOf(place, ladder(spoilt))
    expect(statement).toMatchObject({ verdict })
    expect(Number(statement['measured'])).toBeGreaterThanOrEqual(verdict === 'satisfied' ? 0.9 : 0)
  })
  it('gives the same answers to the same rung again', async () => {
    const [one, two] = [
      await askOf(place, ladder('corrupt.noise(x.photo, 60.0, 3)')),
      await askOf(place, ladder('corrupt.noise(x.photo, 60.0, 3)')),
    ]
    expect(two).toEqual(one)
  })
  it('keeps what was made of an image as a file, once', async () => {
    await askOf(place, ladder('corrupt.jpeg(x.photo, 10)'))
    const kept = await readdir(join(place.root, '.plumb/images'))
    expect(kept.filter((name) => name.endsWith('.jpeg'))).toHaveLength(60)
  })
  describe('of which some cannot be read', () => {
    /** Forty pictures in the split `whole`; in the other twenty are one that is not there and one that cannot be decoded. */
    const holed = (clause: string, more = ''): string =>
      spec(clause, more)
        .replace('cases.csv', 'holed.csv')
        .replace('    columns:', '    splits: { whole: id < 40, rest: id >= 40 }\n    columns:')
    beforeAll(async () => {
      // Bytes that are whole, and no picture all the same: of a palette, which is not there.
      await writeFile(join(place.root, 'photos/palette.png'), greyPng(4, Array<number>(16).fill(1), 3))
      const named = (i: number): string =>
        i === 45 ? 'photos/gone.png' : i === 50 ? 'photos/palette.png' : `photos/${i}.png`
      const rows = Array.from({ length: 60 }, (_, i) => `${i},${named(i)},photos/1.png,${i % 2 === 0}`)
      await writeFile(join(place.root, 'holed.csv'), `id,photo,again,is_left\n${rows.join('\n')}\n`)
    })
    const verdictOf = async (clause: string, more = '') => askOf(place, holed(clause, more))

    it('has no metric over those that could be, and says which could not', async () => {
      expect(await verdictOf('{ of: champion, must: accuracy() >= 0.5 }')).toMatchObject({
        verdict: 'error',
        reason: 'model-failed',
        cause: expect.stringMatching(
          /could not be asked about 2 of 60 rows; for row 46: The image "photo" is missing or cannot be read.*`_error == null`/,
        ),
      })
    })
    it.each([
      ['a split without them', '{ of: champion.whole, must: accuracy() == 1.0, confidence: none }', 'satisfied'],
      ['a split with one', '{ of: champion.rest, must: accuracy() == 1.0, confidence: none }', 'error'],
      ['a number over answers', '{ of: champion.rest, must: mean(lean) >= -1.0 }', 'error'],
      ['a number over answers elsewhere', '{ of: champion.whole, must: mean(lean) >= -1.0 }', 'satisfied'],
      ['rows that it needs', '{ of: champion, every: lean >= -1.0 && lean <= 1.0 }', 'violated'],
      [
        'rows that it may leave out',
        '{ of: champion, every: lean >= -1.0 && lean <= 1.0, missing: exclude }',
        'satisfied',
      ],
      ['a share of rows', '{ of: champion, every: lean >= -1.0 && lean <= 1.0, mostly: 96% }', 'satisfied'],
      [
        'what was not to be read',
        '{ of: champion, must: share(_error != null) <= 0.04, confidence: none }',
        'satisfied',
      ],
      ['rows without an answer alone', '{ of: champion, every: "_error == null || lean == null" }', 'satisfied'],
    ])('is asked of %s', async (_, clause, verdict) => {
      expect(await verdictOf(clause)).toMatchObject({ verdict })
    })
    it('shows the rows that fail for want of an answer', async () => {
      const statement = await verdictOf('{ of: champion, every: lean >= -1.0 && lean <= 1.0 }')
      expect(statement).toMatchObject({ n: 60, missing: 2 })
      const shown = JSON.stringify(statement)
      expect(shown).toContain('"id":45')
      expect(shown).toContain('"id":50')
    })
    it('is undecided in the slices that hold one, and in no other', async () => {
      const text = holed('{ of: champion, must: accuracy() >= 0.8, slices: [early, answered, late] }')
      const slices = "slices: { early: id < 40, answered: '_error == null', late: id >= 40 }\nclauses:"
      const asked = await place.ask(text.replace('clauses:', slices), { model: 'model' })
      const own = asked.filter(({ clause }) => clause === 'it')
      expect(own.map(({ slice, verdict }) => [slice, verdict])).toEqual([
        ['early', 'satisfied'],
        ['answered', 'satisfied'],
        ['late', 'error'],
      ])
    })
    it('is no input of the model where a ladder climbs', async () => {
      const clause = `{ of: champion, forall: { x: cases.rows }, let: { y: "x.with({'photo': corrupt.blur(x.photo, 1)})" }, holds: champion(y).decision == champion(x).decision }`
      expect(await verdictOf(clause)).toMatchObject({ verdict: 'satisfied', tried: 58, discarded: 2 })
    })
    it('is said by the contract of the pictures, and by that of an output only where one is there and cannot be decoded', async () => {
      const required: unknown[] = []
      const text = holed('{ of: champion, every: lean >= -1.0 }')
      for (const statement of await place.ask(text, { clause: 'champion.lean.required' })) required.push(statement)
      expect(required).toMatchObject([{ verdict: 'violated', n: 60, failing: 1 }])
      expect(JSON.stringify(required)).toContain('"id":50')
    })
    it('may be optional, and is counted the same', async () => {
      const asked = await verdictOf('{ of: champion, every: lean >= -1.0, missing: exclude }', ', optional: true')
      expect(asked).toMatchObject({ verdict: 'satisfied', n: 58, excluded: 2 })
    })
  })
  it.each([
    // Half of the answers are another once the last light is gone: those that were right before are wrong, and few become right.
    ['costs little', 'corrupt.contrast(x.photo, 0.5)', 'corrupt.contrast(x.photo, 0.3)', 'satisfied'],
    ['costs much', 'corrupt.contrast(x.photo, 0.3)', 'corrupt.contrast(x.photo, 0.0)', 'violated'],
  ])('whose next rung %s is asked from rung to rung', async (_, lower, higher, verdict) => {
    const lets = `let: { y: "x.with({'photo': ${lower}})", z: "x.with({'photo': ${higher}})" }`
    const still = 'champion(y).decision != x.is_left || champion(z).decision == x.is_left'
    const clause = `{ of: champion, forall: { x: cases.rows }, ${lets}, holds: ${still}, mostly: 95%, over: cases }`
    expect(await askOf(place, spec(clause))).toMatchObject({ verdict })
  })
  it('is never surer of the right answer with more spoilt of it, on any row', async () => {
    const lets = `let: { y: "x.with({'photo': corrupt.contrast(x.photo, 0.6)})", z: "x.with({'photo': corrupt.contrast(x.photo, 0.3)})" }`
    const falls = `x.is_left ? champion(z).lean <= champion(y).lean : champion(z).lean >= champion(y).lean`
    const statement = await askOf(
      place,
      spec(`{ of: champion, forall: { x: cases.rows }, ${lets}, holds: "${falls}" }`),
    )
    expect(statement).toMatchObject({ verdict: 'satisfied', method: 'exhaustion', tried: 60 })
  })
  it('is no rung where a level is none', async () => {
    expect((await askOf(place, ladder('corrupt.crop(x.photo, 0.95)'))).verdict).not.toBe('satisfied')
  })
})
