import { existsSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { constants, cpus } from 'node:os'
import util from 'node:util'
import type { Problem } from '../shared/base/problems'
import type { Text } from '../shared/base/text'
import type { NodeBackend } from '../shared/base/binding'
import type { TF } from '../shared/base/tf'
import { ENGINE_VERSION } from './engineVersion'

/** Something other than the experiment went wrong; `text` says what, for a person. */
export class TrainerError extends Error {
  constructor(
    readonly text: Text,
    readonly problems?: Problem[]
  ) {
    super(text.en)
    this.name = 'TrainerError'
  }
}

export interface TensorFlow {
  tf: TF
  backend: NodeBackend
  /** Of everything that has a part in the numbers. */
  versions: Record<string, string>
}

let loaded: TensorFlow | undefined

/**
 * Electron exports its own malloc, which TensorFlow would pick up and be up to 2.5 × slower. With RTLD_DEEPBIND the
 * addon keeps to the symbols of its own libraries.
 */
function bindDeeply(): void {
  const deep = (constants.dlopen as Record<string, number>)['RTLD_DEEPBIND']
  if (process.platform !== 'linux' || deep === undefined) return
  const extensions = (Module as unknown as { _extensions: Record<string, (m: NodeModule, file: string) => void> })
    ._extensions
  const before = extensions['.node']!
  extensions['.node'] = (m, file) =>
    file.endsWith('tfjs_binding.node') ? process.dlopen(m, file, constants.dlopen.RTLD_NOW | deep) : before(m, file)
}

/** tfjs-node calls two functions that Node 23 removed from `util`. */
function restoreUtil(): void {
  const u = util as unknown as Record<string, unknown>
  u['isNullOrUndefined'] ??= (v: unknown) => v === null || v === undefined
  u['isArray'] ??= Array.isArray
}

function explain(error: unknown): TrainerError {
  const why = error instanceof Error ? error.message.split('\n')[0]! : String(error)
  const missing = /can not be found|Cannot find module|no such file|cannot open shared object/i.test(why)
  const what: Text = missing
    ? { en: 'The native training library is not there', zh: '找不到本地训练库' }
    : { en: 'The native training library cannot be loaded', zh: '本地训练库无法加载' }
  const hint: Text = {
    en: `${what.en}: ${why}. Bring it in with "npm run setup", or install the program again; then start again.`,
    zh: `${what.zh}：${why}。请运行 “npm run setup”，或重新安装程序；然后重新启动。`
  }
  return new TrainerError(hint, [{ path: 'tfjs-node', message: hint }])
}

/** What TensorFlow reads the number of its threads from: within an operation, and among operations. */
const THREADS = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS']

/**
 * Sets how many threads TensorFlow computes with. They split sums, so that the last bits of a run hang on their number.
 * Call it before TensorFlow is loaded. Default: one for each core.
 */
export function useThreads(count: number): void {
  for (const name of THREADS) process.env[name] = String(count)
}

/** Loads tfjs-node, once per process. @throws TrainerError when the native library is missing or wrong. */
export function loadTensorFlow(): TensorFlow {
  if (loaded) return loaded
  // TensorFlow's own lines are for its developers: what goes wrong comes as an exception too. Only the line that it
  // dies with remains.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3'
  // TensorFlow 2.9 turns oneDNN on by itself only on CPUs with AVX-512 VNNI; without it wide and convolutional steps
  // take up to twice as long.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1'
  restoreUtil()
  bindDeeply()
  try {
    const load = createRequire(import.meta.url)
    const root = load.resolve('@tensorflow/tfjs-node/package.json').replace(/package\.json$/, '')
    // Else tfjs-node's own message recommends a download that the set-up has replaced.
    if (!existsSync(`${root}lib`)) throw new Error(`${root}lib: no such file`)
    const tf = load('@tensorflow/tfjs-node') as TF & { version: Record<string, string> }
    if (tf.getBackend() !== 'tensorflow') throw new Error(`tfjs chose the backend "${tf.getBackend()}"`)
    const backend = tf.backend() as unknown as NodeBackend
    const cpu = cpus()
    loaded = {
      tf,
      backend,
      versions: {
        engine: ENGINE_VERSION,
        tensorflow: backend.binding.TF_Version,
        'tfjs-node': tf.version['tfjs-node']!,
        node: process.versions.node,
        ...(process.versions['electron'] && { electron: process.versions['electron'] }),
        platform: `${process.platform}-${process.arch}`,
        cpu: cpu[0]?.model.trim() ?? 'unknown',
        threads: process.env[THREADS[0]!] ?? String(cpu.length)
      }
    }
    return loaded
  } catch (error) {
    throw explain(error)
  }
}
