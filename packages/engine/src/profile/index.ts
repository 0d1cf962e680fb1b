export {
  type DistributionBin,
  type DistributionRequest,
  datasetDistributions,
  type Distribution,
} from './distributions.ts'
export type { Profiled, ProfileFailure, ProfileFailureCode } from './failure.ts'
export { profileFile, type ProfileRequest } from './profile-file.ts'
