export { marginOf, type ValueOf } from './margin.ts'
