export { type DraftRequest, draftSpec, type SpecDraft } from './draft-spec.ts'
