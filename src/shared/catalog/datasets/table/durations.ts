const COLONS =
  /^([-+])?(?:(\d+)(?: ?(?:days?|d|天),? |\.(?=\d+:\d{2}:)))?(\d+):(\d{2})(?::(\d{2}))?(?:[.,](\d{1,9}))?$/i
const PART = String.raw`(\d+(?:[.,]\d+)?) ?`
// cspell:ignore Wochen Tage Stunden Minuten Sekunden
const PARTS = new RegExp(
  `^(-)?P?(?:${PART}(?:w|wk|weeks?|Wochen?|周) ?,? ?)?(?:${PART}(?:d|days?|Tage?|天) ?,? ?)?T?(?:${PART}(?:h|hrs?|hours?|Std\\.?|Stunden?|小时|时) ?,? ?)?(?:${PART}(?:m|mins?\\.?|minutes?|Minuten?|分钟|分) ?,? ?)?(?:${PART}(?:s|secs?\\.?|Sek\\.?|seconds?|Sekunden?|秒) ?,? ?)?(?:${PART}(?:ms|msecs?|milliseconds?|毫秒) ?)?(?:${PART}(?:[µμu]s|microseconds?|微秒) ?)?(?:${PART}(?:ns|nanoseconds?|纳秒))?$`,
  'i'
)
/** `9h30`, beside 12h. */
const SHORT = /^(\d{1,3}) ?h ?([0-5]\d)$/i
const SCALES = [604_800, 86_400, 3600, 60, 1, 1e-3, 1e-6, 1e-9]
/** Seconds of a span of time: `1h 30m`, `90 min`, `PT1H`, `25:30`, `2 days 03:04:05`; undefined if this is none. */
export function durationOf(cell: string): number | undefined {
  const m = COLONS.exec(cell)
  if (m) {
    const [, minus, days, a, b, c, fraction] = m
    // 1:30.5 has minutes and seconds, 1:30 hours and minutes.
    const seconds = c === undefined && fraction !== undefined ? +a! * 60 + +b! : +a! * 3600 + +b! * 60 + +(c ?? 0)
    if (+b! > 59 || +(c ?? 0) > 59) return undefined
    return (minus === '-' ? -1 : 1) * (+(days ?? 0) * 86_400 + seconds + +`0.${fraction ?? 0}`)
  }
  const parts = cell && PARTS.exec(cell.replace(SHORT, '$1h$2m'))
  if (!parts || SCALES.every((_, i) => parts[i + 2] === undefined)) return undefined
  const sum = SCALES.reduce((a, scale, i) => a + +(parts[i + 2] ?? '0').replace(',', '.') * scale, 0)
  return parts[1] ? -sum : sum
}
