/** PyTorch, Keras and pytest for tests: pinned wheels in a folder of the cache, put on Python's path. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPip } from './download.mjs'
import { buildFolder, exists, readJson, writeJson } from './files.mjs'
import { ROOT } from './paths.mjs'
import { SetupError, seconds } from './report.mjs'
import { run } from './run.mjs'

const REQUIREMENTS = join(ROOT, 'scripts/setup/python.txt')
const ADVICE =
  'name a Python that has torch, safetensors, keras and pytest: GRADIENT_CLINIC_PYTHON=/path/to/python; or leave these tests out by naming suites'

/** The folder of the packages: another list is another folder. */
function folder(ctx) {
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex')
  return join(ctx.cache, `python-${hash.slice(0, 12)}`)
}

/** Checks cheaply whether they are in place. A Python that the user named is taken as it is. */
export async function pythonInPlace(ctx, recorded) {
  if (ctx.env.GRADIENT_CLINIC_PYTHON) return true
  return recorded?.packages === folder(ctx) && (await exists(join(recorded.packages, 'manifest.json')))
}

/** @returns what the tests need to know: the executable, and the folder to put on its path */
export async function ensurePython(ctx) {
  const step = 'Python'
  const started = Date.now()
  const packages = folder(ctx)
  const pip = await findPip(ctx.env)
  if (!pip) throw new SetupError(step, 'there is no pip', ADVICE)
  // The Python that pip belongs to: wheels fit one version alone.
  const python = (await run(pip[0], [...pip.slice(1), 'debug']).catch(() => '')).match(/^sys\.executable: (.+)$/m)?.[1]
  const executable = python ?? 'python3'
  const cached = Boolean(await readJson(join(packages, 'manifest.json')))
  if (!cached) {
    const progress = ctx.report.progress(step, 'installing PyTorch and Keras')
    try {
      await buildFolder(packages, async (tmp) => {
        await run(
          pip[0],
          [
            ...pip.slice(1),
            'install',
            '--quiet',
            '--disable-pip-version-check',
            '--no-deps',
            '--require-hashes',
            '--only-binary=:all:',
            '--target',
            tmp,
            '--requirement',
            REQUIREMENTS
          ],
          { env: { ...process.env, PIP_NO_COMPILE: '1' } }
        )
        await writeJson(join(tmp, 'manifest.json'), { requirements: readFileSync(REQUIREMENTS, 'utf8') })
      })
    } catch (error) {
      throw new SetupError(step, error.message, ADVICE)
    } finally {
      progress.end()
    }
  }
  ctx.report.step(step, `PyTorch and Keras, from ${cached ? 'cache' : 'pinned wheels'} (${seconds(started)})`)
  return { executable, packages }
}
