export default {
  en: {
    native: 'Training is not possible:',
    backup: 'Unsaved work can’t be backed up; it is tried again. {why}.',
    backupSave: 'Save',
    sizeLeft: 'Width of the palette',
    sizeDock: 'Height of the run views',
    sizeRight: 'Width of the inspector',
    palette: 'Commands',
    find: 'What do you want to do?',
    nothing: 'No command of that name',
    recent: 'Recently used',
    shortcuts: 'Keyboard shortcuts',
    help: 'Help',
    next: 'Next',
    back: 'Back',
    done: 'Done',
    first: {
      train: 'Press Train, and watch where the gradient goes.',
      treat: 'Hardly any gradient reaches the first layers (dark). Try a cure:',
      treatNow: '{name}, and train',
      again: 'A remedy is on. Train again to see what it does.',
      still: 'This is no cure yet: the line at the bottom says why.',
      done: 'The gradient is back in every layer.',
      tour: 'Tour in 5 steps',
      gallery: 'Gallery'
    },
    mouse: 'With the mouse',
    group: {
      run: 'Train',
      edit: 'Edit',
      network: 'Network',
      remedies: 'Remedies',
      view: 'See',
      panels: 'Window',
      file: 'Project',
      experiments: 'Experiments',
      gallery: 'Gallery',
      help: 'Help'
    },
    gesture: {
      drag: 'Put a layer in: from the palette onto a connection',
      skip: 'Draw a connection, or a skip: from port to port',
      rename: 'Rename a layer or a run',
      several: 'Add a layer to the selection',
      band: 'Select with a rubber band',
      wheel: 'Zoom the network or the heatmap',
      pan: 'Move the network'
    },
    gestureKeys: {
      drag: 'Drag',
      skip: 'Drag',
      rename: 'Double click',
      several: 'Shift or Ctrl + click',
      band: 'Shift + drag',
      wheel: 'Wheel',
      pan: 'Drag'
    }
  },
  zh: {
    native: '无法训练：',
    backup: '无法备份未保存的工作，将继续重试。{why}。',
    backupSave: '保存',
    sizeLeft: '组件栏宽度',
    sizeDock: '运行视图高度',
    sizeRight: '检查器宽度',
    palette: '命令',
    find: '想做什么？',
    nothing: '没有这样的命令',
    recent: '最近使用',
    shortcuts: '键盘快捷键',
    help: '帮助',
    next: '下一步',
    back: '上一步',
    done: '完成',
    first: {
      train: '按“训练”，看看梯度去了哪里。',
      treat: '前面几层几乎收不到梯度（深色）。试一种对策：',
      treatNow: '{name}并训练',
      again: '已启用对策。重新训练看看效果。',
      still: '网络尚未治好：原因见底部的状态栏。',
      done: '梯度回到了每一层。',
      tour: '五步导览',
      gallery: '示例库'
    },
    mouse: '鼠标操作',
    group: {
      run: '训练',
      edit: '编辑',
      network: '网络',
      remedies: '对策',
      view: '查看',
      panels: '窗口',
      file: '项目',
      experiments: '实验',
      gallery: '示例库',
      help: '帮助'
    },
    gesture: {
      drag: '放入一层：从组件栏拖到连线上',
      skip: '画连线或跳连：从端口拖到端口',
      rename: '重命名层或运行',
      several: '把一层加入选择',
      band: '框选',
      wheel: '缩放网络或热图',
      pan: '移动网络'
    },
    gestureKeys: {
      drag: '拖动',
      skip: '拖动',
      rename: '双击',
      several: 'Shift 或 Ctrl + 单击',
      band: 'Shift + 拖动',
      wheel: '滚轮',
      pan: '拖动'
    }
  }
}
