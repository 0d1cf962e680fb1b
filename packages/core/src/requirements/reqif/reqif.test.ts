import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readRequirements } from '../read-requirements.ts'
import type { RequirementFile } from '../requirement-file.ts'

const fixture = (name: string): string => readFileSync(new URL(`testing/${name}`, import.meta.url), 'utf8')
const read = (name: string): Promise<RequirementFile> => readRequirements(name, fixture(name))

describe('ReqIF as tools export it', () => {
  it('reads objects in the order of the module, their enumerations and defaults; no headings, information, table cells', async () => {
    const { requirements, problems } = await read('doors.reqif')
    expect(problems).toEqual([])
    expect(requirements).toEqual([
      { id: '2', says: 'Duplicate id of another module.', line: 80 },
      {
        id: 'SRS-2',
        says: 'The system shall rank applicants such that the area under the ROC curve is at least 0.70 on unseen cases. all branches online & phone',
        source: 'Credit policy 4.2 "ranking"',
        owner: 'Credit Risk, Compliance',
        line: 61,
      },
    ])
  })

  it('knows a heading by the type of the object, and says where a requirement without a text stands', async () => {
    const { requirements, problems } = await read('polarion.reqif')
    expect(requirements).toEqual([
      {
        id: 'CRD-101',
        says: 'Equal chances of foreigners',
        text: 'Foreign workers are found alike picture of a scale',
        owner: 'm.mustermann',
        line: 23,
      },
    ])
    expect(problems).toEqual([{ what: 'the requirement `CRD-102` says nothing', line: 29 }])
  })

  it('does not take a file that is cut off for a shorter one', async () => {
    const whole = fixture('doors.reqif')
    const cut = await readRequirements('r.reqif', whole.slice(0, whole.indexOf('<SPECIFICATIONS>')))
    expect(cut.problems).toEqual([{ what: 'it ends before `</REQ-IF>`: the rest of it is missing' }])
  })

  it('says so where nothing in a document asks for anything', async () => {
    const headings = fixture('polarion.reqif').replace('LONG-NAME="System Requirement"', 'LONG-NAME="Heading"')
    const { requirements, problems } = await readRequirements('r.reqif', headings)
    expect(requirements).toEqual([])
    expect(problems[0]?.what).toMatch(/^none of its 3 objects is a requirement/)
  })

  it('joins what mark-up within a word sets apart', async () => {
    const marked = fixture('polarion.reqif').replace(
      'found</xhtml:span> alike',
      'found</xhtml:span><xhtml:b>.</xhtml:b>',
    )
    expect((await readRequirements('r.reqif', marked)).requirements[0]?.text).toContain('Foreign workers are found.')
  })
})
