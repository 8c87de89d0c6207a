import { counted } from '@shared/base/text'
import { defineStore } from 'pinia'
import type { RecoveredWork } from '@shared/ipc/app'
import type { Language } from '@shared/base/text'
import { problemsOf } from '@/stores/problems'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { codecsReady } from '@/timing/codecs'
import { useFiles } from './files'

/** The moment in the words of a language, milliseconds since 1970. */
export const timeOf = (time: number, language: Language): string =>
  new Date(time).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** Work of sessions that ended without saving. Nothing but `remove` destroys any, and that asks. */
export interface Recovery {
  list(): Promise<RecoveredWork[]>
  /** Offers what nobody has answered for yet. @returns whether it was taken up */
  offer(): Promise<boolean>
  /** Puts it on screen, after asking about what is there. @returns whether it is */
  take(work: RecoveredWork): Promise<boolean>
  /** Asks, then deletes for good. @returns whether it is gone */
  remove(work: RecoveredWork): Promise<boolean>
}

export const useRecovery = defineStore('recovery', (): Recovery => {
  const files = useFiles()
  const project = useProject()
  const ui = useUi()
  const clinic = window.clinic
  const list = (): Promise<RecoveredWork[]> => clinic.recovered()

  async function take(work: RecoveredWork): Promise<boolean> {
    if (!(await files.settle())) return false
    const asked = project.moment()
    const failed = { en: `“${work.name}” could not be taken up`, zh: `无法恢复“${work.name}”` }
    try {
      await codecsReady()
      const taken = await clinic.takeRecovered(work.id)
      if (!taken.ok) {
        await ui.fail(failed, taken.canceled ? [] : taken.problems)
        return false
      }
      // Reading takes a while, in which somebody may go on editing.
      if (!(await files.settle(asked))) return false
      const { project: kept, path, key, lacks } = taken.value
      project.load(kept, path, key)
      project.dirty = true
      if (lacks?.length)
        void ui.fail(
          { en: `“${work.name}” was taken up, but lacks something`, zh: `已恢复“${work.name}”，但有缺失` },
          lacks
        )
      return true
    } catch (e) {
      await ui.fail(failed, problemsOf(e))
      return false
    }
  }
  /** Names what can't be read. Whoever has read that is not told again. */
  async function tell(unread: RecoveredWork[]): Promise<void> {
    const answer = await ui.ask({
      title: {
        en: 'Unsaved work of an earlier session can’t be read. It stays under File ▸ Recovered work.',
        zh: '早先会话中未保存的工作无法读取。它保留在“文件 ▸ 恢复的工作”中。'
      },
      problems: unread.flatMap((w) => (w.problems ?? []).map((p) => ({ ...p, path: w.file }))),
      buttons: [{ id: 'ok', label: { en: 'OK', zh: '确定' }, kind: 'pri' }]
    })
    if (answer === 'ok') for (const { id } of unread) await clinic.declineRecovered(id)
  }
  async function offer(): Promise<boolean> {
    const all = (await list()).filter((w) => !w.declined)
    const unread = all.filter((w) => w.problems)
    const [first, ...others] = all.filter((w) => !w.problems)
    if (unread.length) void tell(unread)
    if (!first) return false
    const more = others.length
    const [en, zh] = [timeOf(first.time, 'en'), timeOf(first.time, 'zh')]
    const answer = await ui.ask({
      title: { en: 'Unsaved work was kept', zh: '保留了未保存的工作' },
      body: {
        en: `A session ended without saving “${first.name}” (${counted(first.runs, 'run')}, ${en}). Take it up again? Otherwise it stays under File ▸ Recovered work for 30 days${more ? `, where there is more: ${more}` : ''}.`,
        zh: `有一次会话结束时“${first.name}”尚未保存（${first.runs} 个运行，${zh}）。要恢复吗？否则它会在“文件 ▸ 恢复的工作”中保留 30 天${more ? `，那里还有 ${more} 项` : ''}。`
      },
      buttons: [
        { id: 'later', label: { en: 'Not now', zh: '暂不' } },
        { id: 'restore', label: { en: 'Take it up', zh: '恢复' }, kind: 'pri' }
      ]
    })
    if (answer === 'restore') return take(first)
    if (answer === 'later') await clinic.declineRecovered(first.id)
    return false
  }
  async function remove(work: RecoveredWork): Promise<boolean> {
    const answer = await ui.ask({
      title: { en: `Delete “${work.name}” for good?`, zh: `永久删除“${work.name}”？` },
      body: { en: 'It was never saved, and can’t be brought back.', zh: '它从未保存过，删除后无法找回。' },
      buttons: [
        { id: 'delete', label: { en: 'Delete', zh: '删除' }, kind: 'bad' },
        { id: 'cancel', label: { en: 'Keep it', zh: '保留' } }
      ]
    })
    if (answer !== 'delete') return false
    await clinic.deleteRecovered(work.id)
    return true
  }
  return { list, offer, take, remove }
})
