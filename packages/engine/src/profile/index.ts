export {
  type ColumnPicture,
  type DatasetPicture,
  datasetPicture,
  type PictureRequest,
  type SidePicture,
} from './picture.ts'
export type { Profiled, ProfileFailure, ProfileFailureCode } from './failure.ts'
export { profileFile, type ProfileRequest } from './profile-file.ts'
