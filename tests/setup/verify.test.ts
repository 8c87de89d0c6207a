import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { writeJson } from '../../scripts/setup/files.mjs'
import { stateDir, tfjsNodeDir } from '../../scripts/setup/paths.mjs'
import { SetupError, Unavailable, isDiskFull } from '../../scripts/setup/report.mjs'
import { firstSource, verifiedFromCache } from '../../scripts/setup/sources.mjs'
import { verified, verifyNative, verifyWanted } from '../../scripts/setup/verify.mjs'
import { type Context, context, sha256Of } from './fixtures'

async function put(path: string, content: string): Promise<void> {
  await fs.mkdir(dirname(path), { recursive: true })
  await fs.writeFile(path, content)
}
/** A checkout with all native parts in place, as set-up leaves it. */
async function inPlace(): Promise<Context & { library: string; binding: string; electron: string }> {
  const ctx = await context()
  const [library, binding, electron] = ['library', 'binding', 'electron'].map((n) => join(ctx.cache, n)) as [
    string,
    string,
    string
  ]
  for (const [dir, name] of [
    [library, 'lib/libtensorflow.so'],
    [binding, 'lib/napi-v8/tfjs_binding.node'],
    [electron, 'electron']
  ] as const) {
    await put(join(dir, name), name)
    await writeJson(join(dir, 'manifest.json'), { source: 'x', files: { [name]: sha256Of(name) } })
  }
  await fs.mkdir(tfjsNodeDir(ctx.root), { recursive: true })
  await fs.symlink(library, join(tfjsNodeDir(ctx.root), 'deps'))
  await fs.symlink(join(binding, 'lib'), join(tfjsNodeDir(ctx.root), 'lib'))
  await writeJson(join(stateDir(ctx.root), 'setup.json'), {
    trainer: { library, binding },
    electron: { floor: { executable: join(electron, 'electron') } }
  })
  return { ...ctx, library, binding, electron }
}

it('finds a file of another content, also one of the same size and time', async () => {
  const { root, library, binding, electron } = await inPlace()
  expect((await verifyNative(root)).map((p) => p.files)).toEqual([[], []])
  for (const [path, part, name] of [
    [join(library, 'lib/libtensorflow.so'), 0, 'deps/lib/libtensorflow.so'],
    [join(binding, 'lib/napi-v8/tfjs_binding.node'), 0, 'lib/napi-v8/tfjs_binding.node'],
    [join(electron, 'electron'), 1, 'electron']
  ] as const) {
    const { atime, mtime } = await fs.stat(path)
    const content = await fs.readFile(path, 'utf8')
    await fs.writeFile(path, `X${content.slice(1)}`)
    await fs.utimes(path, atime, mtime)
    expect((await verifyNative(root))[part]!.files).toEqual([name])
    await fs.writeFile(path, content)
  }
  await fs.rm(join(library, 'lib/libtensorflow.so'))
  expect((await verifyNative(root))[0]!.files).toEqual(['deps/lib/libtensorflow.so'])
})

it('is asked for by a program that could not load a file, once', async () => {
  const { root } = await inPlace()
  expect(await verifyWanted(root)).toBe(false)
  await fs.writeFile(join(stateDir(root), 'verify'), '')
  expect(await verifyWanted(root)).toBe(true)
  await verified(root)
  expect(await verifyWanted(root)).toBe(false)
})

it('says of a file that it took the place of a damaged one', async () => {
  const ctx = await inPlace()
  await fs.writeFile(join(ctx.library, 'lib/libtensorflow.so'), 'tampered')
  const sources = [
    {
      name: 'cache',
      async take() {
        if (!(await verifiedFromCache(ctx.library, null, ctx.report, 'part'))) throw new Unavailable('empty')
      }
    },
    { name: 'upstream', take: () => Promise.resolve('file') }
  ]
  const { told } = await firstSource('part', sources, 'advice', ctx)
  expect(told).toContain('from upstream, in place of a damaged copy')
})

it('names a full disk as such, whoever met it', async () => {
  const ctx = await context()
  const failures = [
    Object.assign(new Error('write'), { code: 'ENOSPC' }),
    Object.assign(new Error('pip ended with code 1:\n━━━ 12/400 MB'), {
      output: 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n━━━ 12/400 MB'
    })
  ]
  for (const failure of failures) {
    const error: unknown = await firstSource(
      'part',
      [{ name: 'pip', take: () => Promise.reject(failure) }],
      'set pip to a mirror',
      ctx
    ).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(SetupError)
    expect((error as SetupError & { reason: string }).reason).toContain('the disk is full')
    expect((error as SetupError & { advice: string }).advice).toMatch(/^free /)
  }
  expect(isDiskFull(new Error('answered 404'))).toBe(false)
})
