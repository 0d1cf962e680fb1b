/** One verb of the main job, in a process of its own. */
export interface Step {
  readonly title: string
  readonly args: readonly string[]
  /** The exit code that shows the step did what it is for. */
  readonly exit: number
}

/** A challenger, up to where production comes in. */
export const CHALLENGER = 'models/challenger.onnx'

/** From the spec to the first champion, a challenger compared with it, and a model that is refused. */
export const BEFORE_RELEASE: readonly Step[] = [
  {
    title: 'check: a spec with mistakes is refused, each with its place and what to do',
    args: ['check', '--spec', 'variants/mistakes.plumb.yaml'],
    exit: 2,
  },
  { title: 'check: the spec of the example', args: ['check'], exit: 0 },
  {
    title: 'test, data stage: the documented codes are not what the data holds',
    args: ['test', '--stage', 'data', '--spec', 'variants/documented.plumb.yaml'],
    exit: 1,
  },
  { title: 'test, data stage: the final spec handles it openly', args: ['test', '--stage', 'data'], exit: 0 },
  {
    title: 'run: train the models, monotone and without sex; one unconstrained, as a warning',
    args: ['run', '--trust'],
    exit: 0,
  },
  { title: 'test, model stage: the first candidate', args: ['test', '--stage', 'model'], exit: 0 },
  {
    title: 'test, release stage: it answers generated requests behind the guard, in staging',
    args: ['test', '--stage', 'release'],
    exit: 0,
  },
  { title: 'gate', args: ['gate'], exit: 0 },
  { title: 'promote: the first champion', args: ['promote'], exit: 0 },
  {
    title: 'test, model stage: a challenger trained on more data, compared with the champion',
    args: ['test', '--stage', 'model', '--candidate', CHALLENGER],
    exit: 0,
  },
  {
    title: 'test, model stage: the unconstrained model is refuted',
    args: ['test', '--stage', 'model', '--candidate', 'models/unconstrained.onnx'],
    exit: 1,
  },
  { title: 'gate: it is refused', args: ['gate', '--candidate', 'models/unconstrained.onnx'], exit: 1 },
]

/** The challenger answers in staging. */
export const STAGED: Step = {
  title: 'test, release stage: the challenger, staged beside the champion',
  args: ['test', '--stage', 'release', '--candidate', CHALLENGER],
  exit: 0,
}

/** The challenger replaces the champion while requests come. */
export const PROMOTED: Step = {
  title: 'promote: the challenger is loaded while requests come, and read back by another process',
  args: ['promote', '--candidate', CHALLENGER],
  exit: 0,
}

/** Nothing that was found is lost or changed. */
export const VERIFIED: Step = { title: 'verify: every byte of the evidence', args: ['verify'], exit: 0 }

/** What a person reads. */
export const REPORTED: Step = {
  title: 'report: clauses, verdicts and lineage on one page, and a model card',
  args: ['report', '--card', 'MODEL_CARD.md'],
  exit: 0,
}
