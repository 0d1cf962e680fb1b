import type { StepPattern } from '../step-pattern.ts'
import { dataSteps } from './data.ts'
import { fairnessSteps } from './fairness.ts'
import { imageSteps } from './images.ts'
import { metricSteps } from './metrics.ts'
import { noiseSteps } from './noise.ts'
import { operationSteps } from './operation.ts'
import { robustnessSteps } from './robustness.ts'
import { splitSteps } from './splits.ts'
import { subjectSteps } from './subject.ts'
import { trainingSteps } from './training.ts'

/** All sentences of the library, area by area. */
export const stepLibrary: readonly StepPattern[] = [
  ...subjectSteps,
  ...dataSteps,
  ...splitSteps,
  ...trainingSteps,
  ...metricSteps,
  ...fairnessSteps,
  ...robustnessSteps,
  ...noiseSteps,
  ...imageSteps,
  ...operationSteps,
]
