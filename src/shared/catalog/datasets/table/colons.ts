import type { Problem } from '../../../base/problems'
import { clockOf } from './dates'

/**
 * Why a column of numbers between colons can't be read: 59:10 beside 1:02:03 may be minutes and seconds, or hours and
 * minutes. Times of day with hours of two digits (08:30 beside 08:30:15) leave no doubt.
 * @param present cells that are not missing
 */
export function colonsMixed(present: readonly string[], name: string): Problem | undefined {
  const two = present.find((c) => /^\d+:\d{2}$/.test(c))
  const three = present.find((c) => /^\d+:\d{2}:\d{2}$/.test(c))
  if (two === undefined || three === undefined) return undefined
  if (present.every((c) => /^\d{2}:/.test(c) && clockOf(c) !== undefined)) return undefined
  const [a, b] = two.split(':')
  return {
    path: 'data.dataset.features',
    message: {
      en: `column "${name}": beside ${three}, is ${two} ${+a!} minutes and ${+b!} seconds, or ${+a!} hours and ${+b!} minutes? Write all three parts everywhere (0:${two} or ${two}:00), or choose the inputs without the column`,
      zh: `列“${name}”：与 ${three} 并列的 ${two} 是 ${+a!} 分 ${+b!} 秒，还是 ${+a!} 小时 ${+b!} 分？请全部写成三段（0:${two} 或 ${two}:00），或在输入中去掉该列`
    }
  }
}
