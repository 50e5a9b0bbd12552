/** Names that participants and rooms can have, and that have broken others. */
export const oddNames: readonly string[] = [
  '../../etc/passwd',
  'nul\0inside\0',
  'back\\slash\\0 and \\\\',
  `quotes ' " \` ; drop table recordings; --`,
  '<script>alert(1)</script>',
  'right\u202Eto\u202Cleft',
  'emoji 👩‍👩‍👧‍👦 🏳️‍🌈',
  '%_percent',
  'line\nbreak\r\nand\ttab',
  ' leading and trailing ',
  'x'.repeat(4096),
  '\u{1F600}'.repeat(1024),
];
