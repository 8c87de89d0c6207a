export default {
  en: {
    continue: {
      title: 'Continue from here',
      help: 'A new run that goes on from step {step}',
      none: 'No step at or before this one was kept',
      from: 'Continue from step {step}',
      what: 'A new run takes over weights, optimizer state and place in the data; this one stays as it is.',
      same: 'With the settings of this run',
      changed: 'With the settings in view (changes: {n})',
      to: 'to step {step}',
      keep: 'Keep this step, to continue from it later'
    },
    time: {
      label: 'Recorded step',
      of: 'step {step} of {first}–{last}',
      ofHelp: 'Steps are counted from 0: the last of {steps} steps is step {last}.',
      previous: 'Previous recorded step',
      next: 'Next recorded step',
      play: 'Play the recorded steps',
      pause: 'Pause the replay',
      speed: 'Speed of the replay',
      live: 'Live',
      end: 'Last'
    }
  },
  zh: {
    continue: {
      title: '由此继续',
      help: '从第 {step} 步继续的新运行',
      none: '此步及之前没有保存的状态',
      from: '从第 {step} 步继续',
      what: '新的运行接过权重、优化器状态和数据位置；当前运行保持不变。',
      same: '使用此次运行的设置',
      changed: '使用当前设置（{n} 处改动）',
      to: '至第 {step} 步',
      keep: '保存此步，以便日后继续'
    },
    time: {
      label: '已记录的步',
      of: '第 {step} 步（{first}–{last}）',
      ofHelp: '步数从 0 数起：共 {steps} 步，最后一步是第 {last} 步。',
      previous: '上一个记录步',
      next: '下一个记录步',
      play: '回放各记录步',
      pause: '暂停回放',
      speed: '回放速度',
      live: '实时',
      end: '末步'
    }
  }
}
