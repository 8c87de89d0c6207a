import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { AppInfo } from '@shared/ipc/app'
import type { Problem } from '@shared/base/problems'

const PACKAGE = '@tensorflow/tfjs-node'
const HOW: Pick<Problem, 'path'> = { path: 'native' }
const missing = (what: string): AppInfo['native'] => ({
  ok: false,
  problems: [
    {
      ...HOW,
      message: {
        en: `The training library is not in place: ${what} is missing. Building and opening projects works, training does not. Run "npm run setup" in the program's folder, then start the program again.`,
        zh: `训练所需的原生库未就绪：缺少 ${what}。可以搭建网络、打开项目，但无法训练。请在程序文件夹中运行 “npm run setup”，然后重新启动程序。`
      }
    }
  ]
})

/** Where the training library's package lies, and its version; undefined when it isn't installed. */
function packageFolder(): { folder: string; version: string } | undefined {
  try {
    const file = createRequire(__filename).resolve(`${PACKAGE}/package.json`)
    return {
      folder: dirname(file),
      version: String((JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }).version)
    }
  } catch {
    return undefined
  }
}

/** Looks whether all parts of the training library are there, without loading them: main never does. */
export function checkNative(
  platform: string = process.platform,
  found = packageFolder()
): { native: AppInfo['native']; version?: string } {
  if (!found) return { native: missing(PACKAGE) }
  const lib = (name: string): string => join('deps', 'lib', name)
  // Official builds and the ones made from a wheel name it differently; where it lies elsewhere (Windows) only the
  // binding is looked for.
  const parts = [
    [join('lib', 'napi-v8', 'tfjs_binding.node')],
    ...(platform === 'linux' ? [[lib('libtensorflow.so.2'), lib('libtensorflow.so')]] : [])
  ]
  for (const names of parts) {
    // `existsSync` follows links: one to nothing is missing.
    if (!names.some((name) => existsSync(join(found.folder, name))))
      return { native: missing(join(PACKAGE, names[0]!)), version: found.version }
  }
  return { native: { ok: true }, version: found.version }
}
