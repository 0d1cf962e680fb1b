import { describe, expect, it } from 'vitest'
import { readRequirements } from './read-requirements.ts'
import { requirementDigest } from './requirement-file.ts'

const ids = async (path: string, text: string): Promise<readonly string[]> =>
  (await readRequirements(path, text)).requirements.map(({ id, says }) => `${id}: ${says}`)

describe('requirements from files', () => {
  it('reads a CSV table with quotes, a byte order mark and a semicolon', async () => {
    const read = await readRequirements(
      'r.csv',
      '\uFEFFReq ID;Title;Description;Owner\nR-1;Ranking;"Analysts; all of them,\ncan rely on it";Risk\n\nR-2;;Found alike;\n',
    )
    expect(read.problems).toEqual([])
    expect(read.requirements).toEqual([
      { id: 'R-1', says: 'Ranking', text: 'Analysts; all of them,\ncan rely on it', owner: 'Risk', line: 2 },
      { id: 'R-2', says: 'Found alike', text: 'Found alike', line: 5 },
    ])
  })

  it('says what it could not read, and reads the rest', async () => {
    const read = await readRequirements(
      'r.csv',
      'id,says\n,without\nR 1,with a space\nR-1,\nR-2,good\nR-2, good\nR-2,again\n',
    )
    expect(read.requirements.map(({ id }) => id)).toEqual(['R-2'])
    expect(read.problems.map(({ what, line }) => `${line} ${what.split(':')[0]}`)).toEqual([
      '2 a row has no id',
      '3 `R 1` is not an id',
      '4 the requirement `R-1` says nothing',
      '6 the id `R-2` is there twice',
      '7 the id `R-2` is there twice, and says two things',
    ])
    expect(read.problems.flatMap(({ ambiguous }) => ambiguous ?? [])).toEqual(['R-2'])
    expect((await readRequirements('r.csv', '\uFEFFid,says\n\n')).problems[0]?.what).toContain('no row below it')
    expect((await readRequirements('r.csv', 'a,b\n1,2\n')).problems).toHaveLength(1)
    expect((await readRequirements('r.docx', 'x')).problems[0]?.what).toContain('ending')
  })

  it('knows the line of a row below cells of several lines', async () => {
    const read = await readRequirements('r.csv', '\r\nid,says\r\nR-1,"a\r\nb\r\nc"\r\n\r\n,no id\r\nR-2,x\r\n')
    expect(read.requirements.map(({ id, line }) => `${id} ${line}`)).toEqual(['R-1 3', 'R-2 8'])
    expect(read.problems).toEqual([{ what: 'a row has no id', line: 7 }])
  })

  it('bears what is hostile: deep, long, odd', async () => {
    const long = await readRequirements('r.csv', `id,says\n${'x '.repeat(100_000)},y\n__proto__,z\n`)
    expect(long.problems[0]?.what.length).toBeLessThan(300)
    expect(long.requirements.map(({ id }) => id)).toEqual(['__proto__'])
    expect((await readRequirements('r.md', `${'>'.repeat(5000)} # R-1 x`)).requirements).toHaveLength(1)
    expect(await ids('r.tsv', 'Req_ID\tTitle\nR-1\tx\n\n')).toEqual(['R-1: x'])
    expect(
      (await readRequirements('r.md', '> ## R-6: Quoted\n> text\n\n- ## R-7 Listed\n')).requirements,
    ).toMatchObject([
      { id: 'R-6', says: 'Quoted', text: 'text' },
      { id: 'R-7', says: 'Listed' },
    ])
    const outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><REQ-IF/>'
    expect((await readRequirements('r.reqif', outside)).problems[0]?.what).toContain('cannot be read as XML')
  })

  it('reads headings with their text and tables of Markdown', async () => {
    const text = [
      '# Requirements of the model',
      '## R-1: Ranking',
      'Analysts can *rely* on',
      'the ranking.',
      '',
      '- of all applicants',
      '### SRS_4.2 Equal chances',
      '## Chapter without an id',
      '',
      '| ID | Requirement | Source |',
      '|----|-------------|--------|',
      '| R-7 | The data is documented \\| kept. | policy 2 |',
    ].join('\n')
    expect(await ids('r.md', text)).toEqual([
      'R-1: Ranking',
      'SRS_4.2: Equal chances',
      'R-7: The data is documented | kept.',
    ])
    const [first] = (await readRequirements('r.md', text)).requirements
    expect(first?.text).toBe('Analysts can rely on\nthe ranking.\nof all applicants')
    expect((await readRequirements('r.md', '# Nothing here\n')).problems).toHaveLength(1)
  })

  it('knows the headers of trackers, and says which one it did not know', async () => {
    expect(await ids('r.csv', 'Summary,Issue key,Issue id\nNo one twice,CRED-7,10007\n')).toEqual([
      'CRED-7: No one twice',
    ])
    expect(await ids('r.csv', 'Nr.;Requirement\n1.2;Ages are plausible\n')).toEqual(['1.2: Ages are plausible'])
    const { problems } = await readRequirements('r.csv', 'Kennung,Anforderung\nR-1,x\n')
    expect(problems[0]?.what).toMatch(/^its header \(Kennung, Anforderung\) names no column `id`/)
    const table = await readRequirements(
      'r.md',
      '# Ours\n\n| Kennung | Anforderung |\n|--|--|\n| POL-4 | x |\n\n## R-1 y\n',
    )
    expect(table.requirements.map(({ id }) => id)).toEqual(['R-1'])
    expect(table.problems).toMatchObject([{ line: 3, what: expect.stringContaining('(`POL-4`)') }])
  })

  it('reads items of lists that begin with an id, and leaves those to a requirement that stand in its text', async () => {
    const text = [
      '# Rules',
      '- **POL-1**: Amounts are positive,',
      '  all of them.',
      '  - POL-2 is not set apart',
      '- [ ] POL-3: Terms are known',
      '- [POL-4] No one twice',
      '- e-mail: x',
      '',
      '## R-1: Ranking',
      '- POL-5: as before',
    ].join('\n')
    expect(await ids('r.md', text)).toEqual([
      'POL-1: Amounts are positive,\nall of them.',
      'POL-3: Terms are known',
      'POL-4: No one twice',
      'R-1: Ranking',
    ])
  })

  it('reads ReqIF: ids of an attribute or of the object, XHTML as words, chapters left out', async () => {
    const reqif = `<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:x="http://www.w3.org/1999/xhtml">
 <THE-HEADER><REQ-IF-HEADER IDENTIFIER="h"><TITLE>t</TITLE></REQ-IF-HEADER></THE-HEADER>
 <CORE-CONTENT><REQ-IF-CONTENT>
  <SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t1"><SPEC-ATTRIBUTES>
   <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="a-id" LONG-NAME="ReqIF.ForeignID"/>
   <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="a-chapter" LONG-NAME="ReqIF.ChapterName"/>
   <ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="a-text" LONG-NAME="ReqIF.Text"/>
  </SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE></SPEC-TYPES>
  <SPEC-OBJECTS>
   <SPEC-OBJECT IDENTIFIER="_1"><VALUES>
    <ATTRIBUTE-VALUE-STRING THE-VALUE="R-1"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>a-id</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
    <ATTRIBUTE-VALUE-XHTML><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>a-text</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION>
     <THE-VALUE><x:div>Recall &gt;= 0.3 for <x:b>women &amp; men</x:b></x:div></THE-VALUE></ATTRIBUTE-VALUE-XHTML>
   </VALUES></SPEC-OBJECT>
   <SPEC-OBJECT IDENTIFIER="_2"><VALUES>
    <ATTRIBUTE-VALUE-XHTML><THE-VALUE><x:div>Sec<!-- > no word -->ond &#xD800;&#27;</x:div></THE-VALUE><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>a-text</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION></ATTRIBUTE-VALUE-XHTML>
   </VALUES></SPEC-OBJECT>
   <SPEC-OBJECT IDENTIFIER="_3"><VALUES>
    <ATTRIBUTE-VALUE-STRING THE-VALUE="A chapter"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>a-chapter</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
   </VALUES></SPEC-OBJECT>
  </SPEC-OBJECTS>
 </REQ-IF-CONTENT></CORE-CONTENT></REQ-IF>`
    expect(await ids('r.reqif', reqif)).toEqual(['R-1: Recall >= 0.3 for women & men', '_2: Sec ond \ufffd\ufffd'])
    expect((await readRequirements('r.reqif', '<html/>')).problems[0]?.what).toContain('not a ReqIF document')
    expect((await readRequirements('r.reqif', '<REQ-IF')).requirements).toEqual([])
  })

  it('does not expand what a hostile XML document declares', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><REQ-IF><CORE-CONTENT><SPEC-OBJECTS><SPEC-OBJECT IDENTIFIER="&b;"/></SPEC-OBJECTS></CORE-CONTENT></REQ-IF>`
    expect((await readRequirements('r.xml', bomb)).requirements).toEqual([])
  })

  it('reads YAML, with places, and refuses a tower of aliases', async () => {
    const read = await readRequirements(
      'r.yaml',
      'requirements:\n  R-1: { says: One, owner: Risk }\n  R-2: Two\n  R-3: 3\n',
    )
    expect(read.requirements).toEqual([
      { id: 'R-1', says: 'One', owner: 'Risk', line: 2 },
      { id: 'R-2', says: 'Two', line: 3 },
    ])
    expect(read.problems).toEqual([{ what: 'the requirement `R-3` has no text', line: 4 }])
    const tower = Array.from({ length: 12 }, (_, i) =>
      i === 0 ? 'a0: &a0 [x, x]' : `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}*a${i - 1}]`,
    )
    expect((await readRequirements('r.yaml', tower.join('\n'))).problems).toHaveLength(1)
  })

  it('knows a text again by its words alone', () => {
    const digest = requirementDigest({ says: 'Found  alike', text: 'for\nall' })
    expect(requirementDigest({ says: 'Found alike ', text: 'for all' })).toBe(digest)
    expect(requirementDigest({ says: 'Found alike', text: 'for most' })).not.toBe(digest)
  })
})
