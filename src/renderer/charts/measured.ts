import type { Text } from '@shared/base/text'
import { statistics } from '@shared/catalog/statistics'
import { exact, percent, short } from './format'

/** A statistic with its value, for a list of all that was measured of one layer. */
export interface Measured {
  id: string
  name: string
  doc: string
  /** The value as it is shown, and with all its digits. */
  text: string
  exact: string
  /** Not a number, or infinite. */
  isBad: boolean
}
/** @param valueOf a statistic; undefined where it was not measured @param tx a text in the language of the window */
export const measuredOf = (
  valueOf: (statistic: string) => number | undefined,
  tx: (text: Text) => string
): Measured[] =>
  statistics.all.flatMap((s) => {
    const v = valueOf(s.id)
    if (v === undefined) return []
    const text = s.scale === 'share' ? percent(v) : short(v)
    return [{ id: s.id, name: tx(s.name), doc: tx(s.doc), text, exact: exact(v), isBad: !Number.isFinite(v) }]
  })
