/**
 * Entry of the process that opens a model of another program: it reads a file that others may have made, and computes
 * the first forward pass. What is wrong with the file may end this process, never the app.
 */
import '../shared/clinic/remedies'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { InputError, problem } from '../shared/base/problems'
import { openModel } from '../shared/bridge/open'
import { startFile } from '../shared/bridge/importer'
import { errorToData } from '../shared/ipc/errors'
import type { ModelRequest, OpenedModel } from '../shared/ipc/model'
import { firstPass } from './firstPass'

const MOST = 1e9
/** What main asks: a file by its path, or one that was dropped. */
interface Question extends ModelRequest {
  paths: [string]
  bytes?: Uint8Array
}
/** The one thing of Electron that is known here. */
interface ParentPort {
  once(event: 'message', listener: (event: { data: Question }) => void): void
  postMessage(message: unknown): void
}

async function open({ paths: [path], bytes, mend, compare }: Question): Promise<OpenedModel> {
  if (!bytes && (await stat(path)).size > MOST)
    throw new InputError([problem(basename(path), `is larger than ${MOST / 1e9} GB`, `大于 ${MOST / 1e9} GB`)])
  const weightsFile = `${basename(path).replace(/\.\w+$/, '')}.safetensors`
  const imported = await openModel(bytes ?? (await readFile(path)), { replace: ['all'], mend, weightsFile })
  const { weights, state: _state, sample: _, ...told } = imported
  const file = weights.size ? { name: weightsFile, bytes: startFile(imported) } : undefined
  const difference = compare && file ? firstPass(imported, { [file.name]: file.bytes }) : undefined
  return {
    ...told,
    count: [...weights.values()].reduce((sum, w) => sum + w.values.length, 0),
    ...(file && { weights: file }),
    ...(difference !== undefined && { difference })
  }
}

const { parentPort } = process as unknown as { parentPort: ParentPort }
parentPort.once('message', ({ data }) => {
  open(data).then(
    (value) => parentPort.postMessage({ value }),
    (error: unknown) => parentPort.postMessage({ error: errorToData(error) })
  )
})
