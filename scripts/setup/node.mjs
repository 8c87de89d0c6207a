/** The newest Node that the trainer is tested under, from its npm package. Packages carry it for the command line. */
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { buildFolder, exists, expectHash, marks, sameMarks } from './files.mjs'
import { PINNED_PLATFORM } from './paths.mjs'
import { NODE_NEWEST } from './pins.mjs'
import { SetupError, seconds } from './report.mjs'
import { run } from './run.mjs'

const LICENCE = 'LICENSE'
const folder = (ctx) => join(ctx.cache, `node-${NODE_NEWEST.version}`)

/**
 * Checks cheaply whether it is in place. It is wanted only where its package exists; elsewhere the user names a Node.
 */
export async function nodeInPlace(ctx, recorded) {
  if (!PINNED_PLATFORM || ctx.env.GRADIENT_CLINIC_NODE_NEWEST) return true
  return recorded ? sameMarks(folder(ctx), recorded.marks) : false
}

/** @returns what the next set-up needs to know of it */
export async function ensureNode(ctx) {
  const step = 'Node'
  const started = Date.now()
  const dir = folder(ctx)
  const executable = join(dir, 'node')
  const cached =
    (await exists(join(dir, LICENCE))) &&
    (await expectHash(executable, NODE_NEWEST.sha256, 'node').then(
      () => true,
      () => false
    ))
  if (!cached) {
    await fs.rm(dir, { recursive: true, force: true })
    const progress = ctx.report.progress(step, `fetching ${NODE_NEWEST.version}`)
    try {
      const scratch = await ctx.scratch()
      await run(
        'npm',
        ['pack', '--silent', '--pack-destination', scratch, `${NODE_NEWEST.package}@${NODE_NEWEST.version}`],
        { cwd: scratch }
      )
      const packed = (await fs.readdir(scratch)).find((name) => name.endsWith('.tgz'))
      await run('tar', ['-xzf', packed, 'package/bin/node', `package/${LICENCE}`], { cwd: scratch })
      await buildFolder(dir, async (tmp) => {
        await fs.copyFile(join(scratch, 'package/bin/node'), join(tmp, 'node'))
        await fs.copyFile(join(scratch, 'package', LICENCE), join(tmp, LICENCE))
        await expectHash(join(tmp, 'node'), NODE_NEWEST.sha256, 'node')
        await fs.chmod(join(tmp, 'node'), 0o755)
      })
    } catch (error) {
      throw new SetupError(
        step,
        error.message,
        'check the registry that npm is set to, or name a Node 24: GRADIENT_CLINIC_NODE_NEWEST=/path/to/node'
      )
    } finally {
      progress.end()
    }
  }
  if (!(await exists(executable)))
    throw new SetupError(
      step,
      'the package holds no bin/node',
      'name a Node 24: GRADIENT_CLINIC_NODE_NEWEST=/path/to/node'
    )
  const version = (await run(executable, ['--version'])).trim()
  ctx.report.step(
    step,
    `${version}, from ${cached ? 'cache' : `npm package ${NODE_NEWEST.package}`} (${seconds(started)})`
  )
  return { executable, version, marks: await marks(dir, ['node', LICENCE]) }
}
