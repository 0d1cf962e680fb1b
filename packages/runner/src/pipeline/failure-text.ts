import { artifactFailureText, failureText } from '@plumbline/store'
import type { PipelineFailure } from './stage.ts'

/** One or two sentences for a failure: what happened and, where it is not plain, what to do. */
export function pipelineFailureText(failure: PipelineFailure): string {
  switch (failure.kind) {
    case 'bad-name':
      return `A stage cannot be called ${JSON.stringify(failure.stage)}: use letters, digits, - and _.`
    case 'duplicate-stage':
      return `Two stages are called ${failure.stage}.`
    case 'bad-command':
      return `The command of stage ${failure.stage} cannot be run: ${failure.why}.`
    case 'bad-params':
      return `The params of stage ${failure.stage} cannot be passed on: ${failure.why}.`
    case 'unknown-param':
      return `The command of stage ${failure.stage} uses \${params.${failure.param}}, which its params do not have.`
    case 'bad-path':
      return `Stage ${failure.stage} cannot use the path ${JSON.stringify(failure.path)}: ${failure.why}.`
    case 'two-producers':
      return `The file ${failure.path} is made by two stages, ${failure.stages[0]} and ${failure.stages[1]}.`
    case 'missing-need':
      return `Stage ${failure.stage} needs ${failure.path}, which does not exist and which no stage makes.`
    case 'cycle':
      return `The stages need each other in a circle: ${[...failure.stages, failure.stages[0]].join(' → ')}.`
    case 'unknown-stage':
      return `There is no stage called ${failure.stage}; there are: ${failure.known.join(', ')}.`
    case 'untrusted':
      return `Stage ${failure.stage} would start ${failure.command[0]}, but this project is not trusted.`
    case 'not-started':
      return `The program of stage ${failure.stage} could not be started: ${failure.error.message}.`
    case 'stage-failed': {
      const end = failure.signal === null ? `with exit code ${failure.exitCode}` : `by the signal ${failure.signal}`
      return `The program of stage ${failure.stage} ended ${end}. Its output is in ${failure.log}.`
    }
    case 'missing-output':
      return `Stage ${failure.stage} ended well but did not make ${failure.path}. Its output is in ${failure.log}.`
    case 'needs-changed':
      return `The file ${failure.path} changed while stage ${failure.stage} was reading it; run again.`
    case 'interrupted':
      return `Interrupted in stage ${failure.stage}; the stages before it are kept.`
    case 'host':
      return `Stage ${failure.stage} failed: ${failure.error.message}.`
    case 'artifact':
      return `Stage ${failure.stage} failed: ${artifactFailureText(failure.failure)}`
    case 'busy':
      return 'Another run of this project is going on; wait for it to end.'
    case 'state':
      return `The state directory cannot be used: ${failure.error.message}.`
    case 'ledger':
      return `The run could not be recorded: ${failureText(failure.failure)}.`
  }
}
