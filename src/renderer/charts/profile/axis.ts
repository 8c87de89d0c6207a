import type { Scale } from '@shared/catalog/statistics/types'
import { decade, short } from '../format'
import type { Range } from '../range'
import { zeroIsSpecial } from '../scales'

const isLog = (scale: Scale): boolean => scale === 'log' || scale === 'count'
/** Coordinate of a value along the value axis; undefined for a value that has no place on it. */
export function profileX(value: number | undefined, scale: Scale): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined
  if (scale === 'ratio') return value === 0 ? undefined : Math.log2(Math.abs(value))
  if (scale === 'count' && value === 0) return -1
  if (isLog(scale)) return value === 0 ? undefined : Math.log10(Math.abs(value))
  return value
}
/** What to mark a value as that is off the scale; undefined for one that is on it. */
export function offScale(value: number | undefined, scale: Scale): 'nan' | 'inf' | 'zero' | undefined {
  if (value === undefined) return undefined
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return 'inf'
  return value === 0 && zeroIsSpecial(scale) ? 'zero' : undefined
}

/** Round labels along the value axis. @param width CSS pixels of the axis. @returns coordinates as of `profileX` */
export function valueTicks(scale: Scale, [low, high]: Range, width: number): { at: number; text: string }[] {
  const room = Math.max(2, Math.floor(width / 40))
  if (isLog(scale)) {
    const step = [1, 2, 3, 4, 5, 10, 20].find((s) => (high - low) / s < room) ?? 40
    const out: { at: number; text: string }[] = []
    for (let d = Math.ceil(low); d <= high; d++)
      if ((high > 0 ? d : d - Math.ceil(low)) % step === 0)
        out.push({ at: d, text: scale === 'count' && d < 0 ? '0' : decade(d) })
    return out
  }
  if (scale === 'ratio') {
    const out: { at: number; text: string }[] = []
    const step = room >= 7 ? 1 : 3
    for (let p = Math.ceil(low / step) * step; p <= high; p += step)
      out.push({ at: p, text: p < 0 ? `1/${2 ** -p}` : String(2 ** p) })
    return out
  }
  const parts = room >= 5 ? 4 : 2
  return Array.from({ length: parts + 1 }, (_, i) => {
    const v = low + ((high - low) * i) / parts
    return { at: v, text: scale === 'share' ? `${Math.round(100 * v)} %` : short(v) }
  })
}
