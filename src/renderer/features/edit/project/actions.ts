import type { Actions } from '@/commands/command'
import { emptyExperiment, useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { useFiles } from './files'

/** The project's file and its experiments. */
const actions: Actions = () => {
  const files = useFiles()
  const project = useProject()
  const ui = useUi()
  return () => [
    {
      id: 'new',
      group: 'file',
      icon: 'file',
      name: { en: 'New project', zh: '新建项目' },
      keys: ['Ctrl+N'],
      typing: true,
      run: () => files.create()
    },
    {
      id: 'newEmpty',
      group: 'file',
      icon: 'file',
      name: { en: 'New, empty network', zh: '新建空网络' },
      keys: ['Ctrl+Shift+N'],
      typing: true,
      words: 'project blank 项目 空白',
      run: () => files.create(emptyExperiment())
    },
    {
      id: 'open',
      group: 'file',
      icon: 'folder',
      name: { en: 'Open …', zh: '打开…' },
      keys: ['Ctrl+O'],
      typing: true,
      run: () => files.open(null)
    },
    {
      id: 'recovered',
      group: 'file',
      icon: 'undo',
      name: { en: 'Recovered work …', zh: '恢复的工作…' },
      typing: true,
      words: 'backup crash unsaved restore 备份 崩溃 未保存',
      run: () => (ui.dialog = 'recovered')
    },
    {
      id: 'openCsv',
      group: 'file',
      icon: 'table',
      name: { en: 'Open a table (CSV) …', zh: '打开表格（CSV）…' },
      keys: ['Ctrl+Shift+O'],
      typing: true,
      words: 'import data 导入 数据',
      run: () => files.openCsv()
    },
    {
      id: 'openIdx',
      group: 'file',
      icon: 'data',
      name: { en: 'Open images (IDX) …', zh: '打开图像（IDX）…' },
      typing: true,
      words: 'import data mnist 导入 数据',
      run: () => files.openIdx()
    },
    {
      id: 'openRecording',
      group: 'file',
      icon: 'eye',
      name: { en: 'Open a recording …', zh: '打开训练记录…' },
      typing: true,
      words: 'watch import pytorch keras gcrec 导入 观察 训练',
      run: () => files.openRecording(null)
    },
    {
      id: 'save',
      group: 'file',
      icon: 'disk',
      name: { en: 'Save', zh: '保存' },
      keys: ['Ctrl+S'],
      typing: true,
      run: () => files.save()
    },
    {
      id: 'saveAs',
      group: 'file',
      icon: 'disk',
      name: { en: 'Save as …', zh: '另存为…' },
      keys: ['Ctrl+Shift+S'],
      typing: true,
      run: () => files.saveAs()
    },
    {
      id: 'undo',
      group: 'edit',
      icon: 'undo',
      name: { en: 'Undo', zh: '撤销' },
      keys: ['Ctrl+Z'],
      enabled: () => project.canUndo,
      run: project.undo
    },
    {
      id: 'redo',
      group: 'edit',
      icon: 'redo',
      name: { en: 'Redo', zh: '重做' },
      keys: ['Ctrl+Y', 'Ctrl+Shift+Z'],
      enabled: () => project.canRedo,
      run: project.redo
    },
    {
      id: 'rename',
      group: 'experiments',
      icon: 'sliders',
      name: { en: 'Rename this experiment …', zh: '重命名此实验…' },
      run: () => (ui.dialog = 'rename')
    },
    {
      id: 'copyExperiment',
      group: 'experiments',
      icon: 'copy',
      name: { en: 'Copy this experiment', zh: '复制此实验' },
      keys: ['Ctrl+Shift+D'],
      run: () => project.addExperiment(project.experiment)
    },
    {
      id: 'removeExperiment',
      group: 'experiments',
      icon: 'trash',
      name: { en: 'Remove this experiment', zh: '移除此实验' },
      enabled: () => project.experiments.length > 1,
      run: () => project.removeExperiment(project.current)
    },
    ...project.experiments.map((e, i) => ({
      id: `experiment-${i}`,
      group: 'experiments' as const,
      icon: 'dense',
      rare: true,
      name: { en: `Go to “${e.name}”`, zh: `转到“${e.name}”` },
      on: () => i === project.current,
      enabled: () => i !== project.current,
      run: () => project.showExperiment(i)
    }))
  ]
}
export default actions
