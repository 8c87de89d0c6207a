import { remedies } from '@shared/remedies'
import type { Actions } from '@/features/shell/command'
import { useProject } from '@/stores/project'

/** Every remedy, on and off. */
const actions: Actions = () => {
  const project = useProject()
  return remedies.all.map((r) => ({
    id: `remedy-${r.id}`,
    group: 'remedies',
    icon: 'bolt',
    rare: true,
    words: `remedy 对策 ${r.id} ${r.words ?? ''}`,
    name: () => (project.isOn(r.id) ? { en: `Switch off: ${r.name.en}`, zh: `关闭：${r.name.zh}` } : { en: `Switch on: ${r.name.en}`, zh: `启用：${r.name.zh}` }),
    on: () => project.isOn(r.id),
    enabled: () => project.isOn(r.id) || (!!project.info && !project.reasonAgainst(project.defaultChoice(r.id))),
    run: () => project.toggleRemedy(r.id, !project.isOn(r.id))
  }))
}
export default actions
