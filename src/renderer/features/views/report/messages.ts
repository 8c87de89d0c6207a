export default {
  en: {
    title: 'Export',
    html: 'Report (HTML)',
    pdf: 'Report (PDF)',
    csv: 'Prescription (CSV)',
    json: 'Prescription (JSON)'
  },
  zh: {
    title: '导出',
    html: '报告（HTML）',
    pdf: '报告（PDF）',
    csv: '处方（CSV）',
    json: '处方（JSON）'
  }
}
