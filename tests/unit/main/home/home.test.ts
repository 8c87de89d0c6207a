import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { writeFolder } from '../../../../src/main/home/folder'
import { checkWith, findPython, pythons, runCheck } from '../../../../src/main/home/python'
import { requirementsOf } from '@shared/takehome/targets'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'clinic-home-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('a project folder', () => {
  it('is written whole, beside what is there', async () => {
    mkdirSync(join(dir, 'net'))
    const path = await writeFolder(dir, 'net', { 'model.py': 'x = 1\n', 'data.npz': Uint8Array.of(1, 2) })
    expect(path).toBe(join(dir, 'net-2'))
    expect(readFileSync(join(path, 'model.py'), 'utf8')).toBe('x = 1\n')
    expect(readdirSync(dir).sort()).toEqual(['net', 'net-2'])
  })
  it('is not there at all where one file can’t be written', async () => {
    await expect(writeFolder(dir, 'net', { 'a.py': '', 'b/c.py': '' })).rejects.toThrow(/net could not be saved/)
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('the Python that checks', () => {
  it('is the chosen one, else that of the active environment, else of the path', () => {
    const env = { VIRTUAL_ENV: '/env', PATH: ['/usr/bin', '/env/bin'].join(delimiter) }
    expect(pythons('/mine/python', env, false)).toEqual([
      '/mine/python',
      '/env/bin/python3',
      '/env/bin/python',
      '/usr/bin/python3',
      '/usr/bin/python'
    ])
  })
  const program = (name: string, text: string): string => {
    const path = join(dir, name)
    writeFileSync(path, `#!/bin/sh\n${text}\n`)
    chmodSync(path, 0o755)
    return path
  }
  /** A Python that says these versions of its modules, and does something when it checks. */
  const python = (name: string, versions: Record<string, string | null>, check = 'exit 0'): string =>
    program(name, `if [ "$1" = -c ]; then echo '${JSON.stringify(versions)}'; else ${check}; fi`)
  const SAYS = `echo "first 20 losses: differ by 1e-07 at most (step 1)"
echo "gradients of the first step: differ by 2e-07 at most (a)"`
  const checked = { state: 'checked', losses: '1e-07', gradients: '2e-07' }

  it('is the first that has each module, late enough; else the one that lacks the least is told of', async () => {
    const needs = { torch: '2.5', numpy: '1.24' }
    const none = program('broken', 'exit 1')
    const bare = python('bare', { torch: null, numpy: null })
    const old = python('old', { torch: '2.0.1+cpu', numpy: '1.24.0' })
    const good = python('good', { torch: '2.10.0', numpy: '2.0' })
    const quiet = python('quiet', { torch: '', numpy: '' })
    expect(await findPython([join(dir, 'absent'), none], needs)).toEqual({})
    expect(await findPython([bare, old], needs)).toEqual({
      nearest: { python: old, lacks: [{ module: 'torch', least: '2.5', version: '2.0.1+cpu' }] }
    })
    expect(await findPython([none, bare], needs)).toEqual({
      nearest: {
        python: bare,
        lacks: [
          { module: 'torch', least: '2.5' },
          { module: 'numpy', least: '1.24' }
        ]
      }
    })
    expect(await findPython([none, bare, old, good, quiet], needs)).toEqual({ python: good })
    // One that tells no version is tried.
    expect(await findPython([quiet], needs)).toEqual({ python: quiet })
  })
  it('runs Keras on one of several libraries: the first that it has itself', async () => {
    const backends = { tensorflow: '2.16', torch: '2.5' }
    const chosen = python('chosen', { keras: '3.9', tensorflow: '2.15', torch: '2.6' })
    const other = python('other', { keras: '3.9', tensorflow: '2.18', torch: null })
    expect(await findPython([chosen, other], { keras: '3.6' }, backends)).toEqual({ python: chosen, backend: 'torch' })
    expect(await findPython([other], { keras: '3.6' }, backends)).toEqual({ python: other, backend: 'tensorflow' })
    expect(await findPython([other], { keras: '3.6' }, { torch: '2.5' })).toEqual({
      nearest: { python: other, lacks: [{ module: 'torch', least: '2.5' }] }
    })
  })
  it('says "checked" of a check alone that ran to its end, and said so', async () => {
    const of = (name: string, check: string): Promise<unknown> =>
      checkWith([python(name, { torch: '2.6' }, check)], { modules: { torch: '2.5' } }, () => Promise.resolve(dir))
    expect(await of('a', `${SAYS}; echo "reproduced with PyTorch 2.6"`)).toEqual({ ...checked, with: 'PyTorch 2.6' })
    expect(await of('b', `${SAYS}; echo "NOT reproduced with PyTorch 2.6"; exit 1`)).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(/by 1e-07[^]*NOT reproduced/)
    })
    // What it had said before does not hide why it stopped.
    expect(await of('c', `${SAYS}; echo "MemoryError" >&2; exit 1`)).toMatchObject({
      state: 'broken',
      text: expect.stringMatching(/1e-07[^]*MemoryError/)
    })
    expect(await of('d', `${SAYS}; echo "reproduced with PyTorch 2.6"; exit 3`)).toMatchObject({ state: 'broken' })
    expect(await of('e', 'exit 0')).toEqual({ state: 'broken', text: '' })
    expect(await of('f', 'kill -9 $$')).toMatchObject({ state: 'broken' })
  })
  it('says why the chosen one was passed over, unless it is the one that is told of', async () => {
    const needs = { torch: '2.5' }
    const good = python('good', { torch: '2.6' })
    const bare = python('bare', { torch: null })
    const absent = join(dir, 'absent')
    const of = (chosen: string, ...others: string[]): Promise<unknown> =>
      findPython([chosen, ...others], needs, {}, { chosen })
    const lacks = [{ module: 'torch', least: '2.5' }]
    expect(await of(good)).toEqual({ python: good })
    expect(await of(bare, good)).toEqual({ python: good, passed: { python: bare, why: 'lacks', lacks } })
    expect(await of(bare)).toEqual({ nearest: { python: bare, lacks } })
    expect(await of(absent, bare)).toEqual({
      nearest: { python: bare, lacks },
      passed: { python: absent, why: 'absent' }
    })
    const talks = program('talks', 'echo hello')
    expect(await of(talks)).toEqual({ passed: { python: talks, why: 'fails', text: 'hello' } })
    const text = program('text', '')
    chmodSync(text, 0o644)
    expect(await of(text)).toEqual({ passed: { python: text, why: 'denied' } })
  })
  it('is stopped on request, whatever it does', async () => {
    const deaf = python('deaf', { torch: '2.6' }, 'trap "" TERM INT; touch began; while :; do sleep 1; done')
    const stop = new AbortController()
    const said = checkWith([deaf], { modules: { torch: '2.5' } }, () => Promise.resolve(dir), { signal: stop.signal })
    await vi.waitUntil(() => existsSync(join(dir, 'began')), { timeout: 60_000 })
    stop.abort()
    expect(await said).toEqual({ state: 'stopped' })
    expect(await checkWith([deaf], {}, () => Promise.resolve(dir), { signal: stop.signal })).toEqual({
      state: 'stopped'
    })
  })
  it('ends a check that takes too long', async () => {
    expect(await runCheck(program('slow', 'exec sleep 60'), dir, undefined, 100)).toEqual({ state: 'slow', minutes: 1 })
  })
  it('writes no project where nothing can check it', async () => {
    const never = (): never => {
      throw new Error('written')
    }
    const target = { modules: { keras: '3.6' }, backends: { tensorflow: '2.16', torch: '2.5' } }
    expect(await checkWith([join(dir, 'absent')], target, never)).toEqual({
      state: 'missing',
      modules: ['keras', 'tensorflow']
    })
  })
  it('is asked for what requirements.txt names', () => {
    expect(requirementsOf('pytorch')).toBe('numpy>=1.24\nsafetensors>=0.4\ntorch>=2.5\n')
    expect(requirementsOf('keras')).toBe('keras>=3.6\nnumpy>=1.24\ntensorflow>=2.16\n')
  })
})
