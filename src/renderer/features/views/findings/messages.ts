export default {
  en: {
    all: 'All',
    cure: 'Find the cure',
    cureHelp: 'Trains every remedy that applies here on the same seeds, and says which of them cures this network',
    filter: 'Kinds of findings',
    when: 'Steps',
    what: 'Finding',
    evidence: 'Measured / limit',
    layers: 'Layers',
    advice: 'Try',
    show: 'Show in the heatmap',
    more: '+ {n}',
    on: 'on',
    openData: 'Open the data',
    moreSteps: '{n} steps',
    moreStepsHelp: 'Sets how many steps this experiment trains for',
    severity: { bad: 'Fault', warn: 'Warning', info: 'Note', ok: 'Good' }
  },
  zh: {
    all: '全部',
    cure: '寻找对策',
    cureHelp: '用相同的种子训练每种适用的对策，并告诉您哪一种能治好这个网络',
    filter: '诊断种类',
    when: '步',
    what: '诊断',
    evidence: '测量值 / 界限',
    layers: '层',
    advice: '可尝试',
    show: '在热图中显示',
    more: '+ {n}',
    on: '已启用',
    openData: '打开数据',
    moreSteps: '{n} 步',
    moreStepsHelp: '设置此实验的训练步数',
    severity: { bad: '故障', warn: '警告', info: '提示', ok: '良好' }
  }
}
