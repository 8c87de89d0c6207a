import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TextError } from '@shared/ipc/errors'
import { decodeProject, encodeProject } from '@shared/project'
import { RecoveredFiles } from '../../../../src/main/files/recovered'
import type { Attachment } from '@shared/catalog/datasets'
import { openTable as readTableFile } from '@shared/catalog/datasets/parts/tableFile'
import { opened, ProjectFiles } from '../../../../src/main/files/projects'
import { readers } from '../../../../src/main/files/read'
import { backupName, besides, tidyAround } from '../../../../src/main/files/names'
import { safeWrite, type Disk } from '../../../../src/main/files/safeWrite'
import { Store } from '../../../../src/main/files/store'
import { writeProject } from '../../../../src/main/files/write'
import { sampleProject } from '../../shared/project/sample'

vi.mock('../../../../src/main/log', () => ({ log: vi.fn() }))

let dir: string
beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'clinic-files-'))
})
afterEach(() => fs.rm(dir, { recursive: true, force: true }))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (path: string): Promise<string> => fs.readFile(path, 'utf8')

type Op =
  | 'realpath'
  | 'stat'
  | 'lstat'
  | 'open'
  | 'writeFile'
  | 'sync'
  | 'close'
  | 'chmod'
  | 'readFile'
  | 'link'
  | 'copyFile'
  | 'rename'
  | 'unlink'
/**
 * A disk on which `before` is asked ahead of every operation; what it throws happens. It may also say how many bytes a
 * write really writes.
 */
function disk(before: (op: Op, n: number) => void | number): Disk & { count: () => number } {
  let n = 0
  const ask = (op: Op): void | number => before(op, n++)
  const wrap = <K extends Op & keyof Disk>(op: K): Disk[K] =>
    (async (...args: unknown[]) => {
      ask(op)
      return (fs[op] as (...a: unknown[]) => unknown)(...args)
    }) as unknown as Disk[K]
  return {
    ...(Object.fromEntries(
      (['realpath', 'stat', 'lstat', 'chmod', 'readFile', 'link', 'copyFile', 'rename', 'unlink'] as const).map(
        (op) => [op, wrap(op)]
      )
    ) as unknown as Disk),
    open: (async (...args: Parameters<Disk['open']>) => {
      ask('open')
      const handle = await fs.open(...args)
      return {
        writeFile: async (data: Uint8Array) => {
          const most = ask('writeFile')
          await handle.writeFile(typeof most === 'number' ? data.subarray(0, most) : data)
        },
        sync: async () => {
          ask('sync')
          await handle.sync()
        },
        close: async () => {
          const error = (() => {
            try {
              ask('close')
            } catch (e) {
              return e
            }
          })()
          await handle.close()
          if (error) throw error
        }
      }
    }) as unknown as Disk['open'],
    count: () => n
  }
}
const failing = (code: string): Error => Object.assign(new Error(code), { code })

describe('safeWrite', () => {
  it('writes a new file, replaces an old one, keeps the old one as .bak and leaves nothing else', async () => {
    const path = join(dir, 'a b é.gclinic')
    await safeWrite(path, bytes('one'), { backup: true })
    expect(await fs.readdir(dir)).toEqual([basename(path)])
    await safeWrite(path, bytes('two'), { backup: true })
    await safeWrite(path, bytes('three'), { backup: true })
    expect([await text(path), await text(`${path}.bak`)]).toEqual(['three', 'two'])
    expect((await fs.readdir(dir)).sort()).toEqual([basename(path), `${basename(path)}.bak`])
  })
  it('follows a link and keeps permissions', async () => {
    await fs.mkdir(join(dir, 'real'))
    const real = join(dir, 'real', 'x')
    await fs.writeFile(real, 'old', { mode: 0o640 })
    await fs.symlink(real, join(dir, 'link'))
    await safeWrite(join(dir, 'link'), bytes('new'), { backup: true })
    expect(await text(real)).toBe('new')
    expect((await fs.stat(real)).mode & 0o777).toBe(0o640)
    expect((await fs.lstat(join(dir, 'link'))).isSymbolicLink()).toBe(true)
    expect(await text(`${real}.bak`)).toBe('old')
  })

  // Whatever the step at which the process is killed: path holds all of the old or all of the new.
  it('survives a kill at every step', async () => {
    const path = join(dir, 'x')
    const probe = disk(() => {})
    await fs.writeFile(path, 'old content')
    await safeWrite(path, bytes('new content'), { backup: true, disk: probe })
    const steps = probe.count()
    expect(steps).toBeGreaterThan(10)
    const seen = new Set<string>()
    for (let k = 0; k < steps; k++) {
      await fs.rm(`${path}.bak`, { force: true })
      await fs.writeFile(path, 'old content')
      // From step k on nothing reaches the disk any more, clean-up included.
      await safeWrite(path, bytes('new content'), {
        backup: true,
        disk: disk((_op, n) => {
          if (n >= k) throw failing('EKILLED')
        })
      }).catch(() => {})
      const now = await text(path)
      expect(['old content', 'new content']).toContain(now)
      seen.add(now)
      for (const name of await fs.readdir(dir)) if (name !== 'x') await fs.rm(join(dir, name))
    }
    expect([...seen]).toEqual(['old content', 'new content'])
  })
  const faults: [Op, string, RegExp][] = [
    ['open', 'EACCES', /no permission/],
    ['open', 'EROFS', /read-only/],
    ['writeFile', 'ENOSPC', /disk is full/],
    ['sync', 'EIO', /disk reports an error/],
    ['close', 'ENOSPC', /disk is full/],
    ['readFile', 'EIO', /disk reports an error/],
    ['rename', 'EACCES', /no permission/]
  ]
  it.each(faults)('says why when %s fails with %s, and the old file stays', async (op, code, why) => {
    const path = join(dir, 'x')
    await fs.writeFile(path, 'old')
    const broken = disk((o) => {
      if (o === op) throw failing(code)
    })
    const error = await safeWrite(path, bytes('new'), { backup: true, disk: broken }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(TextError)
    expect((error as TextError).message).toMatch(why)
    expect((error as TextError).text.zh).toMatch(/无法保存：/)
    expect(await text(path)).toBe('old')
    expect((await fs.readdir(dir)).filter((f) => f.includes('tmp'))).toEqual([])
  })
  it('refuses links to nothing and files marked as read-only, in words', async () => {
    const link = join(dir, 'link')
    await fs.symlink(join(dir, 'away', 'x'), link)
    await expect(safeWrite(link, bytes('new'))).rejects.toThrow(/link could not be saved: it is a link to a file that/)
    expect((await fs.lstat(link)).isSymbolicLink()).toBe(true)
    const locked = join(dir, 'locked')
    await fs.writeFile(locked, 'old')
    await fs.chmod(locked, 0o444)
    await expect(safeWrite(locked, bytes('new'))).rejects.toThrow(/marked as read-only/)
    expect(await text(locked)).toBe('old')
  })
  it('refuses what is no file, which a rename would replace: a folder, a pipe, a device', async () => {
    const pipe = join(dir, 'pipe')
    await promisify(execFile)('mkfifo', [pipe])
    await expect(safeWrite(pipe, bytes('new'), { backup: true })).rejects.toThrow(
      /could not be saved: it is not a file/
    )
    expect((await fs.lstat(pipe)).isFIFO()).toBe(true)
    await fs.symlink('/dev/null', join(dir, 'null'))
    await expect(safeWrite(join(dir, 'null'), bytes('new'))).rejects.toThrow(/it is not a file/)
    await expect(safeWrite(dir, bytes('new'))).rejects.toThrow(/a folder has this name/)
    expect((await fs.readdir(dir)).sort()).toEqual(['null', 'pipe'])
  })
  it('saves under names up to the longest', async () => {
    for (const length of [230, 251, 252, 255]) {
      const path = join(dir, `${'字'.repeat(Math.floor((length - 8) / 3))}${'x'.repeat((length - 8) % 3)}.gclinic`)
      expect(Buffer.byteLength(basename(path))).toBe(length)
      for (const content of ['one', 'two']) await safeWrite(path, bytes(content), { backup: true })
      expect(await text(path)).toBe('two')
      expect(await text(backupName(path))).toBe('one')
    }
    expect((await fs.readdir(dir)).length).toBe(8)
  })
  it('keeps a .bak of something else under a number', async () => {
    const path = join(dir, 'x')
    for (const content of ['1', '2', '3', '4']) await safeWrite(path, bytes(content), { backup: 'aside' })
    expect([await text(`${path}.1.bak`), await text(`${path}.2.bak`), await text(`${path}.bak`)]).toEqual([
      '1',
      '2',
      '3'
    ])
  })
  it('removes what killed saves have left, and nothing else', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'process.pid'])
    const ours = basename(besides(join(dir, 'x'), 'tmp'))
    const dead = ours.replace(`-${process.pid}-`, `-${stdout.trim()}-`)
    const young = dead.replace(/-[0-9a-f]{8}-(\d+)-/, '-00000000-$1-')
    const old = young.replace('00000000', '00000001')
    // Such names anybody gives to files of their own.
    const theirs = ['.notes.tmp', 'x.bak', `.thesis.${stdout.trim()}-december.bak`]
    for (const name of [ours, dead, young, old, ...theirs]) await fs.writeFile(join(dir, name), '')
    for (const name of [old, ...theirs]) await fs.utimes(join(dir, name), new Date(0), new Date(0))
    await safeWrite(join(dir, 'x'), bytes('1'))
    expect((await fs.readdir(dir)).sort()).toEqual([ours, young, 'x', ...theirs].sort())
  })
  it('tidies each folder once, and one at a time: a disk that does not answer holds up a thread', async () => {
    const seen: string[] = []
    const never = new Promise<void>(() => undefined)
    const tidied = (folder: string) => (seen.push(folder), folder === '/away' ? never : Promise.resolve())
    await tidyAround(['/a/x', '/b/x', '/a/y'], tidied)
    expect(seen.splice(0)).toEqual(['/a', '/b'])
    void tidyAround(['/away/x', '/b/x', '/c/x'], tidied)
    await new Promise((r) => setImmediate(r))
    expect(seen).toEqual(['/away'])
  })
  it('notices a short write that nobody reported', async () => {
    const path = join(dir, 'x')
    await fs.writeFile(path, 'old')
    await expect(
      safeWrite(path, bytes('new content'), { disk: disk((op) => (op === 'writeFile' ? 3 : undefined)) })
    ).rejects.toThrow(/read back/)
    expect(await text(path)).toBe('old')
  })
  it('copies for .bak where links are not possible', async () => {
    const path = join(dir, 'x')
    await fs.writeFile(path, 'old')
    await safeWrite(path, bytes('new'), {
      backup: true,
      disk: disk((op) => {
        if (op === 'link') throw failing('EPERM')
      })
    })
    expect([await text(path), await text(`${path}.bak`)]).toEqual(['new', 'old'])
  })
  it('saves where a disk has no permissions, and no way to flush', async () => {
    const path = join(dir, 'x')
    await fs.writeFile(path, 'old')
    for (const code of ['EPERM', 'EOPNOTSUPP', 'ENOSYS'])
      await safeWrite(path, bytes(code), {
        disk: disk((op) => {
          if (op === 'chmod' || (op === 'sync' && code !== 'EPERM')) throw failing(code)
        })
      })
    expect(await text(path)).toBe('ENOSYS')
    const full = disk((op) => {
      if (op === 'sync') throw failing('ENOSPC')
    })
    await expect(safeWrite(path, bytes('new'), { disk: full })).rejects.toThrow(/disk is full/)
    expect(await text(path)).toBe('ENOSYS')
  })
  it('says so when the folder is gone, or is a file', async () => {
    await expect(safeWrite(join(dir, 'no', 'x'), bytes('1'))).rejects.toThrow(/folder does not exist/)
    await fs.writeFile(join(dir, 'f'), '')
    await expect(safeWrite(join(dir, 'f', 'x'), bytes('1'))).rejects.toThrow(/a file has the name of the folder/)
  })
  it('keeps the old file when the system itself refuses to write on', async () => {
    // A file-size limit of the shell makes real writes fall short, as a full disk does.
    const path = join(dir, 'x')
    await fs.writeFile(path, 'old')
    const script = join(dir, 'write.cjs')
    const disk = join(import.meta.dirname, '../../../../src/main/files/safeWrite.ts')
    await fs.writeFile(
      script,
      `
      require('vite').build({ configFile: false, logLevel: 'silent', resolve: { alias: { '@shared': ${JSON.stringify(join(import.meta.dirname, '../../../../src/shared'))} } }, ssr: { noExternal: true },
        build: { ssr: ${JSON.stringify(disk)}, outDir: ${JSON.stringify(join(dir, 'out'))}, rolldownOptions: { output: { format: 'cjs', entryFileNames: 'w.cjs' } } } })`
    )
    await promisify(execFile)('node', [script], {
      env: { ...process.env, NODE_PATH: join(import.meta.dirname, '../../../../node_modules') }
    })
    const run = `require(${JSON.stringify(join(dir, 'out', 'w.cjs'))}).safeWrite(${JSON.stringify(path)}, Buffer.alloc(200000, 'n')).then(() => console.log('WRITTEN'), (e) => console.log('REFUSED', e.message))`
    const { stdout } = await promisify(execFile)('bash', ['-c', `trap '' XFSZ; ulimit -f 64; exec node -e "$0"`, run])
    expect(stdout).toMatch(/^REFUSED x could not be saved: the file is larger than is allowed there/)
    expect(await text(path)).toBe('old')
  })
})

describe('project files', () => {
  const project = (name: string) => ({ ...sampleProject(), name })
  it('are saved, opened, and noticed when changed by others', async () => {
    const files = new ProjectFiles()
    const path = join(dir, 'p.gclinic')
    expect(await files.save(sampleProject(), path)).toEqual({ ok: true, path })
    expect(await files.open(path)).toEqual({ ok: true, path, value: sampleProject() })
    expect(await files.changedOutside(path)).toBe(false)
    await fs.writeFile(path, encodeProject({ ...sampleProject(), name: 'other' }))
    expect(await files.changedOutside(path)).toBe(true)
    await fs.rm(path)
    expect(await files.changedOutside(path)).toBe(false)
  })
  it('are compared with what an earlier session knew of them', async () => {
    const path = join(dir, 'p.gclinic')
    const before = new ProjectFiles()
    await before.save(project('mine'), path)
    const sum = before.sumOf(path)!
    const later = new ProjectFiles()
    expect(later.sumOf(path)).toBeUndefined()
    later.recall(path, sum)
    expect(await later.changedOutside(path)).toBe(false)
    await fs.writeFile(path, encodeProject(project('theirs')))
    expect(await later.changedOutside(path)).toBe(true)
    await later.open(path)
    later.recall(path, sum)
    expect(await later.changedOutside(path)).toBe(false)
  })
  it('count as changed by their content, whatever their time and size say', async () => {
    const files = new ProjectFiles()
    const path = join(dir, 'p.gclinic')
    const bytes = encodeProject({ ...sampleProject(), name: 'aaaa' })
    await fs.writeFile(path, bytes)
    await files.open(path)
    // Written anew, but the same.
    await fs.writeFile(path, bytes)
    expect(await files.changedOutside(path)).toBe(false)
    const { atime, mtime } = await fs.stat(path)
    const other = Buffer.from(bytes)
    other[other.length - 30]! ^= 1
    await fs.writeFile(path, other)
    await fs.utimes(path, atime, mtime)
    expect(await files.changedOutside(path)).toBe(true)
  })
  it('count as changed when something else has taken the name, which is not read for it', async () => {
    const files = new ProjectFiles()
    const path = join(dir, 'p.gclinic')
    const replace = async (by: () => Promise<unknown>): Promise<void> => {
      await fs.rm(path, { recursive: true, force: true })
      await files.save(sampleProject(), path)
      await fs.rm(path)
      await by()
      expect(await files.changedOutside(path)).toBe(true)
      expect(await files.save(sampleProject(), path)).toMatchObject({ ok: false })
    }
    await replace(() => fs.mkdir(path))
    await replace(() => promisify(execFile)('mkfifo', [path]))
    await fs.rm(path)
    await files.save(sampleProject(), path)
    // More than any program reads at once.
    await fs.truncate(path, 2 ** 32)
    expect(await files.changedOutside(path)).toBe(true)
  })
  it('are written in the order they were saved, however long each takes', async () => {
    const path = join(dir, 'p.gclinic')
    const later: (() => void)[] = []
    const files = new ProjectFiles(undefined, async (project, at, backup) => {
      // The first one takes until the second has been asked for.
      if (project.name === 'first') await new Promise<void>((resolve) => later.push(resolve))
      return writeProject(project, at, backup)
    })
    const saves = ['first', 'second'].map((name) => files.save({ ...sampleProject(), name }, path))
    await vi.waitFor(() => expect(later).toHaveLength(1))
    await new Promise((resolve) => setTimeout(resolve, 20))
    later[0]!()
    expect(await Promise.all(saves)).toEqual([
      { ok: true, path },
      { ok: true, path }
    ])
    expect(decodeProject(await fs.readFile(path)).name).toBe('second')
    expect(decodeProject(await fs.readFile(`${path}.bak`)).name).toBe('first')
    expect(await files.changedOutside(path)).toBe(false)
  })
  it('never replace a .bak that holds another project', async () => {
    const path = join(dir, 'p.gclinic')
    const named = async (file: string): Promise<string> => decodeProject(await fs.readFile(file)).name
    await fs.writeFile(path, encodeProject(project('theirs')))
    await fs.writeFile(`${path}.bak`, encodeProject(project('their former')))
    const files = new ProjectFiles()
    for (const name of ['1', '2', '3']) await files.save(project(name), path)
    expect(await Promise.all(['.bak', '.1.bak', '.2.bak'].map((end) => named(path + end)))).toEqual([
      '2',
      'their former',
      'theirs'
    ])
    // Nor one that another program's version has become, which the person was told is kept.
    await fs.writeFile(path, encodeProject(project('from outside')))
    for (const name of ['4', '5', '6']) await files.save(project(name), path)
    expect(await Promise.all(['.bak', '.3.bak'].map((end) => named(path + end)))).toEqual(['5', 'from outside'])
  })
  it('keep the version that another program writes during a save, and tell where', async () => {
    const path = join(dir, 'p.gclinic')
    const named = async (file: string): Promise<string> => decodeProject(await fs.readFile(file)).name
    const theirs = encodeProject(project('theirs'))
    let comesBetween = false
    const files = new ProjectFiles(undefined, async (sent, at, backup) => {
      if (comesBetween) await fs.writeFile(path, theirs)
      comesBetween = false
      return writeProject(sent, at, backup)
    })
    const kept: string[] = []
    const save = (name: string) => files.save(project(name), path, { replaced: (backup) => kept.push(backup) })
    for (const name of ['1', '2', '3']) expect(await save(name)).toMatchObject({ ok: true })
    expect(kept).toEqual([])
    comesBetween = true
    expect(await save('4')).toMatchObject({ ok: true })
    expect(kept).toEqual([`${path}.bak`])
    expect(await named(`${path}.bak`)).toBe('theirs')
    for (const name of ['5', '6', '7']) await save(name)
    expect(kept).toHaveLength(1)
    expect(await Promise.all(['', '.bak', '.1.bak'].map((end) => named(path + end)))).toEqual(['7', '6', 'theirs'])
    // What has gone was replaced by nobody, and its .bak is ours.
    await fs.rm(path)
    await save('8')
    await save('9')
    expect(kept).toHaveLength(1)
    expect(await named(`${path}.bak`)).toBe('8')
  })
  it('that could not be opened again are not written over good ones', async () => {
    const files = new ProjectFiles()
    const path = join(dir, 'p.gclinic')
    await files.save(sampleProject(), path)
    const before = await fs.readFile(path)
    const bad = sampleProject()
    bad.runs[0]!.frames.steps = new Int32Array([3, 2, 1])
    expect(await files.save(bad, path)).toMatchObject({ ok: false, problems: [{ path: 'runs.0.frames.file' }] })
    expect(await fs.readFile(path)).toEqual(before)
  })
  it('that are missing, folders or no projects are refused with the reason', async () => {
    const files = new ProjectFiles()
    expect(await files.open(join(dir, 'none.gclinic'))).toMatchObject({
      ok: false,
      problems: [{ message: { en: 'none.gclinic could not be opened: there is no such file' } }]
    })
    expect(await files.open(dir)).toMatchObject({ ok: false })
    await fs.writeFile(join(dir, 'x.gclinic'), 'nonsense')
    expect(await files.open(join(dir, 'x.gclinic'))).toMatchObject({
      ok: false,
      problems: [{ message: { en: expect.stringContaining('not a Gradient Clinic project') as string } }]
    })
  })
  it('tables are read in the encodings that spreadsheets write', async () => {
    const zh = '成绩,年级\n1,2\n'
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(zh, 'utf16le')])
    const gb = Buffer.from([0xb3, 0xc9, 0xbc, 0xa8, 0x0a])
    for (const [name, data, expected] of [
      ['a.csv', Buffer.from(zh), zh],
      ['b.csv', utf16, zh],
      ['c.csv', gb, '成绩\n'],
      ['d.csv', Buffer.from('\ufeffx\n'), '\ufeffx\n']
    ] as const) {
      await fs.writeFile(join(dir, name), data)
      const result = await opened(join(dir, name), readers.table([join(dir, name)]))
      expect(result).toMatchObject({ ok: true, path: join(dir, name), value: { name } })
      expect(readTableFile((result as { value: { content: Attachment } }).value.content, 'auto').text).toBe(expected)
    }
    expect(await opened('none.csv', readers.table([join(dir, 'none.csv')]))).toMatchObject({ ok: false })
  })
})

describe('recovered project files', () => {
  const others = (now?: () => number): RecoveredFiles => new RecoveredFiles(dir, () => false, now)
  const id = 'unsaved-1.gclinic'
  it('are listed, read, and stay', async () => {
    await fs.writeFile(join(dir, id), encodeProject(sampleProject()))
    expect(await others().list()).toMatchObject([{ id, name: sampleProject().name, runs: 2, declined: false }])
    expect(await others().take(id)).toEqual({
      ok: true,
      path: join(dir, id),
      value: { project: sampleProject(), path: null }
    })
    expect(await others().list()).toHaveLength(1)
  })
  it('that were declined stay for 30 days', async () => {
    await fs.writeFile(join(dir, id), encodeProject(sampleProject()))
    const days = (n: number) => (): number => Date.now() + n * 86_400_000
    await others().decline(id)
    for (const day of [7, 14, 21, 28, 29])
      expect(await others(days(day)).list()).toMatchObject([{ id, declined: true }])
    expect(await others(days(31)).list()).toEqual([])
    expect(await fs.readdir(dir)).toEqual([])
  })
  it('that were declined stay when the clock was wrong, or is', async () => {
    await fs.writeFile(join(dir, id), encodeProject(sampleProject()))
    // Declined in 1970, seen in this century, and once in the next.
    await others(() => 1000).decline(id)
    const now = Date.now()
    for (const time of [now, now + 1e12, now, 0, now])
      expect(await others(() => time).list()).toMatchObject([{ id, declined: true }])
    // What an earlier program left of an answer.
    await fs.writeFile(join(dir, `${id}.declined`), '')
    await fs.utimes(join(dir, `${id}.declined`), 1, 1)
    expect(await others().list()).toMatchObject([{ id, declined: true }])
  })
  it('that are damaged are named and left where they are', async () => {
    await fs.writeFile(join(dir, id), encodeProject(sampleProject()).slice(0, 500))
    expect(await others().list()).toMatchObject([{ id, file: join(dir, id), problems: [{}] }])
    expect(await fs.readdir(dir)).toEqual([id])
  })
})

describe('a store', () => {
  const schema = v.object({ n: v.number() }) as v.GenericSchema<unknown, { n: number }>
  it('remembers, and starts anew from a file that makes no sense', async () => {
    const path = join(dir, 's.json')
    const store = new Store(path, schema, { n: 1 })
    expect(store.get()).toEqual({ n: 1 })
    store.set({ n: 2 })
    await store.flush()
    expect(new Store(path, schema, { n: 1 }).get()).toEqual({ n: 2 })
    expect(() => store.set({ n: 'x' } as never)).toThrow()
    await fs.writeFile(path, '{"n": ')
    expect(new Store(path, schema, { n: 1 }).get()).toEqual({ n: 1 })
    await vi.waitFor(() => fs.access(`${path}.bad`))
  })
})
