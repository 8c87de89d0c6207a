import { InputError } from '../base/problems'
import type { Imported, ImportOptions } from './imported'
import { IMPORTED_STEPS, importModel } from './importer'
import { importKeras } from './keras'
import { openKeras } from './keras/file'
import { AGAIN, refusal } from './refusal'
import { isSafetensors, readTorch } from './torch'

/** How `pickle` begins: PROTO, and a version of it. So may the length of a header of safetensors. */
const isPickle = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x80 && bytes[1]! >= 1 && bytes[1]! <= 5 && !isSafetensors(bytes)
/** Whether a zip file is one of `torch.save`: a pickle is its heart. */
function isTorchZip(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false
  // The first local header names the first entry, `NAME/data.pkl`, or `NAME/.format_version`.
  const name = new TextDecoder('latin1').decode(bytes.subarray(30, 330))
  return /^[^/]*\/(?:data\.pkl|\.format_version|\.data|version|byteorder)/.test(name)
}

/**
 * Takes over a model out of its file: of Keras, or what `gradient_clinic.export` wrote. Nothing in it is executed.
 * @throws InputError for a file of another kind, a damaged or hostile one; naming each layer that can't be taken over
 */
export async function openModel(bytes: Uint8Array, options: ImportOptions = {}): Promise<Imported> {
  if (!bytes.length)
    throw refusal(
      'model',
      'is an empty file, cut off while being written or copied',
      '是空文件，在写入或复制时被截断',
      ...AGAIN
    )
  if (isPickle(bytes) || isTorchZip(bytes))
    throw refusal(
      'model',
      'was written by torch.save or pickle, which is a program that runs when it is loaded, and is not read here',
      '由 torch.save 或 pickle 写出，那是载入时会运行的程序，这里不读取',
      'load it where you trust it, and write the model by gradient_clinic.export(model, sample, path)',
      '请在可信之处载入，并用 gradient_clinic.export(model, sample, path) 写出模型'
    )
  try {
    return isSafetensors(bytes)
      ? importModel(readTorch(bytes, IMPORTED_STEPS), options)
      : await openKeras(bytes, (model) => importKeras(model, options))
  } catch (error) {
    if (error instanceof InputError) throw error
    // What no writer of models makes: values of kinds, or in places, that none of them has.
    const { message } = error as Error
    const said = message.slice(0, 200)
    throw refusal(
      'model',
      `its description is not sound (${said})`,
      `其描述有误（${said}）`,
      'write it anew by model.save of Keras, or by gradient_clinic.export',
      '请用 Keras 的 model.save 或 gradient_clinic.export 重新写出'
    )
  }
}
