const words = (text: string): string[] => text.split(' ')

/** Signs and codes of currencies, before or after an amount. */
export const CURRENCY = String.raw`(?:[A-Z]{1,3}\$|\p{Sc}|R\$|USD|EUR|GBP|JPY|CNY|RMB|CHF|INR|KRW|RUB|BRL|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|TRY|ZAR|MXN|SGD|HKD|ILS|THB|IDR|MYR|PHP|VND|TWD|UAH|RON|BGN|AED|SAR|ARS|CLP|COP|EGP|Fr\.?|Rs\.?|Rp\.?|RM|kr\.?|zł|Kč|Ft|lei|руб\.?)`

// cspell:ignore Millionen Milliarden
/** Words behind a number that multiply it, where a column has several of them. */
export const MAGNITUDES = new Map<string, number>(
  Object.entries({
    1e3: 'k K tsd Tsd. thousand 千',
    1e4: '万',
    1e5: 'lakh lakhs Lakh Lakhs lac lacs Lac Lacs',
    1e6: 'M Mio Mio. mn million Million Millionen millions 百万',
    1e7: 'crore crores Crore Crores cr Cr 千万',
    1e8: '亿',
    1e9: 'B G bn Mrd Mrd. billion Billion billions Milliarden',
    1e12: 'T tn trn trillion'
  }).flatMap(([factor, names]) => words(names).map((name) => [name, Number(factor)] as const))
)

const PREFIXES = ['', ...words('k M G T m c d h µ μ u n p')]
const PREFIXED = words(
  'm g W Wh V A Hz Pa J N l L B b bit bps s F Ω mol eV cal Bq Sv T m2 m3 m² m³ m^2 m^3 t bar lm lx'
)
// cspell:disable
const OTHERS = [
  '% ‰ pct percent ppm ppb bp ° °C °F ºC ºF ℃ C F K deg rad dB dBm dBA psi atm mmHg hp PS rpm fps bpm',
  'h hr hrs hour hours min mins minute minutes sec secs second seconds d day days w wk week weeks mo month months',
  'y yr yrs year years Jahre Tage Std Std. Stunden Uhr',
  'in inch inches " \' ″ ′ ft feet foot yd mi mile miles nm ac acre acres ha qm sqm sqft mph kmh km/h kph m/s m/s2 kn kt',
  'lb lbs pound pounds oz st ton tons tonne tonnes kgs gal pt qt cc ccm mpg L/100km l/100km',
  'g/l g/L mg/l mg/L mg/dl mg/dL mmol/l mmol/L IU U/l U/L kcal',
  'KB KiB MiB GiB TiB byte bytes px pcs Stk Stück x meter meters metre metres gram grams liter liters litre litres',
  'cent cents ct Euro euro euros dollar dollars rupee rupees Rupees',
  '元 圆 块 角 分 円 원 米 厘米 毫米 公里 千米 克 千克 公斤 斤 吨 升 毫升 度 秒 分钟 小时 时 天 日 周 月 年 岁',
  '个 人 次 件 台 辆 平方米 立方米 亩 公顷'
  // cspell:enable
].flatMap(words)
const UNITS = new Set([...PREFIXED.flatMap((unit) => PREFIXES.map((p) => p + unit)), ...OTHERS])
const MONEY = new RegExp(`^${CURRENCY}$`, 'u')
/** Whether a word behind a number is a unit, a currency or the like: 5 kg, and not 5a. */
export const isUnit = (word: string): boolean => UNITS.has(word) || MONEY.test(word)
