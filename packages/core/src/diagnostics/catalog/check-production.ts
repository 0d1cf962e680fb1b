import { defineDiagnostic } from '../define.ts'
import { unknownName } from './check.ts'

/** Something in production names what is not there. */
export const unknownInProduction: typeof unknownName = {
  ...unknownName,
  why: 'Monitor, retraining and release act only on what they name; a name of nothing would be waited for in vain.',
}

/** A clause is waited for that no window of production can decide. */
export const notInProduction = defineDiagnostic<{ id: string }>({
  code: 'check/not-in-production',
  severity: 'error',
  message: ({ id }) => `\`${id}\` is never decided in production.`,
  why: 'It is asked neither of `requests` nor of `system`, so nothing that happens there can violate it: it would be waited for in vain.',
  fix: ({ id }) => `Add \`requests\` to the \`of\` of \`${id}\`, or name a clause that is asked of it.`,
})

/** Something waits for requests to a model that reads images. */
export const imagesNotServed = defineDiagnostic<{ what: string; column: string }>({
  code: 'check/images-not-served',
  severity: 'error',
  message: ({ what, column }) => `${what}, and a champion that reads images (\`${column}\`) is not served here.`,
  why: 'Requests carry cells, and the guard decodes no pictures: nothing would ever be asked, and an environment that waits for it would never open.',
  fix: 'Leave it out: test the model and decide with `plumb gate`, and serve it by a server of your own, or serve a model of what is read off the picture (an embedding as columns).',
})

/** Labels are declared that nothing can be joined to, or compared with. */
export const badLabels = defineDiagnostic<{ problem: string; fix: string }>({
  code: 'check/bad-labels',
  severity: 'error',
  message: ({ problem }) => `The labels cannot be used: ${problem}.`,
  why: 'Metrics of production traffic compare answers with labels that arrive later; without them they stay undecided for ever.',
  fix: ({ fix }) => fix,
})

/** A retraining that could not make a challenger. */
export const badRetrain = defineDiagnostic<{ problem: string; fix: string }>({
  code: 'check/bad-retrain',
  severity: 'error',
  message: ({ problem }) => `A retraining could not make a challenger: ${problem}.`,
  why: 'It would begin when production needs it most, and end with nothing.',
  fix: ({ fix }) => fix,
})

/** Cooldown, budget and schedule that work against each other. */
export const retrainPace = defineDiagnostic<{ problem: string; fix: string }>({
  code: 'check/retrain-pace',
  severity: 'warning',
  message: ({ problem }) => problem,
  why: 'Cooldown, budget and schedule are limits on one thing; one that the others make void was probably meant otherwise.',
  fix: ({ fix }) => fix,
})

/** A stage of a release that has nothing to test. */
export const releaseNeedsModel = defineDiagnostic<object>({
  code: 'check/release-needs-model',
  severity: 'error',
  message: () => 'The stage `release` is required, but there is no model to stage.',
  why: 'Its clauses are asked of a staged champion; without one the requirement would be met by nothing at all.',
  fix: 'Declare `models.champion`, or remove `release` from `requires`.',
})

/** A time clause reads the verdict of a clause that no window decides. */
export const notByWindow = defineDiagnostic<{ id: string }>({
  code: 'check/not-by-window',
  severity: 'error',
  message: ({ id }) => `No window ever decides \`${id}\`.`,
  why: 'Its verdict is read over time, and only clauses on `requests` have one for each window; the condition would never hold.',
  fix: ({ id }) => `Add \`requests\` to the \`of\` of \`${id}\`, or name a clause that is asked of it.`,
})

/** A condition over events that reads none. */
export const readsNothing = defineDiagnostic<{ text: string }>({
  code: 'check/reads-nothing',
  severity: 'error',
  message: ({ text }) => `\`${text}\` reads neither an event nor a verdict.`,
  why: 'A condition over time is asked where something happens; this one would never be asked.',
  fix: 'Compare `kind` or `subject`, or read a verdict: `violated("…")`.',
})

/** An `always` clause, and nowhere a window. */
export const noWindow = defineDiagnostic<{ id: string }>({
  code: 'check/no-window',
  severity: 'error',
  message: ({ id }) => `\`${id}\` has no window to be decided on.`,
  why: '`always` is asked of each window of production traffic, and nothing says how long one is.',
  fix: 'Add `window: 1d`, or `monitor: { windows: [1d] }` for all clauses.',
})

/** A distance from rows that were generated, or that are events. */
export const noSample = defineDiagnostic<{ relation: string }>({
  code: 'check/no-sample',
  severity: 'error',
  message: ({ relation }) => `Nothing can be compared with \`${relation}\`.`,
  why: 'A distance compares two samples; generated requests and events are samples of nothing.',
  fix: 'Compare with a dataset or one of its splits.',
})
