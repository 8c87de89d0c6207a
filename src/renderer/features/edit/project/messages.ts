export default {
  en: {
    menu: 'Project and experiments',
    experiments: 'Experiments of this project',
    file: 'Project file',
    rename: 'Rename …',
    renameTitle: 'Name of the experiment',
    remove: 'Remove this experiment',
    new: 'New project',
    open: 'Open …',
    openCsv: 'Open a table (CSV) …',
    save: 'Save',
    saveAs: 'Save as …',
    recent: 'Open recent',
    noRecent: 'Nothing yet',
    gallery: 'Gallery …',
    unsaved: 'unsaved changes',
    untitled: 'not saved yet'
  },
  zh: {
    menu: '项目与实验',
    experiments: '本项目的实验',
    file: '项目文件',
    rename: '重命名…',
    renameTitle: '实验名称',
    remove: '移除此实验',
    new: '新建项目',
    open: '打开…',
    openCsv: '打开表格（CSV）…',
    save: '保存',
    saveAs: '另存为…',
    recent: '最近打开',
    noRecent: '暂无',
    gallery: '示例库…',
    unsaved: '有未保存的修改',
    untitled: '尚未保存'
  }
}
