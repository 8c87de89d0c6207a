import { diffLines, folded, placesOf, sameEnds, unified } from '@shared/takehome/diff'
import { describe, expect, it } from 'vitest'

const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nold\nk\n'
const after = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nnew\nmore\nk\n'

describe('two texts side by side', () => {
  it('puts lines that replace one another in one row, and counts places', () => {
    const rows = diffLines(before, after)
    expect(rows.filter((r) => !r.isSame)).toEqual([
      { before: { line: 10, text: 'old' }, after: { line: 10, text: 'new' }, isSame: false },
      { after: { line: 11, text: 'more' }, isSame: false }
    ])
    expect(placesOf(rows)).toBe(1)
    expect(folded(rows)[0]).toEqual({ from: 1, to: 6 })
    expect(placesOf(diffLines(before, before))).toBe(0)
  })
  it('finds the piece of a line that differs, though both repeat themselves', () => {
    expect(sameEnds('torch.sigmoid(x)', 'torch.relu(x)')).toEqual({ head: 6, tail: 3 })
    expect(sameEnds('aa', 'aaa')).toEqual({ head: 2, tail: 0 })
  })
  it('writes what patch reads', () => {
    expect(unified('x.py', before, after)).toBe(
      '--- a/x.py\n+++ b/x.py\n@@ -7,5 +7,6 @@\n g\n h\n i\n-old\n+new\n+more\n k\n'
    )
    expect(unified('x.py', 'a\n', 'b\na\n')).toBe('--- a/x.py\n+++ b/x.py\n@@ -1,1 +1,2 @@\n+b\n a\n')
    expect(unified('x.py', before, before)).toBe('')
  })
})
