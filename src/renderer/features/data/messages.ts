export default {
  en: {
    title: 'Data', dataset: 'Data set', split: 'Preparation', examples: '{n} examples', train: '{train} to train on, {validation} held out', inputs: 'Inputs', target: 'Target',
    task: { regression: 'regression', binary: 'two classes', multiclass: '{n} classes' },
    drop: 'Drop a CSV file here, or', open: 'open one …', understood: 'What was understood', rows: '{n} rows · separator {sep} · {header}', header: 'with header', noHeader: 'no header',
    column: 'Column', type: 'Type', missing: 'Missing', range: 'Values', types: { number: 'number', category: 'category', text: 'text', empty: 'empty' }, unique: '{n} different',
    remarks: 'Remarks', dropHere: 'Drop the CSV file to train on it', automatic: 'automatic', importTitle: 'Table {name}', line: 'Line', more: '+ {n} more rows', role: { target: 'target', input: 'input', unused: 'unused' }, preview: 'Look at the table'
  },
  zh: {
    title: '数据', dataset: '数据集', split: '预处理', examples: '{n} 个样本', train: '{train} 个用于训练，{validation} 个留作验证', inputs: '输入', target: '目标',
    task: { regression: '回归', binary: '二分类', multiclass: '{n} 类' },
    drop: '把 CSV 文件拖到这里，或', open: '打开文件 …', understood: '读取结果', rows: '{n} 行 · 分隔符 {sep} · {header}', header: '有表头', noHeader: '无表头',
    column: '列', type: '类型', missing: '缺失', range: '取值', types: { number: '数字', category: '类别', text: '文本', empty: '空' }, unique: '{n} 个不同值',
    remarks: '提示', dropHere: '松开以使用该 CSV 文件训练', automatic: '自动', importTitle: '表格 {name}', line: '行', more: '另有 {n} 行', role: { target: '目标', input: '输入', unused: '未用' }, preview: '查看表格'
  }
}
