export default {
  en: {
    title: 'Runs',
    open: 'All runs and the queue',
    atOnce: 'At once',
    add: 'Queue the experiment in view',
    empty: 'No run yet. Train, or queue several experiments: they start as cores get free.',
    rename: 'Rename',
    sooner: 'Sooner',
    later: 'Later',
    remove: 'Remove',
    show: 'Show {name}',
    name: 'Name of the run',
    place: 'place {n} in the queue',
    going: '{n} running, {waiting} queued'
  },
  zh: {
    title: '运行',
    open: '所有运行与队列',
    atOnce: '同时运行',
    add: '将当前实验加入队列',
    empty: '尚无运行。可直接训练，或将多个实验加入队列：有空闲核心时依次开始。',
    rename: '重命名',
    sooner: '提前',
    later: '推后',
    remove: '移除',
    show: '显示 {name}',
    name: '运行名称',
    place: '队列第 {n} 位',
    going: '{n} 个运行中，{waiting} 个排队中'
  }
}
