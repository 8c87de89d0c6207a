import type { Actions } from '@/commands/command'
import { useReport } from './report'

/** What was found, as a file to be shown or printed. */
const actions: Actions = () => {
  const report = useReport()
  return [
    {
      id: 'reportHtml',
      group: 'file',
      icon: 'save',
      name: { en: 'Export a report (HTML) …', zh: '导出报告（HTML）…' },
      words: 'print share cure comparison 打印 分享 治疗 对比',
      enabled: () => report.has,
      run: () => report.put('html')
    },
    {
      id: 'reportPdf',
      group: 'file',
      icon: 'save',
      name: { en: 'Export a report (PDF) …', zh: '导出报告（PDF）…' },
      words: 'print share cure comparison 打印 分享 治疗 对比',
      enabled: () => report.has,
      run: () => report.put('pdf')
    },
    {
      id: 'prescription-csv',
      group: 'file',
      page: 'cure',
      icon: 'table',
      rare: true,
      name: { en: 'Save the prescription as CSV …', zh: '将处方存为 CSV…' },
      words: 'cure search export 治疗 搜索 导出',
      enabled: () => !!report.prescription,
      run: () => report.putPrescription('csv')
    },
    {
      id: 'prescription-json',
      group: 'file',
      page: 'cure',
      icon: 'table',
      rare: true,
      name: { en: 'Save the prescription as JSON …', zh: '将处方存为 JSON…' },
      words: 'cure search export 治疗 搜索 导出',
      enabled: () => !!report.prescription,
      run: () => report.putPrescription('json')
    }
  ]
}
export default actions
