import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import type { HomeCheck, Lack, PassedOver } from '@shared/ipc/home'

/** Milliseconds that importing the libraries, and a whole check, may take. */
const IMPORT = 60_000
const CHECK = 300_000
/** How a program is called that printed more than is read. */
const FULL = 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'
/** What is kept of what a check says. */
const TAIL = 2000

interface Said {
  ok: boolean
  /** What it printed; where it failed, its complaint behind that. */
  text: string
  /** It took too long, and was ended. */
  isLate: boolean
  /** Why it could not be started, as the system calls it. */
  code?: string
}
/** What one may ask of a search for a Python, and of a check. */
interface Asked {
  /** The Python that the person chose. */
  chosen?: string | undefined
  /** Ends what runs. */
  signal?: AbortSignal | undefined
}
/** Runs a program to its end. */
const run = (
  file: string,
  args: readonly string[],
  timeout: number,
  { cwd, more, signal }: { cwd?: string; more?: Record<string, string>; signal?: AbortSignal | undefined } = {}
): Promise<Said> =>
  new Promise((resolve) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1', ...more }
    const options = {
      timeout,
      env,
      windowsHide: true,
      maxBuffer: 2 ** 22,
      // One that hangs may not hear a request.
      killSignal: 'SIGKILL' as const,
      ...(cwd !== undefined && { cwd }),
      ...(signal && { signal })
    }
    execFile(file, args, options, (error, stdout, stderr) =>
      resolve({
        ok: !error,
        text: error ? stdout + stderr : stdout,
        isLate: error?.killed === true && error.code !== FULL,
        ...(typeof error?.code === 'string' && { code: error.code })
      })
    )
  })

/** Pythons to be tried, the chosen one first: of the environment that is active, then of the path. */
export function pythons(chosen: string | undefined, env: NodeJS.ProcessEnv, windows: boolean): string[] {
  const names = windows ? ['python.exe', 'python3.exe'] : ['python3', 'python']
  const roots = [env['VIRTUAL_ENV'], env['CONDA_PREFIX']].flatMap((root) => (root ? [root] : []))
  const folders = [
    ...roots.flatMap((root) => (windows ? [root, join(root, 'Scripts')] : [join(root, 'bin')])),
    ...(env['PATH'] ?? '').split(delimiter).filter(Boolean)
  ]
  return [...(chosen === undefined ? [] : [chosen]), ...new Set(folders.flatMap((f) => names.map((n) => join(f, n))))]
}
/** Says, of each module that it is asked for, its version: none where it is not there, empty where it tells none. */
const VERSIONS = `
import importlib.metadata, importlib.util, json, sys

def version(name):
    if importlib.util.find_spec(name) is None:
        return None
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""

print(json.dumps({name: version(name) for name in sys.argv[1:]}))
`
type Versions = Record<string, string | null>
/** Versions of modules in a Python; or why it can't be used. */
async function versionsIn(
  python: string,
  names: readonly string[],
  signal: AbortSignal | undefined
): Promise<{ versions: Versions } | { passed: PassedOver }> {
  // Looking for a module tells in a moment what importing it tells in seconds.
  const { ok, text, isLate, code } = await run(python, ['-c', VERSIONS, ...names], IMPORT, { signal })
  if (isLate) return { passed: { python, why: 'hangs' } }
  if (code === 'ENOENT') return { passed: { python, why: 'absent' } }
  if (code === 'EACCES' || code === 'EPERM') return { passed: { python, why: 'denied' } }
  try {
    if (ok) return { versions: JSON.parse(text) as Versions }
  } catch {
    // Told below: no Python answers so.
  }
  return { passed: { python, why: 'fails', text: text.trim().slice(-TAIL) } }
}
/** Whether a version is a least one, or later. What is no row of numbers is taken to be. */
function isAtLeast(version: string, least: string): boolean {
  const [own, wanted] = [version, least].map((v) => v.split('.').map((n) => parseInt(n, 10)))
  for (const [i, n] of wanted!.entries()) {
    const there = own![i] ?? 0
    if (there !== n) return !(there < n)
  }
  return true
}
/** What a Python that says these versions lacks. */
const lacking = (versions: Versions, needs: Needs): Lack[] =>
  Object.entries(needs).flatMap(([module, least]) => {
    const version = versions[module] ?? undefined
    if (version === undefined) return [{ module, least }]
    return isAtLeast(version, least) ? [] : [{ module, least, version }]
  })

/** Modules, and the least version of each. */
type Needs = Readonly<Record<string, string>>
type Nearest = { python: string; lacks: Lack[] }
/**
 * The first Python that has all modules, and one of some libraries that they run on: with the first one it has. Else
 * the one that lacks the least, where any of them is a Python. With it, why the chosen one was not taken.
 */
export async function findPython(
  candidates: readonly string[],
  modules: Needs,
  backends: Needs = {},
  { chosen, signal }: Asked = {}
): Promise<({ python: string; backend?: string } | { nearest?: Nearest }) & { passed?: PassedOver }> {
  const names = [...new Set([...Object.keys(modules), ...Object.keys(backends)])]
  const wholes = Object.keys(backends).length
    ? Object.entries(backends).map(([backend, least]) => ({ backend, needs: { ...modules, [backend]: least } }))
    : [{ needs: modules }]
  let nearest: Nearest | undefined
  let passed: PassedOver | undefined
  for (const python of candidates) {
    if (signal?.aborted) break
    const found = await versionsIn(python, names, signal)
    if ('passed' in found) {
      if (python === chosen) passed = found.passed
      continue
    }
    let least: Lack[] | undefined
    for (const { needs, ...rest } of wholes) {
      const lacks = lacking(found.versions, needs)
      if (!lacks.length) return { python, ...rest, ...(passed && { passed }) }
      if (!least || lacks.length < least.length) least = lacks
    }
    if (python === chosen) passed = { python, why: 'lacks', lacks: least! }
    if (!nearest || least!.length < nearest.lacks.length) nearest = { python, lacks: least! }
  }
  // What is said of the nearest need not be said twice.
  return { ...(nearest && { nearest }), ...(passed && passed.python !== nearest?.python && { passed }) }
}
/** Runs `check.py` of a folder, and says what it came to. @param backend what Keras runs on */
export async function runCheck(
  python: string,
  folder: string,
  backend?: string,
  timeout = CHECK,
  signal?: AbortSignal
): Promise<HomeCheck> {
  const more: Record<string, string> = backend === undefined ? {} : { KERAS_BACKEND: backend }
  const { ok, text, isLate } = await run(python, ['check.py'], timeout, { cwd: folder, more, signal })
  if (signal?.aborted) return { state: 'stopped' }
  if (isLate) return { state: 'slow', minutes: Math.ceil(timeout / 60_000) }
  const [losses, gradients] = [...text.matchAll(/by (\S+) at most/g)].map((m) => m[1])
  const version = /^reproduced with (.+)$/m.exec(text)?.[1]
  if (ok && losses !== undefined && gradients !== undefined && version !== undefined)
    return { state: 'checked', losses, gradients, with: version.trim() }
  const end = text.trim().slice(-TAIL)
  return /^NOT reproduced with /m.test(text) ? { state: 'failed', text: end } : { state: 'broken', text: end }
}
/**
 * Checks a project in the first of some Pythons that can.
 * @param write puts it into a folder, and says which
 * @param asked the Python that the person chose, of which is told why it was passed over; what ends the check
 */
export async function checkWith(
  candidates: readonly string[],
  { modules = {}, backends = {} }: { modules?: Needs; backends?: Needs },
  write: () => Promise<string>,
  asked: Asked = {}
): Promise<HomeCheck> {
  const found = await findPython(candidates, modules, backends, asked)
  if (asked.signal?.aborted) return { state: 'stopped' }
  if ('python' in found) {
    const { python, backend, passed } = found
    const said = await runCheck(python, await write(), backend, CHECK, asked.signal)
    return { ...said, ...(passed && { passed }) }
  }
  return { state: 'missing', modules: [...Object.keys(modules), ...Object.keys(backends).slice(0, 1)], ...found }
}
