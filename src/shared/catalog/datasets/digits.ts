import { tableText } from './parts/tables'
import type { DataInfo, Dataset } from './types'

const PIXELS = 64
const INFO: DataInfo = {
  inputShape: [PIXELS],
  targetShape: [10],
  task: 'multiclass',
  count: 1797,
  classes: Array.from({ length: 10 }, (_, i) => String(i)),
  featureNames: Array.from({ length: PIXELS }, (_, i) => `pixel${i >> 3}${i & 7}`)
}
let parsed: { x: Uint8Array; label: Uint8Array } | undefined

/** Pixels 0–16 and labels, read once and only when somebody loads them. */
function read(): { x: Uint8Array; label: Uint8Array } {
  const x = new Uint8Array(INFO.count * PIXELS)
  const label = new Uint8Array(INFO.count)
  const lines = tableText('digits').trim().split(/\r?\n/)
  if (lines.length !== INFO.count + 1)
    throw new Error(`digits.csv has ${lines.length - 1} rows instead of ${INFO.count}`)
  for (let i = 0; i < INFO.count; i++) {
    const cells = lines[i + 1]!.split(',')
    for (let d = 0; d < PIXELS; d++) x[i * PIXELS + d] = Number(cells[d])
    label[i] = Number(cells[PIXELS])
  }
  return { x, label }
}
const copy = (): DataInfo => ({ ...INFO, classes: [...INFO.classes!], featureNames: [...INFO.featureNames!] })

const digits: Dataset = {
  id: 'digits',
  name: { en: 'Digits 8×8', zh: '手写数字 8×8' },
  doc: {
    en: '1,797 handwritten digits of 8 × 8 pixels with 17 grey levels, ten classes (UCI, CC BY 4.0). Ships with the app.',
    zh: '1797 个手写数字，8 × 8 像素，17 级灰度，十个类别（UCI，CC BY 4.0）。随软件提供。'
  },
  fields: {},
  standardize: true,
  python: 'values',
  describe: copy,
  load() {
    const { x, label } = (parsed ??= read())
    const y = new Float32Array(INFO.count * 10)
    label.forEach((k, i) => (y[i * 10 + k] = 1))
    // Grey levels in 0 … 1 are sensible inputs even without standardisation.
    return { ...copy(), x: Float32Array.from(x, (v) => v / 16), y }
  }
}
export default digits
