// cspell:ignore ISODate
/** A possible call: a name with brackets behind it, perhaps between the slashes of JSON. */
const CALL = /^(?:\\?\/)?(?:new )?[A-Za-z_][\w.]*\(.*\)(?:\\?\/)?$|^b(['"]).*\1$/
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`
const ALSO = String.raw`(?:, ?[\w.]+ ?= ?[^,()]*(?:\(\))?)*`
// cspell:disable
/** Types of Python whose text is a call around one number: np.float64(0.5), tensor(0.5, device='cuda:0'). */
const ONE = new RegExp(
  String.raw`^(?:(?:np|numpy|torch|tf|jnp|decimal|builtins)\.)?(?:u?int\d*|float\d*|double|half|longlong|bool_?|tensor|Tensor|array|Array|Decimal|scalar)\(\[?\s*['"]?(${NUMBER}|True|False)['"]?\s*\]?${ALSO}\)$`
)
/** Milliseconds since 1970 in JSON of .NET and JavaScript. The zone behind them does not change the time. */
const MILLISECONDS = /^(?:\\?\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?\/|new Date\((-?\d{1,15})\)|Date\((\d{11,15})\))$/
/** A date in quotes within a call: Timestamp('2024-01-05 10:00'), ISODate("2024-01-05"). */
const QUOTED =
  /^(?:new )?(?:(?:pd|pandas|np|numpy|datetime)\.)?(?:Timestamp|datetime64|ISODate|Date|DateTime|date|Period|to_datetime)\((['"])([^'"]*)\1(?:, ?[^()]*)?\)$/
/** A date in parts: datetime.date(2024, 1, 5), datetime.datetime(2024, 1, 5, 10, 0). */
const PARTS = /^datetime\.(?:date|datetime)\((\d{4}), ?(\d{1,2}), ?(\d{1,2})((?:, ?\d+){0,4})\)$/
// cspell:enable

/**
 * What stands in a cell that holds the text of a value as Python, JavaScript or .NET print it: the number of
 * np.float64(0.5), the time of /Date(1234567890000)/, the text of b'yes'. Other cells stay as they are.
 */
export function unwrapped(cell: string): string {
  if (!CALL.test(cell)) return cell
  const ms = MILLISECONDS.exec(cell)
  if (ms) {
    const at = new Date(Number(ms[1] ?? ms[2] ?? ms[3]))
    return Number.isNaN(at.getTime()) ? cell : at.toISOString()
  }
  const parts = PARTS.exec(cell)
  if (parts) {
    const [hour = 0, minute = 0, second = 0, micro] = parts[4]!.split(',').slice(1).map(Number)
    const two = (n: number | string): string => String(n).padStart(2, '0')
    const fraction = micro === undefined ? '' : `.${String(micro).padStart(6, '0')}`
    return `${parts[1]}-${two(parts[2]!)}-${two(parts[3]!)} ${two(hour)}:${two(minute)}:${two(second)}${fraction}`
  }
  const bytes = /^b(['"])(.*)\1$/.exec(cell)
  return ONE.exec(cell)?.[1] ?? QUOTED.exec(cell)?.[2] ?? bytes?.[2] ?? cell
}
