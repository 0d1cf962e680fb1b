import { describe, expect, test } from 'vitest'
import type { DatasetPicture } from '../picture.ts'
import { HOSTILE } from '../testing/hostile.ts'
import { profile } from './profile.ts'

const picture: DatasetPicture = {
  relation: 'accounts',
  now: { label: 'test', rows: 200 },
  before: { label: 'train', rows: 1000 },
  columns: [
    {
      column: 'calm',
      now: { missing: 0 },
      before: { missing: 0 },
      bins: [
        { label: 'a', count: 100, before: 500 },
        { label: 'b', count: 100, before: 500 },
      ],
      moved: 0,
    },
    {
      column: 'shifted',
      now: { missing: 20, summary: { mean: 4, deviation: 1, five: [0, 3, 4, 5, 9] } },
      before: { missing: 0, summary: { mean: 2, deviation: 1, five: [0, 1, 2, 3, 9] } },
      bins: [
        { label: '0 – 4', count: 30, before: 900 },
        { label: '4 – 9', count: 150, before: 100 },
      ],
      moved: 0.75,
    },
  ],
  correlations: {
    columns: ['calm', 'shifted'],
    r: [
      [1, -0.42],
      [-0.42, 1],
    ],
  },
  gaps: [
    { columns: [], rows: 180 },
    { columns: ['shifted'], rows: 20 },
  ],
}

const markup = (all: readonly DatasetPicture[]): string => {
  const drawn = profile(all)
  return drawn === '' ? '' : drawn.text
}

describe('the profile', () => {
  test('what moved most comes first; both sides as shares, in words for who cannot see them', () => {
    const text = markup([picture])
    expect(text.indexOf('<code>shifted</code>')).toBeLessThan(text.indexOf('<code>calm</code>'))
    expect(text).toContain('<span class="moved much">moved 75 %</span>')
    expect(text).toContain('missing 10 % (was 0 %) · median 4 (was 2) · half in 3 to 5')
    expect(text).toMatch(
      /aria-label="Distribution of shifted: 0 – 4: 15 % now, 90 % before; 4 – 9: 75 % now, 10 % before"/,
    )
    // The bars of one drawing share a scale: 90 % is the highest, 15 % a sixth of it.
    const heights = [...text.matchAll(/class="bar" x="[^"]+" y="[^"]+" width="[^"]+" height="([^"]+)"/g)].map(([, h]) =>
      Number(h),
    )
    expect((heights[0] ?? 0) / 62).toBeCloseTo(0.15 / 0.9, 1)
    expect(text).toContain('<path class="before" d="M0 ')
  })

  test('correlations and gaps are tables with heads', () => {
    const text = markup([picture])
    expect(text).toContain('<td class="negative s2">−.42</td>')
    expect(text).toContain('<th scope="row"><code>shifted</code></th>')
    expect(text).toMatch(/10 % <span class="muted">20<\/span>/)
    expect(text).toContain('<span class="sr">missing</span>')
  })

  test('one side alone, nothing to draw, and hostile names', () => {
    const { before: _, gaps: __, correlations: ___, ...rest } = picture
    const alone = markup([
      {
        ...rest,
        gaps: [],
        columns: HOSTILE.map((text) => ({ column: text, now: { missing: 0 }, bins: [{ label: text, count: 3 }] })),
      },
    ])
    expect(alone).toContain('200 rows.')
    expect(alone).not.toContain('class="before"')
    expect(alone).not.toContain('<script')
    expect(markup([])).toBe('')
    expect(markup([{ ...picture, columns: [] }])).toBe('')
  })
})
