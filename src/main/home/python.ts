import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'

/** Milliseconds that importing the libraries, and a whole check, may take. */
const IMPORT = 60_000
const CHECK = 300_000
/** What is kept of what a check says. */
const TAIL = 2000

interface Said {
  ok: boolean
  text: string
}
/** Runs a program to its end. */
const run = (
  file: string,
  args: readonly string[],
  timeout: number,
  cwd?: string,
  more: Record<string, string> = {}
): Promise<Said> =>
  new Promise((resolve) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1', ...more }
    const options = { timeout, env, windowsHide: true, maxBuffer: 2 ** 22, ...(cwd !== undefined && { cwd }) }
    execFile(file, args, options, (error, stdout, stderr) =>
      resolve({ ok: !error, text: error && !stdout ? stderr : stdout })
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
/** The first of some Pythons that has all modules; undefined: none has. */
export async function findPython(
  candidates: readonly string[],
  modules: readonly string[]
): Promise<string | undefined> {
  // Looking for a module tells in a moment what importing it tells in seconds.
  const code = `import sys, importlib.util as u; sys.exit(not all(u.find_spec(m) for m in ${JSON.stringify(modules)}))`
  for (const python of candidates) if ((await run(python, ['-c', code], IMPORT)).ok) return python
  return undefined
}
/** The first Python that has all modules, and one of some libraries that they run on: with the first one it has. */
export async function findWith(
  candidates: readonly string[],
  modules: readonly string[],
  backends: readonly string[]
): Promise<{ python: string; backend?: string } | undefined> {
  for (const backend of backends) {
    const python = await findPython(candidates, [...modules, backend])
    if (python !== undefined) return { python, backend }
  }
  const python = backends.length ? undefined : await findPython(candidates, modules)
  return python === undefined ? undefined : { python }
}
/**
 * Runs `check.py` of a folder. @param backend what Keras runs on @returns what it said; the end of it, where it failed
 */
export async function runCheck(python: string, folder: string, backend?: string): Promise<Said> {
  const more: Record<string, string> = backend === undefined ? {} : { KERAS_BACKEND: backend }
  const said = await run(python, ['check.py'], CHECK, folder, more)
  return said.ok ? said : { ok: false, text: said.text.trim().slice(-TAIL) }
}
