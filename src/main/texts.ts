import type { Text } from '@shared/base/text'

const t = (en: string, zh: string): Text => ({ en, zh })

/** Words of menus and dialogs; everything else is said by the window. */
export const texts = {
  app: t('Gradient Clinic', '梯度诊所'),
  file: t('File', '文件'),
  edit: t('Edit', '编辑'),
  view: t('View', '视图'),
  help: t('Help', '帮助'),
  new: t('New', '新建'),
  newEmpty: t('New, Empty Network', '新建空网络'),
  open: t('Open…', '打开…'),
  recent: t('Open Recent', '最近打开'),
  none: t('None', '无'),
  save: t('Save', '保存'),
  saveAs: t('Save As…', '另存为…'),
  export: t('Export', '导出'),
  reportHtml: t('Report (HTML)…', '报告（HTML）…'),
  reportPdf: t('Report (PDF)…', '报告（PDF）…'),
  recovered: t('Recovered Work…', '恢复的工作…'),
  homeFolder: t('Folder for the project', '项目所在文件夹'),
  choosePython: t('Python that checks projects', '用于核对项目的 Python'),
  openCsv: t('Open Table (CSV)…', '打开表格（CSV）…'),
  openIdx: t('Open Images (IDX)…', '打开图像（IDX）…'),
  openModel: t('Open Model…', '打开模型…'),
  modelFiles: t('Models of Keras and PyTorch', 'Keras 与 PyTorch 模型'),
  settings: t('Settings…', '设置…'),
  quit: t('Quit', '退出'),
  undo: t('Undo', '撤销'),
  redo: t('Redo', '重做'),
  cut: t('Cut', '剪切'),
  copy: t('Copy', '复制'),
  paste: t('Paste', '粘贴'),
  selectAll: t('Select All', '全选'),
  zoomIn: t('Zoom In', '放大'),
  zoomOut: t('Zoom Out', '缩小'),
  resetZoom: t('Actual Size', '实际大小'),
  fullScreen: t('Full Screen', '全屏'),
  palette: t('Find a Command…', '查找命令…'),
  shortcuts: t('Keyboard Shortcuts', '键盘快捷键'),
  glossary: t('Glossary', '术语表'),
  tour: t('Short Tour', '快速导览'),
  about: t('About Gradient Clinic', '关于梯度诊所'),
  projectFiles: t('Gradient Clinic project', '梯度诊所项目'),
  experimentFiles: t('Experiment (JSON)', '实验（JSON）'),
  tableFiles: t('Table (CSV)', '表格（CSV）'),
  openRecording: t('Open Recording…', '打开训练记录…'),
  recordings: t('Recorded training', '训练记录'),
  idxFiles: t('Images and labels (IDX)', '图像与标签（IDX）'),
  allFiles: t('All files', '所有文件'),
  unsaved: t('Save the changes to this project?', '要保存对此项目的更改吗？'),
  unsavedDetail: t('Without saving, everything since the last save is lost.', '若不保存，上次保存之后的内容将会丢失。'),
  // cspell:ignore dont
  dontSave: t('Don’t Save', '不保存'),
  cancel: t('Cancel', '取消'),
  changedOutside: t(
    'The file was changed by another program since it was opened.',
    '该文件自打开以来已被其他程序修改。'
  ),
  changedOutsideDetail: t(
    'Overwrite it? The other version is kept next to it, with .bak at the end of its name.',
    '要覆盖它吗？另一版本会以 .bak 结尾的名称保留在旁边。'
  ),
  overwrite: t('Overwrite', '覆盖'),
  stillWriting: t('A file is still being written.', '仍有文件正在写入。'),
  stillWritingDetail: t(
    'Its disk may be slow, or have gone. If the window closes now, that file may be missing, or as it was before. Unsaved work is kept, and offered at the next start.',
    '其所在磁盘可能较慢，或已断开。若现在关闭窗口，该文件可能缺失或保持原样。未保存的工作会保留，并在下次启动时提供。'
  ),
  closeNow: t('Close Now', '立即关闭'),
  windowHangs: t('The window does not answer.', '窗口没有响应。'),
  windowHangsDetail: t(
    'Runs go on, and what is older than a moment is backed up. Loading the window anew brings it back.',
    '训练仍在继续，片刻之前的内容均已备份。重新加载窗口即可恢复。'
  ),
  wait: t('Wait', '等待'),
  windowCrashed: t('The window has crashed twice within a minute.', '窗口在一分钟内崩溃了两次。'),
  windowCrashedDetail: t(
    'Runs go on, and unsaved work is backed up. Reload the window?',
    '训练仍在继续，未保存的内容已备份。要重新加载窗口吗？'
  ),
  reload: t('Reload', '重新加载')
} as const
