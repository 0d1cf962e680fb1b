/** What a pack is made of, beside its spec: rows, all with the same columns, and the bytes of its model. */
export interface Pack {
  readonly name: string
  readonly rows: readonly Readonly<Record<string, number | string | boolean>>[]
  readonly model: Uint8Array
}
