import { createRequire } from 'node:module'
import type * as Tables from '@shared/catalog/datasets/parts/tables'

let loaded: typeof Tables | undefined

/** Of a table that ships with the app; the build puts all of them into a file beside this one. */
export const tableText: typeof Tables.tableText = (name) =>
  (loaded ??= createRequire(__filename)('./tables.js') as typeof Tables).tableText(name)
