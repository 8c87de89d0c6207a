const DIGITS = '零一二三四五六七八九'
/** Other signs of the same digits and steps: those of amounts on cheques, and 两. */
const OTHERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'〇壹贰叁肆伍陆柒捌玖'].map((c, i) => [c, DIGITS[i]!])),
  两: '二',
  兩: '二',
  拾: '十',
  佰: '百',
  仟: '千',
  點: '点'
}
const STEPS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 }

/**
 * The number that words such as 十二, 一百零五 or 三点五 stand for, below ten thousand.
 * @returns undefined for other words
 */
export function chineseNumber(words: string): number | undefined {
  const text = [...words].map((c) => OTHERS[c] ?? c).join('')
  const m =
    /^(?:(?:[一二三四五六七八九]?[千百十]零?)+[一二三四五六七八九]?|[零一二三四五六七八九]+)(?:点[零一二三四五六七八九]+)?$/.exec(
      text
    )
  if (!m) return undefined
  const digit = (c: string): number => DIGITS.indexOf(c)
  const [whole, decimals] = text.split('点') as [string, string | undefined]
  const fraction = decimals ? `.${[...decimals].map(digit).join('')}` : ''
  if (!/[十百千]/.test(whole)) return Number([...whole].map(digit).join('') + fraction)
  let sum = 0
  let ahead: number | undefined
  let step = Infinity
  for (const c of whole) {
    const size = STEPS[c]
    if (size === undefined) {
      ahead = digit(c) || undefined
      continue
    }
    // 十百 is no number.
    if (size >= step) return undefined
    sum += (ahead ?? 1) * size
    step = size
    ahead = undefined
  }
  // 一百五 is 150, and 一百零五 is 105.
  const unit = step > 10 && step < Infinity && !whole.includes('零') ? step / 10 : 1
  return Number(`${sum + (ahead ?? 0) * unit}${fraction}`)
}
