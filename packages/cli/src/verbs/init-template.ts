import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { reportFailure } from '../report-failure.ts'
import { isServed, templateData, templateModel, templatePacks } from '../template-packs.ts'
import type { Style } from '../terminal/style.ts'

/** The packs lie beside what was built, whether or not it was bundled. */
const PACKS = fileURLToPath(new URL('../../templates/', import.meta.url))

/** `plumb init --template NAME`: copies a complete pack into the project folder. */
export async function initTemplate(
  context: CommandContext,
  name: string,
  data: string | undefined,
  force: boolean,
): Promise<ExitCode> {
  const done = await copyPack(context, name, data, force)
  if (!done.ok) return reportFailure(context, done.failure)
  const { out, style, json } = context
  if (json) out(`${JSON.stringify({ template: name, files: done.value }, null, 2)}\n`)
  else {
    for (const file of done.value) out(`${style.green('✓')} ${file}\n`)
    const isServer = templateModel(name).endsWith('.mjs')
    const next = isServer
      ? `  node models/chat.mjs 8765                                ${style.dim('the stand-in, in another terminal')}\n  CHAT_URL=http://127.0.0.1:8765/v1 plumb test --trust     ${style.dim('all of it holds')}`
      : `  plumb test     ${style.dim('all of it holds')}\n  plumb mutate   ${style.dim('what it would notice')}`
    out(
      `\nIts rows are generated and its model is made for them; faults.md says which seeded faults its clauses notice.\nNext:\n${next}\n${isServer ? 'Then put your own data and model in the place of these, and set the parameters in plumb.yaml.\n' : yours(style, isServed(name))}`,
    )
  }
  return EXIT.ok
}

/** The way from the rows of the pack to somebody's own. */
function yours(style: Style, served: boolean): string {
  const steps = [
    [
      'plumb init YOURS.csv --spec own.plumb.yaml',
      'writes the columns of your file: put them in the place of those in plumb.yaml',
    ],
    [
      `id: { type: text, role: key, path: '["Customer no."]' }`,
      'a column of the template under the name it has in your file',
    ],
    ['models/champion.onnx', 'your model; `input` and `outputs` name what it takes and gives'],
    ['plumb check && plumb test', 'what is still missing, and what to do about it'],
    served
      ? ['plumb test --stage release && plumb gate', 'with the model staged: open, or closed and why']
      : ['plumb gate', 'open, or closed and why'],
  ] as const
  return `Then your own in their place:\n${steps.map(([what, why]) => `  ${what}\n      ${style.dim(why)}\n`).join('')}`
}

async function copyPack(
  { host, root }: CommandContext,
  name: string,
  data: string | undefined,
  force: boolean,
): Promise<Outcome<readonly string[]>> {
  if (data !== undefined)
    return failure(
      'init/template-and-data',
      'A template brings its own rows.',
      'They are there to be replaced once the spec says what you mean.',
      'Leave the file out; name it as `source` in plumb.yaml afterwards.',
    )
  const files = [
    ...(templatePacks[name] ?? []).map((each) => [`${each}.plumb.yaml`, `templates/${each}.plumb.yaml`] as const),
    ...['plumb.yaml', templateData(name), templateModel(name), 'faults.md'].map(
      (each) => [`${name}/${each}`, each] as const,
    ),
  ]
  for (const [, to] of files) {
    const stat = await host.files.stat(join(root, to))
    if (force || !stat.ok || stat.value === undefined) continue
    return failure(
      'init/file-exists',
      `${to} is there already.`,
      'What somebody decided in it would be lost.',
      'Begin in an empty folder (-C), or overwrite with --force.',
    )
  }
  for (const [from, to] of files) {
    const target = join(root, to)
    const made = await host.files.mkdir(dirname(target))
    const copied = made.ok ? await host.files.copy(join(PACKS, from), target) : made
    if (!copied.ok)
      return failure(
        'init/not-written',
        `${to} could not be written: ${copied.error.message}.`,
        'What was copied before it is there.',
        'Make room, or give write permission to the folder, and run again with --force.',
        EXIT.environment,
      )
  }
  return success(files.map(([, to]) => to))
}
