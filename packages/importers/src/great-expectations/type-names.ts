import type { ColumnType } from '@plumbline/core'

const NAMES: readonly (readonly [ColumnType, RegExp])[] = [
  [
    'integer',
    /^(u?int(eger|_|8|16|32|64|c|p)?|(tiny|small|big|medium|long|short|byte)(int|integer|type)?|int[248]|integertype|u?int\d+dtype|serial)$/,
  ],
  ['number', /^(float(_|16|32|64|type|\d*dtype)?|double(_precision|type)?|real|numeric|decimal(type)?|number|half)$/],
  ['boolean', /^(bool(_|ean|eantype)?|boolean(type|dtype)?|bit)$/],
  [
    'timestamp',
    /^(datetime(64|type)?(\[ns.*\])?|timestamp(type|_ntz|tz)?|datetime64|date|datetype|datetimetzdtype(type)?)$/,
  ],
  ['text', /^(str(_|ing|ingtype|ingdtype)?|string(type|dtype)?|text|n?varchar|n?char|character_varying|unicode)$/],
]

/**
 * The column type that a name of pandas, Spark or SQL stands for; undefined for names without one (`object`, `JSON`) and for unknown ones.
 */
export function typeNamed(name: string): ColumnType | undefined {
  const word = name
    .trim()
    .toLowerCase()
    .replace(/^(numpy|np|pandas|pd)\./, '')
    .replace(/\s*\(.*\)$/, '')
    .replaceAll(' ', '_')
  return NAMES.find(([, pattern]) => pattern.test(word))?.[0]
}
