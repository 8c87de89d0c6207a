import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PLATFORM } from '../../scripts/setup/paths.mjs'
import { SetupError } from '../../scripts/setup/report.mjs'
import { ensureLibrary } from '../../scripts/setup/tensorflow.mjs'
import { type Context, context, host, listing, nobody, pipFolder, sha256Of, tarGz, wheel } from './fixtures'

const ARCHIVE = '/tensorflow/libtensorflow/library.tar.gz'
const CC = 'the library itself'
const FRAMEWORK = 'the framework'

/** A small world: an archive as upstream has it, a wheel as the index has it, and the pins of both. */
async function world(): Promise<{ ctx: Context; archive: Buffer; pins: never; wheelPath: string }> {
  const ctx = await context()
  const archive = await tarGz({
    'lib/libtensorflow.so': 'upstream library',
    'include/tensorflow/c/c_api.h': '// header'
  })
  const index = join(ctx.dir, 'index')
  const made = await wheel(index, 'clinic_fixture', {
    'tensorflow/libtensorflow_cc.so.2': CC,
    'tensorflow/libtensorflow_framework.so.2': FRAMEWORK,
    'tensorflow/include/tensorflow/c/c_api.h': '// header',
    'tensorflow/include/tensorflow/python/other.h': '// not needed'
  })
  Object.assign(ctx.env, pipFolder(index))
  const pins = {
    upstream: { version: '1.9', url: `https://storage.googleapis.com${ARCHIVE}`, sha256: sha256Of(archive) },
    wheel: {
      ...made,
      libraries: {
        'tensorflow/libtensorflow_cc.so.2': { as: 'lib/libtensorflow_cc.so.2', sha256: sha256Of(CC) },
        'tensorflow/libtensorflow_framework.so.2': {
          as: 'lib/libtensorflow_framework.so.2',
          sha256: sha256Of(FRAMEWORK)
        }
      }
    }
  }
  return { ctx, archive, pins: pins as never, wheelPath: join(index, 'clinic_fixture-1.0-py3-none-any.whl') }
}
const upstreamDir = (ctx: Context): string => join(ctx.cache, `libtensorflow-1.9-${PLATFORM}`)
const wheelDir = (ctx: Context): string => join(ctx.cache, `libtensorflow-1.0-${PLATFORM}`)
const noPip = { GRADIENT_CLINIC_PIP: 'false', PIP_FIND_LINKS: '/nonexistent' }

it('takes the upstream archive when it is the pinned one', async () => {
  const { ctx, archive, pins } = await world()
  const upstream = await host({ [ARCHIVE]: archive })
  ctx.env['TFJS_NODE_CDN_STORAGE'] = upstream.url
  const found = await ensureLibrary(ctx as never, null, pins)
  expect(found).toEqual({ dir: upstreamDir(ctx), version: '1.9' })
  expect(await fs.readFile(join(found.dir, 'lib/libtensorflow.so'), 'utf8')).toBe('upstream library')
  expect(ctx.lines.join('')).toMatch(/libtensorflow: 1\.9, from upstream 127\.0\.0\.1:\d+ \(cache: empty\)/)
})

it('refuses an upstream archive of another hash, leaves nothing of it, and takes the wheel', async () => {
  const { ctx, archive, pins } = await world()
  const upstream = await host({ [ARCHIVE]: Buffer.concat([archive, Buffer.from('x')]) })
  ctx.env['TFJS_NODE_CDN_STORAGE'] = upstream.url
  const found = await ensureLibrary(ctx as never, null, pins)
  expect(found).toEqual({ dir: wheelDir(ctx), version: '1.0' })
  expect(await listing(ctx.cache)).not.toContain(`libtensorflow-1.9-${PLATFORM}`)
  expect(ctx.lines.join('')).toMatch(
    /from wheel clinic_fixture 1\.0 through pip \(.*is not the pinned file: SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}; it was not used/
  )
})

/** Milliseconds after which a host that never answers is given up. */
const SOON = 300
it.each([
  ['refuses the connection', nobody, /not reached \(ECONNREFUSED\)/],
  ['never answers', async () => (await host({ [ARCHIVE]: null })).url, /no answer within 0\.3 s/],
  ['has no such file', async () => (await host({})).url, /answered 404/]
])('falls to the wheel when upstream %s, and says why', async (_what, address, reason) => {
  const { ctx, pins } = await world()
  ctx.env['TFJS_NODE_CDN_STORAGE'] = await address()
  ctx.network.connectMs = SOON
  const { dir } = await ensureLibrary(ctx as never, null, pins)
  expect(dir).toBe(wheelDir(ctx))
  expect(await fs.readFile(join(dir, 'lib/libtensorflow.so'), 'utf8')).toBe(CC)
  expect(await listing(join(dir, 'include'))).toEqual(['tensorflow', 'tensorflow/c', 'tensorflow/c/c_api.h'])
  expect(ctx.lines.join('')).toMatch(reason)
})

it('asks neither upstream nor pip when the cache has it', async () => {
  const { ctx, archive, pins } = await world()
  const upstream = await host({ [ARCHIVE]: archive })
  ctx.env['TFJS_NODE_CDN_STORAGE'] = upstream.url
  await ensureLibrary(ctx as never, null, pins)
  expect(upstream.requests).toEqual([ARCHIVE])
  Object.assign(ctx.env, noPip)
  const again = await ensureLibrary(ctx as never, null, pins)
  expect(again.dir).toBe(upstreamDir(ctx))
  expect(upstream.requests).toEqual([ARCHIVE])
  expect(ctx.lines.at(-1)).toMatch(/from cache/)
})

it('throws a damaged cache away and brings the file in anew', async () => {
  const { ctx, pins } = await world()
  ctx.env['TFJS_NODE_CDN_STORAGE'] = await nobody()
  const { dir } = await ensureLibrary(ctx as never, null, pins)
  await fs.writeFile(join(dir, 'lib/libtensorflow_cc.so.2'), 'something else')
  await ensureLibrary(ctx as never, null, pins)
  expect(await fs.readFile(join(dir, 'lib/libtensorflow_cc.so.2'), 'utf8')).toBe(CC)
  expect(ctx.lines.join('')).toMatch(/cached copy was thrown away: lib\/libtensorflow_cc\.so\.2 is not the pinned file/)
})

it('refuses a wheel of another hash, and one whose library is not the pinned one; nothing stays', async () => {
  for (const spoil of [
    (pins: { wheel: { sha256: string } }) => (pins.wheel.sha256 = sha256Of('another')),
    (pins: { wheel: { libraries: Record<string, { sha256: string }> } }) =>
      (pins.wheel.libraries['tensorflow/libtensorflow_cc.so.2']!.sha256 = sha256Of('another'))
  ]) {
    const { ctx, pins } = await world()
    ctx.env['TFJS_NODE_CDN_STORAGE'] = await nobody()
    spoil(pins as never)
    const failure: unknown = await Promise.resolve(ensureLibrary(ctx as never, null, pins)).catch(
      (error: unknown) => error
    )
    expect(failure).toBeInstanceOf(SetupError)
    const { step, reason, advice } = failure as SetupError & { reason: string; advice: string }
    expect(step).toBe('libtensorflow')
    expect(reason).toMatch(
      /^no source had it\noverride GRADIENT_CLINIC_LIBTENSORFLOW: not set\ncache: empty\nupstream .*\nwheel clinic_fixture 1\.0 through pip: /
    )
    expect(advice).toMatch(/GRADIENT_CLINIC_LIBTENSORFLOW=/)
    expect(await listing(ctx.cache)).toEqual([])
  }
})

it('takes an override before the cache, be it a folder or the pinned wheel as a file', async () => {
  const { ctx, archive, pins, wheelPath } = await world()
  const upstream = await host({ [ARCHIVE]: archive })
  ctx.env['TFJS_NODE_CDN_STORAGE'] = upstream.url
  await ensureLibrary(ctx as never, null, pins)

  const own = join(ctx.dir, 'own')
  await fs.mkdir(join(own, 'include/tensorflow/c'), { recursive: true })
  await fs.mkdir(join(own, 'lib'))
  await fs.writeFile(join(own, 'include/tensorflow/c/c_api.h'), '')
  await fs.writeFile(join(own, 'lib/libtensorflow.so'), '')
  expect(await ensureLibrary(ctx as never, own, pins)).toMatchObject({ dir: own, own: true })
  expect(await ensureLibrary(ctx as never, wheelPath, pins)).toMatchObject({ dir: wheelDir(ctx), version: '1.0' })
  expect(upstream.requests).toHaveLength(1)
})

it('does not quietly replace an override that is no good', async () => {
  const { ctx, archive, pins, wheelPath } = await world()
  const upstream = await host({ [ARCHIVE]: archive })
  ctx.env['TFJS_NODE_CDN_STORAGE'] = upstream.url
  await fs.appendFile(wheelPath, 'x')
  for (const [path, cause] of [
    [join(ctx.dir, 'absent'), /does not exist/],
    [ctx.dir, /must hold include\/tensorflow\/c\/c_api\.h/],
    [wheelPath, /is not the pinned file/]
  ] as const)
    await expect(ensureLibrary(ctx as never, path, pins)).rejects.toThrow(cause)
  expect(upstream.requests).toEqual([])
  expect(await listing(ctx.cache)).toEqual([])
})
