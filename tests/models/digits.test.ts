import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Jimp } from 'jimp'
import { beforeAll, describe, expect, it } from 'vitest'
import { plumb, ROOT, scratch } from '../support/plumb.ts'

// Handwritten digits as files, and a classifier of scikit-learn that is asked about them as the command asks it.

const PYTHON = join(ROOT, '.work', 'models-python', 'bin', 'python')
const installed = existsSync(join(ROOT, '.work', 'models-python', 'installed.txt'))
process.env['PYTHONPATH'] = join(ROOT, 'python')
process.env['PYTHONDONTWRITEBYTECODE'] = '1'

let folder = ''

interface Verdict {
  readonly clause: string
  readonly verdict: string
  readonly measured: number | null
}

function verdicts(
  clauses: string,
  pixels = ', pixels: { width: 8, height: 8, channels: 1, range: [0, 1] }',
): readonly Verdict[] {
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: digits, version: 1.0.0 }
data:
  cases:
    source: data/cases.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      photo: { type: image }
      says: { type: integer }
      digit: { type: category, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], role: label }
models:
  champion:
    artifact: { command: ${JSON.stringify([PYTHON, '-m', 'plumbline.worker'])}, file: digits.joblib }
    input: { from: cases, columns: [photo]${pixels} }
    outputs: { answer: { type: category, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } }
clauses:
${clauses}
`,
  )
  const ran = plumb(folder, 'test', '--trust', '--json')
  if (ran.out === '') throw new Error(ran.err)
  return ran.json<{ readonly evidence: readonly Verdict[] }>().evidence
}

const rung = (name: string, spoilt: string, mostly: string): string =>
  `  ${name}: { of: champion, forall: { x: cases.rows }, let: { y: "x.with({'photo': ${spoilt}})" }, holds: champion(y).answer == champion(x).answer, mostly: ${mostly}, over: cases }`

describe.skipIf(!installed)('handwritten digits (skipped without its libraries: tests/models/setup.sh)', () => {
  beforeAll(async () => {
    folder = scratch('digits')
    const trained = spawnSync(PYTHON, [join(import.meta.dirname, 'train-digits.py'), folder], { encoding: 'utf8' })
    if (trained.status !== 0) throw new Error(trained.stderr)
    const { pixels, labels, says } = JSON.parse(readFileSync(join(folder, 'digits.json'), 'utf8')) as {
      readonly pixels: readonly (readonly number[])[]
      readonly labels: readonly number[]
      readonly says: readonly number[]
    }
    mkdirSync(join(folder, 'data/photos'), { recursive: true })
    for (const [i, values] of pixels.entries()) {
      const image = new Jimp({ width: 8, height: 8, color: 0xff })
      for (const [at, value] of values.entries())
        image.setPixelColor((value * 0x1010100 + 0xff) >>> 0, at % 8, Math.floor(at / 8))
      writeFileSync(join(folder, `data/photos/${i}.png`), await image.getBuffer('image/png'))
    }
    const rows = labels.map((label, i) => `${i},photos/${i}.png,${says[i]},${label}`)
    writeFileSync(join(folder, 'data/cases.csv'), `id,photo,says,digit\n${rows.join('\n')}\n`)
  })

  it('are answered as the library answers their numbers', () => {
    expect(
      verdicts('  same: { of: champion, every: answer == says }').find(({ clause }) => clause === 'same'),
    ).toMatchObject({
      verdict: 'satisfied',
    })
  })

  it('are told worse the more they are spoilt', () => {
    const levels = [1, 0.5, 0.1]
    const found = verdicts(
      [
        ...levels.map((share, i) => rung(`contrast-${i}`, `corrupt.contrast(x.photo, ${share.toFixed(2)})`, '97%')),
        ...[0, 1, 2].map((pixels) => rung(`blur-${pixels}`, `corrupt.blur(x.photo, ${pixels})`, '97%')),
        ...[0, 0.25, 0.75].map((share, i) => rung(`crop-${i}`, `corrupt.crop(x.photo, ${share.toFixed(2)})`, '97%')),
      ].join('\n'),
    )
    for (const ladder of ['contrast', 'blur', 'crop']) {
      const rungs = found
        .filter(({ clause }) => clause.startsWith(ladder))
        .sort((a, b) => a.clause.localeCompare(b.clause))
      expect(rungs).toHaveLength(3)
      expect(rungs[0]).toMatchObject({ verdict: 'satisfied', measured: 1 })
      expect(rungs.at(-1)?.verdict).toBe('violated')
      // Once nothing is left to be seen, an answer stays what it was by chance: one of ten.
      const shares = rungs.map(({ measured }) => Math.max(Number(measured), 0.15))
      expect(shares).toEqual(shares.toSorted((a, b) => b - a))
    }
  })

  it('are given to a program as files, the spoilt ones too, where nothing says how they become numbers', () => {
    const asked = join(folder, 'asked.txt')
    const program = `import json,sys,pathlib
sys.stdin.readline(); print('{"plumbline":1}', flush=True)
for line in sys.stdin:
    q=json.loads(line); paths=q["columns"]["photo"]
    open(${JSON.stringify(asked)},"a").writelines(p+"\\n" for p in paths)
    print(json.dumps({"id":q["id"],"outputs":{"answer":[pathlib.Path(p).read_bytes()[25] % 10 for p in paths]}}), flush=True)
`
    writeFileSync(join(folder, 'program.py'), program)
    const spec = rung('blurred', 'corrupt.blur(x.photo, 1)', '1%')
    verdicts(spec, '')
    writeFileSync(
      join(folder, 'plumb.yaml'),
      readFileSync(join(folder, 'plumb.yaml'), 'utf8').replace(
        /artifact: .*/,
        `artifact: { command: ${JSON.stringify([PYTHON, 'program.py'])} }`,
      ),
    )
    const ran = plumb(folder, 'test', '--stage', 'model', '--trust', '--json')
    expect(
      ran.json<{ readonly evidence: readonly Verdict[] }>().evidence.find(({ clause }) => clause === 'blurred'),
    ).toMatchObject({ verdict: 'satisfied' })
    const paths = new Set(readFileSync(asked, 'utf8').trim().split('\n'))
    expect([...paths].some((path) => path.startsWith('data/photos/'))).toBe(true)
    const made = [...paths].filter((path) => path.startsWith('.plumb/images/'))
    expect(made.length).toBe(readdirSync(join(folder, '.plumb/images')).length)
  })
})
