import { formatOf, FORMAT_BYTES } from '../shared/catalog/datasets/parts/formats'
import type { InputError } from '../shared/base/problems'
import { unzip } from '../shared/base/zip'
import { bad } from './args'

const MANIFEST = 'project.json'
const MODEL = /(?:^|\/)(?:data\.pkl|model\.weights\.h5)$/
const model = (name: string, en: string, zh: string): InputError =>
  bad(
    name,
    `is ${en}, not an experiment: clinic import makes an experiment of it`,
    `是 ${zh}，而不是实验：请用 clinic import 将其转换为实验`
  )

/**
 * The refusal of a zip that is no saved project; undefined of one that is, or can't be read.
 * @param name of the file
 */
export function foreignZip(bytes: Uint8Array, name: string): InputError | undefined {
  let names: readonly string[]
  try {
    names = unzip(bytes, { file: 1e9, entries: 100_000, entry: 1e9, total: 4e9 }, 'any').names
  } catch {
    return undefined
  }
  if (names.includes(MANIFEST)) return undefined
  if (names.some((n) => MODEL.test(n))) return model(name, 'a model of Keras or PyTorch', 'Keras 或 PyTorch 模型')
  return bad(name, `is a zip without ${MANIFEST}: no saved project`, `是不含 ${MANIFEST} 的 zip：不是保存的项目`)
}
/** The refusal of a file whose start tells that it is no JSON; undefined of others. @param name of the file */
export function foreignBytes(bytes: Uint8Array, name: string): InputError | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, FORMAT_BYTES))
  if (/^[^]{4}\0{4}\{/.test(start)) return model(name, 'a file of weights (safetensors)', '权重文件（safetensors）')
  if (start.startsWith('\x1f\x8b')) return bad(name, 'is packed with gzip: unpack it first', '由 gzip 压缩：请先解压')
  if (start.startsWith('\x89HDF')) return model(name, 'an HDF5 file', 'HDF5 文件')
  // What stands for JSON there is what is looked for here.
  const format = /^[\s\ufeff]*[[{]/.test(start) ? undefined : formatOf(start, false)
  return format && bad(name, `is ${format.en}, not an experiment`, `是 ${format.zh}，而不是实验`)
}
/** The refusal of what other programs, and this one, write as JSON that is no experiment; undefined of others. */
export function foreignJson(value: Readonly<Record<string, unknown>>, name: string): InputError | undefined {
  if (value['format'] === 'gradient-clinic/run')
    return bad(
      name,
      'is the record of a run, not an experiment: write its part "experiment" (as it was chosen) or "effective" (with its remedies applied) into a file of its own',
      '是一次运行的记录，而不是实验：请将其中的 "experiment"（所选）或 "effective"（已应用补救）另存为文件'
    )
  if (typeof value['class_name'] === 'string' && 'config' in value)
    return model(name, 'a model of Keras as JSON', 'JSON 形式的 Keras 模型')
  return undefined
}
