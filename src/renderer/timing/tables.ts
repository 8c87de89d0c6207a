import { shallowRef } from 'vue'
import type * as Tables from '@shared/catalog/datasets/parts/tables'

/** The tables that ship with the app, once something has asked for one of them. */
export const tables = shallowRef<typeof Tables>()
let loading: Promise<void> | undefined

/** A table was asked for that is on its way. */
export class TablesMissing extends Error {}

/** Loads the tables that ship with the app, once. */
export const tablesReady = (): Promise<void> =>
  (loading ??= import('@shared/catalog/datasets/parts/tables').then((all) => void (tables.value = all)))

/** @throws TablesMissing until they are loaded, which begins with the first call */
export const tableText: typeof Tables.tableText = (name) => {
  if (tables.value) return tables.value.tableText(name)
  void tablesReady()
  throw new TablesMissing('the tables that ship with the app are not loaded yet')
}
