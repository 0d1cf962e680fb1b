/** One verb of the main job, in a process of its own. */
export interface Step {
  readonly name: string
  readonly title: string
  readonly args: readonly string[]
  /** The exit code that shows the step did what it is for. */
  readonly exit: number
  /** Names of the steps whose work it rests on; the others may run at the same time. */
  readonly needs: readonly string[]
  /** The longest way to the end leads over it: it begins before steps that are told earlier. */
  readonly isUrgent?: boolean
}

/** A challenger, up to where production comes in. */
export const CHALLENGER = 'models/challenger.onnx'
const UNCONSTRAINED = 'models/unconstrained.onnx'

/** From the spec to the first champion, and a challenger compared with it. */
export const BEFORE_RELEASE: readonly Step[] = [
  {
    name: 'mistakes',
    title: 'check: a spec with mistakes is refused, each with its place and what to do',
    args: ['check', '--spec', 'variants/mistakes.plumb.yaml'],
    exit: 2,
    needs: [],
  },
  { name: 'check', title: 'check: the spec of the example', args: ['check'], exit: 0, needs: [], isUrgent: true },
  {
    name: 'documented',
    title: 'test, data stage: the documented codes are not what the data holds',
    args: ['test', '--stage', 'data', '--spec', 'variants/documented.plumb.yaml'],
    exit: 1,
    needs: [],
  },
  {
    name: 'data',
    title: 'test, data stage: the final spec handles it openly',
    args: ['test', '--stage', 'data'],
    exit: 0,
    needs: ['check'],
  },
  {
    name: 'run',
    title: 'run: train the models, monotone and without sex; one unconstrained, as a warning',
    args: ['run', '--trust'],
    exit: 0,
    needs: ['check'],
    isUrgent: true,
  },
  {
    name: 'model',
    title: 'test, model stage: the first candidate',
    args: ['test', '--stage', 'model'],
    exit: 0,
    needs: ['run'],
    isUrgent: true,
  },
  {
    name: 'release',
    title: 'test, release stage: it answers generated requests behind the guard, in staging',
    args: ['test', '--stage', 'release'],
    exit: 0,
    needs: ['run'],
  },
  { name: 'gate', title: 'gate', args: ['gate'], exit: 0, needs: ['data', 'model', 'release'] },
  { name: 'promote', title: 'promote: the first champion', args: ['promote'], exit: 0, needs: ['gate'] },
  {
    name: 'challenger',
    title: 'test, model stage: a challenger trained on more data, compared with the champion',
    args: ['test', '--stage', 'model', '--candidate', CHALLENGER],
    exit: 0,
    needs: ['promote'],
  },
]

/** The challenger answers in staging. */
export const STAGED: Step = {
  name: 'staged',
  title: 'test, release stage: the challenger, staged beside the champion',
  args: ['test', '--stage', 'release', '--candidate', CHALLENGER],
  exit: 0,
  needs: ['stage'],
}

/** The challenger replaces the champion while requests come. */
export const PROMOTED: Step = {
  name: 'promoted',
  title: 'promote: the challenger is loaded while requests come, and read back by another process',
  args: ['promote', '--candidate', CHALLENGER],
  exit: 0,
  needs: ['guard', 'challenger', 'staged'],
}

/** A model that must not get there. Others wait for none of it: it is tested beside the days of production, and told after them. */
export const REFUSED: readonly Step[] = [
  {
    name: 'refuted',
    title: 'test, model stage: the unconstrained model is refuted',
    args: ['test', '--stage', 'model', '--candidate', UNCONSTRAINED],
    exit: 1,
    needs: [PROMOTED.name],
  },
  {
    name: 'refused',
    title: 'gate: it is refused',
    args: ['gate', '--candidate', UNCONSTRAINED],
    exit: 1,
    needs: ['refuted'],
  },
]

/** Nothing that was found is lost or changed. */
export const VERIFIED: Step = {
  name: 'verified',
  title: 'verify: every byte of the evidence',
  args: ['verify'],
  exit: 0,
  needs: ['days', 'replayed'],
}

/** What a person reads. */
export const REPORTED: Step = {
  name: 'reported',
  title: 'report: clauses, verdicts, lineage and the timelines of production on one page, and a model card',
  args: ['report', '--card', 'MODEL_CARD.md'],
  exit: 0,
  needs: ['days', 'replayed'],
}
