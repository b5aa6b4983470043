// Chapter 6, reporting upward: a report as a Word file, for those above who take no other.
import type { SituationDocument } from '@laba/domain/situation-view';
import type { Table as DocxTable, TableRow } from 'docx';

type Docx = typeof import('docx');

const FONT = { ascii: 'Times New Roman', eastAsia: '宋体', hAnsi: 'Times New Roman', cs: 'Times New Roman' };
/** Half points. */
const BODY_SIZE = 22;
const TITLE_SIZE = 36;
const PURPLE = '722ED1';
const BLACK = '000000';

/** @returns the bytes of the .docx */
export async function situationDocx(document: SituationDocument): Promise<Buffer> {
  // Half a second to load, and needed a few times a day.
  const docx = await import('docx');
  const { Document, Packer, Paragraph, TextRun, AlignmentType, HeadingLevel } = docx;
  const { title, marks, head, tables, words, signature, language } = document;
  const line = (text: string) => new Paragraph({ children: [new TextRun(text)] });
  const heading = (text: string) =>
    new Paragraph({ children: [new TextRun({ text, bold: true, color: BLACK })], heading: HeadingLevel.HEADING_2, keepNext: true, spacing: { before: 200 } });
  const children = [
    ...marks.map((text) => new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ text, bold: true, color: PURPLE })] })),
    new Paragraph({
      heading: HeadingLevel.HEADING_1,
      alignment: AlignmentType.CENTER,
      spacing: { after: 200 },
      children: [new TextRun({ text: title, bold: true, size: TITLE_SIZE, color: BLACK })],
    }),
    grid(docx, head),
    ...tables.flatMap(({ heading: name, columns, rows }) => [heading(name), grid(docx, rows, columns)]),
    ...words.flatMap(({ heading: name, paragraphs }) => [heading(name), ...paragraphs.map(line)]),
    line(''),
    grid(docx, signature),
  ];
  const run = { font: FONT, size: BODY_SIZE, language: { value: 'en-US', eastAsia: 'zh-CN' } };
  const file = new Document({ title, creator: 'Laba', description: language, styles: { default: { document: { run } } }, sections: [{ children }] });
  return Packer.toBuffer(file);
}

/** `columns`: of figures, which stand to the right, also where the table has no header. */
function grid({ Table, TableRow, TableCell, Paragraph, TextRun, WidthType, AlignmentType }: Docx, rows: (string | number)[][], columns?: string[]): DocxTable {
  const row = (cells: (string | number)[], bold: boolean): TableRow =>
    new TableRow({
      cantSplit: true,
      tableHeader: bold,
      children: cells.map(
        (cell, i) =>
          new TableCell({
            children: [
              new Paragraph({
                alignment: i > 0 && columns !== undefined ? AlignmentType.RIGHT : AlignmentType.LEFT,
                children: [new TextRun({ text: String(cell), bold })],
              }),
            ],
          }),
      ),
    });
  const header = columns === undefined || columns.length === 0 ? [] : [row(columns, true)];
  return new Table({ width: { size: 100, type: WidthType.PERCENTAGE }, rows: [...header, ...rows.map((cells) => row(cells, false))] });
}
