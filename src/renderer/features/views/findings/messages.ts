export default {
  en: {
    all: 'All',
    filter: 'Kinds of findings',
    when: 'Steps',
    what: 'Finding',
    evidence: 'Measured / limit',
    layers: 'Layers',
    advice: 'Try',
    show: 'Show in the heatmap',
    more: '+ {n}',
    on: 'on',
    severity: { bad: 'Fault', warn: 'Warning', info: 'Note', ok: 'Good' }
  },
  zh: {
    all: '全部',
    filter: '诊断种类',
    when: '步',
    what: '诊断',
    evidence: '测量值 / 界限',
    layers: '层',
    advice: '可尝试',
    show: '在热图中显示',
    more: '+ {n}',
    on: '已启用',
    severity: { bad: '故障', warn: '警告', info: '提示', ok: '良好' }
  }
}
