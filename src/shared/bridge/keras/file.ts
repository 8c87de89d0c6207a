import { type Dataset, File, type Group, ready } from 'h5wasm'
import { InputError } from '../../base/problems'
import { sizeOf } from '../../base/sizeOf'
import { parseJsonText } from '../../base/json'
import { asObject } from '../../base/objects'
import { unzip, ZipError } from '../../base/zip'
import { AGAIN, refusal } from '../refusal'
import type { NamedTensor } from '../safetensors'
import { hasSoundHeaps } from './globalHeap'
import type { KerasLayer } from './graph'
import type { KerasModel } from './types'

/** Bytes of a file, and numbers in all of its weights. */
const MOST = { file: 2e9, json: 64e6, numbers: 250e6 }
/** Unpacked bytes for each byte of a zip file, at most: Keras packs nothing, others some of it. */
const UNPACKED = { each: 20, free: 100e6 }
/** @param instead what to do about it; by default the file is taken for damaged */
const refuse = (en: string, zh: string, instead = AGAIN): InputError => refusal('model', en, zh, ...instead)
const SAVED: [en: string, zh: string] = [
  'open a .keras file, an .h5 file of model.save, or the text of model.to_json()',
  '请打开 .keras 文件、model.save 的 .h5 文件，或 model.to_json() 的文本'
]
const PART: [en: string, zh: string] = ['save a part of the model', '请保存模型的一部分']

const isGroup = (v: unknown): v is Group => v !== null && typeof v === 'object' && (v as Group).type === 'Group'
const isDataset = (v: unknown): v is Dataset => v !== null && typeof v === 'object' && (v as Dataset).type === 'Dataset'

/** A file of HDF5 in memory. It reaches no other file: what a link outside names is not there. */
class Hdf5 {
  private static opened = 0
  /** Numbers that may still be read. A number takes a byte of the file at least: other claims are fill values. */
  private left: number
  private constructor(
    private readonly file: File,
    size: number,
    private readonly forget: () => void
  ) {
    this.left = Math.min(MOST.numbers, size)
  }

  static async open(bytes: Uint8Array): Promise<Hdf5> {
    const damaged = refuse('the file of weights is damaged, or no HDF5', '权重文件已损坏，或不是 HDF5')
    if (!hasSoundHeaps(bytes)) throw damaged
    const module = await ready
    const { FS } = module
    // What is wrong is told in our own words: without this HDF5 writes pages about it to standard error.
    module.activate_throwing_error_handler()
    const name = `model${++this.opened}.h5`
    FS.writeFile(name, bytes)
    try {
      const file = new File(name, 'r')
      if (file.file_id < 0n) throw new Error('no file')
      return new Hdf5(file, bytes.length, () => FS.unlink(name))
    } catch {
      FS.unlink(name)
      throw damaged
    }
  }
  /** A text attribute of the file, or undefined. */
  text(name: string): string | undefined {
    const value: unknown = this.file.attrs[name]?.value
    return typeof value === 'string' ? value : value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined
  }
  group(path: string): Group | undefined {
    const found = this.file.get(path)
    return isGroup(found) ? found : undefined
  }
  /** @throws InputError for anything but numbers, and beyond the limit */
  tensor(path: string): NamedTensor {
    const found = this.file.get(path)
    if (!isDataset(found)) throw refuse(`its weights lack “${path}”`, `权重中缺少 “${path}”`)
    const shape = found.shape ?? []
    this.left -= sizeOf(shape)
    if (!(this.left >= 0))
      throw refuse(
        `“${path}” claims more numbers than the file has bytes, or than ${MOST.numbers / 1e6} million`,
        `“${path}” 声称的数值多于文件字节数或 ${MOST.numbers / 1e6} 百万个`
      )
    const { value } = found
    const isOne = typeof value === 'number' || typeof value === 'bigint'
    const list = isOne ? [value as number] : (value as unknown as ArrayLike<number>)
    // Whole numbers of 64 bits come as such.
    const values = Float32Array.from(list, Number)
    if (typeof list[0] === 'string' || values.length !== sizeOf(shape))
      throw refuse(`“${path}” holds no numbers`, `“${path}” 不是数值`)
    return { shape: [...shape], values }
  }
  close(): void {
    this.file.close()
    this.forget()
  }
}

/** Tensors of a group by their numbers: 0, 1 … */
const numbered = (file: Hdf5, place: string): NamedTensor[] =>
  (file.group(place)?.keys() ?? []).sort((a, b) => Number(a) - Number(b)).map((name) => file.tensor(`${place}/${name}`))
/** A name that was kept as UTF-8, of which the reader of HDF5 makes one letter of each byte. */
function named(text: string): string {
  const codes = Array.from(text, (c) => c.codePointAt(0)!)
  if (codes.every((c) => c < 0x80) || codes.some((c) => c > 0xff)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes))
  } catch {
    return text
  }
}
/** Names of the tensors of a group of an `.h5` file, in the order in which it lists them. */
function namesIn(file: Hdf5, group: string): string[] {
  const value: unknown = file.group(group)?.attrs['weight_names']?.value
  return (Array.isArray(value) ? value : typeof value === 'string' ? [value] : []).map((n) => named(String(n)))
}
/** Tensors of a group of an `.h5` file, in the order in which it lists them. */
function listed(file: Hdf5, group: string): NamedTensor[] {
  return namesIn(file, group).map((n) => file.tensor(`${group}/${n}`))
}
/**
 * The weights of a layer in a file of Keras 3: `layers/dense/vars/0`, and of a recurrent one `layers/lstm/cell/vars/0`.
 */
function byPath(file: Hdf5, layer: KerasLayer): NamedTensor[] {
  for (const place of [`${layer.path}/vars`, `${layer.path}/cell/vars`]) {
    const tensors = numbered(file, place)
    if (tensors.length) return tensors
  }
  // Both directions of a Bidirectional, the forward one first; the layer inside a TimeDistributed.
  const [both, inner] = [`${layer.path}/forward_layer/cell/vars`, `${layer.path}/layer/vars`]
  const place = file.group(both) ? both : file.group(inner) ? inner : undefined
  if (place === undefined) return []
  const tensors = (file.group(place)?.keys() ?? []).sort().map((name) => file.tensor(`${place}/${name}`))
  // The reverse half is not used, but counts: what reads a layer's weights takes the first half of them.
  return place === both ? [...tensors, ...tensors] : tensors
}
/** The weights of a layer in an `.h5` file: listed by name, in groups named after the layers of the outermost model. */
function byName(file: Hdf5, layer: KerasLayer): NamedTensor[] {
  const all = file.group('model_weights')?.keys() ?? []
  const own = all.includes(layer.name) ? [layer.name] : all
  for (const group of own) {
    const names = namesIn(file, `model_weights/${group}`)
    const found =
      own.length === 1 && own[0] === layer.name ? names : names.filter((n) => n.split('/').includes(layer.name))
    if (found.length) return found.map((n) => file.tensor(`model_weights/${group}/${n}`))
  }
  return []
}
const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b
const isHdf5 = (bytes: Uint8Array): boolean => bytes[0] === 0x89 && bytes[1] === 0x48 && bytes[2] === 0x44

async function withWeights<T>(bytes: Uint8Array, use: (file: Hdf5) => T): Promise<T> {
  const file = await Hdf5.open(bytes)
  try {
    return use(file)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw refuse('the file of weights is damaged', '权重文件已损坏')
  } finally {
    file.close()
  }
}

/**
 * Opens what Keras wrote, `.keras`, `.h5` or the JSON of `model.to_json()`, and hands it to `use`, during which weights
 * can be read. Nothing in the file is executed.
 * @throws InputError for a file of another kind, a damaged one, and one beyond the limits
 */
export async function openKeras<T>(bytes: Uint8Array, use: (model: KerasModel) => T): Promise<T> {
  if (bytes.length > MOST.file) throw refuse(`is larger than ${MOST.file / 1e9} GB`, `大于 ${MOST.file / 1e9} GB`, PART)
  const json = (data: Uint8Array, name: string): unknown => parseJsonText(new TextDecoder().decode(data), name, false)
  if (isHdf5(bytes))
    return withWeights(bytes, (file) => {
      const model = file.text('model_config')
      if (model === undefined)
        throw refuse('holds weights alone', '只含权重', [
          'save the whole model (model.save), not only its weights',
          '请保存整个模型（model.save），而不只是权重'
        ])
      const compiled = file.text('training_config')
      return use({
        model: JSON.parse(model),
        ...(compiled !== undefined && { compiled: JSON.parse(compiled) }),
        weightsOf: (layer) => byName(file, layer),
        optimizerVariables: () => listed(file, 'optimizer_weights')
      })
    })
  if (!isZip(bytes)) {
    if (bytes.length > MOST.json) throw refuse('is no file of Keras', '不是 Keras 文件', SAVED)
    const model = json(bytes, 'model')
    if (typeof asObject(model).class_name !== 'string') throw refuse('is no file of Keras', '不是 Keras 文件', SAVED)
    return use({ model, compiled: asObject(model).compile_config })
  }
  try {
    const most = Math.min(MOST.file, UNPACKED.free + UNPACKED.each * bytes.length)
    const archive = unzip(bytes, { file: MOST.file, entries: 1000, entry: most, total: most }, 'any')
    if (!archive.names.includes('config.json'))
      throw refuse(
        'is a zip file, but not one of Keras (config.json is missing)',
        '是 zip 文件，但不是 Keras 的（缺少 config.json）',
        SAVED
      )
    if (archive.size('config.json') > MOST.json)
      throw refuse(`config.json is larger than ${MOST.json / 1e6} MB`, `config.json 大于 ${MOST.json / 1e6} MB`, PART)
    const model = json(archive.read('config.json'), 'config.json')
    const known = { model, compiled: asObject(model).compile_config }
    if (!archive.names.includes('model.weights.h5')) return use(known)
    return await withWeights(archive.read('model.weights.h5'), (file) =>
      use({
        ...known,
        weightsOf: (layer) => byPath(file, layer),
        optimizerVariables: () => numbered(file, 'optimizer/vars')
      })
    )
  } catch (error) {
    if (!(error instanceof ZipError)) throw error
    const where = error.where ? `${error.where}: ` : ''
    throw refuse(`its zip file is not sound (${where}${error.message})`, `其 zip 文件有误（${where}${error.zh}）`, [
      'copy it again, or save the model anew by model.save',
      '请重新复制，或用 model.save 重新保存模型'
    ])
  }
}
