import { datasets } from '@shared/catalog/datasets'
import type { Attachment } from '@shared/catalog/datasets'
import { idxHeader, looksLikeIdx } from '@shared/catalog/datasets/parts/idx'
import { asAttachment, noTable } from '@shared/catalog/datasets/parts/tableFile'
import type { Spec } from '@shared/base/params'
import { parseSpec } from '@shared/base/params'
import { lookup } from '@shared/experiment/lookup'
import { meantTask } from '@shared/experiment/meant'
import { InputError } from '@shared/base/problems'
import type { Text } from '@shared/base/text'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { codecsReady } from '@/timing/codecs'
import { adaptTo } from './adapt'

/** A file that a person chose, or dropped. */
export interface GivenFile {
  name: string
  bytes: Uint8Array
}
/** A table likewise: as text, or packed. */
export interface GivenTable {
  name: string
  content: Attachment
}
export const notOpened = (path: string): Text => ({ en: `${path} could not be opened`, zh: `无法打开 ${path}` })
/** As the files of MNIST are called: such a one that is damaged is no table either. */
const IDX_NAME = /idx\d-ubyte|\.idx\d?(\.gz)?$/i
/** Packed, so that a project with it stays small and is quickly backed up; small ones stay as they are. */
async function packed(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length < 65536 || (bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Changing the data of the experiment in view, with what must change along with it. */
export function useChooseData(): {
  choose(dataset: Spec, merge?: string): void
  /** @param back brings the experiment that they were opened for into view, as reading them takes a while */
  takeCsv(name: string, content: Attachment, back?: () => boolean): void
  takeIdx(files: GivenFile[], back?: () => boolean): Promise<void>
  takeDropped(files: readonly File[]): Promise<void>
} {
  const project = useProject()
  const ui = useUi()

  function choose(dataset: Spec, merge?: string): void {
    const other = dataset.id !== project.experiment.data.dataset.id
    // Loss and output are fitted to other data, and say nothing of it.
    const { info } = project.describe(
      dataset,
      project.experiment.seed,
      other ? undefined : meantTask(project.experiment)
    )
    const entry = datasets.get(dataset.id)
    const next = {
      ...project.experiment,
      data: {
        ...project.experiment.data,
        dataset,
        ...(other && {
          standardize: entry.standardize,
          validation: dataset.id === 'randomPairs' ? 0 : project.experiment.data.validation || 0.2
        })
      }
    }
    const fitted = info
      ? adaptTo(next, info, other ? project.info?.task : undefined)
      : { experiment: next, changes: [] }
    project.edit(() => fitted.experiment, merge)
    if (fitted.changes.length)
      ui.toast('info', {
        en: `Fitted to the data: ${fitted.changes.map((c) => c.en).join('; ')}`,
        zh: `已按数据调整：${fitted.changes.map((c) => c.zh).join('；')}`
      })
  }
  /** While a file was read, the experiment that it is for was removed, or another project opened. */
  function gone(name: string): void {
    ui.toast('bad', {
      en: `The experiment that “${name}” was opened for is gone: open it again for another`,
      zh: `“${name}” 所属的实验已不存在：请为其他实验重新打开`
    })
  }
  /**
   * Takes a table into the project and trains on it: target and columns as they were understood, to be changed at will.
   */
  function takeCsv(name: string, content: Attachment, back = project.bookmark()): void {
    if (!back()) return gone(name)
    const file = project.attach(name, content)
    choose(parseSpec('datasets', { id: 'csv', file }, 'data.dataset', [], lookup))
    ui.select('@data')
  }
  /**
   * Takes images and labels in the IDX format into the project and trains on them. Which is which is told by their
   * shapes; what isn't given stays as it was, as far as it belongs to what is.
   */
  async function takeIdx(given: GivenFile[], back = project.bookmark()): Promise<void> {
    const bytes = given.reduce((n, f) => n + f.bytes.length, 0)
    // Packing takes a moment then.
    if (bytes > 8e6)
      ui.toast('info', { en: `Reading ${Math.round(bytes / 1e6)} MB …`, zh: `正在读取 ${Math.round(bytes / 1e6)} MB…` })
    const files = await Promise.all(given.map(async ({ name, bytes }) => ({ name, bytes: await packed(bytes) })))
    try {
      for (const { name, bytes } of files) idxHeader(bytes, name)
    } catch (e) {
      if (!(e instanceof InputError)) throw e
      return void (await ui.fail({ en: 'The file could not be read', zh: '无法读取文件' }, e.problems))
    }
    if (!back()) return gone(files[0]!.name)
    const now = project.experiment.data.dataset
    const next: Spec = now.id === 'idx' ? { ...now } : parseSpec('datasets', { id: 'idx' }, 'data.dataset', [], lookup)
    for (const { name, bytes } of files)
      next[idxHeader(bytes, name).size === 1 ? 'labels' : 'images'] = project.attach(name, bytes)
    const lengthOf = (name: unknown): number | undefined => {
      const content = project.files[name as string]
      return content && typeof content !== 'string' ? idxHeader(content, String(name)).shape[0] : undefined
    }
    // Labels of the images before are none of these.
    if (now.id === 'idx' && next['labels'] === now['labels'] && lengthOf(next['images']) !== lengthOf(next['labels']))
      next['labels'] = ''
    choose(next)
    ui.select('@data')
  }
  /** Files dropped on the window: IDX files by their first bytes, packed or not, or by their names; else tables. */
  async function takeDropped(files: readonly File[]): Promise<void> {
    const back = project.bookmark()
    await codecsReady()
    const given = await Promise.all(
      files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }))
    )
    const idx = given.filter(({ name, bytes }) => looksLikeIdx(bytes) || IDX_NAME.test(name))
    const tables = given.filter((file) => !idx.includes(file))
    // The last would take the place of the others, and nothing would say so.
    if (tables.length > 1 || (tables.length && idx.length))
      return ui.fail(
        { en: 'Too many files at once', zh: '文件过多' },
        tables.map(({ name }) => ({
          path: name,
          message: {
            en: 'a network is trained on one table, or on images and labels in the IDX format: drop it by itself',
            zh: '网络只用一个表格，或 IDX 格式的图像与标签来训练：请单独拖入'
          }
        }))
      )
    for (const { name, bytes } of tables) {
      const content = asAttachment(bytes)
      const problems = noTable(content, name)
      if (problems.length) return ui.fail(notOpened(name), problems)
      takeCsv(name, content, back)
    }
    if (idx.length) await takeIdx(idx, back)
  }
  return { choose, takeCsv, takeIdx, takeDropped }
}
