import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { readFile, realpath, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { AppInfo } from '@shared/ipc/app'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'

const PACKAGE = '@tensorflow/tfjs-node'
const HOW: Pick<Problem, 'path'> = { path: 'native' }
const missing = (what: string): AppInfo['native'] => ({
  ok: false,
  problems: [
    {
      ...HOW,
      message: {
        en: `The training library is not in place: ${what} is missing. Building and opening projects works, training does not. Run "npm run setup" in the program's folder, or install the program again; then start it again.`,
        zh: `训练所需的原生库未就绪：缺少 ${what}。可以搭建网络、打开项目，但无法训练。请在程序文件夹中运行 “npm run setup”，或重新安装程序；然后重新启动。`
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
  // Official builds and the ones made from a wheel name it differently, and a package has the latter alone; where it
  // lies elsewhere (Windows) only the binding is looked for.
  const parts = [
    [join('lib', 'napi-v8', 'tfjs_binding.node')],
    ...(platform === 'linux'
      ? [[lib('libtensorflow.so.2'), lib('libtensorflow_cc.so.2'), lib('libtensorflow.so')]]
      : [])
  ]
  for (const names of parts) {
    // `existsSync` follows links: one to nothing is missing.
    if (!names.some((name) => existsSync(join(found.folder, name))))
      return { native: missing(join(PACKAGE, names[0]!)), version: found.version }
  }
  return { native: { ok: true }, version: found.version }
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  return pipeline(createReadStream(path), hash).then(
    () => hash.digest('hex'),
    () => undefined
  )
}
/** Native files that are not what set-up has put there, by the hashes that it noted beside them. */
async function damagedFiles(folder: string): Promise<string[]> {
  const out: string[] = []
  for (const part of ['deps', 'lib']) {
    const base = await realpath(join(folder, part)).then(
      (at) => (part === 'lib' ? dirname(at) : at),
      () => ''
    )
    const noted = await readFile(join(base, 'manifest.json'), 'utf8').catch(() => '{}')
    const { files = {} } = JSON.parse(noted) as { files?: Record<string, string> }
    for (const [name, hash] of Object.entries(files))
      if ((await hashOf(join(base, name))) !== hash) out.push(join(base, name))
  }
  return out
}
const REPAIR: Text = {
  en: 'Run "npm run setup -- --verify" in the program\'s folder, or install the program again; then start it again.',
  zh: '请在程序文件夹中运行 “npm run setup -- --verify”，或重新安装程序；然后重新启动。'
}
const crashed = (what: Text): Problem => ({
  ...HOW,
  message: {
    en: `The training library cannot be loaded: the process that loads it ends at once. ${what.en} ${REPAIR.en}`,
    zh: `训练所需的原生库无法加载：加载它的进程立即结束。${what.zh}${REPAIR.zh}`
  }
})
/** Told at once of a trainer that ends while it loads the library. */
export const cannotLoad = (): Problem => crashed({ en: 'A file of it may be damaged.', zh: '其文件可能已损坏。' })

/**
 * Looks for the reason why a trainer ends while it loads the library. Damage lets the next set-up look at every file;
 * a sound library leaves no mark, for then something else has ended the trainer.
 * @returns the problem, naming the damaged files, if there are any
 */
export async function findDamage(found = packageFolder()): Promise<Problem | undefined> {
  if (!found) return undefined
  const files = await damagedFiles(found.folder)
  if (!files.length) return undefined
  const notes = join(found.folder, '..', '..', '.gradient-clinic')
  // Only set-up has that folder; an installed program is repaired by installing it again.
  if (existsSync(notes)) await writeFile(join(notes, 'verify'), '').catch(() => undefined)
  const names = files.join(', ')
  return crashed({ en: `Damaged: ${names}.`, zh: `已损坏：${names}。` })
}
