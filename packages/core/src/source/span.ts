/** A place in one source file: a half-open range of UTF-16 offsets. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** A value together with the place where its author wrote it. */
export interface Located<T> {
  readonly value: T
  readonly span: Span
}
