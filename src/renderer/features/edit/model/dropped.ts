import { defineStore } from 'pinia'
import type { Text } from '@shared/base/text'
import { useChooseData } from '@/features/edit/data/choose'
import { useFiles } from '@/features/edit/project/files'
import { useUi } from '@/stores/ui'
import { isModelFile, useModel } from './state'

/** Bytes of a JSON file that are looked at to tell what it is: an experiment with a large table is still one. */
const MOST_JSON = 64 * 2 ** 20
type Kind = 'recording' | 'project' | 'model' | 'data'

/** What a file in JSON is by what it says of itself. */
async function jsonKind(file: File): Promise<Kind> {
  if (file.size > MOST_JSON) return 'data'
  try {
    const read: unknown = JSON.parse(await file.text())
    if (typeof read !== 'object' || read === null) return 'data'
    // What is written by hand often leaves out its format.
    if (['network', 'training', 'remedies'].some((key) => key in read)) return 'project'
    // What `model.to_json()` of Keras writes.
    return 'class_name' in read && 'config' in read ? 'model' : 'data'
  } catch {
    return 'data'
  }
}
/** What a person wants with a file that they drop on the window, by its name; JSON by what is in it. */
async function kindOf(file: File): Promise<Kind> {
  if (/\.gcrec$/i.test(file.name)) return 'recording'
  if (/\.gclinic$/i.test(file.name)) return 'project'
  if (isModelFile(file.name)) return 'model'
  return /\.json$/i.test(file.name) ? jsonKind(file) : 'data'
}

/**
 * Why nothing can be made of a dropped file, whatever it is meant for; undefined where something may be. A recording
 * begins empty, and projects and models say more of it themselves.
 */
async function refusal(file: File, kind: Kind): Promise<Text | undefined> {
  try {
    await file.slice(0, 1).arrayBuffer()
  } catch {
    return {
      en: 'it can’t be read. Of a folder drop the files in it; of a file check that it is still there, and that you may read it',
      zh: '无法读取。若是文件夹，请拖入其中的文件；若是文件，请确认它仍然存在且有读取权限'
    }
  }
  return kind === 'data' && file.size === 0
    ? { en: 'the file is empty: write or copy it again', zh: '文件是空的：请重新写入或复制' }
    : undefined
}

/** Files that come from outside: recordings, a project or experiment, a model, or data. */
export const useDropped = defineStore('dropped', () => {
  const files = useFiles()
  const model = useModel()
  const ui = useUi()
  const { takeDropped } = useChooseData()

  const alone: Text = {
    en: 'Drop a project, an experiment or a model by itself: it comes in the place of what is on screen, or asks how it is to be opened.',
    zh: '请单独拖入项目、实验或模型：它会取代当前内容，或需要询问打开方式。'
  }
  /** Opens or takes in what was dropped together. */
  async function take(given: readonly File[]): Promise<void> {
    const kinds = await Promise.all(given.map(kindOf))
    const reasons = await Promise.all(given.map((file, i) => refusal(file, kinds[i]!)))
    const refused = given.flatMap(({ name }, i) => (reasons[i] ? [{ path: name, message: reasons[i] }] : []))
    // All or none: what is taken of several is not left to which of them can be read.
    if (refused.length) return ui.fail({ en: 'Nothing was opened', zh: '未打开任何内容' }, refused)
    const of = (kind: Kind): File[] => given.filter((_, i) => kinds[i] === kind)
    for (const file of of('recording')) void files.openRecording(window.clinic.pathOf(file))
    const [whole] = [...of('project'), ...of('model')]
    const data = of('data')
    if (whole && of('project').length + of('model').length + data.length > 1)
      return ui.fail({ en: 'Too many files at once', zh: '文件过多' }, [{ path: whole.name, message: alone }])
    if (whole) await (of('model').length ? model.drop(whole) : openProject(whole))
    else if (data.length) await takeDropped(data)
  }
  async function openProject(file: File): Promise<void> {
    const path = window.clinic.pathOf(file)
    if (path) return files.open(path)
    await ui.fail({ en: `${file.name} could not be opened`, zh: `无法打开 ${file.name}` }, [
      {
        path: file.name,
        message: {
          en: 'it has no place on this machine: save it to a folder first, and drop it from there',
          zh: '它在本机上没有位置：请先保存到文件夹，再从那里拖入'
        }
      }
    ])
  }
  /** Opens a file by its place, as the command line or another launch names it. */
  const open = (path: string): Promise<void> => (isModelFile(path) ? model.look(path) : files.open(path))
  return { take, open }
})
