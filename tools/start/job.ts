import { styleText } from 'node:util'
import { type DaysPlan, runDays, startWatching, trafficArgs, type Watching } from './days.ts'
import type { Shown, Task } from './in-order.ts'
import { type Production, startGuard, startStaging, underLoad, verbOf } from './production.ts'
import { BEFORE_RELEASE, CHALLENGER, PROMOTED, REFUSED, REPORTED, STAGED, type Step, VERIFIED } from './steps.ts'

/** A step that did not do what it is for, or an interruption; with the exit code of the whole. */
export class Ended extends Error {
  readonly code: number
  constructor(message: string, code: number) {
    super(message)
    this.code = code
  }
}

/** What the job is done with. */
export interface Job {
  readonly production: Production
  readonly plan: DaysPlan
}

const bold = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)
const headingOf = (title: string, line: string): string => `\n${bold(title)}\n${dim(`$ ${line}`)}\n`

/** All of the main job, in the order in which it is told. */
export function tasksOf(job: Job): readonly Task[] {
  const { production } = job
  const verb = (step: Step): Task => ({ ...step, run: (shown) => runVerb(production, step, shown) })
  return [
    ...BEFORE_RELEASE.map(verb),
    ...staged(production),
    ...inProduction(job),
    ...REFUSED.map(verb),
    replayed(production),
    ...[VERIFIED, REPORTED].map(verb),
  ]
}

/** Runs a verb; it has the terminal to itself where nothing else is to be shown before it. */
async function runVerb(
  production: Production,
  { title, args, exit }: Pick<Step, 'title' | 'args' | 'exit'>,
  shown: Shown,
): Promise<void> {
  shown.write(headingOf(title, `plumb ${args.join(' ')}`))
  const { children } = production
  const command = verbOf(production, args)
  const code = await (shown.isFirst() ? children.run(command) : children.run(command, shown.write))
  if (code !== exit)
    throw new Ended(`The step ended with exit code ${code}; ${exit} was expected.`, code === 130 ? 130 : 1)
}

/** The proof that the first candidate was promoted with, run again, beside the days as well. */
const replayed = (production: Production): Task => ({
  name: 'replayed',
  needs: ['refused'],
  async run(shown) {
    let text = ''
    const asked = verbOf(production, ['--json', 'explain', 'later-payment-never-helps'])
    await production.children.run(asked, (data) => {
      text += Buffer.from(data).toString()
    })
    const { evidence } = JSON.parse(text) as {
      readonly evidence: readonly { readonly id: string; readonly verdict: string }[]
    }
    const proof = evidence.find(({ verdict }) => verdict === 'satisfied')
    if (proof === undefined) throw new Ended('There is no proof to replay.', 1)
    await runVerb(production, { title: 'replay: a verdict, run again', args: ['replay', proof.id], exit: 0 }, shown)
  },
})

/** The guard serves the champion; the challenger is staged beside it, and asked. */
function staged(production: Production): readonly Task[] {
  let staging: Awaited<ReturnType<typeof startStaging>> | undefined
  return [
    {
      name: 'guard',
      needs: ['promote'],
      async run({ write }) {
        write(
          headingOf(
            'guard: the champion answers, each request judged by the clauses of the spec',
            'plumb guard --port 0',
          ),
        )
        await startGuard(production)
      },
    },
    {
      name: 'stage',
      needs: ['promote'],
      async run({ write }) {
        write(headingOf('stage: the challenger answers beside it', `plumb stage --candidate ${CHALLENGER}`))
        staging = await startStaging(production, CHALLENGER)
      },
    },
    {
      ...STAGED,
      async run(shown) {
        await runVerb(production, STAGED, shown)
        await staging?.stop()
      },
    },
  ]
}

/** The challenger replaces the champion, and production is simulated; those who watch it come up meanwhile. */
function inProduction(job: Job): readonly Task[] {
  const { production } = job
  let watching: Promise<Watching> | undefined
  return [
    {
      name: PROMOTED.name,
      needs: PROMOTED.needs,
      isAlone: true,
      async run(shown) {
        watching = startWatching(production)
        await Promise.all([watching, promoteUnderLoad(production, shown)])
      },
    },
    {
      name: 'days',
      needs: [PROMOTED.name],
      isUrgent: true,
      run: async (shown) => simulateDays(job, await watching, shown),
    },
  ]
}

/** The challenger replaces the champion while requests come. */
async function promoteUnderLoad(production: Production, shown: Shown): Promise<void> {
  const { load } = await underLoad(production, () => runVerb(production, PROMOTED, shown))
  production.say(
    'load',
    `${load.answered} requests answered meanwhile, ${load.failed} failed; by version ${JSON.stringify(load.versions)}`,
  )
  if (load.failed > 0 || Object.keys(load.versions).length !== 2)
    throw new Ended('A promotion drops no request, and both versions have answered.', 1)
}

async function simulateDays(
  { production, plan }: Job,
  watching: Watching | undefined,
  { write }: Shown,
): Promise<void> {
  const { days, driftDay, conceptDay } = plan
  write(
    headingOf(
      `${days} simulated days from 1 January: requests over HTTP, from ${driftDay + 1} January those of another population; labels days later; from ${conceptDay + 1} January that population behaves otherwise`,
      'plumb watch & plumb run --watch --trust',
    ),
  )
  const began = performance.now()
  const traffic = await runDays(production, {
    traffic: trafficArgs(plan),
    ...(watching === undefined ? {} : { watching }),
  })
  production.say('traffic', `${traffic.answered} of ${traffic.rows} requests answered, ${traffic.labels} labels`)
  if (traffic.answered !== traffic.rows) throw new Ended('Every request is answered.', 1)
  write(`  ${dim(`${days} days in ${((performance.now() - began) / 1000).toFixed(0)} s`)}\n`)
}
