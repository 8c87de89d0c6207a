import { remedies } from '@shared/clinic/remedies'
import type { Actions, Command } from '@/commands/command'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { useDrafts } from './drafts'

/** Every remedy: on and off, what it would change, and in a copy. */
const actions: Actions = () => {
  const project = useProject()
  const ui = useUi()
  const drafts = useDrafts()
  const blocked = (id: string): boolean =>
    !project.isOn(id) && (!project.info || !!project.reasonAgainst(project.choiceOf(id)))
  return remedies.all.flatMap((r): Command[] => [
    {
      id: `remedy-${r.id}`,
      group: 'remedies',
      icon: 'bolt',
      rare: true,
      words: `remedy 对策 ${r.id} ${r.words ?? ''}`,
      name: () =>
        project.isOn(r.id)
          ? { en: `Switch off: ${r.name.en}`, zh: `关闭：${r.name.zh}` }
          : { en: `Switch on: ${r.name.en}`, zh: `启用：${r.name.zh}` },
      on: () => project.isOn(r.id),
      enabled: () => !blocked(r.id),
      run: () => project.toggleRemedy(r.id, !project.isOn(r.id))
    },
    {
      id: `remedy-preview-${r.id}`,
      group: 'remedies',
      icon: 'eye',
      rare: true,
      words: `preview diff 预览 改动 ${r.id}`,
      name: { en: `Show what changes: ${r.name.en}`, zh: `显示改动：${r.name.zh}` },
      on: () => ui.previewRemedy === r.id,
      enabled: () => !blocked(r.id),
      run: () => drafts.togglePreview(r.id)
    },
    {
      id: `remedy-copy-${r.id}`,
      group: 'remedies',
      icon: 'copy',
      rare: true,
      words: `copy experiment 副本 ${r.id}`,
      name: { en: `Try in a copy: ${r.name.en}`, zh: `在副本中尝试：${r.name.zh}` },
      enabled: () => !project.isOn(r.id) && !blocked(r.id),
      run: () => drafts.tryInCopy(r.id)
    }
  ])
}
export default actions
