import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFolder } from '../../../../src/main/home/folder'
import { findPython, findWith, pythons, runCheck } from '../../../../src/main/home/python'

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
  it('has the modules, and says how a check ended', async () => {
    const program = (name: string, text: string): string => {
      const path = join(dir, name)
      writeFileSync(path, `#!/bin/sh\n${text}\n`)
      chmodSync(path, 0o755)
      return path
    }
    const without = program('without', 'exit 1')
    const has = program('has', '[ "$1" = -c ] && exit 0; echo reproduced with $1')
    expect(await findPython([join(dir, 'none'), without, has], ['torch'])).toBe(has)
    expect(await findPython([without], ['torch'])).toBeUndefined()
    expect(await runCheck(has, dir)).toEqual({ ok: true, text: 'reproduced with check.py\n' })
    // Keras runs on one of several libraries: the first that is there, which its check is told of.
    const keras = program('keras', 'case "$2" in *tensorflow*) exit 1;; esac; echo "reproduced on $KERAS_BACKEND"')
    const found = await findWith([without, keras], ['keras'], ['tensorflow', 'torch'])
    expect(found).toEqual({ python: keras, backend: 'torch' })
    expect((await runCheck(keras, dir, 'torch')).text).toBe('reproduced on torch\n')
    expect(await findWith([keras], ['keras'], ['tensorflow'])).toBeUndefined()
    expect(await findWith([has], ['torch'], [])).toEqual({ python: has })
    expect((await runCheck(program('bad', 'echo broken >&2; exit 3'), dir)).text).toBe('broken')
  })
})
